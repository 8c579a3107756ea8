"""How a training that goes on stands against the baseline, in numbers and in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.comparison.against import teller
from tensorboard_runlens.comparison.standing import standing
from tensorboard_runlens.run import Floats
from tests.builders import CLASSIFY, YOLOV5, rows_of, set_times, write_args, write_csv
from tests.comparison.runs import NOW, analysed, write_run

HOUR = 3600.0


def curve(epochs: int, top: float) -> Floats:
    """As real metrics rise: fast, then ever slower."""
    return np.asarray(top * (1 - np.arange(2.0, epochs + 2) ** -0.5), np.float64)


def going_on(folder: Path, silent: float = 1.0) -> Analysis:
    """The run as one whose last row was written so many seconds ago."""
    set_times(folder, NOW - silent, 100 * HOUR)
    run = replace(open_run(str(folder)), growing=True)
    return analyse(run, now=NOW)


def placed(
    tmp_path: Path, rows: int, top: float, planned: int = 100, **baseline: Any
) -> Optional[schema.Standing]:
    """A training of so many epochs against a baseline of 100 that came to .5."""
    base = write_run(tmp_path / "base", curve(100, 0.5), **baseline)
    other = write_run(tmp_path / "other", curve(rows, top), epochs=planned)
    return standing(analysed(base), going_on(other))


@pytest.mark.parametrize(
    ("rows", "top", "said"),
    [
        (40, 0.7, "+16.8 points against the baseline at epoch 40; likely to beat it"),
        (60, 0.3, "-17.4 points against the baseline at epoch 60; unlikely to beat it"),
        (30, 0.505, "+0.4 points against the baseline at epoch 30; whether it beats it is open"),
        (30, 0.5, "level with the baseline at epoch 30; whether it beats it is open"),
        (3, 0.6, "+4.2 points against the baseline at epoch 3"),
    ],
)
def test_the_number_comes_first(tmp_path: Path, rows: int, top: float, said: str) -> None:
    found = placed(tmp_path, rows, top)
    assert found is not None
    assert found.said == said
    assert found.epoch == rows
    assert (found.outlook is None) is (found.chance is None)


def test_the_delta_is_that_of_the_levels(tmp_path: Path) -> None:
    found = placed(tmp_path, 40, 0.7)
    assert found is not None
    assert found.delta == pytest.approx(0.2 * (1 - 39**-0.5), abs=1e-4)


def test_plans_that_are_far_apart_are_named(tmp_path: Path) -> None:
    found = placed(tmp_path, 20, 0.6, planned=300)
    assert found is not None
    assert "at epoch 20 (300 are planned here, 100 there)" in found.said
    near = placed(tmp_path, 20, 0.6, planned=149)
    assert near is not None
    assert "planned" not in near.said


def test_beyond_the_end_of_the_baseline_its_end_counts(tmp_path: Path) -> None:
    found = placed(tmp_path, 120, 0.3, planned=300)
    assert found is not None
    assert found.said.startswith(
        "-17.7 points against the end of the baseline (100 epochs) at epoch 120"
    )


def test_a_stale_training_still_stands_somewhere(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base", curve(100, 0.5))
    other = write_run(tmp_path / "other", curve(40, 0.7), epochs=100)
    analysis = going_on(other, silent=6 * HOUR)
    assert analysis.state == "stale"
    found = standing(analysed(base), analysis)
    assert found is not None
    assert found.outlook == "likely"


def test_a_training_that_is_over_stands_nowhere(tmp_path: Path) -> None:
    base = analysed(write_run(tmp_path / "base", curve(100, 0.5)))
    finished = analysed(write_run(tmp_path / "finished", curve(40, 0.7)))
    interrupted = analysed(write_run(tmp_path / "broken", curve(40, 0.7), epochs=100))
    assert interrupted.state == "interrupted"
    assert standing(base, finished) is standing(base, interrupted) is None


def test_a_baseline_that_itself_goes_on_has_no_end_to_beat(tmp_path: Path) -> None:
    base = going_on(write_run(tmp_path / "base", curve(60, 0.5), epochs=100))
    other = going_on(write_run(tmp_path / "other", curve(40, 0.7), epochs=100))
    found = standing(base, other)
    assert found is not None
    assert (found.chance, found.outlook) == (None, None)
    assert found.said == "+16.8 points against the baseline at epoch 40"
    assert standing(base, base) is None


def test_epochs_of_frameworks_that_count_from_0_are_the_same_epochs(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base", curve(100, 0.5))
    rows = rows_of(YOLOV5, range(40))
    for row, value in zip(rows, curve(40, 0.5)):
        row["metrics/mAP_0.5:0.95"] = float(value)
    other = write_csv(tmp_path / "other", YOLOV5, rows)
    write_args(other, "opt.yaml", epochs=100)
    found = standing(analysed(base), going_on(other))
    assert found is not None
    assert (found.epoch, found.delta) == (39, pytest.approx(0, abs=1e-4))


def test_what_cannot_be_compared_has_no_standing(tmp_path: Path) -> None:
    assert placed(tmp_path, 40, 0.7, data="coco.yaml") is None
    base = analysed(write_run(tmp_path / "base", curve(100, 0.5)))
    write_csv(tmp_path / "classes", CLASSIFY, rows_of(CLASSIFY, range(1, 30)))
    write_args(tmp_path / "classes", epochs=100)
    assert standing(base, going_on(tmp_path / "classes")) is None


def test_nothing_validated_is_no_standing(tmp_path: Path) -> None:
    base = analysed(write_run(tmp_path / "base", curve(100, 0.5)))
    other = going_on(write_run(tmp_path / "other", np.full(5, np.nan), epochs=100))
    assert other.state == "running"
    assert standing(base, other) is None


def test_it_stands_beside_the_verdict(tmp_path: Path) -> None:
    base = analysed(write_run(tmp_path / "base", curve(100, 0.5)))
    other = going_on(write_run(tmp_path / "other", curve(40, 0.7), epochs=100))
    over = analysed(write_run(tmp_path / "over", curve(90, 0.7)))
    tell = teller(base)
    assert tell(other).standing == standing(base, other) is not None
    assert tell(over).standing is None
