"""Two result tables: what is called better, what is a tie, and where of the trainings that is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Optional

import numpy as np
import pytest

from tensorboard_runlens.comparison import compare
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.sampling import half_width
from tensorboard_runlens.comparison.seeds import (
    OF_LOSS,
    USUAL,
    Seeds,
    assumed,
    seeds_of,
)
from tensorboard_runlens.run import ClassMetrics, Version
from tensorboard_runlens.statistics.level import Level
from tensorboard_runlens.statistics.proportion import Z_95
from tests.builders import YOLOV5, rows_of, write, write_csv
from tests.comparison.runs import (
    analysed,
    differences,
    main_difference,
    met,
    recorded_with,
    rising,
    write_run,
)

EXPLAINED = 1.96 * 0.0075 * 2**0.5
"""What seeds alone explain of two curves without noise."""


def flat(folder: Path, level: float, epochs: int = 60) -> Path:
    """A run whose metric is the same in every epoch."""
    return write_run(folder, np.full(epochs, level))


@pytest.mark.parametrize(
    ("delta", "verdict"),
    [(1.05, "better"), (0.95, "tie"), (-0.95, "tie"), (-1.05, "worse")],
)
def test_a_difference_is_a_verdict_from_what_seeds_explain_on(
    tmp_path: Path, delta: float, verdict: str
) -> None:
    base = flat(tmp_path / "base", 0.5)
    one = main_difference(base, flat(tmp_path / "other", 0.5 + delta * EXPLAINED))
    assert one.verdict == verdict
    assert one.delta == pytest.approx(delta * EXPLAINED, abs=1e-5)
    assert one.interval == pytest.approx(
        ((delta - 1) * EXPLAINED, (delta + 1) * EXPLAINED), abs=1e-4
    )
    assert one.detectable == pytest.approx((1.96 + 0.84) * 0.0075 * 2**0.5, abs=1e-4)


def test_equal_trainings_are_seldom_told_apart(tmp_path: Path) -> None:
    """Their seeds differ by what is usual: one or two of thirty are to be expected."""
    rng = np.random.default_rng(0)
    apart = 0
    for number in range(30):
        (one, other) = (
            write_run(
                tmp_path / f"{number}_{side}",
                rising(level=0.6 + rng.normal(0, USUAL), seed=2 * number + side),
            )
            for side in (0, 1)
        )
        apart += main_difference(one, other).verdict != "tie"
    assert apart <= 4


def test_two_maxima_are_never_compared(tmp_path: Path) -> None:
    """A lucky epoch makes a run no better."""
    lucky = rising()
    lucky[70] += 0.08
    one = main_difference(write_run(tmp_path / "a", rising()), write_run(tmp_path / "b", lucky))
    assert one.verdict == "tie"
    assert one.delta is not None
    assert one.delta < 0.02


def test_best_end_and_equal_epoch_are_told_apart(tmp_path: Path) -> None:
    """A run that got worse after its best is as good as another one by its best.pt, and worse at the end."""
    falling = np.concatenate([rising(60), np.linspace(0.6, 0.4, 60)])
    (steady, declined) = (
        write_run(tmp_path / "steady", rising(100)),
        write_run(tmp_path / "declined", falling),
    )
    found = differences(steady, declined)
    assert found[("map50_95", "best")].verdict == "tie"
    assert found[("map50_95", "end")].verdict == "worse"
    equal = found[("map50_95", "equal_epoch")]
    assert (equal.after, equal.verdict) == (100, "worse")
    assert equal.reason.split(";")[0].endswith("lower after 100 epochs each")


def test_at_equal_epoch_only_where_one_trained_longer(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / name, rising()) for name in ("a", "b")]
    assert ("map50_95", "equal_epoch") not in differences(*runs)


def test_frameworks_that_count_from_zero_have_trained_an_epoch_more(tmp_path: Path) -> None:
    ultralytics = write_run(tmp_path / "ultralytics", rising(30))
    rows = rows_of(YOLOV5, range(40))
    write_csv(tmp_path / "yolov5", YOLOV5, rows)
    equal = differences(ultralytics, tmp_path / "yolov5")[("map50_95", "equal_epoch")]
    assert equal.after == 30
    assert equal.delta == pytest.approx(
        np.mean([rows[n]["metrics/mAP_0.5:0.95"] for n in range(20, 30)])
        - rising(30)[20:30].mean(),
        abs=1e-4,
    )


def test_three_epochs_against_fifty_are_compared(tmp_path: Path) -> None:
    """Guide 002's own case: a test run of three epochs beside a real one."""
    short = write_run(tmp_path / "short", [0.05, 0.1, 0.15])
    found = differences(short, write_run(tmp_path / "long", rising(50)))
    assert found[("map50_95", "best")].verdict == "better"
    assert "50 epochs against 3" in found[("map50_95", "best")].caveats


