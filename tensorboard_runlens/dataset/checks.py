"""What is wrong with a data set: its facts held against limits, each fault said once and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np

from tensorboard_runlens.dataset import labels
from tensorboard_runlens.dataset.facts import Dataset, Split
from tensorboard_runlens.dataset.repeats import ALIKE_BITS
from tensorboard_runlens.run import Integers
from tensorboard_runlens.words import count, percent

Evidence = Mapping[str, Union[bool, int, float, str, list[Union[int, float, str]], None]]

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

VAL_INSTANCES_MIN = 10
"""Instances of a class below which its metrics are unreliable: guide 004 found 3 unusable, 18 acceptable (R56)."""

IMBALANCE = 10
"""Most frequent class over the rarest; guide 004's minority of 13 % against 36 % is 3 and was no harm (R55)."""

DUPLICATE_SHARE = 0.05
"""Duplicate rows that hint at an export gone wrong rather than at single slips: our judgement."""

NAMED = 5
"""Classes that a sentence names."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a data set. ``severity`` is info, warning or critical; ``evidence`` the
    numbers behind the summary; ``advice`` what to do, one sentence."""

    kind: str
    severity: str
    summary: str
    evidence: Evidence
    advice: str


def check_dataset(dataset: Dataset, task: Optional[str] = None) -> list[Fault]:
    """Every fault of a data set, the worst first. ``task`` is what it is to be trained for, where known."""
    found = [fault for check in CHECKS for fault in check(dataset)]
    found += _polygons(dataset, task)
    order = ("critical", "warning", "info")
    return sorted(found, key=lambda fault: order.index(fault.severity))


def _overlap(dataset: Dataset) -> Iterator[Fault]:
    """The same image, or one that looks like it, in train and val."""
    repeats = dataset.repeats
    if repeats is None:
        return
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
        if split.backgrounds == split.images:
            yield _no_labels(name, split)
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


def _no_labels(name: str, split: Split) -> Fault:
    return Fault(
        "empty-labels",
        "info" if name == "test" else "critical",
        f"0 of {count(split.images, f'{name} image')} have a label: check where the label files lie.",
        _label_counts(name, split),
        "A label file has its image's name with .txt, in a folder labels where the image has images.",
    )


def _missing_classes(dataset: Dataset) -> Iterator[Fault]:
    """Classes without an instance in train or val."""
    (train, val) = _class_counts(dataset)
    if not train.sum() or not val.sum():
        return  # the split has no labels at all, which is said by another check
    unlearned = np.flatnonzero(train == 0)
    unmeasured = np.flatnonzero((val == 0) & (train > 0))
    if len(unlearned):
        tested = int((val[unlearned] > 0).sum())
        yield Fault(
            "missing-class",
            "critical" if tested else "warning",
            f"{_classes_of(dataset, unlearned)} no instance in train, and "
            f"{tested or 'none'} of them {'has' if tested == 1 else 'have'} some in val: "
            "add images or take the names out.",
            {"split": "train", "classes": _names(dataset, unlearned), "in_val": tested},
            "A class that is never shown cannot be learned, and lowers the mean of all classes where it is measured.",
        )
    if len(unmeasured):
        yield Fault(
            "missing-class",
            "warning",
            f"{_classes_of(dataset, unmeasured)} no instance in val but some in train: "
            "move some images over, or nothing is known about them.",
            {"split": "val", "classes": _names(dataset, unmeasured)},
            f"Move images until each class has {VAL_INSTANCES_MIN} validation instances or more.",
        )


def _polygons(dataset: Dataset, task: Optional[str]) -> Iterator[Fault]:
    """Rows of another kind than expected."""
    rows = {
        kind: sum(split.kinds.get(kind, 0) for split in dataset.splits.values())
        for kind in ("box", "polygon")
    }
    quads = sum(split.quads for split in dataset.splits.values())
    (total, polygons) = (sum(rows.values()), rows["polygon"])
    evidence: Evidence = {"boxes": rows["box"], "polygons": polygons, "quads": quads}
    if rows["box"] and polygons:
        yield Fault(
            "polygon-labels",
            "warning",
            f"{_of(polygons, total, 'label row', 'is a polygon', 'are polygons')} among boxes: use one kind only.",
            evidence,
            "Ultralytics drops every polygon of such a set, and ignores files that mix both; export it anew.",
        )
    elif task in ("segment", "obb") and rows["box"]:
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
            "Detection trains on the polygons' bounding boxes.",
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
        listed = _listed([str(number) for number in unknown])
        yield Fault(
            "class-names",
            "critical",
            f"{count(len(unknown), 'class id')} in the labels beyond the {len(dataset.classes)} classes "
            f"of the data set ({listed}): name them or correct the labels.",
            {"classes": len(dataset.classes), "unknown": list(unknown[:NAMED])},
            "Ids count from 0; images with an unknown class are ignored in training.",
        )
    twice = sorted(name for (name, ids) in Counter(dataset.classes).items() if ids > 1)
    if twice:
        yield Fault(
            "class-names",
            "warning",
            f"{count(len(twice), 'class name')} given to more than one id ({_listed(twice)}): make them one class.",
            {"names": list(twice[:NAMED])},
            "The model learns to tell apart what bears the same name.",
        )


