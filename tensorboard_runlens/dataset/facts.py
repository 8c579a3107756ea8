"""A data set as facts: what its splits hold, and how two splits can be told to be the same."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.description import Description, read_description
from tensorboard_runlens.dataset.images import Look, look, quiet
from tensorboard_runlens.dataset.keys import ImageKey, fingerprint, image_key
from tensorboard_runlens.dataset.labels import (
    Labels,
    RowFault,
    parse_labels,
)
from tensorboard_runlens.dataset.listing import (
    MAX_LABEL_BYTES,
    ImageFile,
    label_folder,
    label_path,
    list_images,
)
from tensorboard_runlens.dataset.repeats import Known, Repeats, find_repeats
from tensorboard_runlens.dataset.said import Said
from tensorboard_runlens.folder import FileRefused
from tensorboard_runlens.run import Floats, Integers, Problem

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the box areas that are told."""

SMALL_SIDE = 32
MEDIUM_SIDE = 96
"""COCO's words: small is below 32 x 32 pixels, medium below 96 x 96, large the rest."""

KINDS = {"polygon": "polygons", "box": "boxes"}
"""Kinds of rows that must not stand in one data set."""

MAX_INSTANCES = 20_000_000
"""Instances of one split that are kept, 300 MB; COCO has 860,000."""

MAX_EXAMPLES = 5
"""Label files of each kind of row that are remembered by name."""

REFUSED = "refused"
"""RowFault of a label file that was not read at all."""


@dataclass(frozen=True)
class Areas:
    """Box areas: ``quantiles`` as share of the image at QUANTILES, and the shares of small, medium
    and large boxes among the ``measured`` ones, whose image's size is known."""

    quantiles: tuple[float, ...]
    small: float
    medium: float
    large: float
    measured: int


@dataclass(frozen=True)
class Split:
    """Train, val or test. Images that a training ignores (not readable, or with unusable labels)
    count in ``images`` and in ``corrupt_images`` or ``corrupt_labels``, and nowhere else.

    ``backgrounds`` are images without labels: the label file is missing (``missing_labels``) or
    empty (``empty_labels``). ``per_class`` (classes,) int64 counts instances by class id. ``kinds``
    counts rows of readable label files as box, polygon, pose, ``quads`` those polygons that may be
    oriented boxes. ``faults`` is kind of fault -> (rows, files). ``unknown`` are class ids in labels
    that the data set does not have. ``keys`` is sorted, with an entry for each image. ``examples`` names
    the first label files with rows of each kind.
    """

    images: int
    backgrounds: int
    empty_labels: int
    missing_labels: int
    corrupt_images: int
    corrupt_labels: int
    per_class: Integers
    kinds: Mapping[str, int]
    quads: int
    faults: Mapping[str, tuple[int, int]]
    unknown: tuple[int, ...]
    areas: Optional[Areas]
    keys: tuple[ImageKey, ...] = field(repr=False)
    problems: tuple[Problem, ...]
    places: tuple[str, ...] = field(repr=False)
    readable: tuple[Known, ...] = field(repr=False)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def instances(self) -> int:
        """Labelled objects in all."""
        return int(self.per_class.sum())

    @property
    def ignored(self) -> int:
        """Images that a training leaves out."""
        return self.corrupt_images + self.corrupt_labels

    @property
    def fingerprint(self) -> Optional[str]:
        """Twelve digits that are equal for equal splits, wherever they lie; None without images."""
        return fingerprint(one.key for one in self.keys)


@dataclass(frozen=True)
class Dataset:
    """What a data set is.

    ``name`` is the name of its YAML file. ``classes`` are their names by id, made up where the file
    has none; ``named`` is how many it names and ``stated`` its nc, None where absent. ``task`` is
    told from the rows: detect, segment, pose, obb, classify or unknown. ``repeats`` is None without
    both train and val. ``problems`` are those of the description; each split has its own.
    """

    name: str
    classes: tuple[str, ...]
    named: Optional[int]
    stated: Optional[int]
    task: str
    splits: Mapping[str, Split]
    repeats: Optional[Repeats]
    problems: tuple[Problem, ...]


