"""Sizes, damage and look-alikes of real image files."""

from __future__ import annotations

import io
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.dataset import repeats
from tensorboard_runlens.dataset.facts import read_dataset
from tensorboard_runlens.dataset.images import MAX_PIXELS, grey_hash, look, quiet
from tensorboard_runlens.dataset.listing import ImageFile
from tensorboard_runlens.dataset.repeats import ALIKE_BITS, nearest, set_bits

from .datasets import box, png, png_of, write

Image = pytest.importorskip("PIL.Image")

PHOTO = (320, 240)


def photo(seed: int) -> Any:
    """Something like a photograph: smooth blobs of every size."""
    rng = np.random.default_rng(seed)
    layers = [
        Image.fromarray(rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8)).resize(PHOTO, 3)
        for cells in (3, 6, 12, 24)
    ]
    return Image.fromarray(np.mean([np.asarray(one) for one in layers], axis=0).astype(np.uint8))


def saved(image: Any, path: Path, **how: Any) -> ImageFile:
    image.save(path, **how)
    return ImageFile(str(path), path.stat().st_size)


def written(path: Path, data: bytes) -> ImageFile:
    path.write_bytes(data)
    return ImageFile(str(path), len(data))


def jpeg(seed: int) -> bytes:
    buffer = io.BytesIO()
    photo(seed).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "tiff", "webp"])
def test_the_size_is_read_from_every_usual_format(tmp_path: Path, ending: str) -> None:
    found = look(saved(photo(1), tmp_path / f"a.{ending}"))
    assert (found.size, found.corrupt, found.unread) == (PHOTO, None, None)


def test_an_ending_that_lies_about_the_format_is_no_fault(tmp_path: Path) -> None:
    found = look(written(tmp_path / "a.jpg", png(1)))
    assert (found.size, found.corrupt) == ((64, 48), None)


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_an_image_that_was_cut_off_is_corrupt(tmp_path: Path, format_: str) -> None:
    buffer = io.BytesIO()
    photo(1).save(buffer, format_)
    half = buffer.getvalue()[: len(buffer.getvalue()) // 2]
    assert look(written(tmp_path / "a.jpg", half)).corrupt == "the image is cut off or damaged"


def test_bytes_behind_the_end_are_no_damage(tmp_path: Path) -> None:
    found = look(written(tmp_path / "a.jpg", jpeg(1) + b"\0" * 5000))
    assert (found.size, found.corrupt) == (PHOTO, None)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 bytes"),
        (b"no image at all" * 10, "no image that Pillow knows"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "no image that Pillow knows"),
        (png(1, (8, 8)), "8 x 8 pixels"),
    ],
)
def test_what_is_no_usable_image_is_said(tmp_path: Path, data: bytes, why: str) -> None:
    found = look(written(tmp_path / "a.png", data))
    assert found.corrupt is not None
    assert why in found.corrupt
    assert str(tmp_path) not in found.corrupt


