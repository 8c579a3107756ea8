"""A run that has a result table and event files: where they disagree, that is said."""

from __future__ import annotations

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.recording.event_file import OwnFile
from tests.builders import BOX, DETECT, rows_of, scalars_of, write_args, write_csv, write_events


def disagreements(folder, steps, **other):
    write_csv(folder, DETECT, rows_of(DETECT, range(1, 13)))
    write_events(folder, scalars_of(DETECT, steps, **other))
    (run, _) = look_closer(open_run(str(folder)))
    return [one.problem for one in run.problems if one.kind == "disagreement"]


def test_the_same_numbers_in_both_are_no_problem(tmp_path):
    assert disagreements(tmp_path, range(1, 13)) == []


def test_an_epoch_that_only_one_of_them_has_is_no_problem(tmp_path):
    assert disagreements(tmp_path, range(1, 12)) == []


def test_other_metrics_in_the_event_file_are_said(tmp_path):
    (said,) = disagreements(tmp_path, range(1, 13), **{BOX[3]: 0.9})
    assert said.startswith(
        "mAP50-95 differs between event files and result table, most at epoch 1:"
    )


@pytest.mark.parametrize("last", [5, 30])
def test_more_or_fewer_epochs_in_the_event_file_are_said(tmp_path, last):
    (said,) = disagreements(tmp_path, range(1, last + 1))
    assert said == f"{last} epochs in the event files, 12 epochs in the result table"


def test_what_the_callback_wrote_beside_no_other_event_file_is_no_epoch_of_anything(tmp_path):
    file = OwnFile(str(tmp_path))
    for epoch in range(1, 13):
        file.write({"runlens/f1": 0.5}, epoch)
    write_csv(tmp_path, DETECT, rows_of(DETECT, range(1, 13)))
    write_args(tmp_path, task="detect")
    (run, _) = look_closer(open_run(str(tmp_path)))
    assert (run.framework, run.problems) == ("ultralytics", ())


def test_an_event_file_without_scalars_hides_no_framework(tmp_path):
    write_args(tmp_path, "opt.yaml", weights="w.pt", hyp="hyp.yaml", cfg="yolov7.yaml", epochs=50)
    write_events(tmp_path, [])
    run = open_run(str(tmp_path))
    assert (run.framework, run.task, len(run.history)) == ("yolov7", "detect", 0)