def test_a_difference_too_small_to_show_has_no_sign(tmp_path: Path) -> None:
    base = flat(tmp_path / "base", 0.5)
    for delta, said in (
        (0.00047, "differs by less than 0.1 points"),
        (0.00053, "0.1 points higher"),
    ):
        assert said in main_difference(base, flat(tmp_path / str(delta), 0.5 + delta)).reason


@pytest.mark.parametrize(("kept", "said"), [(["a", "b"], True), (["a"], False), ([], False)])
def test_evaluating_again_is_named_where_it_can_be_done(
    tmp_path: Path, kept: list[str], said: bool
) -> None:
    runs = [write_run(tmp_path / name, rising(30, seed=ord(name))) for name in "ab"]
    for name in kept:
        write(tmp_path / name / "weights" / "best.pt", "")
    caveats = main_difference(*runs).caveats
    assert any("after runlens evaluate on both" in one for one in caveats) is said


def test_single_epochs_are_hardly_ever_told_apart(tmp_path: Path) -> None:
    """How far a training still is from where it would have arrived one epoch does not tell."""
    one = main_difference(write_run(tmp_path / "a", [0.2]), write_run(tmp_path / "b", [0.5]))
    assert one.verdict == "tie"


def test_one_epoch_each_says_little(tmp_path: Path) -> None:
    one = main_difference(write_run(tmp_path / "a", [0.3]), write_run(tmp_path / "b", [0.33]))
    assert one.verdict == "tie"
    assert one.interval is not None


def test_rows_that_were_not_validated_or_copied_do_not_count(tmp_path: Path) -> None:
    gaps = rising(60)
    gaps[::2] = np.nan
    one = main_difference(write_run(tmp_path / "a", rising(60)), write_run(tmp_path / "b", gaps))
    assert one.verdict == "tie"
    assert one.delta == pytest.approx(0, abs=0.01)


def test_a_run_without_any_metric_is_not_comparable(tmp_path: Path) -> None:
    nothing = write_run(
        tmp_path / "nothing",
        [np.nan] * 20,
        {
            name: [np.nan] * 20
            for name in ("metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)")
        },
    )
    one = main_difference(write_run(tmp_path / "a", rising(20)), nothing)
    assert (one.verdict, one.delta) == ("not_comparable", None)


# Seeds


def level(sigma: float = 0.0, rise: float = 0.0) -> Level:
    return Level(0.5, 0.0, sigma, rise, 0, 9)


def test_seeds_move_a_metric_by_the_usual_or_what_its_curve_shows() -> None:
    assert assumed(level(), USUAL) == USUAL
    assert assumed(level(sigma=1.01 * USUAL), USUAL) == pytest.approx(1.01 * USUAL)
    assert assumed(level(rise=-2.02 * USUAL), USUAL) == pytest.approx(1.01 * USUAL)
    assert assumed(level(sigma=0.99 * USUAL, rise=1.98 * USUAL), USUAL) == USUAL
    assert pytest.approx(0.02) == OF_LOSS


def test_without_repeats_what_is_usual_holds() -> None:
    assert Seeds().deviation(level()) == pytest.approx(USUAL)


def test_repeats_outweigh_what_is_usual_as_they_become_more() -> None:
    true = 4 * USUAL
    found = [Seeds(true**2 * free, free).deviation(level()) for free in (1, 2, 20)]
    assert USUAL < found[0] < found[1] < found[2] < true
    assert found[1] == pytest.approx(((USUAL**2 + true**2) / 2) ** 0.5)


def test_runs_that_differ_by_their_seed_only_are_the_repeats(tmp_path: Path) -> None:
    folders = [
        write_run(tmp_path / str(seed), np.full(60, 0.5 + 0.02 * seed), seed=seed)
        for seed in range(3)
    ]
    other = write_run(tmp_path / "other", np.full(60, 0.9), seed=5, lr0=0.5)
    seeds = seeds_of(met(*folders, other).contenders)[("box", "map50_95")]
    assert seeds.free == 2
    assert seeds.squares == pytest.approx(2 * 0.02**2)


def test_two_runs_of_one_seed_are_one_repeat_of_the_others(tmp_path: Path) -> None:
    folders = [
        write_run(tmp_path / name, np.full(60, value), seed=seed)
        for (name, value, seed) in (("a", 0.50, 0), ("again", 0.50, 0), ("b", 0.54, 1))
    ]
    seeds = seeds_of(met(*folders).contenders)[("box", "map50_95")]
    assert (seeds.free, seeds.squares) == (1, pytest.approx(2 * 0.02**2))


