"""Data sets that are damaged or made to do harm: a problem each, in bounded time and memory."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.dataset.facts import Dataset, read_dataset
from tensorboard_runlens.dataset.overlap import compare

from .datasets import box, healthy, write


def kinds(dataset: Dataset, split: str = "train") -> list[str]:
    return [problem.kind for problem in dataset.splits[split].problems]


def test_pipes_in_place_of_files_are_not_opened(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(4, 2))
    for name in ("images/train/0000.png", "labels/train/0001.txt"):
        (tmp_path / name).unlink()
        os.mkfifo(tmp_path / name)
    start = time.monotonic()
    found = read_dataset(str(path))
    assert time.monotonic() - start < 5
    assert kinds(found) == ["corrupt_image", "refused"]
    assert found.splits["train"].ignored == 2


def test_a_huge_label_file_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(4, 2))
    with (tmp_path / "labels" / "train" / "0001.txt").open("wb") as file:
        file.truncate(100 * 2**20)
    tracemalloc.start()
    found = read_dataset(str(path))
    (_, peak) = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kinds(found) == ["refused"]
    assert peak < 50 * 2**20


def test_links_in_circles_end(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(4, 2))
    images = tmp_path / "images" / "train"
    (images / "self").symlink_to(images)
    (images / "up").symlink_to(tmp_path)
    (images / "a.png").symlink_to(images / "a.png")
    found = read_dataset(str(path))
    assert found.splits["train"].corrupt_images == 1
    assert "linked_twice" in kinds(found)


def test_labels_that_are_folders_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"train": [None, box(0)]})
    (tmp_path / "labels" / "train" / "0000.txt").mkdir()
    assert read_dataset(str(path)).splits["train"].corrupt_labels == 1


def test_a_flood_of_faults_is_counted_and_not_listed(tmp_path: Path) -> None:
    found = read_dataset(str(write(tmp_path, {"train": ["what is this"] * 60})))
    train = found.splits["train"]
    assert train.corrupt_labels == 60
    assert len(train.problems) == 21
    assert train.problems[-1].problem == "40 more of this kind"


def test_absurd_class_ids_cost_nothing(tmp_path: Path) -> None:
    rows = ["999999999 .5 .5 .1 .1", "1e18 .5 .5 .1 .1", "19999 .5 .5 .1 .1"]
    found = read_dataset(str(write(tmp_path, {"train": rows}, names=None)))
    assert found.splits["train"].corrupt_labels == 2
    assert len(found.classes) == 20_000
    assert check_dataset(found)


def test_names_that_are_no_text_are_written_out(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(2, 2))
    os.rename(
        os.fsencode(tmp_path / "images" / "train" / "0000.png"),
        os.fsencode(tmp_path / "images" / "train") + b"/\xff\xfe.png",
    )
    (tmp_path / "images" / "train" / "0001.png").write_bytes(b"")
    found = read_dataset(str(path))
    for problem in found.splits["train"].problems:
        problem.file.encode("utf-8")
    assert found.splits["train"].fingerprint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(2, 2))
    (tmp_path / "images" / "train").chmod(0)
    try:
        assert "refused" in kinds(read_dataset(str(path)))
    finally:
        (tmp_path / "images" / "train").chmod(0o755)


@settings(max_examples=60)
@given(st.binary(max_size=400), st.binary(max_size=200), st.binary(max_size=100))
def test_any_bytes_anywhere_give_a_data_set_or_one_sentence(
    tmp_path: Path, image: bytes, label: bytes, described: bytes
) -> None:
    path = write(tmp_path, healthy(1, 1))
    (tmp_path / "images" / "train" / "0000.png").write_bytes(image)
    (tmp_path / "labels" / "train" / "0000.txt").write_bytes(label)
    found = read_dataset(str(path))
    check_dataset(found)
    assert found.splits["train"].images == 1
    assert compare(found, found)["train"].identical
    path.write_bytes(described)
    with pytest.raises(NotADataset):
        read_dataset(str(path))
    path.write_bytes(b"train: images/train\n" + described)
    try:
        check_dataset(read_dataset(str(path)))
    except NotADataset as refusal:
        assert "\n" not in str(refusal)


def test_five_thousand_images_take_seconds(tmp_path: Path) -> None:
    path = write(tmp_path, {"train": [box(0)], "val": [box(0)]})
    image = (tmp_path / "images" / "train" / "0000.png").read_bytes()
    for number in range(5_000):
        (tmp_path / "images" / "train" / f"{number:05}.png").write_bytes(image)
        (tmp_path / "labels" / "train" / f"{number:05}.txt").write_text(box(0))
    start = time.monotonic()
    assert read_dataset(str(path)).splits["train"].instances == 5_001
    assert time.monotonic() - start < 20