def read_dataset(path: str) -> Dataset:
    """Reads the data set that a DATA.yaml describes.

    Raises FileNotFoundError, or NotADataset with one sentence; whatever is wrong with single files
    is a Problem.
    """
    description = read_description(path)
    said = Said()
    said.extend(description.problems)
    with quiet():
        splits = {
            name: _SplitReader(description).read(sources)
            for (name, sources) in description.sources.items()
        }
    splits = _odd_rows_said(splits)
    repeats = None
    if "train" in splits and "val" in splits:
        repeats = find_repeats(splits["train"].readable, splits["val"].readable, said)
    return Dataset(
        name=description.file,
        classes=_class_names(description, splits.values()),
        named=None if description.names is None else len(description.names),
        stated=description.stated,
        task=_task(description, list(splits.values())),
        splits=splits,
        repeats=repeats,
        problems=said.problems(),
    )


def _odd_rows_said(splits: Mapping[str, Split]) -> dict[str, Split]:
    """Of a data set with boxes and polygons: the splits, in which the files of the rarer kind are named."""
    rows = {kind: sum(one.kinds.get(kind, 0) for one in splits.values()) for kind in KINDS}
    if not all(rows.values()):
        return dict(splits)
    (rare, usual) = sorted(KINDS, key=lambda kind: rows[kind])
    said = f"{KINDS[rare]} in a data set of {KINDS[usual]}; at most {MAX_EXAMPLES} such files are named"
    return {
        name: replace(
            split,
            problems=(
                *split.problems,
                *(Problem(file, None, "odd_rows", said) for file in split.examples.get(rare, ())),
            ),
        )
        for (name, split) in splits.items()
    }


def _class_names(description: Description, splits: Iterable[Split]) -> tuple[str, ...]:
    if description.names is not None:
        return description.names
    found = max((len(split.per_class) for split in splits), default=0)
    return tuple(f"class_{number}" for number in range(description.stated or found))


def _task(description: Description, splits: Sequence[Split]) -> str:
    """What the rows are made for, by the kind that most of them have."""
    kinds: Counter[str] = Counter()
    for split in splits:
        kinds.update(split.kinds)
    if not kinds:
        return "classify" if _sorted_by_class(description, splits) else "unknown"
    (kind, rows) = kinds.most_common(1)[0]
    if kind == "polygon":
        return "obb" if sum(split.quads for split in splits) == rows else "segment"
    return {"box": "detect", "pose": "pose"}[kind]


def _sorted_by_class(description: Description, splits: Sequence[Split]) -> bool:
    """Whether images lie in folders that are called like the classes."""
    folders = {files.folder_name(image.path) for split in splits for (image, _) in split.readable}
    return bool(folders) and folders <= set(description.names or ())


