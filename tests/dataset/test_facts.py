"""What a data set holds, counted; and the fingerprint by which equal splits are known."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.dataset.cache import cached_dataset
from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.facts import Dataset, Split, read_dataset
from tensorboard_runlens.dataset.overlap import compare

from .datasets import box, healthy, polygon, write

GUIDE_CLASSES = ("rock_toe", "slope_drain", "toe_drain", "vegetation")
GUIDE_INSTANCES = {
    "train": (305, (350, 360, 130, 160)),  # 35, 36, 13, 16 %
    "val": (45, (50, 52, 18, 24)),
    "test": (25, (30, 31, 10, 14)),
}
"""Images and instances by class as guide 004 has them, for a thousand training instances."""


def spread(images: int, instances: tuple[int, ...]) -> list[str]:
    """Label files over which the instances of each class are dealt in turn."""
    rows = [number for (number, count) in enumerate(instances) for _ in range(count)]
    dealt = [rows[first::images] for first in range(images)]
    return ["\n".join(box(number, place) for (place, number) in enumerate(one)) for one in dealt]


def guide_004(folder: Path) -> Dataset:
    splits = {name: spread(*content) for (name, content) in GUIDE_INSTANCES.items()}
    return read_dataset(str(write(folder, splits, GUIDE_CLASSES, nc=4)))


def test_the_data_set_of_guide_004_is_counted_exactly(tmp_path: Path) -> None:
    found = guide_004(tmp_path)
    assert (found.name, found.task, found.classes) == ("data.yaml", "detect", GUIDE_CLASSES)
    for name, (images, instances) in GUIDE_INSTANCES.items():
        split = found.splits[name]
        assert (split.images, split.backgrounds, split.ignored) == (images, 0, 0)
        assert split.per_class.tolist() == list(instances)
        assert split.per_class.dtype == np.int64
        assert split.faults == {}
        assert split.problems == ()
    train = found.splits["train"].per_class
    assert [f"{share:.2f}" for share in train / train.sum()] == ["0.35", "0.36", "0.13", "0.16"]


def test_the_data_set_of_guide_004_has_no_fault_and_had_one_before_it_was_rebalanced(
    tmp_path: Path,
) -> None:
    assert check_dataset(guide_004(tmp_path / "rebalanced")) == []
    splits = {name: spread(*content) for (name, content) in GUIDE_INSTANCES.items()}
    splits["val"] = spread(45, (50, 52, 3, 24))
    before = read_dataset(str(write(tmp_path / "before", splits, GUIDE_CLASSES)))
    (fault,) = check_dataset(before)
    assert fault.kind == "few-instances"
    assert "toe_drain 3" in fault.summary
    assert fault.advice.startswith("7 more")


def test_images_without_labels_are_backgrounds_and_bad_ones_are_not(tmp_path: Path) -> None:
    labels = [box(0), None, "", " \n", "0 .5 .5", f"{box(1)}\n{box(1)}"]
    found = read_dataset(str(write(tmp_path, {"train": labels, "val": [box(0)]})))
    train = found.splits["train"]
    assert (train.images, train.backgrounds) == (6, 3)
    assert (train.missing_labels, train.empty_labels) == (1, 2)
    assert (train.corrupt_images, train.corrupt_labels) == (0, 1)
    assert train.per_class.tolist() == [1, 1]
    assert train.faults == {"wrong_length": (1, 1), "duplicate": (1, 1)}


@pytest.mark.parametrize(
    ("rows", "more", "task"),
    [
        ([box(0)], {}, "detect"),
        ([polygon(0)], {}, "segment"),
        ([polygon(0, corners=4), polygon(1)], {}, "segment"),
        ([polygon(0, corners=4)], {}, "obb"),
        (["0 .5 .5 .2 .2 .4 .4 .6 .6"], {"kpt_shape": [2, 2]}, "pose"),
        ([None], {}, "unknown"),
    ],
)
def test_the_task_is_told_by_the_rows(
    tmp_path: Path, rows: list[str], more: dict[str, object], task: str
) -> None:
    path = write(tmp_path, {"train": rows, "val": rows}, **more)
    assert read_dataset(str(path)).task == task


def test_images_in_folders_called_like_classes_are_a_classification(tmp_path: Path) -> None:
    path = write(tmp_path, {"train/disc": [None], "train/ring": [None]}, train="images/train")
    assert read_dataset(str(path)).task == "classify"


def test_areas_are_shares_of_the_image_and_cocos_sizes(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    rows = [box(0, side=0.1), box(0, side=0.4)]  # of 64 x 48 pixels: 31 and 492, both below 32 x 32
    areas = read_dataset(str(write(tmp_path, {"train": rows}))).splits["train"].areas
    assert areas is not None
    assert areas.quantiles == pytest.approx((0.0175, 0.0475, 0.085, 0.1225, 0.1525))
    assert (areas.small, areas.medium, areas.large, areas.measured) == (1, 0, 0, 2)


def test_class_ids_beyond_the_names_are_not_counted_and_named(tmp_path: Path) -> None:
    found = read_dataset(str(write(tmp_path, {"train": [box(5), box(1)], "val": [box(0)]})))
    assert found.splits["train"].unknown == (5,)
    assert found.splits["train"].per_class.tolist() == [0, 1]


def test_classes_without_names_are_numbered(tmp_path: Path) -> None:
    found = read_dataset(str(write(tmp_path, {"train": [box(3)]}, names=None)))
    assert found.classes == ("class_0", "class_1", "class_2", "class_3")
    assert found.named is None


def split_of(path: Path) -> Split:
    return read_dataset(str(path)).splits["val"]


def test_a_fingerprint_knows_the_images_and_not_where_they_lie(tmp_path: Path) -> None:
    path = write(tmp_path / "here", healthy(3, 4))
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    (one, other) = (split_of(path), split_of(tmp_path / "there" / "data.yaml"))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint is not None
    assert len(one.fingerprint) == 12
    assert one.fingerprint != read_dataset(str(path)).splits["train"].fingerprint


@pytest.mark.parametrize("change", ["label", "image", "name", "gone"])
def test_a_fingerprint_changes_with_every_image(tmp_path: Path, change: str) -> None:
    path = write(tmp_path, healthy(3, 4))
    before = split_of(path).fingerprint
    image = tmp_path / "images" / "val" / "0001.png"
    label = tmp_path / "labels" / "val" / "0001.txt"
    if change == "label":
        label.write_text(box(1, 3))
    elif change == "image":
        image.write_bytes(image.read_bytes() + b"\0")
    elif change == "name":
        image.rename(image.with_name("x.png"))
        label.rename(label.with_name("x.txt"))
    else:
        image.unlink()
    assert split_of(path).fingerprint != before


def test_line_ends_do_not_change_a_fingerprint(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(3, 4))
    before = split_of(path).fingerprint
    for label in (tmp_path / "labels" / "val").iterdir():
        label.write_bytes(label.read_bytes().replace(b"\n", b"\r\n"))
    assert split_of(path).fingerprint == before


def test_two_data_sets_are_compared_image_by_image(tmp_path: Path) -> None:
    first = write(tmp_path / "a", {"train": [box(0)], "val": [box(0, place) for place in range(9)]})
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (images, labels) = (tmp_path / "b" / "images" / "val", tmp_path / "b" / "labels" / "val")
    (labels / "0000.txt").write_text(box(1, 5))  # relabelled
    for folder, ending in ((images, "png"), (labels, "txt")):
        (folder / f"0001.{ending}").rename(folder / f"new.{ending}")  # renamed
        (folder / f"0002.{ending}").unlink()  # gone
    shared = compare(read_dataset(str(first)), read_dataset(str(tmp_path / "b" / "data.yaml")))
    assert shared["train"].sentence == "all 1 image equal"
    assert shared["train"].identical
    val = shared["val"]
    assert (val.first, val.second, val.equal, val.renamed, val.relabelled) == (9, 8, 7, 1, 1)
    assert val.sentence == "7 of 9 images equal, the other has 8, 1 with other labels"


def test_backgrounds_of_equal_size_are_not_taken_for_each_other(tmp_path: Path) -> None:
    first = write(tmp_path / "a", {"val": [None] * 3})
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    for number, image in enumerate(sorted((tmp_path / "b" / "images" / "val").iterdir())):
        image.rename(image.with_name(f"x{number}.png"))
    shared = compare(read_dataset(str(first)), read_dataset(str(tmp_path / "b" / "data.yaml")))
    assert shared["val"].equal == 0


def test_a_data_set_is_kept_until_one_of_its_files_changes(tmp_path: Path) -> None:
    path = write(tmp_path, healthy(3, 4))
    first = cached_dataset(str(path))
    assert cached_dataset(str(path)) is first
    label = tmp_path / "labels" / "val" / "0001.txt"
    label.write_text(box(1, 77))  # in place: the folder's own time stays
    os.utime(label, (2e9, 2e9))
    second = cached_dataset(str(path))
    assert second is not first
    assert second.splits["val"].instances == first.splits["val"].instances - 1
    (tmp_path / "images" / "val" / "0002.png").unlink()
    assert cached_dataset(str(path)).splits["val"].images == 3
    path.unlink()
    with pytest.raises(FileNotFoundError):
        cached_dataset(str(path))


def test_the_order_in_which_files_are_found_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, healthy(6, 6))
    before = split_of(path)
    listed = [str(one) for one in (tmp_path / "images" / "val").iterdir()]
    random.Random(1).shuffle(listed)
    (tmp_path / "val.txt").write_text("\n".join(listed))
    path.write_text(path.read_text().replace("images/val", "val.txt"))
    after = split_of(path)
    assert after.fingerprint == before.fingerprint
    assert after.per_class.tolist() == before.per_class.tolist()
