"""Two fitness formulas, plans that are none, and mosaic that never closes: one answer, and no guess."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.signals import Signals

from . import trainings
from .trainings import HEALTHY, analysed


def disagreeing(tmp_path: Path, **args: object) -> Analysis:
    """mAP50-95 alone is best at epoch 50; with a tenth of mAP50 it is epoch 12."""
    scores = [0.5] * 60
    (scores[11], scores[49]) = (0.6, 0.601)
    training = HEALTHY.changed(map50_95=scores, args=args)
    folder = trainings.write(training, tmp_path)
    lines = (folder / "results.csv").read_text().splitlines()
    cells = lines[12].split(",")
    cells[5] = "0.99"
    lines[12] = ",".join(cells)
    (folder / "results.csv").write_text("\n".join(lines) + "\n")
    return analyse(open_run(str(folder)), now=trainings.NOW)


def test_the_other_formula_is_named_where_it_would_choose_another_epoch(tmp_path: Path) -> None:
    run = answers.run_of(disagreeing(tmp_path))
    assert run.epochs.best == 50
    assert run.epochs.best_by is not None
    assert run.epochs.best_by.startswith("mAP50-95; epoch 12 by 0.1 mAP50 + 0.9 mAP50-95")


def test_the_formula_by_which_patience_ran_out_has_proved_itself(tmp_path: Path) -> None:
    run = answers.run_of(disagreeing(tmp_path, epochs=300, patience=48))
    assert run.state == "early_stopped"
    assert run.epochs.best == 12
    assert "12" in run.headline


def test_nothing_found_is_never_an_early_stop(tmp_path: Path) -> None:
    training = trainings.ZERO.changed(args={"epochs": 300, "patience": 20})
    assert analysed(training, tmp_path).state == "interrupted"


def test_patience_without_a_plan_is_no_early_stop(tmp_path: Path) -> None:
    training = trainings.STOPPED_EARLY.changed(args={"patience": 15, "epochs": "unknown"})
    assert analysed(training, tmp_path).state == "unknown"


def test_a_budget_of_hours_replaces_the_number_of_epochs(tmp_path: Path) -> None:
    analysis = analysed(HEALTHY.changed(args={"epochs": 100, "time": 1.0}), tmp_path)
    assert analysis.state != "interrupted"
    assert answers.run_of(analysis).epochs.planned is None


def test_mosaic_that_never_closes_is_not_marked(tmp_path: Path) -> None:
    late = HEALTHY.changed(args={"close_mosaic": 70, "mosaic": 1.0})
    assert answers.run_of(analysed(late, tmp_path / "late")).marks == []
    usual = HEALTHY.changed(args={"close_mosaic": 10, "mosaic": 1.0})
    (mark,) = answers.run_of(analysed(usual, tmp_path / "usual")).marks
    assert (mark.epoch, mark.kind) == (51, "mosaic_closed")


def test_past_its_best_begins_at_the_best_stretch_and_not_at_a_lucky_epoch(tmp_path: Path) -> None:
    scores = list(trainings.PAST_BEST.map50_95)
    scores[55] = 0.61
    analysis = analysed(trainings.PAST_BEST.changed(map50_95=scores), tmp_path)
    finding = next(one for one in analysis.findings if one.rule == "past-best")
    assert finding.span is not None
    assert 25 <= finding.span[0] <= 35


def test_a_run_validated_at_every_third_epoch_is_judged_by_those(tmp_path: Path) -> None:
    def every_third(values: Sequence[float]) -> list[float]:
        return [value if row % 3 == 2 else 0.0 for row, value in enumerate(values)]

    training = trainings.OVERFITTED
    sparse = training.changed(
        val=every_third(training.val), map50_95=every_third(training.map50_95)
    )
    verdict = analysed(sparse, tmp_path).overfitting
    assert verdict.loss_overfits
    assert verdict.onset is not None
    assert 20 <= verdict.onset[0] <= 30 <= verdict.onset[1] + 3


def test_an_old_table_beside_a_live_run_is_not_live(tmp_path: Path) -> None:
    folder = trainings.write(trainings.INTERRUPTED, tmp_path / "run")
    (folder / "results_old.csv").write_text((folder / "results.csv").read_text())
    os.utime(folder / "args.yaml", (trainings.NOW - 7200, trainings.NOW - 7200))
    os.utime(folder / "results_old.csv", (trainings.NOW - 9000, trainings.NOW - 9000))
    os.utime(folder / "results.csv", (trainings.NOW - 5, trainings.NOW - 5))
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    states = {name: Signals(run, trainings.NOW).state for name, run in catalog.runs.items()}
    assert states == {"run": "running", "run@results_old.csv": "interrupted"}
