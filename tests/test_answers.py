"""What leaves RunLens: six digits, no NaN, no absolute path, the parts of a run in their places."""

from __future__ import annotations

import json
import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.plain_values import rounded, without_absolute_paths

from .builders import decoded
from .rules import trainings
from .rules.trainings import HEALTHY, NOW, analysed, write

part = st.text("abcdefghij_-0123456789. é", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_floats_are_rounded_to_six_digits_or_missing(value: float) -> None:
    result = rounded(value)
    if not math.isfinite(value):
        assert result is None
    else:
        assert result == pytest.approx(value, rel=1e-5)
        assert result == rounded(result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/anna/data/coco.yaml", "…/data/coco.yaml"),
        ("C:\\Users\\anna\\runs\\detect\\train", "…/detect/train"),
        ("~/data.yaml", "…/data.yaml"),
        ("~anna/best.pt", "…/best.pt"),
        ("/home/anna/best.pt", "…/best.pt"),
        ("\\\\server\\share\\data.yaml", "…/data.yaml"),
        ("runs/detect/train", "runs/detect/train"),
        ("0/99", "0/99"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("[/data/a/b, /data/c/d]", "[…/b, …/d]"),
        ("train:/home/anna/images", "train:…/images"),
        ("file:///home/anna/images", "…/images"),
        ("/home/first last/data/coco.yaml", "…/data/coco.yaml"),
        ("", ""),
    ],
)
def test_absolute_paths_are_cut_to_their_last_two_parts(text: str, expected: str) -> None:
    assert without_absolute_paths(text) == expected
    assert without_absolute_paths(expected) == expected  # names pass here more than once


@given(st.lists(part, min_size=3, max_size=6))
def test_no_absolute_path_survives(parts: list[str]) -> None:
    for path in ("/" + "/".join(parts), "D:\\" + "\\".join(parts)):
        assert not Path(without_absolute_paths(path)).is_absolute()
        assert not without_absolute_paths(path).startswith("D:")


def test_a_detailed_run_decodes_as_the_schema_says(tmp_path: Path) -> None:
    encoded = answers.encode(answers.show_answer(analysed(trainings.OVERFITTED, tmp_path)))
    run = decoded(encoded, schema.ShowAnswer).run
    assert run.epochs == schema.Epochs(
        60, 60, 1, 60, 60, run.epochs.best, run.epochs.best_by, [(1, 60)]
    )
    assert run.overfitting.loss_overfits is True
    assert run.overfitting.component == "box"
    assert run.operating_point.source == "results"
    assert run.operating_point.confidence is None
    assert run.operating_point.f1 == pytest.approx(2 * 0.8 * 0.7 / 1.5, rel=1e-5)


def test_spans_are_epoch_numbers_and_not_rows(tmp_path: Path) -> None:
    training = trainings.OVERFITTED.changed(epochs=range(101, 161))
    run = answers.run_of(analysed(training, tmp_path))
    assert run.overfitting.onset is not None
    assert all(101 <= epoch <= 160 for epoch in run.overfitting.onset)
    assert all(101 <= one.span[0] <= one.span[1] <= 160 for one in run.findings if one.span)


def test_runs_are_ranked_by_their_metric_and_then_counted(tmp_path: Path) -> None:
    for name in ("train10", "train2", "train"):
        write(HEALTHY, tmp_path / name)
    write(HEALTHY.changed(map50_95=[0.9] * 60), tmp_path / "a-better-one")
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    ranked = answers.best_first(analyse(run, now=NOW) for run in catalog.runs.values())
    assert [one.run.name for one in ranked] == ["a-better-one", "train", "train2", "train10"]


def test_arguments_are_shown_without_the_paths_of_a_machine(tmp_path: Path) -> None:
    training = HEALTHY.changed(args={"data": "/home/anna/coco.yaml", "save_dir": "C:/runs/x/y"})
    run = answers.show_answer(analysed(training, tmp_path)).run
    text = json.dumps([msgspec.to_builtins(one) for one in run.config])
    assert "coco.yaml" in text
    assert "/home" not in text
    assert "C:/" not in text


def test_what_was_recorded_is_shown_without_the_paths_of_a_machine(tmp_path: Path) -> None:
    owned = "built in /home/anna/secret/torch"
    told = dict.fromkeys(("fitness", "torch", "python", "device"), owned)
    manifest = {**told, "optimizer": {"name": owned, "lr": [0.01]}}
    training = HEALTHY.changed(manifest=manifest, recording=[{}] * len(HEALTHY))
    recorded = answers.show_answer(analysed(training, tmp_path)).run.recorded
    assert recorded is not None and recorded.torch == "built in …/secret/torch"
    assert "anna" not in json.dumps(msgspec.to_builtins(recorded))
