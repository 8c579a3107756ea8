"""Validation data that differ, and how; and weights that have seen what is validated."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.comparison.lineage import COPIES
from tensorboard_runlens.comparison.same_data import UNKNOWN
from tensorboard_runlens.dataset.listing import MAX_IMAGES
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import recorded_splits as reader
from tensorboard_runlens.formats.recorded_splits import recorded_splits
from tests.builders import write, write_args
from tests.comparison.runs import main_difference, met, recorded_with, rising, write_run
from tests.recording.archives import packed

VAL = [f"val{number}" for number in range(45)]
TRAIN = [f"train{number}" for number in range(60)]


def test_other_validation_images_are_refused_with_what_is_equal(tmp_path: Path) -> None:
    base = recorded_with(tmp_path / "base", TRAIN, VAL)
    moved = recorded_with(tmp_path / "moved", TRAIN, [*VAL[:42], "new1", "new2", "new3"])
    found = met(base, moved).differences
    assert {one.verdict for one in found} == {"not_comparable"}
    assert {one.at for one in found} == {"best"}
    assert found[0].reason == "the validation data differ: 42 of 45 images equal"
    assert found[0].delta is not None
    assert (found[0].interval, found[0].detectable) == (None, None)


def test_equal_validation_images_are_compared_without_a_doubt(tmp_path: Path) -> None:
    one = recorded_with(tmp_path / "one", TRAIN, VAL)
    other = recorded_with(tmp_path / "other", TRAIN[:30], VAL)
    found = main_difference(one, other)
    assert found.verdict == "tie"
    assert not any(UNKNOWN in caveat for caveat in found.caveats)


def test_unknown_sameness_is_a_doubt_and_no_refusal(tmp_path: Path) -> None:
    (one, other) = (
        write_run(tmp_path / name, rising(seed=seed), data="/home/anna/v1/data.yaml")
        for (seed, name) in enumerate("ab")
    )
    moved = write_run(tmp_path / "c", rising(seed=2), data="/home/anna/v2/data.yaml")
    assert main_difference(one, other).caveats[0] == UNKNOWN
    found = main_difference(one, moved)
    assert found.verdict == "tie"
    assert found.caveats[0] == f"data …/v2/data.yaml against …/v1/data.yaml: {UNKNOWN}"


@pytest.mark.parametrize("arguments", [{"imgsz": 1280}, {"model": "yolo11x.pt"}, {"epochs": 300}])
def test_what_people_need_to_compare_is_compared(tmp_path: Path, arguments: dict) -> None:
    base = write_run(tmp_path / "base", rising(), imgsz=640, model="yolo11n.pt")
    other = write_run(tmp_path / "other", rising(level=0.7), **{"imgsz": 640, **arguments})
    assert main_difference(base, other).verdict == "better"


def test_weights_that_were_trained_on_what_is_now_validated_are_named(tmp_path: Path) -> None:
    """Guide 004: the split was drawn anew between two phases."""
    first = recorded_with(tmp_path / "runs" / "detect" / "first", TRAIN, VAL)
    drawn_anew = [*VAL[:33], *TRAIN[:12]]
    second = recorded_with(
        tmp_path / "runs" / "detect" / "second", VAL[33:] + TRAIN[12:], drawn_anew
    )
    write_args(second, task="detect", epochs=3, model="runs/detect/first/weights/best.pt")
    said = "it started from the baseline's weights, which were trained on 12 of its 45 validation images"
    assert said in main_difference(first, second).caveats
    back = "the baseline started from its weights, which were trained on 12 of its 45 validation images"
    assert back in main_difference(second, first).caveats


def test_weights_of_other_data_are_a_doubt_where_images_are_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "detect"
    first = write_run(folder / "first", rising(), data="old.yaml")
    later = {"model": "runs/detect/first/weights/best.pt"}
    (moved, same) = (
        write_run(folder / name, rising(), data=data, **later)
        for (name, data) in (("moved", "new.yaml"), ("same", "old.yaml"))
    )
    said = [one for one in main_difference(first, moved).caveats if "weights" in one]
    assert said == [
        "it started from the baseline's weights, which were trained on other data:"
        " that may hold its validation images"
    ]
    assert "it started from the baseline's weights" in main_difference(first, same).caveats


def test_a_copy_is_called_so(tmp_path: Path) -> None:
    """And what follows from being one, the same images among it, is not doubted."""
    run = write_run(tmp_path / "run", rising())
    shutil.copytree(run, tmp_path / "copy")
    one = main_difference(run, tmp_path / "copy")
    assert (one.verdict, one.delta, one.caveats) == ("tie", 0, (COPIES,))
    assert COPIES not in main_difference(run, write_run(tmp_path / "b", rising(seed=1))).caveats


def test_a_run_that_goes_on_with_the_other_is_called_so(tmp_path: Path) -> None:
    (short, long) = (write_run(tmp_path / str(n), rising(60)[:n], epochs=60) for n in (40, 60))
    assert "it goes on with the baseline's training" in main_difference(short, long).caveats
    assert "the baseline goes on with its training" in main_difference(long, short).caveats


# The recorded keys


def test_recorded_keys_are_those_of_the_images(tmp_path: Path) -> None:
    run = recorded_with(tmp_path / "run", TRAIN, VAL)
    (splits, problems) = recorded_splits(Folder(str(run)))
    assert problems == []
    assert (len(splits["train"]), len(splits["val"])) == (60, 45)
    assert {len(part) for one in splits["val"] for part in one} == {16}


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"val_key": np.zeros(3)}, "val_key holds what is no number"),
        ({"val_key": np.zeros(3, np.uint64)}, "val_content is missing"),
        (
            {
                "val_key": np.zeros(3, np.uint64),
                "val_content": np.zeros(2, np.uint64),
                "val_picture": np.zeros(3, np.uint64),
            },
            "val_content has the shape",
        ),
        ({"val_key": np.zeros((2, 2), np.uint64)}, "val_key has the shape"),
    ],
)
def test_damaged_keys_are_a_problem_and_cost_nothing_else(
    tmp_path: Path, arrays: dict, said: str
) -> None:
    run = recorded_with(tmp_path / "run", TRAIN, VAL)
    write(run / "runlens" / "images.npz", packed(arrays))
    (splits, (problem,)) = recorded_splits(Folder(str(run)))
    assert splits == {}
    assert problem.file == "runlens/images.npz"
    assert problem.problem.startswith(said)
    caveats = main_difference(recorded_with(tmp_path / "other", TRAIN, VAL), run).caveats
    assert any(one.startswith("runlens/images.npz: ") for one in caveats)


def test_more_images_than_are_recorded_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded_with(tmp_path / "run", TRAIN, VAL)
    for cap, there in ((len(TRAIN), True), (len(TRAIN) - 1, False)):
        monkeypatch.setattr(reader, "MAX_IMAGES", cap)
        assert bool(recorded_splits(Folder(str(run)))[0]) is there
    monkeypatch.setattr(reader, "MAX_IMAGES", MAX_IMAGES)
    size = (run / "runlens" / "images.npz").stat().st_size
    for cap, kind in ((size - 1, ["refused"]), (10 * size, [])):
        monkeypatch.setattr(reader, "MAX_BYTES", cap)
        assert [one.kind for one in recorded_splits(Folder(str(run)))[1]] == kind


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    run = tmp_path_factory.mktemp("run")
    write(run / "runlens" / "images.npz", content)
    (splits, problems) = recorded_splits(Folder(str(run)))
    assert splits == {}
    assert len(problems) == 1
