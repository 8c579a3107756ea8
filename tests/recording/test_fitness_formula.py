"""The formula of the fitness, in the words that the tab has for runs of the same release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.fitness import possible
from tensorboard_runlens.recording.fitness_formula import fitness_formula
from tensorboard_runlens.run import Version
from tests.builders import DETECT, SEGMENT, rows_of, write_csv


@pytest.mark.parametrize(
    ("task", "version", "formula"),
    [
        ("detect", (8, 0, 162), "0.1 mAP50 + 0.9 mAP50-95"),
        ("detect", (8, 3, 197), "0.1 mAP50 + 0.9 mAP50-95"),
        ("detect", (8, 3, 198), "mAP50-95"),
        ("obb", (8, 4, 190), "mAP50-95"),
        ("segment", (8, 4, 190), "mAP50-95, sum of box and mask"),
        ("pose", (8, 2, 103), "0.1 mAP50 + 0.9 mAP50-95, sum of box and pose"),
        ("classify", (8, 0, 162), "mean of top-1 and top-5 accuracy"),
        ("classify", (8, 4, 190), "mean of top-1 and top-5 accuracy"),
        ("semantic", (8, 4, 190), "mIoU"),
        ("depth", (8, 4, 190), "delta1"),
    ],
)
def test_every_task_has_its_formula(task, version, formula):
    assert fitness_formula(task, version) == formula


@pytest.mark.parametrize(("task", "version"), [("detect", None), ("juggle", (8, 4, 190))])
def test_what_is_not_known_is_missing(task, version):
    assert fitness_formula(task, version) is None


@pytest.mark.parametrize("version", [(8, 3, 197), (8, 3, 198)])
@pytest.mark.parametrize(("task", "columns"), [("detect", DETECT), ("segment", SEGMENT)])
def test_the_tab_says_the_same(tmp_path, task, columns, version):
    text = ".".join(map(str, version))
    run = open_run(str(write_csv(tmp_path, columns, rows_of(columns, [1, 2]))))
    (fitness,) = possible(replace(run, version=Version(text, text, "a test")))
    assert fitness.formula == fitness_formula(task, version)
