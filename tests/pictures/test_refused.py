"""What is no curve picture is refused with a reason, and never raises."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tensorboard_runlens.thresholds.picture import read_bytes, read_curve
from tensorboard_runlens.thresholds.pictures import raster
from tests.pictures.changed import as_png

GOOD = Path(__file__).parent / "BoxF1_curve.png"
SIZE = (900, 600)


def refused(reading, word: str = "") -> None:
    assert reading.status == "unreadable"
    assert word in reading.reason
    assert reading.reason.endswith(".")
    assert (reading.f1, reading.value, reading.confidence, reading.f1_curve) == (None,) * 4
    assert reading.curve.shape == (0, 2)


def header_only(width: int, height: int) -> bytes:
    """A PNG that announces a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    start = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", start), chunk(b"IDAT", zlib.compress(b"\0" * 100)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_missing_file_and_folder(tmp_path):
    refused(read_curve(tmp_path / "F1_curve.png"), "cannot be opened")
    refused(read_curve(tmp_path), "not a file")
    refused(read_curve("F1\0_curve.png"), "cannot be opened")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "F1_curve.png")
    refused(read_curve(tmp_path / "F1_curve.png"), "not a file")


def test_file_over_the_cap(tmp_path, monkeypatch):
    monkeypatch.setattr(raster, "MAX_BYTES", 1000)
    refused(read_curve(GOOD), "bytes, more than 1,000")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        GOOD.read_bytes()[:3000],
        GOOD.read_bytes()[:40],
        b"GIF89a" + bytes(50),
    ],
)
def test_no_picture(data):
    refused(read_bytes(data, "F1_curve.png"), "no PNG, JPEG or WebP picture, or is damaged")


def test_gif_is_not_decoded(tmp_path):
    Image.new("RGB", SIZE).save(tmp_path / "F1_curve.png", "GIF")
    refused(read_curve(tmp_path / "F1_curve.png"), "no PNG")


@pytest.mark.parametrize("side", [7_000, 60_000])
@pytest.mark.filterwarnings("ignore:Image size")
def test_decompression_bomb(side):
    refused(read_bytes(header_only(side, side), "F1_curve.png"))


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (199, 300)])
def test_too_small(size):
    refused(read_bytes(as_png(Image.new("RGB", size)), "F1_curve.png"), "too few")


def test_16_bits():
    deep = Image.fromarray(np.full(SIZE[::-1], 40_000, np.uint16))
    refused(read_bytes(as_png(deep), "F1_curve.png"), "no framework writes")


def test_animated(tmp_path):
    frames = [Image.new("RGB", SIZE, colour) for colour in ("white", "blue")]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:])
    refused(read_curve(tmp_path / "a.png"), "animated")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_blank(mode):
    picture = Image.new(mode, SIZE)
    if mode == "CMYK":
        picture = picture.convert("RGB")
    refused(read_bytes(as_png(picture), "F1_curve.png"), "No axes")


def test_grey_copy():
    refused(read_bytes(as_png(Image.open(GOOD).convert("L")), "F1_curve.png"), "no thick blue line")


def test_noise_and_gradient():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (600, 900, 3), dtype=np.uint8)
    (x, y) = np.meshgrid(np.linspace(0, 255, 900), np.linspace(0, 255, 600))
    gradient = np.stack([x, y, 255 - x], axis=2).astype(np.uint8)
    for pixels in (noise, gradient):
        refused(read_bytes(as_png(Image.fromarray(pixels)), "F1_curve.png"))


def test_frame_with_a_blue_bar_beside_it():
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((80, 60, 600, 540), outline="black", width=2)
    pen.line((84, 300, 596, 200), fill="blue", width=4)
    pen.line((640, 90, 675, 90), fill="blue", width=4)
    refused(read_bytes(as_png(picture), "F1_curve.png"), "all classes")


def test_many_small_frames():
    picture = Image.new("RGB", (2400, 1200), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(10):
        (left, top) = (60 + 470 * (number % 5), 60 + 580 * (number // 5))
        pen.rectangle((left, top, left + 400, top + 480), outline="black", width=2)
        pen.line((left, top, left + 400, top + 400), fill=(31, 119, 180), width=4)
    refused(read_bytes(as_png(picture), "results.png"))


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_other_modes_are_read(mode):
    reading = read_bytes(as_png(Image.open(GOOD).convert("RGB").convert(mode)), "F1_curve.png")
    assert (reading.status, reading.f1) == ("exact", read_curve(GOOD).f1)


def test_transparent_background_is_white():
    pixels = np.array(Image.open(GOOD).convert("RGBA"))
    pixels[(pixels[..., :3] == 255).all(axis=2)] = (0, 0, 0, 0)
    reading = read_bytes(as_png(Image.fromarray(pixels)), "F1_curve.png")
    assert (reading.status, reading.f1) == ("exact", read_curve(GOOD).f1)
