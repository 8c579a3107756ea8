"""Real trainings that RunLens ends through the framework's own early stopping, in old releases, too."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tests.training import outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

EPOCHS = {"spoiled": 60, "told": 7, "least": 7, "unknown": 7}
JOB = {
    "task": "classify",
    "images": {"train": 24, "val": 48},
    "optimizer": "AdamW",
    "lr0": 0.002,
    "warmup_epochs": 0,
    "batch": 8,
    "nbs": 8,
}
OVERLAYS = outcome.ROOT / ".overlays"
RELEASES = Path(__file__).with_name("releases.txt").read_text("utf-8").split()


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("past_best")
    outcome.run_program("past_best.py", folder, {**JOB, "cases": EPOCHS})
    return folder


@pytest.fixture(scope="module", params=RELEASES)
def in_old_release(request, tmp_path_factory) -> Path:
    overlay = OVERLAYS / request.param
    if not (overlay / "ultralytics").is_dir():
        pytest.skip(f"Ultralytics {request.param} is not unpacked in {OVERLAYS.name}/")
    folder = tmp_path_factory.mktemp("past_best_old")
    cases = {"told": EPOCHS["told"]}
    with pytest.MonkeyPatch.context() as patched:
        path = os.pathsep.join([str(overlay), os.environ.get("PYTHONPATH", "")])
        patched.setenv("PYTHONPATH", path)
        outcome.run_program("past_best.py", folder, {**JOB, "task": "detect", "cases": cases})
    return folder


def said(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").read_text("utf-8")


def check_that_it_was_stopped(
    folder: Path, name: str, done: int, metric: str = "top-1 accuracy"
) -> None:
    """By the framework: it ended as after its own early stopping, with best.pt validated once more."""
    run = folder / "runs" / name
    assert [int(row["epoch"]) for row in map(stripped, outcome.table(run))] == list(
        range(1, done + 1)
    )
    assert (run / "weights" / "best.pt").exists() and (run / "weights" / "last.pt").exists()
    assert outcome.recorded(run, "final.json")["weights"] == "best"
    *before, last = outcome.lines(run)
    assert last["stopped"]["metric"] == metric
    assert not any("stopped" in line for line in before)
    assert f"the training ends after epoch {done} of {EPOCHS[name]}" in said(folder, name)
    found = analyse(open_run(str(run)))
    assert found.run.problems == ()
    assert found.state == "early_stopped"
    (finding,) = [one for one in found.findings if one.rule == "early-stopped"]
    assert f"Ended by RunLens at epoch {done} of {EPOCHS[name]}" in finding.summary


def stripped(row: dict[str, str]) -> dict[str, str]:
    """Up to 8.3.8 the table's cells are padded."""
    return {name.strip(): cell for (name, cell) in row.items()}


def test_a_training_that_gets_worse_is_ended(trained):
    lines = outcome.lines(trained / "runs" / "spoiled")
    assert 20 <= len(lines) < EPOCHS["spoiled"]
    check_that_it_was_stopped(trained, "spoiled", len(lines))


def test_it_is_ended_after_the_epoch_that_says_so(trained):
    check_that_it_was_stopped(trained, "told", 3)


def test_it_is_not_ended_before_the_least_epochs(trained):
    check_that_it_was_stopped(trained, "least", 5)


def test_an_unknown_stop_is_said_and_stops_nothing(trained):
    assert len(outcome.table(trained / "runs" / "unknown")) == EPOCHS["unknown"]
    assert "not 'past_its_best'" in said(trained, "unknown")
    assert not any("stopped" in line for line in outcome.lines(trained / "runs" / "unknown"))


@pytest.mark.skipif(
    importlib.util.find_spec("cloudpickle") is None, reason="several processes need cloudpickle"
)
def test_all_processes_end_when_the_first_one_says_so(tmp_path):
    job = {"trainer": "PlainTrainer", "tracked": True, "images": [24, 9], "told": True}
    more = {"epochs": 6, "batch": 4, "nbs": 4, "name": "together", "plots": False}
    outcome.run_program("together.py", tmp_path, {**job, **more})
    run = tmp_path / "runs" / "together"
    assert [row["epoch"] for row in outcome.table(run)] == ["1", "2", "3"]
    assert "stopped" in outcome.lines(run)[-1]
    assert outcome.recorded(run, "final.json")["weights"] == "best"
    assert len(list(run.parent.glob("together_rank_*.json"))) == 2


def test_every_release_ends_it(in_old_release):
    check_that_it_was_stopped(in_old_release, "told", 3, "mAP50-95")
