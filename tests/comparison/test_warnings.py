"""What is said before any difference: which are not judged, and that runs name other data."""

from __future__ import annotations

from pathlib import Path

from tensorboard_runlens.comparison.answer import compare_answer
from tests.comparison.runs import met, recorded_with, rising, write_run

VAL = [f"val{number}" for number in range(45)]


def warned(*folders: Path) -> list[str]:
    return compare_answer(met(*folders)).warnings


def test_runs_of_the_same_data_file_are_not_warned_of(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / name, rising(), data=f"/{name}/shapes.yaml") for name in "ab"]
    assert warned(*runs) == []


def test_other_data_files_are_named_first(tmp_path: Path) -> None:
    names = ["shapes", "plates", "fish", "birds", "cats", "dogs"]
    runs = [write_run(tmp_path / name, rising(), data=f"{name}.yaml") for name in names]
    (said,) = warned(*runs)
    assert "(shapes.yaml, plates.yaml, fish.yaml, birds.yaml and 2 more)" in said
    assert "tells nothing of the training" in said


def test_equal_images_need_no_warning_whatever_their_file_is_called(tmp_path: Path) -> None:
    runs = [recorded_with(tmp_path / name, ["train"], VAL) for name in "ab"]
    (runs[1] / "args.yaml").write_text("task: detect\ndata: other.yaml\n")
    assert warned(*runs) == []


def test_what_cannot_be_compared_is_counted(tmp_path: Path) -> None:
    base = recorded_with(tmp_path / "base", ["train"], VAL)
    same = recorded_with(tmp_path / "same", ["train"], VAL)
    other = recorded_with(tmp_path / "other", ["train"], [*VAL[:42], "new1", "new2", "new3"])
    assert warned(base, other) == [
        "The run cannot be compared with the baseline: differences are not judged."
    ]
    assert warned(base, same, other)[0].startswith("1 of 2 runs cannot be compared")


def test_why_losses_mean_different_things_is_told_once(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base", rising(), box=7.5)
    others = [write_run(tmp_path / name, rising(), box=5.0) for name in "ab"]
    assert compare_answer(met(base, *others)).losses_apart == ["other box"]
    assert compare_answer(met(*others)).losses_apart == []
