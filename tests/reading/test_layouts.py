"""The folders of the mission: every file that a program leaves in them is known for what it is."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tensorboard_runlens.catalog import open_run
from tests.builders import (
    DETECT,
    SEGMENT,
    YOLOV5,
    rows_of,
    scalars_of,
    write,
    write_args,
    write_csv,
    write_events,
)
from tests.projects import partinet_rows

Roles = dict[str, tuple[str, ...]]

CURVES = ("F1_curve.png", "PR_curve.png", "P_curve.png", "R_curve.png")
MATRICES = ("confusion_matrix.png", "confusion_matrix_normalized.png")


def batches(kind: str, numbers: Iterable[int], *sides: str) -> tuple[str, ...]:
    return tuple(
        f"{kind}_batch{number}{side}.jpg" for number in numbers for side in (sides or ("",))
    )


PARTINET: Roles = {
    "results": ("results.txt",),
    "args": ("cfg.yaml", "hyp.yaml", "opt.yaml"),
    "plot": ("LR.png", "results.png"),
    "curve": CURVES,
    "confusion": ("confusion_matrix.png",),
    "train_batch": batches("train", range(3)),
    "val_batch": batches("test", range(3), "_labels", "_pred"),
    "weights": ("weights/best.pt", "weights/epoch_009.pt", "weights/epoch_019.pt", "weights/last.pt"),
}  # fmt: skip
SEGMENTATION: Roles = {
    "results": ("results.csv",),
    "args": ("args.yaml",),
    "plot": ("results.png",),
    "curve": tuple(f"{side}{name}" for side in ("Box", "Mask") for name in CURVES),
    "confusion": MATRICES,
    "labels": ("labels.jpg",),
    "train_batch": batches("train", range(3)),
    "val_batch": batches("val", range(3), "_labels", "_pred"),
    "weights": ("weights/best.pt", "weights/last.pt"),
}
DETECTION: Roles = {
    "results": ("results.csv",),
    "args": ("args.yaml",),
    "plot": ("results.png",),
    "confusion": MATRICES,
    "labels": ("labels.jpg",),
    "train_batch": batches("train", [0]),
    "val_batch": batches("val", [0], "_labels", "_pred"),
    "weights": ("weights/best.pt", "weights/last.pt"),
}
PERIODS: Roles = {
    "results": ("results.csv",),
    "args": ("args.yaml",),
    "weights": ("weights/best.pt", "weights/epoch5.pt", "weights/epoch10.pt", "weights/last.pt"),
}
OF_YOLOV5: Roles = {
    "results": ("results.csv",),
    "args": ("hyp.yaml", "opt.yaml"),
    "plot": ("results.png",),
    "curve": CURVES,
    "confusion": ("confusion_matrix.png",),
    "labels": ("labels.jpg", "labels_correlogram.jpg"),
    "train_batch": batches("train", range(3)),
    "val_batch": batches("val", range(3), "_labels", "_pred"),
    "weights": ("weights/best.pt", "weights/last.pt"),
}
LAYOUTS = {
    "project/exp2": PARTINET,
    "runs/segment/train2": SEGMENTATION,
    "runs/detect/train-2": DETECTION,
    "runs/detect/drains_20240131_120000": PERIODS,
    "runs/train/exp10": OF_YOLOV5,
}
COLUMNS = {"runs/segment/train2": SEGMENT, "runs/train/exp10": YOLOV5}


@pytest.mark.parametrize("place", LAYOUTS)
def test_every_file_of_a_layout_has_its_role(tmp_path, place):
    roles = LAYOUTS[place]
    folder = tmp_path / place
    for name in (name for names in roles.values() for name in names):
        write(folder / name, b"")
    for name in roles["args"]:
        write_args(folder, name, epochs=10)
    if roles is PARTINET:
        write(folder / "results.txt", "\n".join(partinet_rows(0, 9, 10, 7)))
    else:
        columns = COLUMNS.get(place, DETECT)
        write_csv(folder, columns, rows_of(columns, range(1, 11)))
    write_events(folder, scalars_of(DETECT, range(1, 11)))
    run = open_run(str(folder))
    assert len(run.history) == 10
    found = {role: sorted(names) for (role, names) in run.files.by_role.items()}
    (events,) = found.pop("events")
    assert events.startswith("events.out.tfevents.")
    assert found == {role: sorted(names) for (role, names) in roles.items()}
