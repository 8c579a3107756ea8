"""DATA.yaml: classes, and splits resolved as the frameworks do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.dataset.description import (
    MAX_NAME,
    Description,
    NotADataset,
    read_description,
)
from tensorboard_runlens.dataset.listing import label_path, list_images
from tensorboard_runlens.dataset.said import Said

from .datasets import png


def described(folder: Path, text: str, name: str = "data.yaml") -> Description:
    (folder / name).write_text(text, "utf-8")
    return read_description(str(folder / name))


def images(*places: Path) -> None:
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / "a.png").write_bytes(png(len(str(place))))


def test_paths_begin_at_the_files_own_folder(tmp_path: Path) -> None:
    images(tmp_path / "images" / "train", tmp_path / "images" / "val")
    found = described(tmp_path, "train: images/train\nval: ./images/val\nnames: [a]\n")
    assert found.sources == {
        "train": (str(tmp_path / "images" / "train"),),
        "val": (str(tmp_path / "images" / "val"),),
    }
    assert found.problems == ()


def test_a_relative_root_begins_at_the_files_folder_when_it_is_not_in_the_working_directory(
    tmp_path: Path,
) -> None:
    images(tmp_path / "shapes" / "train")
    found = described(tmp_path, "path: shapes\ntrain: train\nnames: [a]\n")
    assert found.sources["train"] == (str(tmp_path / "shapes" / "train"),)


def test_a_relative_root_in_the_working_directory_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images(tmp_path / "work" / "shapes" / "train", tmp_path / "sets" / "shapes" / "train")
    monkeypatch.chdir(tmp_path / "work")
    found = described(tmp_path / "sets", "path: shapes\ntrain: train\nnames: [a]\n")
    assert found.sources["train"] == (str(tmp_path / "work" / "shapes" / "train"),)


def test_a_root_of_another_machine_is_replaced_by_the_files_folder(tmp_path: Path) -> None:
    images(tmp_path / "images" / "train")
    found = described(tmp_path, "path: /kaggle/input/shapes\ntrain: images/train\nnames: [a]\n")
    assert found.sources["train"] == (str(tmp_path / "images" / "train"),)


def test_the_dots_that_roboflow_writes_too_many_are_forgiven(tmp_path: Path) -> None:
    images(tmp_path / "set" / "train" / "images")
    found = described(tmp_path / "set", "train: ../train/images\nnames: [a]\n")
    assert found.sources["train"] == (str(tmp_path / "set" / "train" / "images"),)


def test_a_split_may_be_several_folders_and_validation_is_val(tmp_path: Path) -> None:
    images(tmp_path / "a", tmp_path / "b")
    found = described(tmp_path, "train: [a, b]\nvalidation: b\nnames: [a]\n")
    assert found.sources == {
        "train": (str(tmp_path / "a"), str(tmp_path / "b")),
        "val": (str(tmp_path / "b"),),
    }


def test_a_folder_that_is_missing_is_a_problem_without_its_path(tmp_path: Path) -> None:
    images(tmp_path / "a")
    found = described(tmp_path, "train: a\nval: /home/carol/val\nnames: [a]\n")
    assert found.sources["val"] == ()
    (problem,) = found.problems
    assert problem.kind == "missing_split"
    assert "val was not found" in problem.problem
    assert "carol" not in problem.problem


@pytest.mark.parametrize(
    ("text", "names", "stated"),
    [
        ("names: [a, b]", ("a", "b"), None),
        ("names: {0: a, 1: b}\nnc: 2", ("a", "b"), 2),
        ("names: {'1': b, '0': a}", ("a", "b"), None),
        ("nc: '3'", None, 3),
        ("nc: 1.9", None, None),
        ("names: [yes, 3, null]", ("True", "3", "None"), None),
        ("names: {0: a, 2: b}", None, None),
        (f"names: [{'x' * 500}]", ("x" * MAX_NAME,), None),
    ],
)
def test_names_are_a_list_or_a_mapping(tmp_path: Path, text: str, names: Any, stated: Any) -> None:
    images(tmp_path / "a")
    found = described(tmp_path, f"train: a\n{text}\n")
    assert (found.names, found.stated) == (names, stated)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "- a\n- b",
        "names: [a]",
        "train: 5\nval: {a: b}",
        "train: [unclosed",
        "a: &a [x]\nb: [" + ", ".join(["*a"] * 30) + "]",
        "\x00\x01\x02" * 100,
        "[" * 100,
    ],
)
def test_what_is_no_data_set_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotADataset) as refusal:
        described(tmp_path, text)
    assert "\n" not in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "huge.yaml").write_bytes(b"# \n" * 500_000)
    for name in (".", "pipe.yaml", "huge.yaml"):
        with pytest.raises(NotADataset):
            read_description(str(tmp_path / name))
    for name in ("nowhere.yaml", "huge.yaml/data.yaml", "a\0b"):
        with pytest.raises(FileNotFoundError):
            read_description(str(tmp_path / name))


def test_a_list_names_images_beside_it_and_elsewhere(tmp_path: Path) -> None:
    images(tmp_path / "set" / "images" / "train", tmp_path / "other")
    lines = [
        "./images/train/a.png",
        str(tmp_path / "other" / "a.png"),
        "images/train/gone.png",
        "notes.doc",
    ]
    (tmp_path / "set" / "train.txt").write_text("\ufeff" + "\n".join(lines), "utf-8")
    found = list_images([str(tmp_path / "set" / "train.txt")], Said()).images
    assert [(os.path.basename(one.path), one.refused) for one in found] == [
        ("a.png", None),
        ("a.png", None),
        ("gone.png", "no such file"),
    ]


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("/d/images/train/a.jpg", "/d/labels/train/a.txt"),
        ("/images/d/images/a.b.png", "/images/d/labels/a.b.txt"),
        ("/d/train/a.jpg", "/d/train/a.txt"),
        ("/d/myimages/a.jpg", "/d/myimages/a.txt"),
    ],
)
def test_the_last_folder_images_becomes_labels(image: str, label: str) -> None:
    assert label_path(image) == label


def test_folders_are_read_to_the_bottom_but_not_in_circles(tmp_path: Path) -> None:
    images(tmp_path / "images" / "deep" / "er", tmp_path / "images" / ".hidden")
    (tmp_path / "images" / "loop").symlink_to(tmp_path / "images")
    (tmp_path / "images" / "._a.png").write_bytes(b"a Mac's")
    (tmp_path / "images" / "B.PNG").write_bytes(png(1))
    (tmp_path / "images" / "notes.txt").write_text("no image")
    (tmp_path / "images" / "png").write_text("no image")
    said = Said()
    found = list_images([str(tmp_path / "images")], said).images
    assert [os.path.relpath(one.path, tmp_path) for one in found] == [
        "images/B.PNG",
        "images/deep/er/a.png",
    ]
    assert [problem.kind for problem in said.problems()] == ["linked_twice"]


def test_a_list_that_is_binary_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_bytes(bytes(range(256)) * 10)
    said = Said()
    assert list_images([str(tmp_path / "train.txt")], said).images == ()
    assert [problem.kind for problem in said.problems()] == ["binary"]
