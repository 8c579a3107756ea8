"""The images that a training loads: their keys are those of the data set on disk, their classes are counted."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from tensorboard_runlens.dataset.facts import read_dataset
from tensorboard_runlens.dataset.keys import fingerprint
from tensorboard_runlens.recording.evidence import split_keys as module
from tensorboard_runlens.recording.evidence.class_counts import class_counts
from tensorboard_runlens.recording.evidence.split_keys import present, split_keys
from tensorboard_runlens.recording.parts.data_set import sources
from tests.dataset.datasets import png
from tests.recording.trainings import fire, manifest, trainer

SPLITS = {"train": 5, "val": 3}


@pytest.fixture
def shapes(tmp_path):
    """A data set of both splits on disk: its YAML file."""
    for split, count in SPLITS.items():
        (tmp_path / "images" / split).mkdir(parents=True)
        (tmp_path / "labels" / split).mkdir(parents=True)
        for number in range(count):
            name = f"{split}{number}"
            (tmp_path / "images" / split / f"{name}.png").write_bytes(png(10 * len(split) + number))
            if number:
                label = tmp_path / "labels" / split / f"{name}.txt"
                label.write_text(f"{number % 2} 0.5 0.5 0.{number} 0.2\n")
    text = "path: .\ntrain: images/train\nval: images/val\nnames: [disc, ring]\n"
    (tmp_path / "shapes.yaml").write_text(text)
    return tmp_path / "shapes.yaml"


def images(shapes, split):
    paths = sorted((shapes.parent / "images" / split).iterdir())
    return present([(str(path), None) for path in paths])


def in_digits(keys):
    return [f"{key:016x}" for key in keys.tolist()]


@pytest.mark.parametrize("split", SPLITS)
def test_keys_are_those_of_the_data_set_on_disk(shapes, split):
    found = split_keys(images(shapes, split))
    on_disk = read_dataset(str(shapes)).splits[split]
    assert in_digits(found["key"]) == [one.key for one in on_disk.keys]
    assert in_digits(found["picture"]) == [one.picture for one in on_disk.keys]
    contents = [one.content or "0" * 16 for one in on_disk.keys]
    assert in_digits(found["content"]) == contents
    assert fingerprint(in_digits(found["key"])) == on_disk.fingerprint


def test_images_that_are_gone_are_left_out(shapes):
    (path, size) = images(shapes, "val")[0][0][:2]
    assert present([(path, None), ("/nowhere/a.png", None)]) == [((path, size, None), None)]


def test_no_images_give_no_keys():
    assert [len(keys) for keys in split_keys([]).values()] == [0, 0, 0]


def test_too_many_images_are_not_read(monkeypatch):
    monkeypatch.setattr(module, "MAX_IMAGES", 1)
    with pytest.raises(ValueError, match="more than 1 images"):
        present([("a.png", b""), ("b.png", b"")])


def test_they_are_recorded_beside_the_training(shapes, tmp_path):
    shutil.copy(tmp_path / "images/train/train1.png", tmp_path / "images/val/again.png")
    running = trainer(tmp_path / "run")
    for split, loader in {"train": "train_loader", "val": "test_loader"}.items():
        paths = [image.path for (image, _) in images(shapes, split)]
        setattr(running, loader, SimpleNamespace(dataset=Images(paths)))
    fire("on_train_start", running)
    fire("teardown", running)
    with np.load(tmp_path / "run" / "runlens" / "images.npz") as recorded:
        assert len(recorded["train_key"]) == SPLITS["train"]
        assert len(recorded["val_key"]) == SPLITS["val"] + 1
        assert recorded["val_key"].tolist() == split_keys(images(shapes, "val"))["key"].tolist()
    assert manifest(tmp_path / "run")["images"] == {"train": 5, "val": 4}
    on_disk = read_dataset(str(shapes)).splits
    assert json.loads((tmp_path / "run" / "runlens" / "images.json").read_text()) == {
        "train": {"images": 5, "fingerprint": on_disk["train"].fingerprint},
        "val": {"images": 4, "fingerprint": on_disk["val"].fingerprint},
        "shared": 1,
        "not_compared": 0,
    }


class Images(list):
    """A data set as Ultralytics has it."""

    @property
    def im_files(self):
        return list(self)


def test_of_classification_the_folder_is_the_label():
    dataset = SimpleNamespace(samples=[["data/disc/1.png", 0, None, None]])
    assert sources(dataset) == [("data/disc/1.png", b"disc")]


def test_classes_are_counted_by_image_and_by_instance():
    labels = [
        {"cls": np.array([[0.0], [0.0], [2.0]])},
        {"cls": np.empty((0, 1))},
        {"cls": np.array([[2.0]])},
    ]
    counts = class_counts(SimpleNamespace(labels=labels), 4)
    assert counts["images"].tolist() == [1, 0, 2, 0]
    assert counts["instances"].tolist() == [2, 0, 2, 0]


def test_classification_has_a_class_an_image():
    counts = class_counts(SimpleNamespace(samples=[("a", 1), ("b", 1), ("c", 0)]), 2)
    assert counts["instances"].tolist() == counts["images"].tolist() == [1, 2]


def test_a_data_set_without_labels_is_not_counted():
    assert class_counts(range(3), 2) is None


def test_a_field_that_cannot_be_told_costs_itself_only(tmp_path):
    running = trainer(tmp_path / "run")
    del running.optimizer
    fire("on_train_start", running)
    found = manifest(tmp_path / "run")
    assert found["optimizer"] is None
    assert found["task"] == "detect"
    assert [fault for fault in found["missing"] if "optimizer" in fault]
