"""Pictures drawn from known matrices are read back as they were drawn, or not at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Callable, Optional

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from tensorboard_runlens.thresholds.matrix_picture import MatrixReading, read_matrix
from tensorboard_runlens.thresholds.matrix_pictures.by_colour import shares_of_counts
from tensorboard_runlens.thresholds.matrix_pictures.cells import (
    Cells,
    Grid,
    find_cells,
    right_edge,
)
from tensorboard_runlens.thresholds.matrix_pictures.colour_scale import ColourBar, find_bar
from tensorboard_runlens.thresholds.matrix_pictures.number_ink import ink_in
from tensorboard_runlens.thresholds.matrix_pictures.printed import _read_as as read_as
from tensorboard_runlens.thresholds.matrix_pictures.printed import printed_numbers
from tensorboard_runlens.thresholds.pictures import glyphs
from tensorboard_runlens.thresholds.pictures.glyphs import FONTS
from tensorboard_runlens.thresholds.pictures.raster import Raster, decode
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable
from tests.matrix_pictures.truth import FILES, NUMBERED, TRUTH

Change = Callable[[Image.Image], Image.Image]
FONT_FILES = Path(glyphs.__file__).with_name("fonts")
NOT_BLANK = np.zeros((1, 1), bool)


def half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def jpeg(image: Image.Image) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=75)
    return Image.open(BytesIO(file.getvalue())).convert("RGB")


def palette(image: Image.Image) -> Image.Image:
    return image.quantize(48)


def trimmed(image: Image.Image) -> Image.Image:
    ink = np.asarray(image.convert("L")) < 250
    (rows, columns) = (np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0)))
    return image.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))


def padded(image: Image.Image) -> Image.Image:
    wider = Image.new("RGB", (image.width + 400, image.height + 300), "white")
    wider.paste(image, (100, 200))
    return wider


CHANGES: tuple[Change, ...] = (half, jpeg, palette, trimmed, padded)


def opened(name: str) -> Image.Image:
    return Image.open(FILES / f"{name}.png").convert("RGB")


def decoded(image: Image.Image) -> Raster:
    file = BytesIO()
    image.save(file, "PNG", compress_level=1)
    return decode(file.getvalue())


def saved(image: Image.Image, folder: Path) -> Path:
    path = folder / "confusion_matrix.png"
    image.save(path)
    return path


def assert_as_drawn(reading: MatrixReading, name: str) -> None:
    truth = TRUTH[name]
    assert (reading.size, reading.normalised) == (len(truth.matrix), truth.fractions)
    if not truth.fractions:
        assert reading.counts is not None
        np.testing.assert_array_equal(reading.counts, truth.matrix)
        return
    shown = [[float(f"{value:.2f}") for value in row] for row in truth.shown]
    assert reading.shares is not None
    np.testing.assert_array_equal(reading.shares, np.where(truth.shown < 0.005, np.nan, shown))


@pytest.mark.parametrize("name", NUMBERED)
def test_numbers_and_colours_give_every_cell(name: str) -> None:
    for classes in (TRUTH[name].classes, None):
        reading = read_matrix(FILES / f"{name}.png", classes)
        assert (reading.status, reading.reason) == ("exact", "")
        assert_as_drawn(reading, name)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NUMBERED)
def test_a_changed_picture_is_never_read_wrong(name: str, change: Change, tmp_path: Path) -> None:
    truth = TRUTH[name]
    for classes in (truth.classes, None):
        reading = read_matrix(saved(change(opened(name)), tmp_path), classes)
        if reading.status == "exact":
            assert_as_drawn(reading, name)
        else:
            assert reading.reason
            assert reading.counts is None


@pytest.mark.parametrize("name", [one for one in NUMBERED if one != "counts_white_on_pale"])
def test_at_half_its_size_it_still_reads(name: str, tmp_path: Path) -> None:
    small = opened(name).resize((1350, 1012), Image.Resampling.LANCZOS)
    assert read_matrix(saved(small, tmp_path), TRUTH[name].classes).status == "exact"


def test_without_numbers_the_colours_give_shares() -> None:
    truth = TRUTH["many"]
    reading = read_matrix(FILES / "many.png", truth.classes)
    assert (reading.status, reading.size, reading.counts) == ("approximate", 36, None)
    assert reading.shares is not None
    known = np.isfinite(reading.shares)
    shares = truth.matrix / truth.matrix.sum(axis=0)
    np.testing.assert_allclose(reading.shares[known], shares[known], atol=0.02)
    pale = truth.matrix.sum(axis=0) < 0.05 * truth.matrix.max()
    assert pale.sum() == 1
    np.testing.assert_array_equal(known, (truth.matrix > 0) & ~pale)


def test_nothing_is_read_from_no_colours() -> None:
    reading = read_matrix(FILES / "empty.png", 2)
    assert (reading.status, reading.shares) == ("unreadable", None)
    assert "nothing was counted" in reading.reason


@pytest.mark.parametrize("classes", [2, 6, 10, 80, 0, -1, 10**9])
def test_cells_of_other_classes_than_the_run_has_are_refused(classes: int) -> None:
    assert read_matrix(FILES / "fractions.png", classes).status == "unreadable"


def test_a_number_that_its_colour_contradicts_is_no_number(tmp_path: Path) -> None:
    """The largest count's cell, painted as pale as a tenth of it."""
    image = opened("one_class")
    dark = image.getpixel((600, 400))
    pixels = np.asarray(image).copy()
    pixels[200:1000, 300:1000][(pixels[200:1000, 300:1000] == dark).all(axis=2)] = (227, 238, 249)
    reading = read_matrix(saved(Image.fromarray(pixels), tmp_path), 1)
    assert reading.status != "exact"


