"""How a run was trained: its learning rate against its arguments, slow epochs, copies of validations, unused losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import Console, History, Logged, Run, Version, empty_history
from tensorboard_runlens.signals.learning_rate import ScheduleSignals
from tensorboard_runlens.signals.times import TimeSignals
from tests.test_commands import run_of

from . import trainings
from .cases import (
    best_matches_no_epoch,
    cpu_training,
    frozen_validation,
    lr_level,
    slow_epochs,
    unused_loss,
)
from .cases.lr_schedule import COSINE, LINE, by_itself, rated
from .trainings import HEALTHY, N, Training, analysed

ROWS = np.arange(N)


def found(training: Training, folder: Path, rule: str) -> Optional[Finding]:
    analysis = analysed(training, folder)
    assert analysis.failed_rules == []
    return next((one for one in analysis.findings if one.rule == rule), None)


def history(**changes: Any) -> History:
    rows = max(
        len(values) for values in [*changes.get("lr", {}).values(), changes.get("seconds", ())]
    )
    return replace(empty_history(), epoch=np.arange(1, rows + 1), **changes)


def schedule(rate: Any, framework: str = "ultralytics", **arguments: Any) -> ScheduleSignals:
    rate = np.asarray(rate, float)
    stated = {"lrf": 0.01, "epochs": len(rate), **arguments}
    return ScheduleSignals(replace(run_of(framework, **stated), history=history(lr={"pg0": rate})))


def worst(signals: ScheduleSignals) -> float:
    assert signals.misfit is not None
    return float(signals.misfit.max())


@given(
    planned=st.integers(20, 400),
    done=st.floats(0.2, 1.0),
    iterations=st.integers(1, 200),
    final=st.sampled_from([0.0, 0.01, 0.1, 1.0]),
    cosine=st.booleans(),
    ahead=st.sampled_from([0, 1, -1]),
    peak=st.floats(1e-5, 0.1),
)
def test_no_schedule_of_ultralytics_leaves_its_arguments(
    planned: int,
    done: float,
    iterations: int,
    final: float,
    cosine: bool,
    ahead: int,
    peak: float,
) -> None:
    rows = np.arange(max(int(planned * done), 5))
    share = np.clip((rows + ahead) / planned, 0, 1)
    left = (1 + np.cos(np.pi * share)) / 2 if cosine else 1 - share
    warm = max(3 * iterations, 100)
    rate = peak * (final + (1 - final) * left) * np.minimum((rows + 1) * iterations / warm, 1)
    logged = np.array([float(f"{value:.5g}") for value in rate])
    signals = schedule(logged, lrf=final, epochs=planned, cos_lr=cosine)
    assert worst(signals) < 1.25
    assert signals.restarts == []


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("cos_lr", True, True),
        ("cos_lr", False, False),
        ("linear_lr", False, True),
        ("linear_lr", True, False),
        ("batch_size", 16, True),
    ],
)
def test_yolov5_says_its_shape_in_two_ways_or_not_at_all(name: str, value: Any, fits: bool) -> None:
    assert (worst(schedule(COSINE, "yolov5", **{name: value})) < 1.25) is fits


@pytest.mark.parametrize(
    "arguments",
    [
        {"lrf": None},
        {"lrf": "0.01"},
        {"lrf": True},
        {"lrf": 1.5},
        {"lrf": float("nan")},
        {"epochs": None},
        {"time": 2.0},
        {"flat_cos_lr": True},
        {"fixed_lr": True},
    ],
)
def test_without_usable_arguments_nothing_is_implied(arguments: dict[str, Any]) -> None:
    assert schedule([0.01] * N, **arguments).misfit is None


@pytest.mark.parametrize("framework", ["unknown", "events", "recorded", "selftraining"])
def test_other_programs_have_schedules_of_their_own(framework: str) -> None:
    assert schedule([0.01] * N, framework).misfit is None


@pytest.mark.parametrize("rate", [[], [0.0] * 5, [-0.1, 0.1], [0.1, float("inf")]])
def test_a_rate_that_is_none_is_not_judged(rate: Sequence[float]) -> None:
    signals = schedule(rate)
    assert (signals.rate, signals.peak, signals.misfit, signals.initial) == (None, None, None, None)
    assert (signals.warm_row, signals.restarts, signals.constant) == (0, [], False)


@pytest.mark.parametrize(("factor", "restarts"), [(1.51, [30]), (1.49, [])])
def test_half_as_much_again_is_a_restart(factor: float, restarts: list[int]) -> None:
    rate = np.where(ROWS < 30, LINE, LINE[29] * factor)
    assert schedule(rate).restarts == restarts


@pytest.mark.parametrize(("end", "constant"), [(0.0091, True), (0.0089, False)])
def test_nine_tenths_of_the_peak_is_no_decay(end: float, constant: bool) -> None:
    assert schedule(np.linspace(0.01, end, N)).constant is constant


@pytest.mark.parametrize(("bend", "warm"), [(0.14, 29), (0.16, 0)])
def test_warm_up_is_nearly_a_line(bend: float, warm: int) -> None:
    ramp = np.minimum((ROWS + 1) / 30, 1)
    ramp[0] += bend
    ramp[1] = ramp[0]
    assert schedule(LINE * ramp).warm_row == warm


@pytest.mark.parametrize(("off", "fits"), [(0.00019, True), (0.00021, False)])
def test_a_fiftieth_of_the_peak_is_negligible(off: float, fits: bool) -> None:
    rate = LINE + off * ((ROWS == 20) * 1.0 - (ROWS == 40))  # as no reading shifted by an epoch is
    assert (worst(schedule(rate)) == 1) is fits


@pytest.mark.parametrize(("above", "ends"), [(0.00095, True), (0.00105, False)])
def test_a_thousandth_is_rounding(above: float, ends: bool) -> None:
    ramp = np.minimum((ROWS + 1) / 40, 1)
    ramp[55] += above
    assert (schedule(LINE * ramp).warm_row == 39) is ends


@pytest.mark.parametrize(
    ("ahead", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_the_rate_may_be_logged_an_epoch_before_or_after_its_step(ahead: int, fits: bool) -> None:
    share = np.clip((np.arange(10) + ahead) / 10, 0, 1)
    signals = schedule(0.01 * (1 - 0.9 * share), lrf=0.1, epochs=10)
    assert (worst(signals) == 1) is fits


def test_a_long_warm_up_that_was_asked_for_has_another_cause(tmp_path: Path) -> None:
    rate = LINE * np.minimum((ROWS + 1) / 20, 1)
    for asked, why, key in (
        (20.0, "warmup_epochs=20 asks for it", "shorter-warm-up"),
        (3.0, "an epoch has few batches", "smaller-batch"),
    ):
        training = rated(rate, warmup_epochs=asked, batch=16)
        finding = found(training, tmp_path / why, "lr-schedule")
        assert finding is not None
        assert why in finding.summary
        assert finding.advice[-1].key == key


def test_epochs_without_mosaic_do_not_make_the_others_slow(tmp_path: Path) -> None:
    taken = np.where(ROWS < 40, 100.0, 60.0)
    training = HEALTHY.changed(columns={"time": np.cumsum(taken).tolist()})
    assert found(training, tmp_path / "a", "slow-epochs") is not None
    closed = training.changed(args={"close_mosaic": 20})
    assert found(closed, tmp_path / "b", "slow-epochs") is None


def test_a_time_that_is_not_known_is_not_slow() -> None:
    signals = times([np.nan, *np.arange(1, 30) * 60.0])
    assert 0 not in signals.slow(0.0, 0.0)


def test_a_low_rate_of_other_programs_may_be_that_of_a_part(tmp_path: Path) -> None:
    run = open_run(str(trainings.write(lr_level.small(), tmp_path)))
    assert judged(run, "lr-level") is not None
    assert judged(replace(run, framework="events"), "lr-level") is None


def test_metrics_that_repeat_in_a_short_run_are_no_verdict(tmp_path: Path) -> None:
    metric = [HEALTHY.map50_95[0]] * 5
    short = trainings.first(HEALTHY, 5).changed(map50_95=metric)
    analysis = analysed(short, tmp_path)
    assert analysis.health.rule == "too-short"
    assert "frozen-validation" not in [one.rule for one in analysis.findings]


def test_the_cpu_time_of_a_training_that_goes_on_is_so_far(tmp_path: Path) -> None:
    case = cpu_training.on("cpu", 600)
    run = open_run(str(trainings.write(case.changed(args={**case.args, "epochs": 300}), tmp_path)))
    growing = replace(run, growing=True, files=replace(run.files, newest=trainings.NOW))
    for one, words in ((growing, "hours so far"), (run, "hours in all")):
        finding = judged(one, "cpu-training")
        assert finding is not None
        assert words in finding.summary


def test_an_lrf_of_zero_is_a_decay_to_nothing() -> None:
    assert worst(schedule(0.01 * (1 - ROWS / N), lrf=0)) == 1
    assert worst(schedule([0.01] * N, lrf=0)) > 10


def test_the_initial_rate_is_not_known_while_it_warms_up() -> None:
    assert schedule(LINE[:2] * [0.3, 0.6], epochs=N).initial is None
    assert schedule(LINE, epochs=N).initial == pytest.approx(0.01)


def test_a_restart_is_information_in_its_own_words(tmp_path: Path) -> None:
    rate = np.where(ROWS < 30, LINE, LINE[np.maximum(ROWS - 30, 0)])
    finding = found(rated(rate), tmp_path, "lr-schedule")
    assert finding is not None
    assert (finding.severity, finding.evidence["fault"]) == ("info", "restart")
    assert "at epoch 31:" in finding.summary
    assert finding.span == (30, 59)


def test_another_end_than_asked_for_is_information(tmp_path: Path) -> None:
    finding = found(rated(0.01 * (1 - 0.8 * ROWS / N)), tmp_path, "lr-schedule")
    assert finding is not None
    assert (finding.severity, finding.evidence["fault"]) == ("info", "misfit")
    assert finding.evidence["rate"] == pytest.approx(0.01 * (1 - 0.8 * 59 / 60), rel=1e-4)


def test_a_constant_rate_of_another_program_is_said_where_nothing_rises(tmp_path: Path) -> None:
    flat = by_itself([0.01] * N, map50_95=[0.5, 0.51] * (N // 2))
    finding = found(flat, tmp_path, "lr-schedule")
    assert finding is not None
    assert (finding.severity, finding.evidence["fault"]) == ("info", "constant")


@pytest.mark.parametrize(("rows", "usual"), [(11, 2.0), (10, None)])
def test_ten_durations_make_a_usual_one(rows: int, usual: Optional[float]) -> None:
    assert times(np.arange(1, rows + 1) * 2.0).usual == usual


def times(seconds: Any, validated: Any = True, **logged: Any) -> TimeSignals:
    run = replace(
        run_of("ultralytics"),
        history=history(seconds=np.asarray(seconds, float)),
        logged=Logged(len(seconds), (), **logged),
    )
    return TimeSignals(run, np.broadcast_to(validated, len(seconds)))


def test_the_usual_duration_is_the_lower_quartile() -> None:
    assert times(np.cumsum([0, *[10.0] * 24, *[90.0] * 66])).usual == 10.0
    assert times(np.cumsum([0, *[10.0] * 22, *[90.0] * 68])).usual == 90.0


@pytest.mark.parametrize(("rows", "slow"), [(5, 5), (4, 0)])
def test_five_slow_epochs_in_a_row_are_a_stretch(rows: int, slow: int) -> None:
    signals = times(np.cumsum([*[10.0] * 30, *[20.0] * rows, *[10.0] * 10]))
    assert len(signals.slow(1.5, 3.0)) == slow


def test_first_epochs_of_processes_and_epochs_without_validation_are_left_out() -> None:
    validated = np.arange(40) % 2 == 0
    taken = np.where(validated, 20.0, 10.0)
    taken[[0, 10]] = 500
    signals = times(np.cumsum(taken), validated, resumed=(11,))
    assert np.isnan(signals.seconds[[0, 1, 10]]).all()
    assert signals.usual == 20.0
    assert len(signals.slow(1.5, 3.0)) == 0


@pytest.mark.parametrize(("days", "slow"), [(29.9, 1), (30.1, 0), (float("inf"), 0)])
def test_a_month_is_no_epoch(days: float, slow: int) -> None:
    signals = times(np.cumsum([*[10.0] * 20, days * 86400, *[10.0] * 20]))
    assert len(signals.slow(1.5, 3.0)) == slow


def test_a_run_without_times_has_no_usual_duration() -> None:
    signals = TimeSignals(replace(run_of("yolov5"), history=history(lr={"x": LINE})), ROWS >= 0)
    assert signals.usual is None
    assert len(signals.slow(1.5, 3.0)) == 0


def test_a_steady_slowing_is_told_by_the_rule_that_knows_more(tmp_path: Path) -> None:
    last = slow_epochs.timed(60, dict.fromkeys(range(40, N), 110))
    slowing = trainings.SLOWING.changed(columns=last.columns)
    assert found(last, tmp_path / "alone", "slow-epochs") is not None
    rules = [one.rule for one in analysed(slowing, tmp_path / "recorded").findings]
    assert "throughput-drift" in rules
    assert "slow-epochs" not in rules


def judged(run: Run, rule: str) -> Optional[Finding]:
    analysis = analyse(run, now=trainings.NOW)
    assert analysis.failed_rules == []
    return next((one for one in analysis.findings if one.rule == rule), None)


@pytest.mark.parametrize(
    ("device", "torch", "key"),
    [
        ("CPU (12th Gen Intel Core(TM) i9-12900)", "2.3.0+cpu", "install-cuda"),
        ("CPU (Apple M1)", "2.3.0", "use-gpu"),
        ("CUDA:0 (NVIDIA RTX A6000, 48685MiB)", "2.3.0+cu121", None),
    ],
)
def test_a_console_tells_device_and_build(
    device: str, torch: str, key: Optional[str], tmp_path: Path
) -> None:
    run = open_run(str(trainings.write(cpu_training.on("cpu", 600), tmp_path)))
    console = Console("train.log", device=device, torch=torch)
    finding = judged(replace(run, console=console), "cpu-training")
    assert (finding.advice[0].key if finding else None) == key


def test_the_total_of_a_console_stands_for_missing_times(tmp_path: Path) -> None:
    without = HEALTHY.changed(columns={"time": [float("nan")] * N}, args={"device": "cpu"})
    run = open_run(str(trainings.write(without, tmp_path)))
    assert judged(run, "cpu-training") is None
    finding = judged(replace(run, console=Console("train.log", hours=6.0)), "cpu-training")
    assert finding is not None
    assert finding.summary.startswith("6 minutes an epoch on the CPU, about 6.0 hours in all")


@pytest.mark.parametrize(
    ("version", "confidence"),
    [
        (Version("8.3.78", "8.3.78", "test"), "high"),
        (Version("8.3.0", "8.4.0", "test"), "moderate"),
        (None, "moderate"),
        (Version("8.3.79", "8.4.0", "test"), None),
    ],
)
def test_repeated_metrics_are_a_collapse_in_old_releases(
    version: Optional[Version], confidence: Optional[str], tmp_path: Path
) -> None:
    run = open_run(str(trainings.write(frozen_validation.repeating(5), tmp_path)))
    finding = judged(replace(run, version=version), "frozen-validation")
    assert (finding.confidence if finding else None) == confidence
    if finding:
        assert finding.severity == "warning"


def test_a_collapse_that_was_overcome_is_information(tmp_path: Path) -> None:
    metric = [*HEALTHY.map50_95[:10], *[HEALTHY.map50_95[9]] * 4, *HEALTHY.map50_95[14:]]
    finding = found(HEALTHY.changed(map50_95=metric), tmp_path, "frozen-validation")
    assert finding is not None
    assert (finding.severity, finding.span) == ("info", (9, 13))


def test_accuracies_repeat_by_chance(tmp_path: Path) -> None:
    run = open_run(str(trainings.write(frozen_validation.repeating(5), tmp_path)))
    assert judged(replace(run, task="classify"), "frozen-validation") is None


def test_a_rhythm_is_said_as_such(tmp_path: Path) -> None:
    finding = found(frozen_validation.every(4), tmp_path, "frozen-validation")
    assert finding is not None
    assert finding.severity == "info"
    assert finding.summary.endswith("it was run every 4 epochs.")
    assert [one.key for one in finding.advice] == ["validate-each"]


@pytest.mark.parametrize(
    ("args", "change"),
    [({"nbs": 64, "batch": 8}, ("nbs", 64, 8)), ({"nbs": 64, "batch": 64}, None), ({}, None)],
)
def test_few_steps_are_mended_by_gathering_fewer_images(
    args: dict[str, Any], change: Any, tmp_path: Path
) -> None:
    training = frozen_validation.copying([3, *range(6, 40, 3)]).changed(args=args)
    finding = found(training, tmp_path, "frozen-validation")
    assert finding is not None
    assert [(one.key, one.change) for one in finding.advice] == [("lower-nbs", change)]


def test_weights_that_did_not_move_are_a_warning(tmp_path: Path) -> None:
    finding = found(frozen_validation.copying(range(30, N)), tmp_path, "frozen-validation")
    assert finding is not None
    assert (finding.severity, finding.evidence["kind"]) == ("warning", "stuck")
    assert [one.key for one in finding.advice] == ["amp-off", "lower-nbs"]


def test_a_rhythm_that_breaks_off_is_none(tmp_path: Path) -> None:
    case = frozen_validation.copying(row for row in range(N) if row % 5 or row > 40)
    finding = found(case, tmp_path, "frozen-validation")
    assert finding is not None
    assert finding.evidence["kind"] == "stuck"


def test_labels_that_are_missing_in_validation_only(tmp_path: Path) -> None:
    case = unused_loss.losses(
        val_box=unused_loss.NOTHING, train_cls=unused_loss.FALLING, val_cls=unused_loss.FALLING
    )
    finding = found(case, tmp_path / "a", "unused-loss")
    assert finding is not None
    assert (finding.severity, finding.evidence["loss"]) == ("critical", "val box")
    found_some = case.changed(map50_95=HEALTHY.map50_95)
    assert found(found_some, tmp_path / "b", "unused-loss") is None


@pytest.mark.parametrize(
    ("classes", "args", "fires"),
    [(2, {}, True), (1, {}, False), (None, {}, False), (2, {"single_cls": True}, False)],
)
def test_a_classification_loss_of_zero_is_said_where_there_are_classes(
    classes: Optional[int], args: dict[str, Any], fires: bool, tmp_path: Path
) -> None:
    nothing = {"train/cls_loss": unused_loss.NOTHING, "val/cls_loss": unused_loss.NOTHING}
    names = [f"class{number}" for number in range(classes or 0)]
    manifest = {"names": names} if classes else {}
    training = HEALTHY.changed(
        columns=nothing, args=args, manifest=manifest, recording=[{}] * N if classes else ()
    )
    finding = found(training, tmp_path, "unused-loss")
    assert (finding is not None) is fires
    if finding:
        assert finding.severity == "info"


def test_an_evaluation_that_fits_another_epoch_names_it(tmp_path: Path) -> None:
    metrics = {"map50": HEALTHY.map50_95[30] + 0.2, "map50_95": HEALTHY.map50_95[30]}
    finding = found(HEALTHY.changed(final=metrics), tmp_path, "best-matches-no-epoch")
    assert finding is not None
    assert (finding.confidence, finding.evidence["nearest_epoch"]) == ("low", 31)
    assert finding.summary.endswith("it fits epoch 31.")


def test_an_evaluation_that_fits_none_says_so(tmp_path: Path) -> None:
    finding = found(best_matches_no_epoch.evaluated(0.05), tmp_path, "best-matches-no-epoch")
    assert finding is not None
    assert (finding.severity, finding.confidence) == ("warning", "moderate")
    assert "5.0 points apart" in finding.summary
    assert finding.summary.endswith("it fits no epoch.")