def test_an_opener_that_lacks_its_package_is_said_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ultralytics' is, which stands in for Pillow's once it is loaded."""

    def replaced(*_: Any, **__: Any) -> None:
        raise ModuleNotFoundError("No module named 'pi_heif'")

    monkeypatch.setattr(Image, "open", replaced)
    found = look(written(tmp_path / "a.png", b"no image at all" * 10))
    assert found.corrupt == "no image that Pillow knows"


def test_a_decompression_bomb_costs_nothing(tmp_path: Path) -> None:
    start = time.monotonic()
    bomb = png_of((60_000, 60_000), zlib.compress(b"\0" * 10_000_000))
    found = look(written(tmp_path / "a.png", bomb))
    assert found.corrupt == "far more pixels than any photograph"
    with quiet():
        large = look(written(tmp_path / "b.png", png_of((11_000, 11_000), b"")))
    assert large.size == (11_000, 11_000)
    assert MAX_PIXELS < 11_000**2
    assert time.monotonic() - start < 2


def test_a_format_that_pillow_does_not_know_is_not_called_corrupt(tmp_path: Path) -> None:
    found = look(written(tmp_path / "a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 100))
    assert found.corrupt is None
    assert found.unread is not None


def differing(one: int, other: int) -> int:
    return (one ^ other).bit_count() if hasattr(int, "bit_count") else bin(one ^ other).count("1")


def hash_of(path: str) -> int:
    found = grey_hash(path)
    assert found is not None
    return found


@pytest.mark.parametrize("how", ["quality", "half", "format", "brighter"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_picture_saved_anew_looks_alike(tmp_path: Path, seed: int, how: str) -> None:
    original = hash_of(saved(photo(seed), tmp_path / "a.png").path)
    copies = {
        "quality": lambda: saved(photo(seed), tmp_path / "b.jpg", quality=40),
        "half": lambda: saved(photo(seed).resize((160, 120)), tmp_path / "b.png"),
        "format": lambda: saved(photo(seed), tmp_path / "b.webp", quality=70),
        "brighter": lambda: saved(photo(seed).point(lambda value: value * 1.2), tmp_path / "b.png"),
    }
    assert differing(original, hash_of(copies[how]().path)) <= ALIKE_BITS


def test_different_pictures_do_not_look_alike(tmp_path: Path) -> None:
    hashes = [hash_of(saved(photo(seed), tmp_path / f"{seed}.png").path) for seed in range(40)]
    distances = [differing(one, other) for one in hashes for other in hashes if one != other]
    assert min(distances) > 2 * ALIKE_BITS


def test_even_pictures_have_no_hash(tmp_path: Path) -> None:
    assert grey_hash(saved(Image.new("L", PHOTO, 90), tmp_path / "a.png").path) is None


def test_sixteen_bits_a_pixel_are_compared_too(tmp_path: Path) -> None:
    grey = np.asarray(photo(1).convert("L"))
    deep = saved(Image.fromarray(grey.astype(np.uint16) * 200), tmp_path / "deep.png")
    assert (
        differing(hash_of(deep.path), hash_of(saved(photo(1), tmp_path / "a.png").path))
        <= ALIKE_BITS
    )


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20))
def test_bits_are_counted_alike_with_and_without_numpy_2(numbers: list[int]) -> None:
    values = np.array(numbers, np.uint64)
    expected = [bin(number).count("1") for number in numbers]
    assert set_bits(values).tolist() == expected
    assert repeats._count_bits(values).tolist() == expected


def test_the_nearest_of_twenty_thousand_is_found_quickly() -> None:
    rng = np.random.default_rng(0)
    train = rng.integers(0, 2**63, 16_000, dtype=np.uint64)
    val = rng.integers(0, 2**63, 4_000, dtype=np.uint64)
    val[7] = train[9000] ^ np.uint64(0b1011)
    val[3999] = train[15_999]
    start = time.monotonic()
    assert nearest(val, train) == [(7, 9000), (3999, 15_999)]
    assert time.monotonic() - start < 10


def two_splits(folder: Path) -> Path:
    """Five training images; of the three for validation one is in train, one is saved anew, one is new."""
    path = write(folder, {"train": [box(0)] * 5, "val": [box(0)] * 3})
    (train, val) = (folder / "images" / "train", folder / "images" / "val")
    for seed in range(5):
        photo(seed).save(train / f"{seed:04}.png")
    (val / "0000.png").write_bytes((train / "0003.png").read_bytes())
    (val / "0001.png").write_bytes(jpeg(4))
    photo(99).save(val / "0002.png")
    return path


def test_validation_images_that_are_in_train_are_found(tmp_path: Path) -> None:
    found = read_dataset(str(two_splits(tmp_path))).repeats
    assert found is not None
    assert (found.same, found.alike, found.train, found.val) == (1, 1, 5, 3)
    assert found.compared == (5, 3)
    assert found.pairs == (("0000.png", "0003.png"), ("0001.png", "0004.png"))


def test_train_and_val_of_one_folder_are_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, {"train": [box(0)] * 4}, val="images/train")
    found = read_dataset(str(path)).repeats
    assert found is not None
    assert (found.same, found.alike) == (4, 0)


def test_more_pixels_than_are_decoded_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "MAX_HASHED", 2)
    found = read_dataset(str(two_splits(tmp_path))).repeats
    assert found is not None
    assert found.compared == (2, 3)  # of val one more is known by its bytes
    monkeypatch.setattr(repeats, "MAX_COMPARED_BYTES", 10)
    dataset = read_dataset(str(two_splits(tmp_path / "again")))
    assert [problem.kind for problem in dataset.problems] == ["not_compared"]
