"""Which image files a split has: a folder with all below it, or a text file with a path on each line.

A path's label file is found as the frameworks do: the last ``images`` among its folders becomes
``labels``, the ending becomes ``.txt``.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.said import Said
from tensorboard_runlens.folder import FileRefused

IMAGE_ENDINGS = frozenset(
    (
        "avif",
        "bmp",
        "dng",
        "heic",
        "heif",
        "jp2",
        "jpeg",
        "jpg",
        "mpo",
        "pfm",
        "png",
        "tif",
        "tiff",
        "webp",
    )
)
"""Endings that some release of Ultralytics, YOLOv5 or YOLOv7 reads."""

MAX_IMAGES = 200_000
"""Images of one split; COCO train2017 has 118,287."""

MAX_ENTRIES = 1_000_000
"""Files and folders that are looked at below one split: images, labels and what else lies there."""

MAX_DEPTH = 16
"""Folders within folders; real data sets have two or three."""

MAX_LABEL_BYTES = 10 * 2**20
"""Cap of a label file: two thousand polygons of a hundred corners are 4 MB."""

MAX_LIST_BYTES = 50 * 2**20
"""Cap of a list of paths: 200,000 lines of 100 characters are 20 MB."""


class ImageFile(NamedTuple):
    """An image: its path, its bytes, and why it is not opened (then the bytes are 0)."""

    path: str
    size: int
    refused: Optional[str] = None


@dataclass(frozen=True)
class Listing:
    """The images of a split sorted by path, and the folders and lists that were looked at."""

    images: tuple[ImageFile, ...]
    places: tuple[str, ...]


def list_images(sources: Sequence[str], said: Said) -> Listing:
    """All images of the folders and lists of one split. Never raises."""
    walk = _Walk(said)
    for source in sources:
        if os.path.isdir(source):
            walk.folder(source)
        else:
            walk.list(source)
    if walk.full():
        limits = f"more than {MAX_IMAGES:,} images or {MAX_ENTRIES:,} files; the rest is not read"
        said.say(".", None, "too_many_images", limits)
    return Listing(tuple(sorted(walk.images[:MAX_IMAGES])), tuple(walk.places))


def label_path(image: str) -> str:
    """Where the label file of an image must lie."""
    (before, images, after) = image.rpartition(f"{os.sep}images{os.sep}")
    path = f"{before}{os.sep}labels{os.sep}{after}" if images else image
    return path.rpartition(".")[0] + ".txt"


def label_folder(images: str) -> str:
    """Where the label files of a folder of images must lie."""
    return os.path.dirname(label_path(os.path.join(images, "x.png")))


def is_image(path: str) -> bool:
    """Whether the frameworks take the file for an image: by its ending alone."""
    (_, dot, ending) = path.rpartition(".")
    return bool(dot) and ending.lower() in IMAGE_ENDINGS


class _Walk:
    """Goes once through the places of a split, whatever links and caps it meets."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.images: list[ImageFile] = []
        self.places: list[str] = []
        self._entries = 0
        self._seen: set[tuple[int, int]] = set()

    def folder(self, root: str) -> None:
        """Adds the images below a folder; hidden files are left out as the frameworks do."""
        waiting = [(root, 0)]
        while waiting and not self.full():
            (path, depth) = waiting.pop()
            if depth > MAX_DEPTH:
                said = f"more than {MAX_DEPTH} folders within each other; the rest is not read"
                self.said.say(files.file_name(path), None, "too_deep", said)
            elif self._is_new(path):
                self.places.append(path)
                waiting += [(below, depth + 1) for below in self._entries_of(path)]

    def list(self, path: str) -> None:
        """Adds the images that a text file names: "./" begins at the file, others at the working directory."""
        name = files.file_name(path)
        self.places.append(path)
        try:
            text = files.read(path, MAX_LIST_BYTES).decode("utf-8-sig")
        except (FileRefused, FileNotFoundError) as error:
            self.said.say(name, None, "refused", str(error))
            return
        except UnicodeDecodeError:
            said = "neither a folder nor a list of images: not text"
            self.said.say(name, None, "binary", said)
            return
        for line in io.StringIO(text, newline=None):
            if is_image(line.strip()) and "\0" not in line and not self.full():
                self.images.append(_listed(line.strip(), os.path.dirname(path)))

    def _is_new(self, path: str) -> bool:
        """Whether a folder has not been read yet: links may lead in circles."""
        try:
            facts = os.stat(path)
        except OSError:
            return False
        known = (facts.st_dev, facts.st_ino) in self._seen
        self._seen.add((facts.st_dev, facts.st_ino))
        if known:
            said = "links lead to this folder more than once; it is read once"
            self.said.say(files.file_name(path), None, "linked_twice", said)
        return not known

    def _entries_of(self, folder: str) -> Iterator[str]:
        """Adds the images of one folder; yields the folders in it."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._entries += 1
                    if self.full():
                        return
                    if entry.name.startswith("."):
                        continue
                    if _is_folder(entry):
                        yield entry.path
                    elif is_image(entry.name):
                        self.images.append(_entry(entry))
        except OSError as error:
            said = f"cannot be listed: {error.strerror or type(error).__name__}"
            self.said.say(files.file_name(folder), None, "refused", said)

    def full(self) -> bool:
        """Whether a cap has been passed."""
        return len(self.images) > MAX_IMAGES or self._entries > MAX_ENTRIES


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _entry(entry: os.DirEntry[str]) -> ImageFile:
    try:
        facts = entry.stat()
    except OSError:
        return ImageFile(entry.path, 0, "a link that leads nowhere")
    if not stat.S_ISREG(facts.st_mode):
        return ImageFile(entry.path, 0, "no plain file, not opened")
    return ImageFile(entry.path, facts.st_size)


def _listed(line: str, folder: str) -> ImageFile:
    beside = os.path.normpath(os.path.join(folder, line))
    places = [beside] if line.startswith("./") else [os.path.abspath(line), beside]
    path = next(filter(os.path.exists, places), beside)
    try:
        return ImageFile(path, files.size_of(path))
    except FileNotFoundError:
        return ImageFile(path, 0, "no such file")
    except FileRefused as refusal:
        return ImageFile(path, 0, str(refusal))
