"""What the labels of a data set give reason to say, wherever they were counted: on disk or by a training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Optional

from tensorboard_runlens.dataset.fault import Evidence, Fault
from tensorboard_runlens.run import SplitLabels
from tensorboard_runlens.words import count, percent

NEEDS_POLYGONS = ("segment", "obb")
"""Tasks that boxes cannot teach."""


def check_labels(labels: Mapping[str, SplitLabels], task: Optional[str]) -> Iterator[Fault]:
    """What a training's own labels tell: those that it left out on loading are not among them."""
    for name, split in labels.items():
        if split.images and not split.instances:
            yield no_instances(name, split.images, {"split": name, "images": split.images})
    boxes = sum(split.instances - split.polygons for split in labels.values())
    yield from check_kinds(boxes, sum(split.polygons for split in labels.values()), 0, task)


def no_instances(name: str, images: int, evidence: Evidence) -> Fault:
    """A split in which nothing is labelled."""
    return Fault(
        "no-instances",
        "info" if name == "test" else "critical",
        f"0 of {count(images, f'{name} image')} have a label: check where the label files lie.",
        evidence,
        "A label file has its image's name with .txt, in a folder labels where the image has images.",
    )


def empty_split(train: int, val: int) -> Iterator[Fault]:
    """A split without images; nothing where both have some."""
    if train and val:
        return
    empty = "validation" if not val else "training"
    yield Fault(
        "empty-split",
        "critical",
        f"0 {empty} images were found: check the paths in the YAML file.",
        {"train": train, "val": val},
        "runlens data says which folder is missing.",
    )


def check_kinds(boxes: int, polygons: int, quads: int, task: Optional[str]) -> Iterator[Fault]:
    """Rows of another kind than the task expects; ``quads`` are the polygons of four corners."""
    total = boxes + polygons
    evidence: Evidence = {"boxes": boxes, "polygons": polygons, "quads": quads}
    if boxes and polygons:
        yield Fault(
            "polygon-labels",
            "warning",
            f"{_of_rows(polygons, total)} among boxes: use one kind only.",
            evidence,
            "Ultralytics drops every polygon of such a set, and ignores files that mix both; export it anew.",
        )
    elif task in NEEDS_POLYGONS and boxes:
        yield Fault(
            "polygon-labels",
            "critical",
            f"0 of {count(total, 'label row')} are polygons, which the task {task} needs: export it anew.",
            evidence,
            "Ultralytics refuses to train this task on boxes.",
        )
    elif task == "detect" and polygons:
        yield Fault(
            "polygon-labels",
            "info",
            f"All {count(total, 'label row')} are polygons where boxes are expected: "
            "check that their bounding boxes are meant.",
            evidence,
            "Detection trains on the polygons' bounding boxes; for masks train the task segment.",
        )
    elif task is None and polygons and polygons == quads:
        yield Fault(
            "polygon-labels",
            "info",
            f"All {count(total, 'label row')} have 9 numbers, an oriented box as well as a polygon of "
            "four corners: train the task that they were made for.",
            evidence,
            "The file format does not tell the two apart.",
        )


def _of_rows(part: int, whole: int) -> str:
    """12 of 45 label rows (27 %) are polygons."""
    kind = "is a polygon" if part == 1 else "are polygons"
    return f"{part:,} of {whole:,} label rows ({percent(part / whole)}) {kind}"
