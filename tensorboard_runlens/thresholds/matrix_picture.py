"""A picture of a confusion matrix (Ultralytics, YOLOv5, YOLOv7 or YOLOv9) read back into numbers.

The picture says every number twice: as digits in a cell and as the cell's colour. Only where all of them were read, and
agree, is a reading ``exact``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.thresholds.matrix_pictures.agreement import agree, columns_add_up, top_of
from tensorboard_runlens.thresholds.matrix_pictures.by_colour import (
    fractions_by_colour,
    shares_of_counts,
)
from tensorboard_runlens.thresholds.matrix_pictures.cells import Cells, find_cells
from tensorboard_runlens.thresholds.matrix_pictures.colour_scale import ColourBar, find_bar
from tensorboard_runlens.thresholds.matrix_pictures.printed import printed_numbers
from tensorboard_runlens.thresholds.pictures.raster import Raster, decode, read_bytes
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable
from tensorboard_runlens.words import count

MAX_CLASSES = 200
"""Cells of more classes are smaller than eight pixels."""

MOST_TOLD = 101
"""Cells a side up to which their number is tried out; later releases draw every k-th of 100 classes and more."""

FEWEST_UNNUMBERED = 30
MOST_NUMBERED = 30
"""Cells a side: frameworks print numbers of fewer than 30 classes, the later releases counting the background."""

TRUE_COLOURS = 3.0
"""Levels of a channel by which a cell may miss the colour scale in a picture nobody compressed."""


@dataclass(frozen=True, eq=False)
class MatrixReading:
    """What the picture of a confusion matrix says; matrices have shape (size, size), row = predicted class, column =
    true class, the background last (a classifier has none).

    ``status``:

    - exact: every number was read and agrees with its colour. ``counts`` has the instances, or, where the
      picture is ``normalised``, ``shares`` the printed fractions of each true class;
    - approximate: ``shares`` of each true class, as read or by colour, to some hundredths; ``normalised`` is
      None where the picture does not tell whether it shows such shares or counts;
    - unreadable: nothing is known.

    ``shares`` is NaN where the picture is blank (below .005) and, when approximate, where colours are too
    pale to tell. ``reason`` says why a reading is not exact.
    """

    status: str
    reason: str = ""
    size: Optional[int] = None
    normalised: Optional[bool] = None
    counts: Optional[Integers] = None
    shares: Optional[Floats] = None


Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Judged:
    """The cells of one size with the numbers that were read surely. ``right`` says which agree with their colours,
    ``fractions`` whether they have decimals (None without any)."""

    cells: Cells
    values: dict[Place, float]
    right: dict[Place, bool]
    fractions: Optional[bool]

    @property
    def drawn(self) -> int:
        return int((~self.cells.blank).sum())

    def agreeing(self) -> Floats:
        """What was read and agrees with its colour, NaN elsewhere."""
        found = np.full(self.cells.blank.shape, np.nan)
        for place, value in self.values.items():
            found[place] = value if self.right[place] else np.nan
        return found

    def top(self) -> float:
        """The count of the darkest colour; without numbers every count is in parts of it."""
        if not self.values:
            return 1.0
        level = np.array([self.cells.level[place] for place in self.values])
        return top_of(np.array(list(self.values.values())), level)


def read_matrix(path: Union[str, os.PathLike[str]], classes: Optional[int] = None) -> MatrixReading:
    """The numbers in a picture file. ``classes`` is the run's class count, without background; without it the cells
    tell where numbers stand in them. Never raises: what cannot be read is ``unreadable``, with the reason."""
    try:
        return _read(decode(read_bytes(os.fspath(path))), classes)
    except Unreadable as why:
        return MatrixReading("unreadable", str(why))


def _read(picture: Raster, classes: Optional[int]) -> MatrixReading:
    bar = find_bar(picture)
    _refuse_empty(picture, bar)
    judged = _known(picture, bar, classes) if classes is not None else _told(picture, bar)
    return _reading(judged, bar)


def _known(picture: Raster, bar: ColourBar, classes: int) -> _Judged:
    """Of as many cells a side as classes, with the background or without, those that more numbers are read in."""
    if not 1 <= classes <= MAX_CLASSES:
        raise Unreadable(
            f"Its cells are too small to be told apart: the run has {classes:,} classes."
        )
    sizes = [size for size in (classes + 1, classes) if size > 1]
    fitting = list(_judged(picture, bar, sizes))
    if not fitting:
        raise Unreadable(f"Its cells are not those of {count(classes, 'class', 'classes')}.")
    return max(fitting, key=lambda one: len(one.values))


def _refuse_empty(picture: Raster, bar: ColourBar) -> None:
    cells = find_cells(picture, bar, 2)
    if cells is not None and cells.blank.all():
        raise Unreadable("None of its cells is coloured: nothing was counted.")


def _told(picture: Raster, bar: ColourBar) -> _Judged:
    """The fewest cells a side at which each has one colour, and a number in its middle if they are few enough."""
    fewest = 0
    for judged in _judged(picture, bar, range(2, MOST_TOLD + 1)):
        size = judged.cells.grid.size
        fewest = fewest or size
        if judged.values or fewest >= FEWEST_UNNUMBERED:
            return judged
        if size > MOST_NUMBERED:
            break
    raise Unreadable("How many classes it has cannot be told from its cells.")


def _judged(picture: Raster, bar: ColourBar, sizes: Iterable[int]) -> Iterable[_Judged]:
    for size in sizes:
        cells = find_cells(picture, bar, size)
        if cells is not None and not cells.blank.all():
            yield _judge(picture, cells)


def _judge(picture: Raster, cells: Cells) -> _Judged:
    sure = {
        place: number
        for (place, number) in printed_numbers(picture.rgb, cells).items()
        if number is not None and number.sure
    }
    if not sure:
        return _Judged(cells, {}, {}, None)
    fractions = all("." in number.text for number in sure.values())
    values = {place: float(number.text) for (place, number) in sure.items()}
    level = np.array([cells.level[place] for place in values])
    right = agree(np.array(list(values.values())), level, fractions)
    return _Judged(cells, values, dict(zip(values, right.tolist())), fractions)


def _reading(judged: _Judged, bar: ColourBar) -> MatrixReading:
    size = judged.cells.grid.size
    doubt = _doubt(judged, bar)
    if doubt is not None:
        return _approximate(judged, doubt)
    found = judged.agreeing()
    if judged.fractions:
        return MatrixReading("exact", size=size, normalised=True, shares=found)
    counts = np.nan_to_num(found).astype(np.int64)
    return MatrixReading("exact", size=size, normalised=False, counts=counts)


def _doubt(judged: _Judged, bar: ColourBar) -> Optional[str]:
    """Why the numbers are not beyond doubt, None where they are."""
    drawn = judged.drawn
    wrong = len(judged.right) - sum(judged.right.values())
    if not judged.values:
        return "No number could be read in its cells."
    if len(judged.values) < drawn:
        return f"A number could be read in {len(judged.values)} of {count(drawn, 'cell')} only."
    if wrong:
        return f"Of {count(drawn, 'number')} {wrong} disagree with their colours."
    off = judged.cells.off_scale[~judged.cells.blank].max()
    if not bar.true or off > TRUE_COLOURS:
        return (
            "Its colours were changed by a palette or compression: the lightest cells may be lost."
        )
    if judged.fractions and not columns_add_up(np.nan_to_num(judged.agreeing())):
        return "The fractions of a class do not add up to one."
    return None


def _approximate(judged: _Judged, doubt: str) -> MatrixReading:
    cells = judged.cells
    (size, known) = (cells.grid.size, judged.agreeing())
    fractions = fractions_by_colour(cells.level, cells.blank)
    if judged.fractions or (judged.fractions is None and fractions is not None):
        base = np.full_like(known, np.nan) if fractions is None else fractions
        shares = np.where(np.isnan(known), base, known)
        return MatrixReading("approximate", doubt, size, True, shares=shares)
    shares = shares_of_counts(cells.level, cells.blank, known, judged.top())
    normalised = None if judged.fractions is None else False
    return MatrixReading("approximate", doubt, size, normalised, shares=shares)