class _SplitReader:
    """Goes through the images of one split once and counts."""

    def __init__(self, description: Description) -> None:
        self.classes = description.classes
        self.keypoints = description.keypoints
        self.folders = [*description.folders, *map(label_folder, description.folders)]
        self.said = Said()
        self.examples: dict[str, list[str]] = {}
        self.count: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.files: Counter[str] = Counter()
        self.unknown: set[int] = set()
        self.per_class: Integers = np.zeros(self.classes or 0, np.int64)
        self.instances = 0
        self.areas: list[Floats] = []
        self.pixels: list[Floats] = []
        self.keys: list[ImageKey] = []
        self.readable: list[Known] = []

    def read(self, sources: Sequence[str]) -> Split:
        listing = list_images(sources, self.said)
        for image in listing.images:
            self._image(image)
        if not listing.images:
            self.said.say(".", None, "no_images", "no image in the places that the file names")
        return Split(
            images=len(listing.images),
            backgrounds=self.count["missing"] + self.count["empty"],
            empty_labels=self.count["empty"],
            missing_labels=self.count["missing"],
            corrupt_images=self.count["corrupt_images"],
            corrupt_labels=self.count["corrupt_labels"],
            per_class=self.per_class,
            kinds=self.kinds,
            quads=self.count["quads"],
            faults={kind: (rows, self.files[kind]) for (kind, rows) in self.rows.items()},
            unknown=tuple(sorted(self.unknown)),
            areas=_areas(self.areas, self.pixels),
            keys=tuple(sorted(self.keys)),
            problems=self.said.problems(),
            places=listing.places,
            readable=tuple(self.readable),
            examples={kind: tuple(names) for (kind, names) in self.examples.items()},
        )

    def _image(self, image: ImageFile) -> None:
        seen = look(image)
        name = files.file_name(image.path)
        (data, fault) = _label_bytes(image.path, self.folders)
        self.keys.append(image_key(name, image.size, fault.words.encode() if fault else data))
        if seen.corrupt is not None:
            self.count["corrupt_images"] += 1
            self.said.say(name, None, "corrupt_image", seen.corrupt)
            return
        if seen.unread is not None:
            self.said.say(name, None, "unread_image", seen.unread)
        self.readable.append((image, seen.size))
        self._labels(image, seen, data, fault)

    def _labels(
        self, image: ImageFile, seen: Look, data: Optional[bytes], fault: Optional[RowFault]
    ) -> None:
        name = files.file_name(label_path(image.path))
        if fault is not None:
            self.count["corrupt_labels"] += 1
            self._faults(name, [fault])
            return
        if data is None:
            self.count["missing"] += 1
            return
        labels = parse_labels(data, self.classes, self.keypoints)
        self._faults(name, labels.faults)
        self.unknown |= labels.unknown
        self.kinds.update(labels.kinds)
        for kind in labels.kinds:
            self.examples.setdefault(kind, [])
            self.examples[kind] += [name] if len(self.examples[kind]) < MAX_EXAMPLES else []
        self.count["quads"] += labels.quads
        if labels.empty:
            self.count["empty"] += 1
        elif not labels.usable:
            self.count["corrupt_labels"] += 1
        else:
            self._instances(labels, seen)

    def _faults(self, name: str, faults: Sequence[RowFault]) -> None:
        """Counts faults by row and file, and says the first of each kind in a file."""
        by_kind: dict[str, list[RowFault]] = {}
        for fault in faults:
            by_kind.setdefault(fault.kind, []).append(fault)
        for kind, alike in by_kind.items():
            self.rows[kind] += len(alike)
            self.files[kind] += 1
            more = f" (and {len(alike) - 1:,} more rows)" if len(alike) > 1 else ""
            self.said.say(name, alike[0].line, kind, alike[0].words + more)

    def _instances(self, labels: Labels, seen: Look) -> None:
        self.instances += len(labels.classes)
        counts = np.bincount(labels.classes, minlength=len(self.per_class))
        counts[: len(self.per_class)] += self.per_class
        self.per_class = counts.astype(np.int64)
        if self.instances > MAX_INSTANCES:
            said = f"more than {MAX_INSTANCES:,} instances; the areas are those of the first"
            self.said.say(".", None, "too_many_instances", said)
            return
        areas = labels.boxes[:, 2] * labels.boxes[:, 3]
        pixels = np.nan if seen.size is None else float(seen.size[0] * seen.size[1])
        self.areas.append(areas)
        self.pixels.append(areas * pixels)


def _label_bytes(image: str, folders: Sequence[str]) -> tuple[Optional[bytes], Optional[RowFault]]:
    """(the bytes of an image's label file, None where it is missing or refused; why it was refused).

    Where the image is a link, its labels may be one to where they lie beside the image itself.
    """
    path = label_path(image)
    try:
        if os.path.islink(path):
            beside = os.path.dirname(label_path(os.path.realpath(image)))
            files.refuse_leaving(path, (*folders, beside))
        return (files.read(path, MAX_LABEL_BYTES), None)
    except FileNotFoundError:
        return (None, None)
    except FileRefused as refusal:
        return (None, RowFault(REFUSED, str(refusal)))


def _areas(shares: Sequence[Floats], pixels: Sequence[Floats]) -> Optional[Areas]:
    if not shares:
        return None
    known = np.concatenate(pixels)
    known = known[np.isfinite(known)]
    (small, medium) = (known < SMALL_SIDE**2, known < MEDIUM_SIDE**2)
    return Areas(
        quantiles=tuple(np.quantile(np.concatenate(shares), QUANTILES).tolist()),
        small=_share(small),
        medium=_share(medium & ~small),
        large=_share(~medium),
        measured=len(known),
    )


def _share(chosen: npt.NDArray[np.bool_]) -> float:
    return float(chosen.mean()) if len(chosen) else float("nan")
