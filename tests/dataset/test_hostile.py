"""Data sets that are damaged or made to do harm: a problem each, in bounded time and memory."""

from __future__ import annotations

import os
import time
import tracemalloc
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.dataset.facts import Dataset, read_dataset
from tensorboard_runlens.dataset.labels import MAX_ROW, MAX_ROWS, parse_labels
from tensorboard_runlens.dataset.overlap import compare

from .datasets import box, healthy, polygon, write


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


SECRET = "hunter2-my-password"


def said_of(dataset: Dataset) -> str:
    problems = [*dataset.problems, *(one for s in dataset.splits.values() for one in s.problems)]
    return "\n".join(f"{one.file} {one.problem}" for one in problems)


def test_a_link_to_a_label_outside_is_refused_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "set", healthy(4, 2))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "pw.txt").write_text(SECRET)
    label = tmp_path / "set" / "labels" / "train" / "0001.txt"
    label.unlink()
    label.symlink_to("../../../secret/pw.txt")
    found = read_dataset(str(path))
    assert kinds(found) == ["refused"]
    assert found.splits["train"].corrupt_labels == 1
    assert "leaves the data set" in said_of(found)
    assert SECRET not in said_of(found)


@pytest.mark.parametrize("text", [SECRET, f"0 {SECRET}", "98765.4321 .5 .5 .1 .1", "98765.4321 1"])
def test_nothing_that_stands_in_a_label_file_is_repeated(tmp_path: Path, text: str) -> None:
    found = read_dataset(str(write(tmp_path, {"train": [text]})))
    assert found.splits["train"].corrupt_labels == 1
    assert SECRET not in said_of(found)
    assert "98765" not in said_of(found)


def test_a_link_to_a_list_outside_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "set", healthy(2, 2))
    (tmp_path / "secret.txt").write_text(f"{SECRET}.png\n")
    (tmp_path / "set" / "images" / "all.txt").symlink_to("../../secret.txt")
    path.write_text("train: images/all.txt\nval: images/val\nnames: [disc, ring]\n")
    found = read_dataset(str(path))
    assert "train: all.txt is a link that leaves" in said_of(found)
    assert SECRET not in said_of(found)
    assert found.splits["train"].images == 0


def test_links_within_the_data_set_and_linked_images_are_followed(tmp_path: Path) -> None:
    """As scripts for cross-validation make them: image and label of a fold lead to where both lie."""
    write(tmp_path / "all", healthy(3, 1))
    fold = tmp_path / "fold"
    for kind, ending in (("images", "png"), ("labels", "txt")):
        (fold / kind / "train").mkdir(parents=True)
        for number in range(3):
            name = f"{number:04}.{ending}"
            (fold / kind / "train" / name).symlink_to(tmp_path / "all" / kind / "train" / name)
    (fold / "shared.txt").write_text(box(0))
    (fold / "labels" / "train" / "0002.txt").unlink()
    (fold / "labels" / "train" / "0002.txt").symlink_to("../../shared.txt")
    (fold / "images" / "val").symlink_to(tmp_path / "all" / "images" / "val")
    (fold / "data.yaml").write_text("train: images/train\nval: images/val\nnames: [disc, ring]\n")
    found = read_dataset(str(fold / "data.yaml"))
    assert (found.splits["train"].instances, found.splits["val"].instances) == (5, 2)
    assert found.splits["train"].problems == found.splits["val"].problems == ()


@pytest.mark.parametrize(
    "root", ["C:/Users/anna/sets/coins", "/home/anna/coins/", "C:\\\\anna\\\\coins"]
)
def test_a_root_of_another_machine_is_said_without_its_path(tmp_path: Path, root: str) -> None:
    found = read_dataset(str(write(tmp_path, healthy(2, 2), path=root)))
    (problem,) = (one for one in found.problems if one.kind == "missing_root")
    assert problem.file == "data.yaml"
    assert problem.problem.startswith("path: coins is not on this machine")
    assert "anna" not in problem.problem
    assert found.splits["train"].images == 2


def test_files_with_rows_of_the_rarer_kind_are_named(tmp_path: Path) -> None:
    splits = healthy(20, 4)
    splits["train"][3:13] = [polygon(0)] * 10
    found = read_dataset(str(write(tmp_path, splits)))
    odd = [one for one in found.splits["train"].problems if one.kind == "odd_rows"]
    assert [one.file for one in odd] == [f"{number:04}.txt" for number in range(3, 8)]
    assert odd[0].problem.startswith("polygons in a data set of boxes")
    assert kinds(found, "val") == []


def test_rows_whose_numbers_would_hash_alike_cost_no_more_than_others() -> None:
    """2**61 hashes as 1 does: such rows would be compared with each other, each with all."""
    sizes = [2.0 ** (61 * power) for power in range(15)]
    rows = [f"0 {a!r} {b!r} {c!r} {d!r}" for a, b, c, d in product(sizes, repeat=4)][:MAX_ROWS]
    assert len({hash(tuple(map(float, row.split()))) for row in rows[:500]}) == 1
    start = time.monotonic()
    found = parse_labels("\n".join(rows).encode())
    assert time.monotonic() - start < 5
    assert len(found.faults) == MAX_ROWS


def test_a_row_of_millions_of_numbers_is_not_taken_apart() -> None:
    found = parse_labels(b"0 .5 .5 .1 .1\n" + b"1 " * MAX_ROW)
    (fault,) = found.faults
    assert (fault.kind, fault.line, len(found.classes)) == ("wrong_length", 2, 1)


def test_a_name_in_a_list_is_cut_to_what_a_name_may_have(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(1, 1))
    (tmp_path / "list.txt").write_text("./" + "x" * 10**6 + ".png\n")
    path.write_text("train: list.txt\nval: images/val\nnames: [disc, ring]\n")
    (problem,) = read_dataset(str(path)).splits["train"].problems
    assert len(problem.file) == files.MAX_NAME
