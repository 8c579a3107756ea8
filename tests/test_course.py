"""How a run's answer tells its course: phases, sentences, slopes, the schedule asked for, the time it took."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.answers.detailed_run import detailed_run_of
from tensorboard_runlens.recording.recorder import Recorder

from .builders import DETECT, rows_of, write_args, write_csv
from .rules import trainings
from .rules.trainings import N, analysed, judged

RAMP = np.minimum((np.arange(N) + 1) / 4, 1)
RATE = (0.01 * RAMP * (1 - 0.99 * np.arange(N) / N)).tolist()
ASKED = {"lrf": 0.01, "lr0": 0.01}


def answer(training: Any, folder: Path) -> schema.DetailedRun:
    return detailed_run_of(analysed(training, folder))


def test_phases_leave_no_epoch_out_and_end_in_the_decline_that_is_judged(tmp_path: Path) -> None:
    run = answer(trainings.PAST_BEST, tmp_path)
    spans = [phase.span for phase in run.phases]
    assert (spans[0][0], spans[-1][1]) == (1, N)
    assert all(later[0] == earlier[1] + 1 for (earlier, later) in zip(spans, spans[1:]))
    assert run.overfitting.quality == "worse"
    assert run.phases[-1].name == "declining"


def test_epochs_without_validation_belong_to_the_phase_before(tmp_path: Path) -> None:
    score = [
        value if row % 3 == 0 else np.nan for (row, value) in enumerate(trainings.HEALTHY.map50_95)
    ]
    run = answer(trainings.HEALTHY.changed(map50_95=score), tmp_path)
    spans = [phase.span for phase in run.phases]
    assert spans
    assert all(later[0] == earlier[1] + 1 for (earlier, later) in zip(spans, spans[1:]))


def test_rounds_of_self_training_have_no_phases(tmp_path: Path) -> None:
    assert answer(trainings.ITERATIONS, tmp_path).phases == []


def test_sentences_say_how_the_losses_go_together(tmp_path: Path) -> None:
    (healthy, overfitted) = (
        answer(one, tmp_path / name).course
        for (name, one) in (("a", trainings.HEALTHY), ("b", trainings.OVERFITTED))
    )
    assert healthy[0].startswith("Validation loss follows training loss: rank correlation 0.9")
    assert "does not follow" in overfitted[0] or "only in part" in overfitted[0]
    assert "widened" in overfitted[1]


def test_slopes_are_per_ten_epochs_and_say_which_way(tmp_path: Path) -> None:
    trends = {(one.group, one.name): one for one in answer(trainings.OVERFITTED, tmp_path).trends}
    train, val = trends["train", "box"], trends["val", "box"]
    assert (train.said, val.said) == ("improving", "worsening")
    assert val.change is not None
    assert val.per_ten == pytest.approx(10 * val.change / (N - val.since), rel=1e-4)
    (low, high) = val.per_ten_interval
    assert low is not None and high is not None and low < val.per_ten < high


def test_the_schedule_of_the_arguments_is_told_by_epoch(tmp_path: Path) -> None:
    training = trainings.HEALTHY.changed(columns={"lr/pg0": RATE}, args=ASKED)
    schedule = answer(training, tmp_path).schedule
    assert schedule is not None and schedule.expected is not None
    assert schedule.why_not is None
    assert schedule.expected == pytest.approx(RATE, rel=0.02)
    assert schedule.warmup == (1, 4)
    assert schedule.final == pytest.approx(RATE[-1], rel=1e-4)
    assert schedule.notes == ["The logged rate follows the schedule that the arguments imply."]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "The arguments do not state lrf, the final rate."),
        ({**ASKED, "flat_cos_lr": True}, "ask for a schedule of its own (flat_cos_lr)"),
        ({**ASKED, "epochs": "many"}, "The arguments do not state the number of epochs."),
    ],
)
def test_why_no_schedule_is_known(tmp_path: Path, arguments: dict[str, Any], why: str) -> None:
    training = trainings.HEALTHY.changed(columns={"lr/pg0": RATE}, args=arguments)
    schedule = answer(training, tmp_path).schedule
    assert schedule is not None
    assert (schedule.expected, why in (schedule.why_not or "")) == (None, True)


def test_a_rate_that_is_not_known_of_every_epoch_implies_nothing(tmp_path: Path) -> None:
    training = trainings.HEALTHY.changed(columns={"lr/pg0": [np.nan, *RATE[1:]]}, args=ASKED)
    schedule = answer(training, tmp_path).schedule
    assert schedule is not None
    assert schedule.why_not == "The rate is not logged for every epoch."
    assert schedule.final is None


def test_the_clock_of_a_resumed_training_counts_single_epochs(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 41))
    for row in rows:
        row["time"] = 30.0 * (row["epoch"] - (20 if row["epoch"] > 20 else 0))
    write_args(write_csv(tmp_path, DETECT, rows), epochs=50)
    pace = detailed_run_of(judged(tmp_path)).pace
    assert pace is not None
    assert pace.seconds == [30.0] * 40
    assert (pace.median, pace.total, pace.slow) == (30.0, 1200.0, [])


def test_what_is_left_is_told_of_running_trainings_only(tmp_path: Path) -> None:
    folder = trainings.write(trainings.INTERRUPTED, tmp_path)
    pace = detailed_run_of(judged(folder)).pace
    assert pace is not None
    assert pace.left is None
    trainings.set_time(folder / "args.yaml", trainings.NOW - 3600)
    trainings.set_time(folder / "results.csv", trainings.NOW)
    pace = detailed_run_of(judged(folder)).pace
    assert pace is not None
    assert pace.left == 40 * 30.0


def test_no_time_no_pace(tmp_path: Path) -> None:
    nothing = [np.nan] * N
    assert answer(trainings.HEALTHY.changed(columns={"time": nothing}), tmp_path).pace is None


def test_rounds_that_were_recorded_have_their_times(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.describe(task="semantic", axis="iteration", epochs=3)
    for number, hours in enumerate((20.0, 5.0, 5.5)):
        recorder.log_epoch(number, seconds=hours * 3600, metrics={"pixel": {"f1": 0.6}})
    pace = detailed_run_of(judged(tmp_path)).pace
    assert pace is not None
    assert pace.seconds == [72_000, 18_000, 19_800]
    assert (pace.median, pace.total) == (19_800, 109_800)
