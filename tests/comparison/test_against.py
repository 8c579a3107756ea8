"""Every run against one by their tables: the same verdict as a comparison of the two, and no file is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.comparison import contender
from tensorboard_runlens.comparison.against import against_answer, teller
from tensorboard_runlens.comparison.same_data import UNKNOWN
from tensorboard_runlens.folder import Folder
from tests.builders import CLASSIFY, rows_of, write_csv
from tests.comparison.runs import analysed, main_difference, recorded_with, rising, write_run


def told(base: Path, other: Path) -> Any:
    return teller(analysed(base))(analysed(other))


@pytest.mark.parametrize("level", [0.3, 0.598, 0.9])
def test_it_is_what_a_comparison_of_the_two_says(tmp_path: Path, level: float) -> None:
    base = write_run(tmp_path / "base", rising(60, 0.6))
    other = write_run(tmp_path / "other", rising(80, level, seed=1))
    (found, compared) = (told(base, other), main_difference(base, other))
    assert found.verdict == compared.verdict
    assert found.delta == pytest.approx(compared.delta, rel=1e-4)
    assert found.interval == pytest.approx(compared.interval, rel=1e-4)
    assert found.reason == f"{compared.reason}; {UNKNOWN}"


def test_other_images_are_not_comparable(tmp_path: Path) -> None:
    base = recorded_with(tmp_path / "base", ["t"], ["a", "b"])
    other = recorded_with(tmp_path / "other", ["t"], ["a", "c"])
    found = told(base, other)
    assert (found.verdict, found.interval) == ("not_comparable", None)
    assert "fingerprints" in found.reason


def test_equal_images_leave_no_doubt(tmp_path: Path) -> None:
    base = recorded_with(tmp_path / "base", ["t"], ["a", "b"])
    other = recorded_with(tmp_path / "other", ["u"], ["a", "b"])
    found = told(base, other)
    assert found.verdict == "tie"
    assert UNKNOWN not in found.reason


def test_runs_of_two_groups_are_not_comparable(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base", rising(), data="coco.yaml")
    other = write_run(tmp_path / "other", rising(seed=1), data="/home/anna/sets/fire.yaml")
    found = told(base, other)
    assert found.verdict == "not_comparable"
    assert found.reason == f"data …/sets/fire.yaml against coco.yaml: {UNKNOWN}"


def test_another_metric_is_not_comparable(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base", rising())
    write_csv(tmp_path / "other", CLASSIFY, rows_of(CLASSIFY, range(1, 30)))
    found = told(base, tmp_path / "other")
    assert (found.verdict, found.delta) == ("not_comparable", None)
    assert "top-1 accuracy was measured here" in found.reason


def test_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = [
        analysed(recorded_with(tmp_path / name, ["t"], ["a"])) for name in ("base", "other")
    ]

    def refuse(path: str) -> Folder:
        raise AssertionError(f"{path} is opened")

    monkeypatch.setattr("tensorboard_runlens.comparison.Folder", refuse)
    with pytest.raises(AssertionError):
        contender("other", analyses[1])
    answer = against_answer("base", analyses, teller(analyses[0]))
    assert [one.run for one in answer.runs] == ["other"]
