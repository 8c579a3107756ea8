"""The images on which best.pt is wrong most often, drawn small."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tensorboard_runlens.recording.parts import matches
from tensorboard_runlens.recording.parts.worst_answers import seen
from tensorboard_runlens.recording.parts.worst_images import candidate, ranked
from tensorboard_runlens.recording.pictures.drawing import (
    FOUND,
    MAX_BYTES,
    TRUTH,
    Shape,
    drawn,
    jpeg,
)
from tensorboard_runlens.recording.pictures.outlines import (
    corners,
    found_shapes,
    in_image,
    true_shapes,
)
from tests.recording.test_confusion import boxes, matched
from tests.recording.trainings import NAMES
from tests.recording.validations import Validator, begin, epoch, final

NO_POINTS = np.zeros((0, 2))


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


def picture(folder, name="image.png", size=(400, 200)):
    path = folder / name
    Image.new("RGB", size).save(path)
    return path


def square(x, y, length):
    return np.array([[x, y], [x + length, y], [x + length, y + length], [x, y + length]], float)


def pixels(jpeg_bytes):
    with Image.open(io.BytesIO(jpeg_bytes)) as image:
        assert image.format == "JPEG"
        return np.asarray(image).astype(int)


def is_colour(pixel, colour):
    return np.abs(pixel - colour).max() < 100  # JPEG and a line of two pixels


@pytest.mark.parametrize("size", [(640, 640), (640, 37), (320, 640)])
def test_noise_is_small_enough_too(size):
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    assert len(jpeg(Image.fromarray(noise))) <= MAX_BYTES


def test_a_picture_is_no_larger_than_it_need_be(tmp_path):
    large = picture(tmp_path, size=(3000, 1500))
    assert pixels(drawn(str(large), (3000, 1500), [], [])).shape == (320, 640, 3)
    small = picture(tmp_path, "small.png", size=(40, 80))
    assert pixels(drawn(str(small), (40, 80), [], [])).shape == (320, 160, 3)


def test_shapes_lie_where_they_are_in_the_image(tmp_path):
    file = str(picture(tmp_path, size=(1280, 640)))
    truth = [Shape(square(200, 100, 400), NO_POINTS, "ring")]
    found = [Shape(square(800, 200, 300), np.array([[900.0, 300.0]]), "disc 0.90")]
    image = pixels(drawn(file, (1280, 640), truth, found))
    assert is_colour(image[150, 100], TRUTH)
    assert is_colour(image[252, 102], TRUTH)  # behind its name
    assert is_colour(image[200, 400], FOUND)
    assert is_colour(image[150, 450], FOUND)  # the point
    assert image[150, 200].max() < 30


@pytest.mark.parametrize("name", ["disc", "Größe", "猫", "x" * 300])
def test_any_name_can_be_written(tmp_path, name):
    found = [Shape(square(-10, -10, 50), NO_POINTS, name)]
    assert pixels(drawn(str(picture(tmp_path)), (400, 200), [], found)).shape == (200, 400, 3)


def test_numbers_that_are_none_are_drawn_somewhere(tmp_path):
    found = [Shape(np.full((4, 2), np.nan), np.array([[np.inf, 0.0]]), "disc")]
    assert drawn(str(picture(tmp_path)), (400, 200), [], found)


def test_an_image_is_turned_as_its_camera_says(tmp_path):
    image = Image.new("RGB", (400, 200))
    image.paste((255, 255, 255), (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    path = tmp_path / "turned.jpg"
    image.save(path, exif=exif)
    shown = pixels(drawn(str(path), (200, 400), [], []))
    assert shown.shape == (400, 200, 3)
    assert shown[100, 100].min() > 200 and shown[300, 100].max() < 50


def test_padding_and_scale_of_the_input_are_taken_back():
    image = replace(boxes([], [], [], []), scale=(0.5, 0.25), offset=(10.0, 20.0))
    assert in_image(np.array([[10.0, 20.0], [60.0, 45.0]]), image).tolist() == [[0, 0], [100, 100]]


def test_oriented_boxes_have_four_corners():
    (outline,) = corners(np.array([[10.0, 20.0, 6.0, 2.0, np.pi / 2]]))
    assert sorted(outline.round(6).tolist()) == [[9, 17], [9, 23], [11, 17], [11, 23]]


def test_only_what_is_sure_enough_is_drawn():
    image = boxes([], [0.9, 0.4, 0.25], [0, 2, 1], [])
    assert [shape.text for shape in found_shapes(image, 0.25, NAMES)] == ["ring 0.40", "disc 0.90"]
    assert true_shapes(image, {}) == []


def test_ranked_by_errors_at_the_confidence():
    right = boxes([[0.9]], [0.9], [0], [0])
    missed = boxes([[0.9]], [0.3], [0], [0])
    false = boxes([], [0.9], [0], [])
    wrong_class = boxes([[0.9]], [0.9], [1], [0])
    order = ranked([candidate(matched(one)) for one in (right, false, missed, wrong_class)], 0.5)
    assert [(one.missed(0.5), one.false(0.5)) for one in order] == [(1, 1), (1, 0), (0, 1)]


def test_little_is_kept_of_an_image():
    rng = np.random.default_rng(0)
    crowd = boxes(rng.random((80, 300)), rng.random(300), np.zeros(300), np.zeros(80))
    kept = candidate(matched(crowd))
    assert len(kept.image.boxes) == len(kept.image.true_boxes) == 50
    assert kept.image.confidence.min() >= np.sort(crowd.confidence)[-50]
    assert kept.objects == 80
    assert kept.missed(0.5) == 80 - (matched(crowd).right & (crowd.confidence > 0.5)).sum()


def validated(monkeypatch, files):
    """A validator whose images have one false detection each, more of them the later they come."""
    found = [
        [replace(boxes([], [0.9] * count, [0] * count, []), file=str(file), size=(400, 200))]
        for (count, file) in enumerate(files, 1)
    ]
    monkeypatch.setattr(matches, "validated_boxes", lambda task, preds, batch: found[preds[4]])
    nothing = (np.zeros(0), np.zeros(0), np.zeros((0, 10), bool), np.zeros(0))

    class Numbered(Validator):
        def update_metrics(self, preds, batch):
            super().update_metrics(preds[:4], batch)

    return Numbered([(*nothing, number) for number in range(len(files))])


def test_best_pt_has_sixteen_pictures(run, tmp_path, monkeypatch):
    files = [picture(tmp_path, f"{number:02}.png") for number in range(20)]
    begun = begin(run, validated(monkeypatch, files))
    epoch(begun, 1, 0.5)
    assert not list((run / "runlens").glob("*.jpg"))
    final(begun)
    told = json.loads((run / "runlens" / "final.json").read_text())["worst"]
    assert [entry["image"] for entry in told] == [f"{number:02}.png" for number in range(19, 3, -1)]
    assert told[0] == {
        "file": "worst_01.jpg",
        "image": "19.png",
        "missed": 0,
        "false": 20,
        "confidence": pytest.approx(0.4, abs=0.002),
    }
    for entry in told:
        assert 0 < (run / "runlens" / entry["file"]).stat().st_size <= MAX_BYTES


def test_an_image_that_cannot_be_read_is_left_out(run, tmp_path, monkeypatch):
    (broken, gone) = (tmp_path / "broken.png", tmp_path / "gone.png")
    broken.write_bytes(b"not a picture")
    begun = begin(run, validated(monkeypatch, [picture(tmp_path), broken, gone]))
    epoch(begun, 1, 0.5)
    final(begun)
    told = json.loads((run / "runlens" / "final.json").read_text())["worst"]
    assert [entry["image"] for entry in told] == ["image.png"]
    assert [file.name for file in (run / "runlens").glob("*.jpg")] == ["worst_01.jpg"]


def test_pictures_of_an_earlier_training_do_not_stay(run, tmp_path, monkeypatch):
    begun = begin(run, validated(monkeypatch, [picture(tmp_path)]))
    epoch(begun, 1, 0.5)
    (run / "runlens" / "worst_02.jpg").write_bytes(b"old")
    final(begun)
    assert [file.name for file in (run / "runlens").glob("*.jpg")] == ["worst_01.jpg"]


def test_images_that_another_process_validated_leave_no_ranking(run, tmp_path, monkeypatch):
    validator = validated(monkeypatch, [picture(tmp_path)])
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    validator.training = False
    gathered = validator.get_stats

    def of_all():
        validator.seen = 5
        return gathered()

    validator.get_stats = of_all
    final(begun)
    assert "worst" not in json.loads((run / "runlens" / "final.json").read_text())


def test_a_classifiers_input_is_drawn_as_it_was_seen():
    class Tensor(SimpleNamespace):
        def float(self):
            return self

        def cpu(self):
            return self.values

    image = np.zeros((3, 4, 5), np.float32)
    image[0] = 1.5
    image[1, 2, 3] = 0.5
    shown = seen(Tensor(values=image))
    assert shown.shape == (4, 5, 3)
    assert shown[2, 3].tolist() == [255, 128, 0]
