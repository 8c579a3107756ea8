"""The JSON of a run's pictures: what each shows, by section, and which are missing."""

from __future__ import annotations

from typing import Optional

import msgspec


class ShownImage(msgspec.Struct, frozen=True):
    """A validation image by its name, null where that is not recorded, with the objects that best.pt ``missed`` there
    and its ``false`` detections. ``classes`` are those of the errors, the true one first, where they are recorded."""

    image: Optional[str]
    missed: int
    false: int
    classes: list[str]


class Picture(msgspec.Struct, frozen=True):
    """A picture in the run's folder; ``id`` is what the route ``image`` takes, ``shows`` what is seen in it. Pictures
    with equal ``same`` are of the same images and can be laid over each other: ``label`` tells those of one ``title``
    apart. ``measured`` is how good the iteration was that it is from."""

    id: str
    role: str
    title: str
    same: str
    label: Optional[str]
    measured: Optional[str]
    shows: Optional[ShownImage]


class PictureSection(msgspec.Struct, frozen=True):
    """The pictures of one role, and what to know when looking at them."""

    role: str
    title: str
    note: str


class MissingPictures(msgspec.Struct, frozen=True):
    """Pictures that the run has not: when they come or what kept them away, and the ``line`` that makes them."""

    what: str
    why: str
    line: Optional[str]


class Gallery(msgspec.Struct, frozen=True):
    """The run's pictures in the order of their use."""

    sections: list[PictureSection]
    missing: list[MissingPictures]
