"""What is wrong with a data set: its facts held against limits, each fault said once and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.dataset import labels
from tensorboard_runlens.dataset.class_checks import check_classes
from tensorboard_runlens.dataset.facts import Dataset, Split
from tensorboard_runlens.dataset.fault import NAMED, Evidence, Fault, listed
from tensorboard_runlens.dataset.label_checks import check_kinds, empty_split, no_instances
from tensorboard_runlens.dataset.repeats import ALIKE_BITS, Repeats
from tensorboard_runlens.run import ClassCounts
from tensorboard_runlens.words import count, percent

SEVERE_SHARE = 0.10
"""Share of a split from which a fault decides the result rather than blurs it: our judgement."""

BACKGROUND_MAX = 0.10
"""Share of images without labels that Ultralytics' training tips recommend at most; guide 002 has 8 %."""

VAL_IMAGES_MIN = 30
"""Validation images below which a metric is chance: the guides use 45 and more (R57)."""

VAL_SHARE_MIN = 0.10
"""Share of validation among train and val: guides 002, 003 and 004 have 20, 10 and 13 % (R57)."""

VAL_IMAGES_ENOUGH = 1000
"""Validation images that are enough whatever their share: COCO validates on 5,000 of 123,287, 4 %."""

DUPLICATE_SHARE = 0.05
"""Duplicate rows that hint at an export gone wrong rather than at single slips: our judgement."""


def check_dataset(dataset: Dataset, task: Optional[str] = None) -> list[Fault]:
    """Every fault of a data set, the worst first. ``task`` is what it is to be trained for, where known."""
    found = [fault for check in CHECKS for fault in check(dataset)]
    found += _polygons(dataset, task)
    return worst_first(found)


def worst_first(faults: Iterable[Fault]) -> list[Fault]:
    """Critical ones before warnings before remarks."""
    order = ("critical", "warning", "info")
    return sorted(faults, key=lambda fault: order.index(fault.severity))


def _overlap(dataset: Dataset) -> Iterator[Fault]:
    if dataset.repeats is not None:
        yield from check_overlap(dataset.repeats)


def check_overlap(repeats: Repeats) -> Iterator[Fault]:
    """The same image, or one that looks like it, in train and val."""
    evidence: Evidence = {
        "same": repeats.same,
        "alike": repeats.alike,
        "val_images": repeats.val,
        "compared_train": repeats.compared[0],
        "compared_val": repeats.compared[1],
        "examples": [f"{val} = {train}" for (val, train) in repeats.pairs],
    }
    if repeats.same:
        share = repeats.same / repeats.val
        yield Fault(
            "data-overlap",
            "critical" if share >= SEVERE_SHARE else "warning",
            f"{_of(repeats.same, repeats.val, 'validation image', 'is', 'are')} in train too, byte for byte: "
            "take them out of one of the two before a metric is trusted.",
            evidence,
            "Split the images anew, each into one split only, and train again.",
        )
    if repeats.alike:
        share = repeats.alike / repeats.val
        yield Fault(
            "data-overlap",
            "warning" if share >= SEVERE_SHARE else "info",
            f"{_of(repeats.alike, repeats.val, 'validation image', 'looks', 'look')} like one in train "
            f"(at most {ALIKE_BITS} of 64 hash bits differ): compare the named pairs.",
            evidence,
            "Where pairs show the same scene or object, split by scene, video or day instead of by image.",
        )


def _unusable(dataset: Dataset) -> Iterator[Fault]:
    """Images that a training ignores, and images without labels."""
    for name, split in dataset.splits.items():
        if split.ignored:
            yield _ignored(name, split)
        if dataset.task == "classify" or not split.images:
            continue
        share = split.backgrounds / split.images
        if not split.instances:
            yield no_instances(name, split.images, _label_counts(name, split))
        elif share > BACKGROUND_MAX:
            yield Fault(
                "empty-labels",
                "info",
                f"{_of(split.backgrounds, split.images, f'{name} image', 'has', 'have')} no label, and "
                f"{percent(BACKGROUND_MAX)} are recommended at most: check that they show no object.",
                {**_label_counts(name, split), "limit": BACKGROUND_MAX},
                "Label what was forgotten, and leave out backgrounds beyond a tenth.",
            )


def _label_counts(name: str, split: Split) -> Evidence:
    return {
        "split": name,
        "images": split.images,
        "empty_labels": split.empty_labels,
        "missing_labels": split.missing_labels,
        "corrupt_images": split.corrupt_images,
        "corrupt_labels": split.corrupt_labels,
    }


def _ignored(name: str, split: Split) -> Fault:
    return Fault(
        "empty-labels",
        "critical" if split.ignored >= SEVERE_SHARE * split.images else "warning",
        f"{_of(split.ignored, split.images, f'{name} image', 'cannot', 'cannot')} be used "
        f"({count(split.corrupt_images, 'image')} not readable, "
        f"{count(split.corrupt_labels, 'label file')} not usable): repair or delete them.",
        _label_counts(name, split),
        "runlens data names the files and lines; a training leaves these images out silently.",
    )


def _polygons(dataset: Dataset, task: Optional[str]) -> Iterator[Fault]:
    """Rows of another kind than expected."""
    splits = dataset.splits.values()
    (boxes, polygons) = (
        sum(split.kinds.get(kind, 0) for split in splits) for kind in ("box", "polygon")
    )
    yield from check_kinds(boxes, polygons, sum(split.quads for split in splits), task)


