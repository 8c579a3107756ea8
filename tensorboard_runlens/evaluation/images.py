"""The images that ``runlens evaluate`` validates on, and the description of them that the framework is given.

It is a copy of DATA.yaml with the places that RunLens has found, so that it holds in every working
directory, and without ``download``, which the framework would execute where images are missing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.description import NotADataset, read_description
from tensorboard_runlens.dataset.listing import list_images
from tensorboard_runlens.dataset.said import Said
from tensorboard_runlens.folder import MAX_CONFIG_BYTES
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.plain import plain_yaml

(VAL, TEST) = SPLITS = ("val", "test")
DESCRIPTION = "data.yaml"
"""What the copy is called where the file's own name would tell the framework nothing."""


@dataclass(frozen=True)
class Images:
    """A data set: ``sources`` are the folders and lists of each split that it names, those that exist.

    ``document`` is its YAML; a folder of classification has none.
    """

    path: str
    sources: Mapping[str, tuple[str, ...]]
    document: Mapping[Any, Any]

    @property
    def name(self) -> str:
        """The file's or folder's own name."""
        return files.file_name(os.path.abspath(self.path))

    def names(self, split: str) -> bool:
        """Whether the data set names this split at all."""
        return split in self.sources

    def are_there(self, split: str) -> bool:
        """Whether the split has an image that can be found."""
        return bool(list_images(self.sources.get(split, ()), Said()).images)

    @property
    def of_classes(self) -> bool:
        """Whether it is a folder of classification."""
        return os.path.isdir(self.path)

    @property
    def test_is_val(self) -> bool:
        """Whether both splits are the same images, so that the second tells nothing new."""
        (val, test) = (set(self.sources.get(split, ())) for split in SPLITS)
        return bool(val) and val == test

    def describe(self, folder: str) -> str:
        """What the framework is given: the data set's folder, or a YAML file written into ``folder``."""
        if self.of_classes:
            return os.path.abspath(self.path)
        document = {name: value for (name, value) in self.document.items() if name != "download"}
        document.setdefault("path", os.path.dirname(os.path.abspath(self.path)))
        for split, places in self.sources.items():
            if places:
                document[split] = list(places)
        named_well = self.name.endswith((".yaml", ".yml"))
        path = os.path.join(folder, self.name if named_well else DESCRIPTION)
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump(document, file, allow_unicode=True)
        return path


def images_of(path: str) -> Images:
    """The data set of a DATA.yaml, or of a folder of classification. Raises FileNotFoundError and NotADataset."""
    if os.path.isdir(path):
        return Images(path, _sides(path), {})
    description = read_description(path)
    return Images(path, description.sources, _document(path))


def _sides(path: str) -> dict[str, tuple[str, ...]]:
    """The splits of a classification, a folder each."""
    found = {split: os.path.join(path, split) for split in ("train", *SPLITS)}
    there: dict[str, tuple[str, ...]] = {
        split: (place,) for (split, place) in found.items() if os.path.isdir(place)
    }
    if "train" not in there:
        raise NotADataset("a folder without train and val: it holds no images of a classification")
    return there


def _document(path: str) -> Mapping[Any, Any]:
    document = plain_yaml.load(decode(files.read(path, MAX_CONFIG_BYTES)) or "")
    return document if isinstance(document, dict) else {}