def test_a_cell_without_its_number_is_not_made_up(tmp_path: Path) -> None:
    image = opened("counts")
    (width, height) = image.size
    colour = image.getpixel((int(width * 0.26), int(height * 0.08)))
    ImageDraw.Draw(image).rectangle(
        (int(width * 0.27), int(height * 0.11), int(width * 0.33), int(height * 0.17)), colour
    )
    reading = read_matrix(saved(image, tmp_path), 3)
    assert (reading.status, reading.counts) == ("approximate", None)
    assert reading.shares is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(99), b"<svg onload='x'/>", bytes(5000)],
)
def test_what_is_no_picture_has_a_reason(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "confusion_matrix.png"
    path.write_bytes(content)
    reading = read_matrix(path)
    assert reading.status == "unreadable"
    assert reading.reason


def test_a_folder_and_nothing_are_unreadable(tmp_path: Path) -> None:
    assert read_matrix(tmp_path).status == "unreadable"
    assert read_matrix(tmp_path / "none.png", 3).status == "unreadable"


def test_other_pictures_are_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 1200, 3), np.uint8)
    blue = np.broadcast_to(np.linspace(0, 255, 900)[:, None, None], (900, 1200, 3)).astype(np.uint8)
    for pixels in (noise, blue, np.full((900, 1200, 3), 255, np.uint8), np.zeros_like(noise)):
        assert read_matrix(saved(Image.fromarray(pixels), tmp_path)).status == "unreadable"


@given(seed=st.integers(0, 10**6), classes=st.one_of(st.none(), st.integers(-1, 250)))
@settings(max_examples=15, deadline=None)
def test_whatever_is_pasted_over_it_never_raises(seed: int, classes: Optional[int]) -> None:
    rng = np.random.default_rng(seed)
    names = list(TRUTH)
    (one, other) = (opened(names[rng.integers(len(names))]) for _ in range(2))
    (x, y) = rng.integers(-1500, 1500, 2).tolist()
    one.paste(other.crop((x, y, x + 1200, y + 900)), tuple(rng.integers(0, 900, 2).tolist()))
    with TemporaryDirectory() as folder:
        path = saved(one.resize((rng.integers(260, 1600), 900)), Path(folder))
        assert read_matrix(path, classes).status in ("exact", "approximate", "unreadable")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_file_has_a_reason(part: float, tmp_path: Path) -> None:
    data = (FILES / "counts.png").read_bytes()
    path = tmp_path / "confusion_matrix.png"
    path.write_bytes(data[: int(len(data) * part)])
    reading = read_matrix(path, 3)
    assert (reading.status, reading.counts) == ("unreadable", None)
    assert reading.reason


def test_colour_beside_the_map_means_that_another_column_is_the_first(tmp_path: Path) -> None:
    image = opened("counts")
    (bar, raster) = (find_bar(decoded(image)), decoded(image))
    cells = find_cells(raster, bar, 4)
    assert cells is not None
    (left, top, cell) = (cells.grid.left, cells.grid.top, cells.grid.cell)
    box = (int(left - cell), int(top + cell), int(left) - 1, int(top + 2 * cell))
    ImageDraw.Draw(image).rectangle(box, (158, 202, 225))
    assert read_matrix(saved(image, tmp_path), 3).status == "unreadable"


def test_a_colour_bar_at_the_edge_is_in_no_layout_that_is_known() -> None:
    """As tight_layout places the bar of an image: the map's right edge cannot be told."""
    raster = decoded(Image.new("RGB", (3000, 2250), "white"))
    with pytest.raises(Unreadable, match="does not stand where"):
        right_edge(raster, ColourBar(left=2790, top=144, bottom=1617, true=True))


@pytest.mark.parametrize("font", FONTS)
def test_the_point_of_a_fraction_is_not_skipped(font: str) -> None:
    """'1.00' alone in a picture, in letters of Arial, could pass for 100."""
    face = ImageFont.truetype(str(FONT_FILES / f"{font}.subset.ttf"), 35)
    image = Image.new("RGB", (3000, 400), (8, 48, 107))
    ImageDraw.Draw(image).text((200, 213), "1.00", "white", face, anchor="ms")
    colour = np.full((1, 1, 3), (8.0, 48.0, 107.0))
    cells = Cells(Grid(0, 0, 400, 1), colour, np.full((1, 1), 255.0), np.zeros((1, 1)), NOT_BLANK)
    (number,) = printed_numbers(np.asarray(image), cells).values()
    assert number is None or not number.sure or number.text == "1.00"
    ink = ink_in(np.asarray(image), cells, 0, 0)
    assert ink is not None
    assert not read_as(ink, font, "000").sure


def test_a_column_of_many_pale_cells_has_no_shares() -> None:
    level = np.zeros((20, 4))
    level[0] = (255, 100, 16, 200)
    known = np.full_like(level, np.nan)
    shares = shares_of_counts(level, np.zeros(level.shape, bool), known, 1000)
    np.testing.assert_array_equal(np.isfinite(shares).any(axis=0), [True, True, False, True])
