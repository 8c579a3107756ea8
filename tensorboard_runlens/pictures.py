"""The pictures that lie in a run's folder, served as they are.

A picture is asked for by its path relative to the run, which is looked up in the run's own listing:
nothing else can be reached. What it is, its first bytes say; formats that can carry scripts (SVG)
are not served.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Callable, Optional

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.run import Run, WorstImage

ROLES = (
    "worst",
    "val_batch",
    "visualization",
    "labels",
    "train_batch",
    "confusion",
    "curve",
    "plot",
)
"""Roles of files that are pictures, in the order of their use: what went wrong, what was trained on, what was drawn."""

MAX_PICTURE_BYTES = 16 * 2**20
"""Cap of a picture: mosaics of 16 images have 2 MB."""

TYPE_OF_MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True)
class Picture:
    """A picture of a run: its path relative to the run is also its id. ``shows`` is the validation image in it."""

    id: str
    role: str
    shows: Optional[WorstImage] = None


def pictures_of(run: Run) -> list[Picture]:
    """Every picture in the run's listing, by role and in natural order."""
    worst = {one.picture: one for one in (run.recorded.worst if run.recorded else ())}
    return [
        Picture(path, role, worst.get(path))
        for role in ROLES
        for path in run.files.by_role.get(role, ())
    ]


def load(run: Run, wanted: str) -> tuple[bytes, str]:
    """(bytes, media type) of a picture of the run.

    Raises KeyError when the run has no such picture, FileRefused when it is not served.
    """
    return loader(run)(wanted)


def loader(run: Run) -> Callable[[str], tuple[bytes, str]]:
    """What loads pictures of the run one after the other, as ``load`` does; its folder is listed once."""
    known = {picture.id for picture in pictures_of(run)}
    listing = functools.cache(lambda: _listing(run))

    def loaded(wanted: str) -> tuple[bytes, str]:
        if wanted not in known:
            raise KeyError(wanted)
        return _load(listing(), wanted)

    return loaded


def _load(listing: Folder, wanted: str) -> tuple[bytes, str]:
    (folder, name) = _place(listing, wanted)
    if folder is None or name not in folder.files:
        raise FileRefused("the picture is gone")
    data = folder.read(name, MAX_PICTURE_BYTES)
    media = next((media for (magic, media) in TYPE_OF_MAGIC if data.startswith(magic)), None)
    if media is None:
        raise FileRefused(
            "neither PNG nor JPEG: the file is damaged or something else under this name"
        )
    return (data, media)


def _listing(run: Run) -> Folder:
    try:
        return Folder(run.path)
    except OSError as error:  # its own message would name an absolute path
        raise FileRefused("the folder of this run is gone") from error


def _place(folder: Folder, path: str) -> tuple[Optional[Folder], str]:
    (below, _, name) = path.rpartition("/")
    return (folder.below(below) if below else folder, name)
