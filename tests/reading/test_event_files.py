"""Runs of which only TensorBoard event files are left."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tests.builders import (
    BOX,
    DETECT,
    SEGMENT,
    YOLOV5,
    kinds,
    rows_of,
    scalars_of,
    value,
    write,
    write_args,
    write_csv,
    write_detect,
    write_events,
)

NAME = "events.out.tfevents.1700000000.host.1.0"


def final_of(step, number=0.77):
    """The metrics that Ultralytics logs once more for best.pt."""
    return [(step, tag, number) for tag in BOX]


def test_event_files_tell_the_same_as_the_table(tmp_path):
    write_csv(tmp_path / "table", DETECT, rows_of(DETECT, range(1, 6)))
    write_events(tmp_path / "events", scalars_of(DETECT, range(1, 6)))
    table = open_run(str(tmp_path / "table"))
    events = open_run(str(tmp_path / "events"))
    assert (events.framework, events.task) == (table.framework, table.task)
    assert events.history.epoch.tolist() == table.history.epoch.tolist()
    for name in ("box", "cls", "dfl"):
        np.testing.assert_allclose(events.history.train[name], table.history.train[name], 1e-6)
        np.testing.assert_allclose(events.history.val[name], table.history.val[name], 1e-6)
    for name, values in table.history.metrics["box"].items():
        np.testing.assert_allclose(events.history.metrics["box"][name], values, 1e-6)
    np.testing.assert_allclose(events.history.lr["pg0"], table.history.lr["pg0"], 1e-6)
    assert events.problems == ()


def test_masks_are_read_from_event_files_too(tmp_path):
    write_events(tmp_path, scalars_of(SEGMENT, range(1, 4)))
    run = open_run(str(tmp_path))
    assert run.task == "segment"
    assert set(run.history.metrics) == {"box", "mask"}


def test_a_point_one_step_past_the_last_epoch_is_no_epoch(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(1, 4)) + final_of(4))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2, 3]
    assert run.logged.final is not None
    assert run.logged.final["box"]["map50"] == pytest.approx(0.77)
    assert run.history.metrics["box"]["map50"][-1] == pytest.approx(value(BOX[2], 3))


def test_metrics_logged_twice_at_the_last_step_are_best_pts_not_the_epochs(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(1, 4)) + final_of(3))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2, 3]
    assert run.history.metrics["box"]["map50"][-1] == pytest.approx(value(BOX[2], 3))
    assert run.logged.final is not None
    assert run.logged.final["box"]["map50"] == pytest.approx(0.77)


def test_without_a_second_validation_there_is_no_final(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(1, 4)))
    assert open_run(str(tmp_path)).logged.final is None


def test_of_the_training_losses_of_every_batch_the_last_one_counts(tmp_path):
    batches = [(1, "train/box_loss", 5.0 - batch) for batch in range(4)]
    write_events(tmp_path, [*batches, (1, "val/box_loss", 1.5), *final_of(1, 0.2)])
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1]
    assert run.history.train["box"].tolist() == [2.0]


def test_an_epoch_trained_twice_after_nan_counts_once_with_the_later_loss(tmp_path):
    scalars = [(2, "train/box_loss", 6.75), *scalars_of(DETECT, [1, 2, 3])]
    scalars.append((2, "train/box_loss", 6.5))
    write_events(tmp_path, scalars)
    history = open_run(str(tmp_path)).history
    assert history.epoch.tolist() == [1, 2, 3]
    assert history.train["box"][1] == 6.5


def test_two_event_files_of_a_resumed_run_are_one_run(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(1, 5)), started=1_700_000_000)
    write_events(
        tmp_path, scalars_of(DETECT, range(4, 8), **{"val/box_loss": 0.25}), started=1_700_009_000
    )
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert run.history.val["box"][3] == 0.25
    assert run.logged.resumed == (4,)
    assert len(run.files.by_role["events"]) == 2


def test_two_event_files_of_two_runs_are_two_segments(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(1, 5)), started=1_700_000_000)
    write_events(tmp_path, scalars_of(DETECT, range(1, 3)), started=1_700_009_000)
    run = open_run(str(tmp_path))
    assert run.logged.segments == ((1, 4), (1, 2))
    assert run.history.epoch.tolist() == [1, 2]


def test_yolov5_tags_are_recognised(tmp_path):
    write_events(tmp_path, scalars_of(YOLOV5, range(4)))
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "detect")
    assert run.history.epoch.tolist() == [0, 1, 2, 3]


def test_yolov5_tags_beside_arguments_of_yolov7_are_yolov7(tmp_path):
    write_events(tmp_path, scalars_of(YOLOV5, range(4)))
    write_args(tmp_path, "hyp.yaml", loss_ota=1)
    assert open_run(str(tmp_path)).framework == "yolov7"


def test_tags_of_nobody_in_particular_are_events(tmp_path):
    write_events(tmp_path, [(n, tag, 1 / n) for n in (1, 2) for tag in ("train/loss", "val/loss")])
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("events", "unknown")
    assert run.history.val["loss"].tolist() == [1.0, 0.5]


def test_the_table_is_read_first(tmp_path):
    write_detect(tmp_path, [1, 2, 3])
    write_events(tmp_path, scalars_of(DETECT, range(1, 9)))
    assert len(open_run(str(tmp_path)).history) == 3


def test_where_the_table_holds_no_epoch_the_event_file_is_asked(tmp_path):
    write(tmp_path / "results.csv", b"\0" * 900)
    write_events(tmp_path, scalars_of(DETECT, [1, 2]))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2]
    assert kinds(run.problems) == ["binary"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_event_file_keeps_what_stands_before_the_cut(tmp_path, share):
    path = write_events(tmp_path, scalars_of(DETECT, range(1, 21)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    epochs = open_run(str(tmp_path)).history.epoch.tolist()
    assert epochs == list(range(1, len(epochs) + 1))
    assert len(epochs) == pytest.approx(20 * share, abs=2)


def test_a_corrupt_event_file_keeps_what_stands_before_the_damage(tmp_path):
    path = write_events(tmp_path, scalars_of(DETECT, range(1, 21)))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 50] = b"\xff" * 50
    path.write_bytes(bytes(content))
    epochs = open_run(str(tmp_path)).history.epoch.tolist()
    assert epochs == list(range(1, len(epochs) + 1))
    assert 8 <= len(epochs) <= 11


def test_one_broken_event_file_does_not_stop_the_other(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, [1, 2]), started=1_700_000_000)
    write(tmp_path / "events.out.tfevents.1700000001.host", b"no event file at all")
    assert open_run(str(tmp_path)).history.epoch.tolist() == [1, 2]


def test_an_empty_event_file_is_said_and_the_table_read(tmp_path):
    write_detect(tmp_path, [1, 2])
    write(tmp_path / NAME, b"")
    run = open_run(str(tmp_path))
    assert len(run.history) == 2
    assert [(one.file, one.kind) for one in run.problems] == [(NAME, "empty")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "0 bytes"), (b"version https://git-lfs.github.com/spec/v1\n", "no scalars")],
    ids=["0 bytes", "pointer of git lfs"],
)
def test_an_event_file_without_scalars_is_unreadable_and_says_why(tmp_path, content, reason):
    write(tmp_path / NAME, content)
    with pytest.raises(NotARun, match=reason):
        open_run(str(tmp_path))


def test_unknown_tags_are_unreadable_and_the_first_is_named(tmp_path):
    tags = ("rollout/ep_rew_mean", "time/fps")
    write_events(tmp_path / "rl", [(1, tag, 1.0) for tag in tags])
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    (unreadable,) = catalog.unreadable
    assert catalog.runs == {}
    assert unreadable.path == "rl"
    assert "2 scalar tags" in unreadable.reason
    assert "'rollout/ep_rew_mean'" in unreadable.reason


def test_steps_that_are_no_epochs_are_not_taken_for_some(tmp_path):
    write_events(tmp_path / "run", [(step, "train/loss", 1.0) for step in range(50, 1000, 50)])
    with pytest.raises(NotARun, match="not epochs"):
        open_run(str(tmp_path / "run"))


def test_metrics_of_single_classes_are_not_taken_for_the_mean(tmp_path):
    extra = [(n, "type/mAP_0.5_car", 0.9) for n in (0, 1)]
    write_events(tmp_path, scalars_of(YOLOV5, [0, 1]) + extra)
    metrics = open_run(str(tmp_path)).history.metrics["box"]
    assert metrics["map50"].tolist() == pytest.approx([value("metrics/mAP_0.5", n) for n in (0, 1)])


def test_missing_learning_rates_are_no_problem(tmp_path):
    write_events(tmp_path, [one for one in scalars_of(DETECT, [1, 2]) if "lr/" not in one[1]])
    run = open_run(str(tmp_path))
    assert run.history.lr == {}
    assert run.problems == ()


def test_a_tag_that_is_missing_at_some_steps_is_missing_there(tmp_path):
    scalars = [one for one in scalars_of(DETECT, [1, 2, 3]) if one[:2] != (2, "val/box_loss")]
    write_events(tmp_path, scalars)
    assert np.isnan(open_run(str(tmp_path)).history.val["box"]).tolist() == [False, True, False]


def test_event_files_say_nothing_about_the_columns_of_a_release(tmp_path):
    write_events(tmp_path, scalars_of(DETECT, range(3)), started=2_000_000_000)
    run = open_run(str(tmp_path))
    assert run.version is None
