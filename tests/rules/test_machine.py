"""Rules on what the callback recorded of the machine: both sides of every limit, and what each advises."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional

import numpy as np
import pytest

from tensorboard_runlens.report.text import show
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals import Signals

from . import trainings
from .machine_trainings import memory, norms, skipping, speeds, waiting
from .trainings import HEALTHY, NOW, Training, analysed, first, tracked


@pytest.fixture
def finding(tmp_path: Path) -> Callable[[Training, str], Optional[Finding]]:
    """What a rule finds in a training."""

    def find(training: Training, rule: str) -> Optional[Finding]:
        analysis = analysed(training, tmp_path)
        assert analysis.failed_rules == []
        return next((one for one in analysis.findings if one.rule == rule), None)

    return find


Find = Callable[[Training, str], Optional[Finding]]


def sure(found: Optional[Finding]) -> Finding:
    assert found is not None
    return found


def changes(found: Optional[Finding]) -> dict[str, Any]:
    """Key of each advice and the argument it changes."""
    return {advice.key: advice.change for advice in sure(found).advice}


@pytest.mark.parametrize(("seconds", "fires"), [(6.74, False), (6.76, True)])
def test_a_fifth_of_waiting_is_input_bound(seconds: float, fires: bool, finding: Find) -> None:
    assert (finding(waiting(seconds), "input-bound") is not None) is fires


@pytest.mark.parametrize(("busy", "fires"), [(0.91, False), (0.89, True)])
def test_a_busy_gpu_does_not_wait(busy: float, fires: bool, finding: Find) -> None:
    training = waiting(20, gpu={"utilisation": {"mean": busy, "max": 1.0}})
    found = finding(training, "input-bound")
    assert (found is not None) is fires
    if found:
        assert found.confidence == "high"
        assert "busy 89 %" in found.summary


@pytest.mark.parametrize(("seconds", "fires"), [(1.19, False), (1.21, True)])
def test_less_than_a_minute_of_waiting_is_not_worth_a_word(
    seconds: float, fires: bool, finding: Find
) -> None:
    assert (finding(waiting(seconds, 1), "input-bound") is not None) is fires


@pytest.mark.parametrize(("seconds", "severity"), [(59.9, "info"), (60.1, "warning")])
def test_an_hour_of_waiting_is_a_warning(seconds: float, severity: str, finding: Find) -> None:
    assert sure(finding(waiting(seconds, 60), "input-bound")).severity == severity


def test_the_first_epoch_may_wait(finding: Find) -> None:
    training = tracked(lambda row: {"data_seconds": 900.0 if row == 0 else 1.0})
    assert finding(training, "input-bound") is None


@pytest.mark.parametrize(("epochs", "fires"), [(2, False), (3, True)])
def test_two_epochs_after_the_first_are_needed(epochs: int, fires: bool, finding: Find) -> None:
    training = first(waiting(60), epochs)
    assert (finding(training, "input-bound") is not None) is fires


@pytest.mark.parametrize(
    ("args", "manifest", "expected"),
    [
        ({"workers": 0}, {}, {"more-workers": ("workers", 0, 8), "cache": ("cache", False, "ram")}),
        ({"workers": 2, "cache": "ram"}, {}, {"more-workers": ("workers", 2, 8)}),
        ({"workers": 8}, {}, {"cache": ("cache", False, "ram")}),
        ({"workers": 8, "cache": "disk"}, {}, {"lighter-input": None}),
        ({"workers": 8, "cache": False}, {"device": "cpu"}, {"cache": ("cache", False, "ram")}),
        (
            {"workers": 16, "imgsz": 1280},
            {"images": {"train": 100_000, "val": 10}},
            {"cache": ("cache", False, "disk")},
        ),
        ({}, {}, {"more-workers": None, "cache": ("cache", False, "ram")}),
    ],
)
def test_advice_on_waiting_depends_on_what_was_done(
    args: Any, manifest: Any, expected: Any, finding: Find
) -> None:
    training = waiting(20).changed(args=args, manifest=manifest)
    assert changes(finding(training, "input-bound")) == expected


def test_the_size_of_the_cache_is_said(finding: Find) -> None:
    training = waiting(20).changed(
        args={"workers": 8, "imgsz": 640}, manifest={"images": {"train": 1000, "val": 10}}
    )
    assert "at most 1.2 GB" in sure(finding(training, "input-bound")).advice[0].text


def test_on_a_cpu_images_are_loaded_not_waited_for(finding: Find) -> None:
    found = sure(finding(waiting(20).changed(manifest={"device": "cpu"}), "input-bound"))
    assert found.summary.startswith("Loading images takes 43 % of the training time")


def test_a_running_training_is_judged_by_its_plan(tmp_path: Path) -> None:
    training = first(waiting(20), 10).changed(args={"epochs": 600})
    signals = analysed(training, tmp_path).signals
    running = Signals(signals.run, NOW)
    assert running.machine.hours(60) == pytest.approx(10 / 60)
    vars(running).pop("machine")
    vars(running)["state"] = "running"
    assert running.machine.hours(60) == pytest.approx(10)


@pytest.mark.parametrize(("share", "fires"), [(0.919, False), (0.921, True)])
def test_tensors_that_leave_no_room_fill_the_memory(
    share: float, fires: bool, finding: Find
) -> None:
    found = finding(memory(share * 80e9), "gpu-memory")
    assert (found is not None) is fires
    if found:
        assert (found.severity, changes(found)) == ("info", {"smaller-batch": ("batch", 16, 8)})
        assert "92 % of 80.0 GB" in found.summary


@pytest.mark.parametrize(("share", "fires"), [(0.399, True), (0.401, False)])
def test_memory_for_twice_the_batch_is_unused(share: float, fires: bool, finding: Find) -> None:
    found = finding(memory(share * 80e9), "gpu-memory")
    assert (found is not None) is fires
    if found:
        assert (found.severity, changes(found)) == ("info", {"larger-batch": ("batch", 16, 32)})


@pytest.mark.parametrize(
    ("training", "fires"),
    [
        (memory(20e9, batch=-1), False),
        (memory(20e9, batch=63), True),
        (memory(20e9, batch=64), False),
        (memory(20e9, gpu={"utilisation": {"mean": 0.89}}), True),
        (memory(20e9, gpu={"utilisation": {"mean": 0.91}}), False),
        (memory(20e9, gpu={"memory_used": 60e9}), False),
        (memory(20e9, data_seconds=20.0), False),
        (memory(20e9).changed(manifest={"device": "mps"}), False),
        (memory(20e9).changed(manifest={"images": {"train": 31, "val": 9}}), False),
        (memory(20e9).changed(manifest={"images": {"train": 32, "val": 9}}), True),
    ],
)
def test_unused_memory_matters_where_a_larger_batch_could_help(
    training: Training, fires: bool, finding: Find
) -> None:
    assert (finding(training, "gpu-memory") is not None) is fires


def test_a_halved_batch_is_named(finding: Find) -> None:
    training = tracked(lambda row: {"out_of_memory_retries": 2 if row == 0 else 0})
    found = sure(finding(training.changed(args={"batch": 16}), "gpu-memory"))
    assert "2 times in the first epoch; it was trained with batch=4 instead of 16" in found.summary
    assert (found.severity, changes(found)) == ("warning", {"smaller-batch": ("batch", 16, 4)})


@pytest.mark.parametrize(
    ("skipped", "severity"),
    [
        (9, None),
        (10, "info"),
        (49, "info"),
        (50, "warning"),
        (499, "warning"),
        (500, "critical"),
    ],
)
def test_the_share_of_skipped_steps_is_the_severity(
    skipped: int, severity: Optional[str], finding: Find
) -> None:
    found = finding(skipping(lambda row: skipped), "skipped-steps")
    assert (found.severity if found else None) == severity


@pytest.mark.parametrize(("skipped", "fires"), [(16, False), (17, True)])
def test_the_search_for_the_scale_may_last_longer_than_an_epoch(
    skipped: int, fires: bool, finding: Find
) -> None:
    training = skipping(lambda row: int(1 <= row <= skipped), steps=5)
    assert (finding(training, "skipped-steps") is not None) is fires


def test_steps_skipped_in_the_first_epoch_are_the_search_for_the_scale(finding: Find) -> None:
    assert finding(skipping(lambda row: 900 if row == 0 else 0), "skipped-steps") is None


@pytest.mark.parametrize(("scale", "fires"), [(0.99, True), (1.0, False), (0.0, False)])
def test_a_scale_below_one_shrinks_gradients(scale: float, fires: bool, finding: Find) -> None:
    assert (finding(skipping(lambda row: 0, scale=scale), "skipped-steps") is not None) is fires


@pytest.mark.parametrize(
    ("version", "keys"), [("8.4.128", ["amp-off"]), ("8.4.129", ["bfloat16", "amp-off"])]
)
def test_bfloat16_is_advised_where_the_release_knows_it(
    version: str, keys: list[str], finding: Find
) -> None:
    training = skipping(lambda row: 100).changed(args={"amp": True}, manifest={"version": version})
    found = changes(finding(training, "skipped-steps"))
    assert list(found) == keys
    assert found["amp-off"] == ("amp", True, False)


@pytest.mark.parametrize(("end", "fires"), [(86, False), (84, True)])
def test_a_tenth_of_the_speed_is_drift(end: float, fires: bool, finding: Find) -> None:
    """The medians of the outer thirds lie two thirds of the whole way apart."""
    found = finding(speeds(np.linspace(100, end, 60)), "throughput-drift")
    assert (found is not None) is fires


def test_a_slow_epoch_now_and_then_is_no_drift(finding: Find) -> None:
    rates = np.random.default_rng(5).permutation(np.linspace(60, 100, 60))
    assert finding(speeds(rates), "throughput-drift") is None


def test_a_fall_that_chance_makes_is_none(finding: Find) -> None:
    rates = [100, 100, 80, 101, 99, 100, 81, 100, 80, 85, 98, 79, 82]
    assert finding(speeds(rates, first(HEALTHY, 13)), "throughput-drift") is None


@pytest.mark.parametrize(("epochs", "fires"), [(10, False), (11, True)])
def test_ten_epochs_after_the_first_make_a_trend(epochs: int, fires: bool, finding: Find) -> None:
    training = speeds(np.linspace(100, 50, epochs), first(HEALTHY, epochs))
    assert (finding(training, "throughput-drift") is not None) is fires


@pytest.mark.parametrize(
    ("images", "severity"), [(0.4, None), (0.41, "info"), (20, "info"), (20.5, "warning")]
)
def test_an_hour_lost_is_a_warning_and_less_than_a_minute_nothing(
    images: float, severity: Optional[str], finding: Find
) -> None:
    rates = np.linspace(100, 50, 60)

    def work(row: int) -> dict[str, Any]:
        rate = float(rates[row])
        return {
            "images_per_second": rate,
            "compute_seconds": images * 1000 / rate,
            "data_seconds": 0,
        }

    found = finding(tracked(work), "throughput-drift")
    assert (found.severity if found else None) == severity
    if found:
        lost = (images * 1000 / rates[1:] - images * 1000 / np.median(rates[1:20])).sum() / 3600
        assert found.evidence["hours"] == pytest.approx(lost, rel=0.02)


def test_mosaic_that_closes_is_no_change_of_speed(finding: Find) -> None:
    """Mosaic loads four images for one, so training is faster without."""
    without = speeds(np.where(np.arange(60) < 50, 100, 60)).changed(args={"close_mosaic": 10})
    assert finding(without, "throughput-drift") is None
    assert finding(without.changed(args={"close_mosaic": 0}), "throughput-drift") is not None


def test_the_recorded_epoch_of_closing_is_believed(finding: Find) -> None:
    training = speeds(np.where(np.arange(60) < 30, 100, 60))
    assert finding(training, "throughput-drift") is not None
    recorded = training.changed(manifest={"close_mosaic_epoch": 31})
    assert finding(recorded, "throughput-drift") is None


def test_a_gpu_that_warms_up_is_named(finding: Find) -> None:
    training = tracked(
        lambda row: {
            "images_per_second": 100.0 - row,
            "compute_seconds": 27.0 + row,
            "gpu": {"temperature_celsius": {"mean": 60.0 + row / 2, "max": 90.0}},
        }
    )
    found = sure(finding(training, "throughput-drift"))
    assert "while the GPU went from 65 to 85 °C" in found.summary
    assert list(changes(found)) == ["cool-gpu"]


@pytest.mark.parametrize(
    ("part", "key"), [("data_seconds", "check-storage"), ("compute_seconds", "check-programs")]
)
def test_the_part_that_got_slower_is_told(part: str, key: str, finding: Find) -> None:
    training = tracked(lambda row: {"images_per_second": 100.0 - row, part: 27.0 + row})
    found = sure(finding(training, "throughput-drift"))
    assert found.evidence["slower"] == part.partition("_")[0]
    assert list(changes(found)) == [key]


@pytest.mark.parametrize(("end", "fires"), [(299, False), (301, True)])
def test_an_order_of_magnitude_is_an_explosion(end: float, fires: bool, finding: Find) -> None:
    found = finding(norms(np.where(np.arange(60) < 40, 30, end)), "exploding-gradients")
    assert (found is not None) is fires
    if found:
        assert found.confidence == "low"


@pytest.mark.parametrize(("end", "fires"), [(9.9, False), (10.1, True)])
def test_gradients_below_clipping_do_not_explode(end: float, fires: bool, finding: Find) -> None:
    found = finding(norms(np.where(np.arange(60) < 40, 0.5, end)), "exploding-gradients")
    assert (found is not None) is fires


@pytest.mark.parametrize(("epochs", "fires"), [(6, False), (7, True)])
def test_six_epochs_after_the_first_make_a_level(epochs: int, fires: bool, finding: Find) -> None:
    for rule, low, high in (("exploding-gradients", 30, 3000), ("vanishing-gradients", 3000, 0)):
        training = first(HEALTHY.changed(train=[2.0] * 60), epochs)
        values = np.where(np.arange(epochs) < epochs - 3, low, high)
        assert (finding(norms(values, training), rule) is not None) is fires


def test_high_norms_that_fall_are_a_sound_training(finding: Find) -> None:
    training = norms(np.geomspace(1400, 12, 60), clipped=1.0)
    for rule in ("exploding-gradients", "vanishing-gradients"):
        assert finding(training, rule) is None


def test_one_bad_epoch_is_no_explosion(finding: Find) -> None:
    values = np.where(np.arange(60) == 59, 1e6, 30)
    assert finding(norms(values), "exploding-gradients") is None


def test_an_explosion_with_a_loss_that_diverged_is_surer(finding: Find) -> None:
    values = np.where(np.arange(60) < 40, 30, 900)
    found = finding(norms(values, trainings.DIVERGED), "exploding-gradients")
    assert sure(found).confidence == "moderate"


@pytest.mark.parametrize(("steps", "fires"), [(0, False), (1, True)])
def test_one_step_without_a_finite_gradient_is_said(steps: int, fires: bool, finding: Find) -> None:
    found = finding(norms([30] * 60, not_finite=steps), "exploding-gradients")
    assert (found is not None) is fires


def test_mixed_precision_leaves_such_steps_out(finding: Find) -> None:
    training = tracked(lambda row: {"amp": {"scale": 8.0, "steps": 100}}, not_finite=1)
    assert finding(training, "exploding-gradients") is None


@pytest.mark.parametrize(
    ("args", "change"),
    [
        ({"lr0": 0.01, "optimizer": "SGD"}, ("lr0", 0.01, 0.0033)),
        ({"lr0": 0.5, "optimizer": "auto"}, ("lr0", 0.01, 0.0033)),
        ({}, None),
    ],
)
def test_the_learning_rate_is_named_where_it_counts(args: Any, change: Any, finding: Find) -> None:
    training = norms([30] * 60, HEALTHY.changed(args=args), not_finite=1)
    assert changes(finding(training, "exploding-gradients")) == {"lower-lr": change}


@pytest.mark.parametrize(("end", "fires"), [(0.0299, True), (0.0301, False)])
def test_a_thousandth_of_the_norm_has_vanished(end: float, fires: bool, finding: Find) -> None:
    training = norms(np.where(np.arange(60) < 40, 30, end), HEALTHY.changed(train=[2.0] * 60))
    found = finding(training, "vanishing-gradients")
    assert (found is not None) is fires
    if found:
        assert found.confidence == "low"


@pytest.mark.parametrize(("left", "fires"), [(0.99, False), (1.01, True)])
def test_small_gradients_are_the_aim_where_the_loss_fell(
    left: float, fires: bool, finding: Find
) -> None:
    losses = [2.0, *[left] * 59]
    training = norms(np.where(np.arange(60) < 40, 30, 0), HEALTHY.changed(train=losses))
    found = finding(training, "vanishing-gradients")
    assert (found is not None) is fires
    if found:
        assert found.confidence == "moderate"


def test_epochs_that_were_trained_again_are_said(finding: Find) -> None:
    training = tracked(lambda row: {"nan_recoveries": 2 if row == 7 else 0})
    found = sure(finding(training, "non-finite"))
    assert "2 times (first: epoch 8)" in found.summary
    assert found.span == (7, 7)


def test_a_resumed_process_has_a_first_epoch_of_its_own(tmp_path: Path) -> None:
    folder = trainings.write(waiting(1), tmp_path)
    lines = (folder / "results.csv").read_text().splitlines()
    for row in range(31, 61):  # the clock of a resumed process begins at zero
        cells = lines[row].split(",")
        lines[row] = ",".join([cells[0], f"{30 * (row - 30)}", *cells[2:]])
    (folder / "results.csv").write_text("\n".join(lines) + "\n")
    machine = trainings.judged(folder).signals.machine
    assert np.flatnonzero(~machine.settled).tolist() == [0, 30]
    assert machine.steady_rows.tolist() == list(range(1, 30))


def test_small_findings_on_speed_do_not_lead_the_headline(tmp_path: Path) -> None:
    analysis = analysed(waiting(20), tmp_path)
    assert [one.rule for one in analysis.findings] == ["input-bound"]
    assert analysis.headline.startswith("Best mAP50-95")
    warned = analysed(waiting(200), tmp_path)
    assert warned.headline.startswith("Training waits for images")


def test_an_epoch_ahead_of_the_table_is_left_out(tmp_path: Path) -> None:
    training = waiting(20)
    ahead = first(training, 20).changed(recording=training.recording[:20])
    folder = trainings.write(ahead, tmp_path)
    with (folder / "runlens" / "epochs.jsonl").open("a") as file:
        file.write('{"epoch": 21, "machine": {"data_seconds": 9e9}}\n')
    machine = trainings.judged(folder).signals.machine
    assert len(machine.value("data_seconds")) == 20
    assert machine.highest("data_seconds") == 20.0


def test_the_command_tells_speed_and_waiting(tmp_path: Path) -> None:
    lines = show(analysed(waiting(9, images_per_second=10.0), tmp_path)).splitlines()
    (said,) = [line for line in lines if line.startswith("machine: ")]
    assert said == "machine: 10 training images/s, 25 % of the training time waiting for data"
