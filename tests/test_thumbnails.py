"""Pictures made small: in their own format, under caps, and nothing but a refusal for what cannot be decoded."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens import thumbnails
from tensorboard_runlens.folder import FileRefused
from tensorboard_runlens.thumbnails import Thumbnails, smaller, width_in

from .dataset.datasets import png, png_of

Image = pytest.importorskip("PIL.Image")


def noisy(size: tuple[int, int], kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture that does not compress well."""
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Any:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_becomes_small_in_its_own_format(kind: str) -> None:
    data = noisy((1200, 800), kind)
    small = smaller(data, 480)
    assert (opened(small).size, opened(small).format) == ((480, 320), kind)
    assert len(small) < len(data) / 3


def test_what_is_small_already_is_itself() -> None:
    data = png(1, (96, 64))
    assert smaller(data, 96) is data


def test_what_would_be_larger_in_bytes_is_itself() -> None:
    data = noisy((900, 600), quality=5)
    assert smaller(data, 880) is data


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_can_be_made_small(mode: str) -> None:
    assert opened(smaller(noisy((900, 600), mode=mode), 300)).size == (300, 200)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA"])
def test_every_kind_of_png_can_be_made_small(mode: str) -> None:
    assert opened(smaller(noisy((900, 600), "PNG", mode), 60)).size == (60, 40)


def test_a_picture_of_sixteen_bits_is_itself() -> None:
    out = io.BytesIO()
    Image.new("I;16", (900, 600)).save(out, "PNG")
    assert smaller(out.getvalue(), 100) == out.getvalue()


def test_it_stands_as_the_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    assert opened(smaller(noisy((1200, 800), exif=exif), 400)).size == (400, 600)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png_of((30_000, 30_000), zlib.compress(bytes(1000)))
    with pytest.raises(FileRefused, match="pixels"):
        smaller(data, 480)
    monkeypatch.setattr(thumbnails, "MAX_PIXELS", 600 * 400)
    assert opened(smaller(noisy((600, 400)), 60)).size == (60, 40)
    with pytest.raises(FileRefused, match="pixels"):
        smaller(noisy((601, 400)), 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_picture_that_is_cut_off_is_refused(kind: str, share: float) -> None:
    data = noisy((600, 400), kind)
    with pytest.raises(FileRefused, match="damaged"):
        smaller(data[: int(len(data) * share)], 60)


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 10_000), byte=st.integers(0, 255), kind=st.sampled_from(["JPEG", "PNG"])
)
def test_damage_is_refused_or_harmless(place: int, byte: int, kind: str) -> None:
    data = bytearray(noisy((200, 150), kind))
    data[place % len(data)] = byte
    try:
        assert smaller(bytes(data), 50)
    except FileRefused as refusal:
        assert "/" not in str(refusal)


@given(st.binary(max_size=300))
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        smaller(data, 480)


@pytest.mark.parametrize(
    "text", ["", "0", "15", "1601", "-1", "1e2", "9" * 30, " 480", "480\n", "٤٨٠"]
)
def test_widths_that_are_not_served(text: str) -> None:
    assert width_in(text) is None


@pytest.mark.parametrize("text", ["16", "480", "0480", "1600"])
def test_widths_that_are_served(text: str) -> None:
    assert width_in(text) == int(text)


def test_a_picture_is_made_small_once_and_the_last_ones_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def count(data: bytes, width: int) -> bytes:
        made.append(width)
        return bytes(100)

    monkeypatch.setattr(thumbnails, "smaller", count)
    monkeypatch.setattr(thumbnails, "MAX_KEPT_BYTES", 250)
    kept = Thumbnails()
    for width in (20, 30, 20, 40, 20, 30):
        kept.of(b"picture", width)
    assert made == [20, 30, 40, 30]
    kept.of(b"another", 20)
    assert made[-1] == 20