def test_a_training_that_was_repeated_with_other_results_is_harder_to_beat(tmp_path: Path) -> None:
    (first, better) = (flat(tmp_path / "base", 0.5), flat(tmp_path / "better", 0.53))
    assert main_difference(first, better).verdict == "better"
    repeats = [
        write_run(tmp_path / f"seed{seed}", np.full(60, value), seed=seed, lr0=0.3)
        for (seed, value) in ((1, 0.44), (2, 0.5), (3, 0.56), (4, 0.47))
    ]
    assert main_difference(first, better, *repeats).verdict == "tie"


# Other images


def counted(instances: Sequence[Optional[int]], images: Optional[int]) -> Contender:
    """A run of which no more is known than what it validated."""
    classes = [ClassMetrics(str(number), {}, None, one) for (number, one) in enumerate(instances)]
    data = SimpleNamespace(classes=classes, n_val_images=images)
    analysis: Any = SimpleNamespace(signals=SimpleNamespace(data=data))
    return Contender("run", analysis)


@pytest.mark.parametrize(
    ("instances", "images", "independent"),
    [
        ([300, 100], 50, 400 / 2),
        ([300, None], 50, 50),
        ([], 50, 50),
        ([], None, None),
        ([0, 0], None, None),
    ],
)
def test_what_other_images_would_do_is_told_where_their_number_is_known(
    instances: Sequence[Optional[int]], images: Optional[int], independent: Optional[float]
) -> None:
    found = half_width(counted(instances, images), 0.5)
    assert found == (
        None if independent is None else pytest.approx(Z_95 * (0.25 / independent) ** 0.5)
    )


def test_recorded_images_tell_how_far_others_would_move_a_metric(tmp_path: Path) -> None:
    runs = [recorded_with(tmp_path / name, ["t"], ["v"]) for name in ("a", "b")]
    assert main_difference(*runs).sampling is not None
    assert main_difference(flat(tmp_path / "c", 0.5), flat(tmp_path / "d", 0.5)).sampling is None


def test_average_precision_of_another_release_is_a_caveat(tmp_path: Path) -> None:
    """A1: from 8.4.37 on mAP is computed otherwise."""
    runs = [recorded_with(tmp_path / name, ["t"], ["v"]) for name in ("before", "after")]
    for run, version in zip(runs, ("8.4.36", "8.4.37")):
        manifest = run / "runlens" / "manifest.json"
        written = json.loads(manifest.read_text("utf-8"))
        manifest.write_text(json.dumps({**written, "version": version}), "utf-8")
    caveats = main_difference(*runs).caveats
    assert any(one.startswith("average precision: ") for one in caveats)
    assert "written by ultralytics 8.4.37 against ultralytics 8.4.36" in caveats


@pytest.mark.parametrize(("first", "said"), [("8.3.119", False), ("8.3.190", True)])
def test_releases_that_may_be_the_same_are_no_caveat(
    tmp_path: Path, first: str, said: bool
) -> None:
    analyses = {name: analysed(write_run(tmp_path / name, rising())) for name in "ab"}
    spans = {"a": Version("8.3.119", "8.3.161", "x"), "b": Version(first, "8.3.195", "x")}
    dated = {
        name: replace(one, run=replace(one.run, version=spans[name]))
        for (name, one) in analyses.items()
    }
    (one, *_) = compare(dated).differences
    assert any(caveat.startswith("written by") for caveat in one.caveats) is said


def test_what_another_framework_does_not_state_is_no_caveat(tmp_path: Path) -> None:
    ours = write_run(tmp_path / "ours", rising(), imgsz=640, iou=0.7, half=False, max_det=300)
    theirs = tmp_path / "theirs"
    write_csv(theirs, YOLOV5, rows_of(YOLOV5, range(30)))
    write(theirs / "opt.yaml", "imgsz: 640\nsingle_cls: false\nepochs: 30\n")
    caveats = main_difference(ours, theirs).caveats
    assert not any("not stated" in one for one in caveats)
    assert any(one.startswith("written by yolov5") for one in caveats)
    stated = main_difference(ours, write_run(tmp_path / "b", rising(), imgsz=640, iou=0.7)).caveats
    assert "max_det not stated against 300" in stated


@pytest.mark.parametrize("name", ["imgsz", "img_size"])
def test_image_sizes_are_compared_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    runs = [
        write_run(tmp_path / "a", rising(), imgsz=640),
        write_run(tmp_path / "b", rising(), **{name: [640, 640]}),
    ]
    assert not any("imgsz" in one for one in main_difference(*runs).caveats)


def test_another_stage_of_a_training_is_a_caveat(tmp_path: Path) -> None:
    (first, second) = (write_run(tmp_path / name, rising()) for name in ("a", "b"))
    analyses = {run.name: analysed(run) for run in (first, second)}
    router = replace(analyses["b"], run=replace(analyses["b"].run, stage="step2"))
    (one, *_) = compare({"a": analyses["a"], "b": router}).differences
    assert "stage step2 against not stated" in one.caveats
