"""The guide's checklist filled in, and the facts and arguments beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.comparison import Comparison
from tensorboard_runlens.comparison.answer import compare_answer
from tensorboard_runlens.comparison.checklist import (
    APART,
    OTHERWISE,
    UNKNOWN,
    Item,
    checklist,
)
from tensorboard_runlens.comparison.configuration import MAX_ARGUMENTS, configuration
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.curve import curve_of
from tensorboard_runlens.comparison.facts import epochs_to_converge, facts_of
from tensorboard_runlens.comparison.losses import explained_of_losses, losses_apart
from tensorboard_runlens.comparison.objects import Errors, errors_of
from tensorboard_runlens.comparison.seeds import OF_LOSS
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.run import Detections, Evidence
from tensorboard_runlens.statistics.level import Level
from tensorboard_runlens.statistics.proportion import Z_95
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.weights import Weights
from tests.builders import CLASSIFY, SEGMENT, rows_of, write, write_args, write_csv
from tests.comparison.runs import analysed, met, recorded_with, rising, write_run

ITEMS = (
    "higher mAP50-95",
    "lower validation losses",
    "smooth learning curves",
    "balanced precision and recall",
    "better visual predictions",
    "faster convergence (to 95 % of its best)",
    "higher F1 score",
)


def filled_in(found: Comparison) -> dict[str, Item]:
    facts = [facts_of(one) for one in found.contenders]
    return {one.item: one for one in checklist(found.contenders, facts, found.pairs)}


def precision_and_recall(precision: float, recall: float, epochs: int = 60) -> dict[str, object]:
    return {
        "metrics/precision(B)": np.full(epochs, precision),
        "metrics/recall(B)": np.full(epochs, recall),
    }


def validation_losses(mean: float, epochs: int = 60) -> dict[str, object]:
    return {f"val/{name}_loss": np.full(epochs, mean / 3) for name in ("box", "cls", "dfl")}


def test_every_item_of_the_guide_is_filled_in_for_every_run(tmp_path: Path) -> None:
    (base, better) = (
        write_run(tmp_path / "base", rising(60, 0.4), precision_and_recall(0.4, 0.7)),
        write_run(tmp_path / "better", rising(60, 0.7), precision_and_recall(0.8, 0.7)),
    )
    found = filled_in(met(base, better))
    assert tuple(found) == ITEMS
    assert {item: one.ahead for (item, one) in found.items() if one.ahead} == {
        "higher mAP50-95": "better",
        "balanced precision and recall": "better",
        "higher F1 score": "better",
    }
    assert all(one.why for one in found.values())
    assert all(len(one.values) == 2 for one in found.values())
    assert found["higher mAP50-95"].why == "more than chance, against the other"
    assert found["better visual predictions"].values == (None, None)


def test_equal_runs_are_ahead_in_nothing(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / str(seed), rising(seed=seed)) for seed in range(3)]
    found = filled_in(met(*runs))
    assert {one.ahead for one in found.values()} == {None}
    assert found["higher mAP50-95"].why == "3 runs cannot be told apart"


@pytest.mark.parametrize(("share", "ahead"), [(1.02, "other"), (0.98, None)])
def test_a_lower_validation_loss_counts_beyond_what_seeds_explain(
    tmp_path: Path, share: float, ahead: str
) -> None:
    apart = share * 1.96 * 0.02 * 2**0.5
    low = (1 - apart / 2) / (1 + apart / 2)
    (base, other) = (
        write_run(tmp_path / "base", rising(60), validation_losses(3.0)),
        write_run(tmp_path / "other", rising(60), validation_losses(3.0 * low)),
    )
    assert filled_in(met(base, other))["lower validation losses"].ahead == ahead


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"box": 15.0}, "other box"),
        ({"imgsz": 1280}, "another image size"),
        ({"model": "yolov8n.pt"}, "model yolov8 against yolo11"),
        ({"model": "runs/detect/train/weights/best.pt"}, None),
        ({"lr0": 0.5}, None),
    ],
)
def test_losses_of_other_gains_families_and_sizes_are_not_compared(
    tmp_path: Path, changed: dict, said: str
) -> None:
    given = {"box": 7.5, "imgsz": 640, "model": "yolo11n.pt"}
    (base, other) = (
        write_run(tmp_path / "base", rising(60), validation_losses(3.0), **given),
        write_run(tmp_path / "other", rising(60), validation_losses(1.0), **{**given, **changed}),
    )
    item = filled_in(met(base, other))["lower validation losses"]
    assert item.ahead == (None if said else "other")
    assert said is None or item.why == f"not comparable: {said}"


def test_losses_of_other_components_are_not_compared(tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    write_csv(masks, SEGMENT, rows_of(SEGMENT, range(1, 61)))
    write_args(masks, task="segment", epochs=60)
    base = write_run(tmp_path / "base", rising(60))
    assert list(losses_apart(analysed(base), analysed(masks))) == [
        "ultralytics segment against ultralytics detect"
    ]


def test_masks_and_boxes_are_compared_by_boxes(tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    rows = rows_of(SEGMENT, range(1, 61))
    for row in rows:
        (row["metrics/mAP50-95(B)"], row["metrics/mAP50-95(M)"]) = (0.5, 0.4)
    write_csv(masks, SEGMENT, rows)
    write_args(masks, task="segment", epochs=60)
    for order in ((0, 1), (1, 0)):
        folders = (write_run(tmp_path / "boxes", np.full(60, 0.3)), masks)
        found = filled_in(met(*(folders[index] for index in order)))["higher mAP50-95"]
        assert {*found.values} == {"0.300", "0.500"}
        assert found.ahead == "masks"


def test_what_epochs_and_seeds_explain_of_losses() -> None:
    (one, other) = (Level(2.0, 0.01, 0.01, 0.0, 0, 9), Level(3.0, 0.02, 0.3, 0.0, 0, 9))
    assert explained_of_losses(one, other) == pytest.approx(
        Z_95 * (0.01**2 + 0.02**2 + (2 * OF_LOSS) ** 2 + 0.3**2) ** 0.5
    )


@pytest.mark.parametrize(("ratio", "ahead"), [(3.15, "base"), (2.85, None)])
def test_a_curve_is_smoother_where_the_other_shakes_so_many_times_as_much(
    tmp_path: Path, ratio: float, ahead: str
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.004, 60)
    (base, other) = (
        write_run(tmp_path / "base", 0.5 + noise),
        write_run(tmp_path / "other", 0.5 + ratio * noise),
    )
    assert filled_in(met(base, other))["smooth learning curves"].ahead == ahead


@pytest.mark.parametrize(
    ("precision", "recall", "balanced"),
    [
        (0.6, 0.41, True),
        (0.6, 0.39, False),
        (0.31, 0.31, True),
        (0.31, 0.29, False),
    ],
)
def test_precision_and_recall_are_balanced_or_not(
    tmp_path: Path, precision: float, recall: float, balanced: bool
) -> None:
    (base, other) = (
        write_run(tmp_path / "base", rising(60), precision_and_recall(0.9, 0.1)),
        write_run(tmp_path / "other", rising(60), precision_and_recall(precision, recall)),
    )
    item = filled_in(met(base, other))["balanced precision and recall"]
    assert item.ahead == ("other" if balanced else None)
    assert item.why == (
        "the only one that is balanced" if balanced else "none of them are balanced"
    )


def arriving(epochs: int, at: int, level: float = 0.6) -> np.ndarray:
    """A curve that jumps to its level."""
    return np.where(np.arange(1, epochs + 1) < at, 0.5 * level, level)


@pytest.mark.parametrize(("later", "ahead"), [(22, None), (23, None), (24, "base")])
def test_a_run_converges_faster_by_a_third_of_the_epochs(
    tmp_path: Path, later: int, ahead: str
) -> None:
    (base, other) = (
        write_run(tmp_path / "base", arriving(60, 3)),
        write_run(tmp_path / "other", arriving(60, later)),
    )
    assert filled_in(met(base, other))[ITEMS[5]].ahead == ahead


def test_arriving_early_at_a_lower_level_is_no_merit(tmp_path: Path) -> None:
    (base, other) = (
        write_run(tmp_path / "base", arriving(60, 3, 0.3)),
        write_run(tmp_path / "other", arriving(60, 40)),
    )
    item = filled_in(met(base, other))[ITEMS[5]]
    assert (item.ahead, item.why) == (None, "base arrives first, at a lower level")
    assert item.values == ("3 epochs", "40 epochs")


def test_runs_of_other_kinds_are_ahead_in_nothing_that_is_compared(tmp_path: Path) -> None:
    """A classifier arrives after one epoch, and neither shakes nor ends like a detector."""
    classes = tmp_path / "classes"
    rows = rows_of(CLASSIFY, range(1, 61))
    write_csv(classes, CLASSIFY, rows)
    found = filled_in(met(write_run(tmp_path / "boxes", arriving(60, 40)), classes))
    assert found[ITEMS[5]].why == APART
    assert found["lower validation losses"].why == APART
    assert found["smooth learning curves"].why == OTHERWISE
    assert {one.ahead for one in found.values()} == {None}


@pytest.mark.parametrize(("epochs", "shaking"), [(7, False), (8, True)])
def test_noise_of_a_loss_that_was_not_seen_is_not_shown(
    tmp_path: Path, epochs: int, shaking: bool
) -> None:
    runs = [
        write_run(tmp_path / str(loss), rising(epochs), validation_losses(loss, epochs))
        for loss in (0.05, 30.0)
    ]
    item = filled_in(met(*runs))["lower validation losses"]
    assert [value is not None and "from epoch to epoch" in value for value in item.values] == [
        shaking,
        shaking,
    ]
    assert item.ahead == "0.05"
    ends = [one.val_loss for one in compare_answer(met(*runs)).facts]
    assert [one is not None and one.sigma is not None for one in ends] == [shaking, shaking]


def test_losses_of_other_validation_images_are_not_compared(tmp_path: Path) -> None:
    (base, other) = (
        recorded_with(
            write_run(tmp_path / name, rising(), validation_losses(loss, 100)), ["t"], val
        )
        for (name, loss, val) in (("a", 3.0, ["x"]), ("b", 1.0, ["y"]))
    )
    assert filled_in(met(base, other))["lower validation losses"].why == APART


def test_iterations_of_a_self_training_are_called_so(tmp_path: Path) -> None:
    for name, found in (("one", (0.5, 0.6, 0.7, 0.71)), ("two", (0.8, 0.81, 0.82, 0.83))):
        for number, f1 in enumerate(found):
            document = json.dumps({"precision": f1, "recall": f1, "f1": f1, "iou": f1 / (2 - f1)})
            write(tmp_path / name / f"iteration_{number}_x" / "metrics.json", document)
    found = met(tmp_path / "one", tmp_path / "two")
    items = filled_in(found)
    assert items["higher F1 score"].values == ("0.710 at iteration 3", "0.830 at iteration 3")
    assert items[ITEMS[5]].values == ("3 iterations", "1 iteration")
    assert "around the best iterations" in found.differences[0].reason


def test_a_classifier_has_no_f1_score(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv(tmp_path / name, CLASSIFY, rows_of(CLASSIFY, range(1, 61)))
    item = filled_in(met(tmp_path / "a", tmp_path / "b"))["higher F1 score"]
    assert (item.ahead, item.why) == (None, UNKNOWN)


def test_a_curve_has_converged_at_its_share_of_the_best(tmp_path: Path) -> None:
    analysis = analysed(write_run(tmp_path / "run", rising(60)))
    values = np.ones(60)
    for share, expected in ((0.951, 11), (0.949, 31)):
        values[:10] = 0.1
        values[10:30] = share
        curve = curve_of(analysis, values)
        assert curve is not None
        assert epochs_to_converge(curve) == expected


@pytest.mark.parametrize(("lucky", "expected"), [(2, 31), (3, 11)])
def test_two_lucky_epochs_have_not_converged_and_three_have(
    tmp_path: Path, lucky: int, expected: int
) -> None:
    analysis = analysed(write_run(tmp_path / "run", rising(60)))
    values = np.where(np.arange(60) < 30, 0.2, 0.6)
    values[10 : 10 + lucky] = 0.6
    curve = curve_of(analysis, values)
    assert curve is not None
    assert epochs_to_converge(curve) == expected


def test_what_never_left_zero_has_not_converged(tmp_path: Path) -> None:
    analysis = analysed(write_run(tmp_path / "run", rising(60)))
    nothing = curve_of(analysis, np.zeros(60))
    assert nothing is not None
    assert epochs_to_converge(nothing) is None


def test_what_is_missed_and_invented_is_counted_at_the_confidence_to_deploy_with(
    tmp_path: Path,
) -> None:
    """Of three objects one is found; one detection below the confidence and one above have no object."""
    found = Detections(
        confidence=np.array([0.1, 0.6, 0.9], np.float32),
        image=np.array([0, 1, 1]),
        class_number=np.zeros(3, np.int64),
        hits={"box": np.array([0, 0, 1023], np.uint16)},
        truth_image=np.array([0, 1]),
        truth_class=np.array([0, 0]),
        truth_count=np.array([1, 2]),
        images=2,
    )
    analysis = replace(
        analysed(write_run(tmp_path / "run", rising(20))),
        weights=Weights("weights/best.pt", ""),
        closer_point=OperatingPoint(confidence=0.5),
    )
    validated = Validation("", Evidence(None, {}, found), (), None)
    run = Contender("run", analysis, [validated])
    assert errors_of(run) == Errors(missed=2, false=1, images=2, confidence=0.5)
    assert errors_of(Contender("run", analysis)) is None
    unknown = replace(analysis, closer_point=OperatingPoint())
    assert errors_of(Contender("run", unknown, [validated])) is None
    bare = Contender("bare", analysed(write_run(tmp_path / "bare", rising(20))))
    item = filled_in(Comparison("run", [run, bare], {("run", "bare"): []}, []))[ITEMS[4]]
    assert item.values == ("2 missed, 1 false in 2 images", None)


def test_facts_of_a_run(tmp_path: Path) -> None:
    metric = rising(60)
    columns = {**validation_losses(3.0), **precision_and_recall(0.6, 0.5)}
    (run, _) = met(
        write_run(tmp_path / "run", metric, columns), write_run(tmp_path / "other", metric)
    ).contenders
    facts = facts_of(run)
    assert facts.f1_best == (pytest.approx(0.54545, abs=1e-4), 1)
    assert facts.level is not None
    assert facts.level.mean == pytest.approx(0.6, abs=0.01)
    assert facts.val_loss is not None
    assert facts.val_loss.mean == pytest.approx(3.0, abs=1e-3)
    assert facts.seconds_per_epoch == pytest.approx(10)
    assert facts.shaking == pytest.approx(0.004, rel=0.5)
    assert facts.converged is not None
    assert facts.converged_seconds == pytest.approx(10 * facts.converged)


@pytest.mark.parametrize(("epochs", "known"), [(8, True), (7, False)])
def test_a_few_epochs_tell_no_smoothness(tmp_path: Path, epochs: int, known: bool) -> None:
    runs = met(*(write_run(tmp_path / name, rising(epochs)) for name in ("a", "b")))
    assert (facts_of(runs.contenders[0]).shaking is not None) is known
    why = filled_in(runs)["smooth learning curves"].why
    assert why == ("cannot be told apart" if known else "not known of every run")


def test_arguments_that_differ_are_listed_and_paths_shortened(tmp_path: Path) -> None:
    given = {"lr0": 0.01, "data": "/home/anna/secret/v1/data.yaml", "project": "a", "batch": 16}
    (one, other) = (
        analysed(write_run(tmp_path / "one", rising(20), **given)).run,
        analysed(
            write_run(
                tmp_path / "two",
                rising(20),
                **{
                    **given,
                    "project": "b",
                    "lr0": 0.1,
                    "data": "/home/anna/secret/v2/data.yaml",
                    "cos_lr": True,
                },
            )
        ).run,
    )
    assert configuration([one, other]) == [
        ("lr0", ("0.01", "0.1")),
        ("data", ("…/v1/data.yaml", "…/v2/data.yaml")),
        ("cos_lr", (None, "True")),
    ]


def test_a_run_without_arguments_makes_no_others_differ(tmp_path: Path) -> None:
    known = analysed(write_run(tmp_path / "known", rising(20), lr0=0.01)).run
    bare = tmp_path / "bare"
    write_csv(bare, SEGMENT, rows_of(SEGMENT, range(1, 21)))
    assert configuration([known, analysed(bare).run]) == []


@pytest.mark.parametrize("more", [-1, 1])
def test_no_more_arguments_are_listed_than_anybody_reads(tmp_path: Path, more: int) -> None:
    many = {f"x{number}": 1 for number in range(MAX_ARGUMENTS + more)}
    (one, other) = (
        analysed(write_run(tmp_path / name, rising(20), **dict.fromkeys(many, value))).run
        for (name, value) in (("a", 1), ("b", 2))
    )
    assert len(configuration([one, other])) == min(MAX_ARGUMENTS, MAX_ARGUMENTS + more)
