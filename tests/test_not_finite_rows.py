"""A run's answer tells values that are not finite from values that are missing: both are null in its series."""

from __future__ import annotations

from pathlib import Path

from tensorboard_runlens.answers.detailed_run import detailed_run_of

from .builders import DETECT, rows_of, write_csv
from .rules import trainings


def test_a_training_loss_that_is_not_a_number_is_told(tmp_path: Path) -> None:
    run = detailed_run_of(trainings.analysed(trainings.NOT_A_NUMBER, tmp_path))
    assert run.series.not_finite == {"train": list(range(30, 60)), "val": []}
    assert run.series.train["box"][30:] == [None] * 30


def test_an_epoch_that_was_not_validated_is_a_gap(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 21))
    rows[4]["val/box_loss"] = "inf"
    for name in DETECT:
        if name.startswith(("metrics/", "val/")):
            rows[8][name] = "nan"
    run = detailed_run_of(trainings.judged(write_csv(tmp_path, DETECT, rows)))
    assert run.series.not_finite == {"train": [], "val": [4]}
    assert run.series.val["box"][4] is None
    assert run.series.val["box"][8] is None