def _small_split(dataset: Dataset) -> Iterator[Fault]:
    """Too few validation images, or none."""
    images = {name: split.images for (name, split) in dataset.splits.items()}
    (train, val) = (images.get("train", 0), images.get("val", 0))
    evidence: Evidence = {"train": train, "val": val}
    if not val or not train:
        empty = "validation" if not val else "training"
        yield Fault(
            "small-split",
            "critical",
            f"0 {empty} images were found: check the paths in the YAML file.",
            evidence,
            "runlens data says which folder is missing.",
        )
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


def _few_instances(dataset: Dataset) -> Iterator[Fault]:
    """Classes that are measured on a handful of objects."""
    (_, val) = _class_counts(dataset)
    few = np.flatnonzero((val > 0) & (val < VAL_INSTANCES_MIN))
    if not len(few):
        return
    listed = _listed([f"{dataset.classes[number]} {val[number]}" for number in few.tolist()])
    yield Fault(
        "few-instances",
        "warning",
        f"{len(few)} of {count(len(dataset.classes), 'class', 'classes')} "
        f"{'has' if len(few) == 1 else 'have'} fewer than {VAL_INSTANCES_MIN} validation instances "
        f"({listed}): move images with them from train to val.",
        {
            "classes": _names(dataset, few),
            "instances": [int(number) for number in val[few[:NAMED]]],
            "limit": VAL_INSTANCES_MIN,
        },
        f"{int((VAL_INSTANCES_MIN - val[few]).sum())} more are needed; below that a class's metrics are chance.",
    )


def _imbalance(dataset: Dataset) -> Iterator[Fault]:
    """The most frequent class against the rarest in train."""
    (train, _) = _class_counts(dataset)
    present = np.flatnonzero(train)
    if len(present) < 2:
        return
    (most, least) = (present[train[present].argmax()], present[train[present].argmin()])
    ratio = float(train[most] / train[least])
    if ratio <= IMBALANCE:
        return
    yield Fault(
        "class-imbalance",
        "info",
        f"{ratio:.0f} times as many instances of {dataset.classes[most]} ({train[most]:,}) as of "
        f"{dataset.classes[least]} ({train[least]:,}) in train: compare their metrics.",
        {
            "ratio": ratio,
            "most": dataset.classes[most],
            "least": dataset.classes[least],
            "most_instances": int(train[most]),
            "least_instances": int(train[least]),
        },
        "Where the rare class is worse, add images of it; imbalance that costs nothing is no problem.",
    )


CHECKS = (
    _overlap,
    _unusable,
    _missing_classes,
    _outside,
    _duplicates,
    _class_names,
    _small_split,
    _few_instances,
    _imbalance,
)


def _class_counts(dataset: Dataset) -> tuple[Integers, Integers]:
    """Instances by class in (train, val), both (classes,), zero for a split that is not there."""
    counts = np.zeros((2, len(dataset.classes)), np.int64)
    for row, name in enumerate(("train", "val")):
        if name in dataset.splits:
            per_class = dataset.splits[name].per_class
            counts[row, : len(per_class)] = per_class
    return (counts[0], counts[1])


def _rows_and_files(dataset: Dataset, kind: str) -> tuple[int, int]:
    found = [split.faults.get(kind, (0, 0)) for split in dataset.splits.values()]
    return (sum(rows for (rows, _) in found), sum(files for (_, files) in found))


def _of(part: int, whole: int, noun: str, one: str, many: str) -> str:
    """12 of 45 validation images (27 %) are; the verb is given for one and for many."""
    verb = one if part == 1 else many
    return f"{part:,} of {whole:,} {noun}s ({percent(part / whole)}) {verb}"


def _names(dataset: Dataset, numbers: Integers) -> list[Union[int, float, str]]:
    return [dataset.classes[number] for number in numbers[:NAMED].tolist()]


def _classes_of(dataset: Dataset, numbers: Integers) -> str:
    """2 of 4 classes (toe_drain, vegetation) have."""
    listed = _listed([dataset.classes[number] for number in numbers.tolist()])
    verb = "has" if len(numbers) == 1 else "have"
    total = count(len(dataset.classes), "class", "classes")
    return f"{len(numbers)} of {total} ({listed}) {verb}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
