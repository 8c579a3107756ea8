"""DATA.yaml: the classes of a data set and where its splits lie, resolved as Ultralytics and YOLOv5 do.

``path`` is the root: as given where that exists, else relative to the YAML file's folder. A root that
leads nowhere (the file came from another machine) is replaced by the file's own folder, which is said.
Data set folders of the frameworks' settings are not searched, nothing is downloaded or executed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from tensorboard_runlens.dataset import files
from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.naming import shown
from tensorboard_runlens.plain import plain_yaml
from tensorboard_runlens.run import Problem

SPLITS = ("train", "val", "test")

MAX_CLASSES = 20_000
"""Classes of a data set; V3Det, the largest for detection, has 13,204."""

MAX_NAME = 100
"""Characters of a class's name that are kept."""

MAX_SOURCES = 100
"""Folders or lists that one split may name; real ones name one to five."""


class NotADataset(Exception):
    """What was named is no data set; the message is one sentence for the user."""


@dataclass(frozen=True)
class Description:
    """What DATA.yaml says.

    ``names`` are the class names by id, None where the file gives none; ``stated`` is its ``nc``.
    ``keypoints`` is kpt_shape: (points, numbers of each). ``sources`` are real paths of folders and
    lists by split, those that exist. ``folders`` are the data set's: the file's own, and those of images.
    """

    file: str
    names: Optional[tuple[str, ...]]
    stated: Optional[int]
    keypoints: Optional[tuple[int, int]]
    sources: Mapping[str, tuple[str, ...]]
    folders: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def classes(self) -> Optional[int]:
        """How many classes there are, None where the file does not tell."""
        return self.stated if self.names is None else len(self.names)


def read_description(path: str) -> Description:
    """Reads DATA.yaml. Raises FileNotFoundError or NotADataset."""
    document = _document(path)
    given = {split: _places(document, split) for split in SPLITS}
    if not any(given.values()):
        raise NotADataset("it names no train, val or test images, so it describes no data set")
    file = files.file_name(path)
    problems: list[Problem] = []
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    roots = _roots(document.get("path"), folder, file, problems)
    sources = {
        split: tuple(_found(places, split, roots, folder, file, problems))
        for (split, places) in given.items()
        if places
    }
    places = (place for places in sources.values() for place in places)
    return Description(
        file=file,
        names=_names(document.get("names"), file, problems),
        stated=_whole(document.get("nc")),
        keypoints=_keypoints(document.get("kpt_shape")),
        sources=sources,
        folders=(folder, *filter(os.path.isdir, places)),
        problems=tuple(problems),
    )


def _document(path: str) -> Mapping[Any, Any]:
    if os.path.isdir(path):
        raise NotADataset("a folder; name the YAML file in it that describes the data set")
    try:
        text = decode(files.read(path, MAX_CONFIG_BYTES))
        document = None if text is None else plain_yaml.load(text)
    except FileRefused as refusal:
        raise NotADataset(str(refusal)) from refusal
    except plain_yaml.Damaged as error:
        where = f" (line {error.line})" if error.line else ""
        raise NotADataset(f"no readable YAML: {error}{where}") from error
    if not isinstance(document, dict):
        raise NotADataset("no YAML with names and values, so it describes no data set")
    return document


def _places(document: Mapping[Any, Any], split: str) -> list[str]:
    value = document.get(split)
    if value is None and split == "val":
        value = document.get("validation")  # Ultralytics takes it for val
    several = value if isinstance(value, list) else [value]
    return [place for place in several[:MAX_SOURCES] if isinstance(place, str) and place.strip()]


def _roots(stated: Any, folder: str, file: str, problems: list[Problem]) -> list[str]:
    """Where paths may begin, in order: ``path`` as given, below the file's folder, that folder itself."""
    if not isinstance(stated, str) or not stated.strip():
        return [folder, os.getcwd()]  # YOLOv5 takes the working directory
    roots = [os.path.abspath(stated), os.path.join(folder, stated)]
    if not any(map(_exists, roots)):
        said = f"path: {_last_part(stated)} is not on this machine; the file's own folder was taken"
        problems.append(Problem(file, None, "missing_root", said))
    return [*roots, folder]


def _found(
    places: Sequence[str],
    split: str,
    roots: Sequence[str],
    folder: str,
    file: str,
    problems: list[Problem],
) -> Iterator[str]:
    """The places that exist. Links to folders are followed, links to lists only inside the file's folder."""
    for place in places:
        found = next(filter(_exists, _candidates(place, roots)), None)
        if found is not None:
            try:
                yield _real(found, folder)
            except FileRefused as refusal:
                said = f"{split}: {_last_part(place)} is {refusal}"
                problems.append(Problem(file, None, "refused", said))
            continue
        said = f"{split}: {_last_part(place)} was not found; this part is not read"
        problems.append(Problem(file, None, "missing_split", said))


def _last_part(path: str) -> str:
    """The last part of a path of any system: the others may name people."""
    parts = [part for part in re.split(r"[\\/]", path.strip()) if part]
    return files.file_name(parts[-1] if parts else "")


def _candidates(place: str, roots: Sequence[str]) -> Iterator[str]:
    for root in roots:
        yield os.path.join(root, place)
        if place.startswith("../"):  # Roboflow writes it where it should not stand
            yield os.path.join(root, place[3:])


def _real(path: str, folder: str) -> str:
    if not os.path.isdir(path):
        files.refuse_leaving(path, [folder])
    return os.path.realpath(path)


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)
    except ValueError:  # a NUL in it
        return False


def _names(value: Any, file: str, problems: list[Problem]) -> Optional[tuple[str, ...]]:
    """The names by id; a mapping must have the ids 0, 1, 2 ... as Ultralytics demands."""
    if isinstance(value, dict):
        ids = {_whole(key): name for (key, name) in value.items()}
        if set(ids) != set(range(len(value))):
            said = f"the ids of names are not 0 to {len(value) - 1}; Ultralytics refuses the file"
            problems.append(Problem(file, None, "class_ids", said))
            return None
        value = [ids[number] for number in range(len(ids))]
    if not isinstance(value, list) or not value:
        return None
    if len(value) > MAX_CLASSES:
        said = f"{len(value):,} class names, more than the {MAX_CLASSES:,} that RunLens reads"
        problems.append(Problem(file, None, "too_many_classes", said))
        return None
    return tuple(_word(name) for name in value)


def _word(value: Any) -> str:
    try:
        return shown(str(value))[:MAX_NAME]
    except ValueError:  # an integer of more digits than Python writes
        return "?"


def _whole(value: Any) -> Optional[int]:
    """The whole number 0 to MAX_CLASSES that a value is or spells, None otherwise."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if 0 <= number <= MAX_CLASSES and number == int(number) else None


def _keypoints(value: Any) -> Optional[tuple[int, int]]:
    if not isinstance(value, list) or len(value) != 2:
        return None
    (points, numbers) = (_whole(value[0]), _whole(value[1]))
    return (points, numbers) if points and numbers in (2, 3) else None
