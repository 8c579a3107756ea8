"""What is said of a run's pictures: titles, pairs, what to know, and what is missing with what makes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.gallery.answer import gallery_of, pictures_shown
from tensorboard_runlens.gallery.missing import missing
from tensorboard_runlens.gallery.titles import title_of
from tensorboard_runlens.pictures import ROLES, Picture, pictures_of

from .builders import write, write_args, write_detect
from .projects import SELF_TRAINING, write_partinet_project, write_self_training
from .recording.archives import metrics, write_recording


def gallery(folder: Path) -> schema.Gallery:
    return gallery_of(analyse(open_run(str(folder))))


def notes(folder: Path) -> dict[str, str]:
    return {one.role: one.note for one in gallery(folder).sections}


def lacks(folder: Path, state: str = "finished") -> dict[str, schema.MissingPictures]:
    """What is missing by what it is, of a run in this state."""
    run = open_run(str(folder))
    return {
        one.what: schema.MissingPictures(one.what, one.why, one.line)
        for one in missing(run, state, pictures_of(run))
    }


@pytest.mark.parametrize(
    ("path", "role", "text", "label"),
    [
        ("val_batch0_labels.jpg", "val_batch", "Val batch 0", "ground truth"),
        ("test_batch12_pred.jpg", "val_batch", "Val batch 12", "predictions"),
        ("train_batch161.jpg", "train_batch", "Train batch 161", None),
        (
            "iteration_2_selftrain/visualization.png",
            "visualization",
            "Visualization",
            "iteration 2",
        ),
        ("MaskPR_curve.png", "curve", "Precision by recall, mask", None),
        ("F1_curve.png", "curve", "F1 by confidence", None),
        ("confusion_matrix_normalized.png", "confusion", "Confusion matrix, normalised", None),
        ("labels_correlogram.jpg", "labels", "Places and sizes of labels", None),
        ("LR.png", "plot", "Learning rate", None),
        ("results.png", "plot", "Losses and metrics", None),
        ("runlens/worst_07.jpg", "worst", "Worst image 7", None),
    ],
)
def test_titles(path: str, role: str, text: str, label: Any) -> None:
    title = title_of(Picture(path, role))
    assert (title.text, title.label) == (text, label)


@pytest.mark.parametrize(
    ("one", "other", "role", "together"),
    [
        ("val_batch0_labels.jpg", "val_batch0_pred.jpg", "val_batch", True),
        ("val_batch0_labels.jpg", "val_batch1_pred.jpg", "val_batch", False),
        ("val_batch0_labels.jpg", "test_batch0_pred.jpg", "val_batch", False),
        (
            "iteration_0_a/visualization.png",
            "iteration_9_b/visualization.png",
            "visualization",
            True,
        ),
        (
            "iteration_0_a/visualization.png",
            "iteration_0_a/visualization.jpg",
            "visualization",
            False,
        ),
        ("train_batch0.jpg", "train_batch1.jpg", "train_batch", False),
    ],
)
def test_pictures_of_the_same_images_belong_together(
    one: str, other: str, role: str, together: bool
) -> None:
    assert (title_of(Picture(one, role)).same == title_of(Picture(other, role)).same) is together


@given(st.text(max_size=80), st.sampled_from(ROLES))
def test_every_name_has_a_title(path: str, role: str) -> None:
    assert title_of(Picture(path, role)).text


def test_sections_come_in_the_order_of_their_use(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    for name in ("results.png", "labels.jpg", "train_batch0.jpg", "val_batch0_pred.jpg"):
        write(run / name, b"picture")
    titles = [one.title for one in gallery(run).sections]
    assert titles == [
        "Ground truth and predictions",
        "Labels",
        "Training batches",
        "Plots of the program",
    ]


def test_d2_training_batches_show_no_predictions(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    write(run / "train_batch0.jpg", b"picture")
    assert "ground truth, no predictions" in notes(run)["train_batch"]


def test_the_background_column_of_partinets_matrix_is_no_rate(tmp_path: Path) -> None:
    write_partinet_project(tmp_path)
    write(tmp_path / "exp" / "confusion_matrix.png", b"picture")
    assert "is no rate of false detections" in notes(tmp_path / "exp")["confusion"]


def test_a_matrix_of_counts_has_no_such_column(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    write(run / "confusion_matrix.png", b"picture")
    assert "background" not in notes(run)["confusion"]
    write(run / "confusion_matrix_normalized.png", b"picture")
    assert "background" in notes(run)["confusion"]


def test_the_matrix_says_which_detections_it_counts(tmp_path: Path) -> None:
    run = write_recording(tmp_path / "run")
    write(run / "confusion_matrix.png", b"picture")
    assert "counts detections from confidence .001 up" in notes(run)["confusion"]
    write_args(run, task="detect", mode="train", conf=0.3)
    assert "confidence" not in notes(run)["confusion"]


def test_wrong_answers_of_a_classifier_name_both_classes(tmp_path: Path) -> None:
    run = write_recording(tmp_path / "run")
    told = {"file": "worst_01.jpg", "image": None, "missed": 1, "false": 1}
    for number, (true, predicted) in enumerate([(1, 0), (1, 9_999)], 1):
        worst = [{**told, "true": true, "predicted": predicted}]
        final = {"weights": "best", **metrics(), "worst": worst}
        write(run / "runlens" / "final.json", json.dumps(final))
        write(run / "runlens" / "worst_01.jpg", b"picture")
        opened = open_run(str(run))
        assert opened.recorded is not None
        (shown,) = [one.shows for one in pictures_shown(opened) if one.role == "worst"]
        names = opened.recorded.names
        assert shown is not None
        assert shown.classes == [names[1], names[0]][: 3 - number]


def test_iterations_say_how_good_they_were(tmp_path: Path) -> None:
    run = write_self_training(tmp_path / "unet", {**dict(enumerate(SELF_TRAINING)), 4: None})
    measured = [one.measured for one in pictures_shown(open_run(str(run)))]
    assert measured == ["F1 0.650", "F1 0.670", "F1 0.690", "F1 0.700", None]
    assert "where there are four, the pseudo-labels" in notes(run)["visualization"]


def test_an_untracked_run_is_told_the_line_that_records(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    worst = lacks(run)["Worst validation images"]
    assert worst.line == "model = track(model)"
    assert lacks(write_recording(tmp_path / "told"))["Worst validation images"].line is None


def test_switched_off_pictures_say_so(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train", plots=False)
    assert "plots=False" in lacks(run)["val_batch0_labels.jpg and val_batch0_pred.jpg"].why


def test_a_running_training_says_when_they_come(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    pair = "val_batch0_labels.jpg and val_batch0_pred.jpg"
    assert lacks(run, "running")[pair].why.startswith("drawn after the last epoch")
    assert not lacks(run, "running")[pair].why.endswith("not in this folder")
    assert lacks(run, "finished")[pair].why.endswith("not in this folder")


def test_what_is_there_is_not_missing(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "run", task="detect", mode="train")
    drawn = ("val_batch0_pred.jpg", "labels.jpg", "train_batch0.jpg", "confusion_matrix.png")
    for name in (*drawn, "BoxF1_curve.png"):
        write(run / name, b"picture")
    assert list(lacks(run)) == ["Worst validation images"]


def test_other_programs_owe_no_pictures(tmp_path: Path) -> None:
    write(tmp_path / "run" / "training_log.csv", "epoch,loss,val_loss\n1,2,3\n2,1,2\n")
    assert lacks(tmp_path / "run") == {}