def _outside(dataset: Dataset) -> Iterator[Fault]:
    """Boxes outside their image or without area."""
    kinds = (labels.OUT_OF_RANGE, labels.BEYOND_EDGE, labels.ZERO_AREA, labels.NEGATIVE_AREA)
    found = {kind: _rows_and_files(dataset, kind) for kind in kinds}
    rows = sum(one[0] for one in found.values())
    if not rows:
        return
    images = sum(split.images for split in dataset.splits.values())
    (ranges, negative) = (found[labels.OUT_OF_RANGE], found[labels.NEGATIVE_AREA])
    severe = max(ranges[1], negative[1]) >= SEVERE_SHARE * images
    only_edges = rows == found[labels.BEYOND_EDGE][0]
    yield Fault(
        "boxes-out-of-range",
        "critical" if severe else "info" if only_edges else "warning",
        f"{count(rows, 'label row')} {'lies' if rows == 1 else 'lie'} outside the image or "
        f"{'has' if rows == 1 else 'have'} no area, {ranges[0] + negative[0]:,} so that a training "
        "ignores the whole image: correct the rows.",
        {"rows": rows, **{kind: one[0] for (kind, one) in found.items()}},
        "Coordinates are fractions of the image's width and height, a box is its centre and its size.",
    )


def _duplicates(dataset: Dataset) -> Iterator[Fault]:
    """Rows that stand twice in a label file."""
    (rows, files) = _rows_and_files(dataset, labels.DUPLICATE)
    if not rows:
        return
    kept = sum(sum(split.kinds.values()) for split in dataset.splits.values())
    share = rows / (kept + rows)
    yield Fault(
        "duplicate-boxes",
        "warning" if share >= DUPLICATE_SHARE else "info",
        f"{_of(rows, kept + rows, 'label row', 'repeats', 'repeat')} another of the same file: delete what is double.",
        {"rows": rows, "files": files, "share": share},
        "Ultralytics removes them when it reads; other frameworks count such an object twice.",
    )


def _class_names(dataset: Dataset) -> Iterator[Fault]:
    """Names, nc and the ids in the labels must agree."""
    (named, stated) = (dataset.named, dataset.stated)
    if named is None and stated is None:
        yield Fault(
            "class-names",
            "critical",
            "0 classes are named: add names to the data set's YAML file.",
            {"names": None, "nc": None},
            "Write names: with one name for each class id, counted from 0.",
        )
    if named is not None and stated is not None and named != stated:
        yield Fault(
            "class-names",
            "critical",
            f"{count(named, 'class name')} but nc {stated}: delete nc or complete the names.",
            {"names": named, "nc": stated},
            "Ultralytics refuses the file as long as the two differ.",
        )
    unknown = sorted({number for split in dataset.splits.values() for number in split.unknown})
    if unknown:
        each = listed([str(number) for number in unknown])
        yield Fault(
            "class-names",
            "critical",
            f"{count(len(unknown), 'class id')} in the labels beyond the {len(dataset.classes)} classes "
            f"of the data set ({each}): name them or correct the labels.",
            {"classes": len(dataset.classes), "unknown": list(unknown[:NAMED])},
            "Ids count from 0; images with an unknown class are ignored in training.",
        )
    twice = sorted(name for (name, ids) in Counter(dataset.classes).items() if ids > 1)
    if twice:
        yield Fault(
            "class-names",
            "warning",
            f"{count(len(twice), 'class name')} given to more than one id ({listed(twice)}): make them one class.",
            {"names": list(twice[:NAMED])},
            "The model learns to tell apart what bears the same name.",
        )


def _small_split(dataset: Dataset) -> Iterator[Fault]:
    """Too few validation images, or none."""
    images = {name: split.images for (name, split) in dataset.splits.items()}
    (train, val) = (images.get("train", 0), images.get("val", 0))
    evidence: Evidence = {"train": train, "val": val}
    if not val or not train:
        yield from empty_split(train, val)
        return
    share = val / (train + val)
    few = val < VAL_IMAGES_MIN
    if not few and (share >= VAL_SHARE_MIN or val >= VAL_IMAGES_ENOUGH):
        return
    limit = f"fewer than {VAL_IMAGES_MIN}" if few else f"less than {percent(VAL_SHARE_MIN)} of all"
    yield Fault(
        "small-split",
        "warning",
        f"{count(val, 'validation image')} to {train:,} in train, {limit}: move some over from train.",
        {**evidence, "share": share},
        "With so few, a difference between two runs or epochs is mostly chance.",
    )


def _classes(dataset: Dataset) -> Iterator[Fault]:
    """What the counts by class tell."""
    counts = np.zeros((2, len(dataset.classes)), np.int64)
    for row, name in enumerate(("train", "val")):
        if name in dataset.splits:
            per_class = dataset.splits[name].per_class
            counts[row, : len(per_class)] = per_class
    yield from check_classes(ClassCounts(dataset.classes, counts[0], counts[1]))


CHECKS = (
    _overlap,
    _unusable,
    _outside,
    _duplicates,
    _class_names,
    _small_split,
    _classes,
)


def _rows_and_files(dataset: Dataset, kind: str) -> tuple[int, int]:
    found = [split.faults.get(kind, (0, 0)) for split in dataset.splits.values()]
    return (sum(rows for (rows, _) in found), sum(files for (_, files) in found))


def _of(part: int, whole: int, noun: str, one: str, many: str) -> str:
    """12 of 45 validation images (27 %) are; the verb is given for one and for many."""
    verb = one if part == 1 else many
    return f"{part:,} of {whole:,} {noun}s ({percent(part / whole)}) {verb}"
