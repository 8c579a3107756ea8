"""A recording that is all there is of a training: shown as a run, with everything that was logged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens import Recorder
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.answers import show_answer
from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tests.builders import (
    DETECT,
    YOLOV5,
    kinds,
    rows_of,
    scalars_of,
    write,
    write_args,
    write_csv,
    write_events,
)

LATER = 4_000_000_000.0
"""A moment at which no training of these tests may still be running."""

EPOCHS = "runlens/epochs.jsonl"


def record(run: Path, epochs: int = 12, finish: bool = True) -> Path:
    """A detector that gets better to the end, and its classes."""
    recorder = Recorder(run)
    recorder.describe(
        task="obb",
        names=["disc", "ring"],
        images={"train": 40, "val": 10},
        epochs=12,
        arguments={"batch": 4, "data": "/home/anna/shapes.yaml"},
    )
    for epoch in range(1, epochs + 1):
        recorder.log_classes({"disc": {"ap50_95": 0.02 * epoch}, "ring": {"ap50_95": 0.04 * epoch}})
        recorder.log_epoch(
            epoch,
            seconds=2.0,
            train={"box_loss": 2 - 0.1 * epoch, "cls": 1.0},
            val={"box_loss": 2.1 - 0.1 * epoch, "cls": 1.1},
            metrics={"box": {"precision": 0.5, "recall": 0.25}},
            lr=0.01,
        )
    if finish:
        recorder.finish()
    return run


def test_it_is_a_run(tmp_path):
    run = open_run(str(record(tmp_path / "mine")))
    assert (run.framework, run.task, run.axis) == ("recorded", "obb", "epoch")
    assert run.problems == ()
    history = run.history
    assert history.epoch.tolist() == list(range(1, 13))
    assert history.train["box"][0] == pytest.approx(1.9)
    assert history.val["cls"].tolist() == [1.1] * 12
    assert history.metrics["box"]["map50_95"][-1] == pytest.approx(0.36)
    assert history.metrics["box"]["recall"].tolist() == [0.25] * 12
    assert history.lr["pg0"].tolist() == [0.01] * 12
    assert history.seconds.tolist() == [2.0 * epoch for epoch in range(1, 13)]
    assert run.logged.planned == 12
    assert [line.name for line in run.classes] == ["disc", "ring"]
    assert run.arguments == {"batch": 4, "data": "…/shapes.yaml"}
    assert run.argument_file["batch"] == "runlens/manifest.json"
    assert run.files.by_role["results"] == (EPOCHS,)


def test_it_is_judged_and_answered(tmp_path):
    analysis = analyse(open_run(str(record(tmp_path / "mine"))), now=LATER)
    assert analysis.state == "finished"
    assert analysis.failed_rules == []
    assert "mAP50-95 0.360 at epoch 12" in analysis.headline
    assert "best.pt" not in analysis.headline
    assert (analysis.signals.data.n_train_images, analysis.signals.data.n_val_images) == (40, 10)


@pytest.mark.parametrize(
    ("epochs", "finish", "state"),
    [(12, False, "finished"), (5, False, "stale"), (5, True, "finished")],
)
def test_where_it_stands(tmp_path, epochs, finish, state):
    """The process that recorded it, that of these tests, is still there."""
    run = open_run(str(record(tmp_path / "mine", epochs, finish)))
    assert analyse(run, now=LATER).state == state


def test_a_loop_that_goes_on_after_it_was_finished_is_not(tmp_path):
    record(tmp_path / "mine", 5)
    Recorder(tmp_path / "mine").log_epoch(6, metrics={"box": {"map50_95": 0.1}})
    assert analyse(open_run(str(tmp_path / "mine")), now=LATER).state == "stale"


def test_a_resumed_loop_replaces_what_it_repeats(tmp_path):
    record(tmp_path / "mine", 5)
    Recorder(tmp_path / "mine").log_epoch(4, metrics={"box": {"map50_95": 0.9}})
    history = open_run(str(tmp_path / "mine")).history
    assert history.epoch.tolist() == [1, 2, 3, 4]
    assert history.metrics["box"]["map50_95"][-1] == 0.9


def test_fitness_that_was_logged_decides(tmp_path):
    recorder = Recorder(tmp_path / "mine")
    recorder.describe(fitness="mAP50 of small objects")
    for epoch, fitness in enumerate((0.2, 0.4, 0.1), 1):
        recorder.log_epoch(epoch, fitness=fitness, metrics={"box": {"map50_95": 0.1 * epoch}})
    analysis = analyse(open_run(str(tmp_path / "mine")), now=LATER)
    assert analysis.signals.best_row == 1
    assert analysis.signals.best_by == "mAP50 of small objects"


def test_a_result_table_is_the_run_where_there_is_one(tmp_path):
    run = write_csv(tmp_path / "mine", DETECT, rows_of(DETECT, range(1, 13)))
    recorder = Recorder(run)
    for row in rows_of(DETECT, range(1, 13)):
        recorder.log_epoch(int(row["epoch"]), fitness=row["metrics/mAP50-95(B)"])
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    (opened,) = catalog.runs.values()
    assert (opened.framework, opened.recorded.epochs) == ("ultralytics", 12)


def test_classes_that_a_yolov5_loop_records_stand_beside_its_table(tmp_path, caplog):
    rows = rows_of(YOLOV5, range(12))
    run = write_csv(tmp_path / "exp", YOLOV5, rows, padded=True)
    recorder = Recorder(run)
    recorder.describe(task="detect", names=["disc", "ring"], epochs=12)
    for row in rows:
        mean = row["metrics/mAP_0.5:0.95"]
        recorder.log_classes({0: {"ap50_95": mean - 0.1}, 1: {"ap50_95": mean + 0.1}})
        recorder.log_epoch(int(row["epoch"]), fitness=np.array([mean]))
    opened = open_run(str(run))
    assert caplog.records == []
    assert (opened.framework, opened.problems) == ("yolov5", ())
    assert opened.recorded.best.epoch == 11
    assert [line.name for line in opened.classes] == ["disc", "ring"]


def test_the_loops_own_event_file_is_not_needed(tmp_path):
    write_events(tmp_path / "mine", [(step, "Loss/train", 1.0) for step in range(0, 5000, 50)])
    assert open_run(str(record(tmp_path / "mine"))).framework == "recorded"


def test_a_frameworks_event_file_says_more_than_a_recording_without_its_table(tmp_path):
    write_events(tmp_path / "mine", scalars_of(DETECT, range(1, 6)))
    recorder = Recorder(tmp_path / "mine")
    recorder.describe(framework="ultralytics", version="8.4.190")
    for epoch in range(1, 6):
        recorder.log_epoch(epoch, fitness=0.1)
    run = open_run(str(tmp_path / "mine"))
    assert run.framework == "ultralytics"
    assert EPOCHS in run.files.by_role["recorded"]


def test_scalars_of_the_callback_alone_are_no_training(tmp_path):
    write_events(tmp_path / "mine", [(step, "runlens/f1", 0.5) for step in range(1, 9)])
    with pytest.raises(NotARun):
        open_run(str(tmp_path / "mine"))


def test_scalars_of_the_callback_are_no_columns_of_a_frameworks(tmp_path):
    write_events(tmp_path / "mine", scalars_of(DETECT, range(1, 6)))
    before = open_run(str(tmp_path / "mine")).history
    own = [(step, "runlens/map50", 0.9) for step in range(1, 6)]
    write_events(tmp_path / "mine", own, started=1_700_000_500)
    after = open_run(str(tmp_path / "mine")).history
    assert before.metrics.keys() == after.metrics.keys()
    for name, values in before.metrics["box"].items():
        assert np.array_equal(after.metrics["box"][name], values)


def test_the_folder_of_a_recording_is_no_run(tmp_path):
    record(tmp_path / "mine")
    write_args(tmp_path / "mine" / "runlens", task="detect", epochs=3)
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert list(catalog.runs) == ["mine"]


def test_a_loop_is_seen_to_grow(tmp_path):
    record(tmp_path / "mine", 2, finish=False)
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    Recorder(tmp_path / "mine").log_epoch(3)
    catalog.refresh()
    assert (len(catalog.runs["mine"].history), catalog.runs["mine"].growing) == (3, True)


def self_training(run: Path, numbers, f1=(0.5, 0.6, 0.4), **arguments) -> Path:
    recorder = Recorder(run)
    recorder.describe(task="semantic", axis="iteration", epochs=3, arguments=arguments)
    for number, value in zip(numbers, f1):
        recorder.log_epoch(number, metrics={"pixel": {"f1": value, "iou": value / (2 - value)}})
    return run


def findings(run: Path) -> dict[str, str]:
    return {one.rule: one.summary for one in analyse(open_run(str(run)), now=LATER).findings}


@pytest.mark.parametrize("first", [0, 1])
def test_iterations_are_iterations(tmp_path, first):
    run = self_training(tmp_path / "unet", range(first, first + 3))
    analysis = analyse(open_run(str(run)), now=LATER)
    assert (analysis.run.axis, analysis.state) == ("iteration", "finished")
    assert analysis.headline.startswith(
        f"Iteration {first + 2} is worse than iteration {first + 1}"
    )
    assert "missing-iteration" not in findings(run)


def test_the_time_of_each_iteration_is_told(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.describe(task="semantic", axis="iteration", epochs=3)
    for number, hours in enumerate((20, 5, 5.5)):
        recorder.log_epoch(number, seconds=hours * 3600, metrics={"pixel": {"f1": 0.6}})
    run = show_answer(analyse(open_run(str(tmp_path)), now=LATER)).run
    assert run.axis == "iteration"
    assert run.series.seconds == [72_000, 90_000, 109_800]
    assert (run.time.seconds, run.time.per_epoch) == (109_800, 19_800)


@pytest.mark.parametrize(("numbers", "missing"), [((0, 2), "1"), ((1, 3), "2")])
def test_an_iteration_that_was_not_logged_is_missing(tmp_path, numbers, missing):
    found = findings(self_training(tmp_path / "unet", numbers))
    assert found["missing-iteration"].startswith(f"Iteration {missing} of 3 without metrics")


def test_classes_of_a_segmentation_net_have_their_iou(tmp_path):
    recorder = Recorder(tmp_path / "unet")
    recorder.log_classes({"sky": {"iou": 0.9}, "sea": {"iou": 0.7}}, group="pixel")
    recorder.log_epoch(1)
    run = open_run(str(tmp_path / "unet"))
    assert {line.name: line.metrics["pixel"]["iou"] for line in run.classes} == {
        "sky": 0.9,
        "sea": 0.7,
    }
    assert run.history.metrics["pixel"]["miou"].tolist() == [pytest.approx(0.8)]


def test_metrics_that_do_not_fit_each_other_are_said(tmp_path):
    recorder = Recorder(tmp_path / "unet")
    recorder.describe(axis="iteration")
    for number in range(3):
        recorder.log_epoch(number, metrics={"pixel": {"f1": 0.6, "iou": 0.6}})
    assert "identity-mismatch" in findings(tmp_path / "unet")


def test_thresholds_of_pseudo_labels_are_not_guessed(tmp_path):
    plain = open_run(str(self_training(tmp_path / "plain", range(3), positive_threshold=0.9)))
    run = self_training(tmp_path / "stated", range(3), positive_threshold=0.9, threshold_decay=0.1)
    assert analyse(plain).signals.pseudo_labels == []
    stated = analyse(open_run(str(run))).signals.pseudo_labels
    assert [one.positive for one in stated] == [0.9, 0.8]


def test_the_threshold_of_a_segmentation_net_is_found(tmp_path):
    recorder = Recorder(tmp_path / "unet")
    scores = np.linspace(0, 1, 1001)
    for epoch in range(1, 13):
        recorder.log_confidences(scores, scores > 0.7)
        recorder.log_epoch(epoch)
    analysis = analyse(open_run(str(tmp_path / "unet")), now=LATER)
    assert analysis.run.task == "semantic"
    assert analysis.run.history.metrics["pixel"]["auc"].tolist() == [1.0] * 12
    assert analysis.operating_point.confidence == pytest.approx(0.7, abs=0.002)
    assert analysis.operating_point.f1 == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"train": {"box": "low"}},
        {"train": [1.0]},
        {"metrics": {"box": 0.5}},
        {"lr": {"": 0.1}},
        {"seconds": "long"},
        {"val": {"x" * 1000: 1.0}},
    ],
)
def test_a_damaged_line_costs_itself_only(tmp_path, fields):
    run = record(tmp_path / "mine", 3, finish=False)
    with open(run / EPOCHS, "a", encoding="utf-8") as file:
        file.write(json.dumps({"epoch": 4, **fields}) + "\n")
    opened = open_run(str(run))
    assert opened.history.epoch.tolist() == [1, 2, 3]
    assert {(one.file, one.line, one.kind) for one in opened.problems} == {(EPOCHS, 4, "damaged")}
    assert len(opened.problems) == 1


def test_percentages_are_said_and_left_out(tmp_path):
    recorder = Recorder(tmp_path / "mine")
    for epoch in (1, 2, 3):
        recorder.log_epoch(epoch, metrics={"classify": {"top1": 87.0 + epoch}})
    run = open_run(str(tmp_path / "mine"))
    assert kinds(run.problems) == ["not_a_fraction"]
    assert np.isnan(run.history.metrics["classify"]["top1"]).all()


def test_endless_columns_are_cut_and_said(tmp_path):
    recorder = Recorder(tmp_path / "mine")
    for epoch in (1, 2):
        losses = {f"loss{number}": 1.0 for number in range(400)}
        recorder.log_epoch(epoch, train=losses, val=losses)
    run = open_run(str(tmp_path / "mine"))
    assert kinds(run.problems) == ["too_wide"]
    assert len(run.history.train) == 400


@pytest.mark.parametrize("content", [b"", b"\n", b'{"epoch":1'])
def test_a_loop_may_have_begun(tmp_path, content):
    write(tmp_path / "mine" / EPOCHS, content)
    analysis = analyse(open_run(str(tmp_path / "mine")), now=LATER)
    assert (len(analysis.run.history), analysis.state) == (0, "empty")


def test_without_anything_that_can_be_read_there_is_no_run(tmp_path):
    write(tmp_path / "mine" / EPOCHS, "not JSON\n")
    with pytest.raises(NotARun):
        open_run(str(tmp_path / "mine"))


def test_a_later_format_is_said(tmp_path):
    run = record(tmp_path / "mine")
    write(run / "runlens" / "manifest.json", '{"format": 2}')
    with pytest.raises(NotARun, match="later RunLens"):
        open_run(str(run))


def test_without_a_manifest_the_epochs_are_there(tmp_path):
    run = record(tmp_path / "mine")
    (run / "runlens" / "manifest.json").unlink()
    assert len(open_run(str(run)).history) == 12
