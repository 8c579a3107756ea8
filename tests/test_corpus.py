"""Every run of the shared corpus is read as its manifest says, and answered in the promised JSON.

The corpus lies beside the checkout and is no part of the repository; without it these tests are skipped.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, open_run
from tests.builders import decoded

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MANIFEST = CORPUS / "MANIFEST.jsonl"
NOW = 1_800_000_000.0

OWN_NAMES = "a home-made table: nothing in it tells a framework, which RunLens calls unknown"
NO_TASK = "losses without a metric tell no task"
YOLOV5_COLUMNS = "manifest wrong: x/lr0 and mAP_0.5 are YOLOv5's, its train-seg"

EXCEPTIONS = {
    "bbuchenau__master_thesis/2_Training__PyTorch": (
        ("unknown", "unknown", 10),
        f"{OWN_NAMES}; {NO_TASK}",
    ),
    "quocbao8925__LaTexYOLO26/_root": (("unknown", "detect", 71), OWN_NAMES),
    "quocbao8925__LaTexYOLO26/_root@results (1).csv": (("unknown", "detect", 100), OWN_NAMES),
    "zhaozhiyuan555__yolov5_70_seg/runs__train-seg__exp": (
        ("yolov5", "segment", 1),
        YOLOV5_COLUMNS,
    ),
    "zhaozhiyuan555__yolov5_70_seg/runs__train-seg__exp2": (
        ("yolov5", "segment", 21),
        YOLOV5_COLUMNS,
    ),
}
"""run id -> ((framework, task, rows) that is right, why it is not the manifest's)."""

pytestmark = pytest.mark.skipif(
    not MANIFEST.is_file(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


@pytest.fixture(scope="module")
def manifest():
    """The manifest's lines."""
    return [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def runs(manifest):
    """Every run by its id; reading one that raises fails the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # numpy's: a value that was not looked at
        return {line["run_id"]: open_run(str(CORPUS / line["run_id"])) for line in manifest}


@pytest.fixture(scope="module")
def analyses(runs):
    """Every run judged."""
    return {name: analyse(run, now=NOW) for (name, run) in runs.items()}


def test_framework_task_and_rows_are_the_manifests(manifest, runs):
    wrong = {}
    for line in manifest:
        name = line["run_id"]
        run = runs[name]
        said = (line["format"], line["task"], line["epochs_logged"])
        (expected, _) = EXCEPTIONS.get(name, (said, ""))
        found = (run.framework, run.task, run.logged.rows)
        if found != expected:
            wrong[name] = {"expected": expected, "found": found}
    assert wrong == {}


def test_no_exception_has_become_needless(manifest):
    said = {
        line["run_id"]: (line["format"], line["task"], line["epochs_logged"]) for line in manifest
    }
    assert [name for (name, (right, _)) in EXCEPTIONS.items() if said[name] == right] == []


def test_every_history_is_consistent(runs):
    for name, run in runs.items():
        history = run.history
        rows = len(history)
        assert 0 < rows <= run.logged.rows, name
        assert (history.epoch[1:] > history.epoch[:-1]).all(), name
        columns = [*history.train.values(), *history.val.values(), *history.lr.values()]
        columns += [values for named in history.metrics.values() for values in named.values()]
        columns += [*history.other.values()]
        assert {len(values) for values in columns} == {rows}, name
        (first, last) = run.logged.segments[-1]
        assert (history.epoch[0], history.epoch[-1]) == (first, last), name


def test_every_metric_is_a_fraction_or_missing(runs):
    for name, run in runs.items():
        for group, named in run.history.metrics.items():
            for metric, values in named.items():
                strange = values[(values < 0) | (values > 1.0001)]
                assert not len(strange), (name, group, metric, strange[:3])


def test_what_the_manifest_notes_is_seen(manifest, runs):
    for line in manifest:
        (notes, run) = (line["notes"], runs[line["run_id"]])
        kinds = {problem.kind for problem in run.problems}
        if "NUL-bytes" in notes:
            assert "damaged" in kinds, line["run_id"]
        if "args-merge-conflict" in notes:
            assert "conflict" in kinds, line["run_id"]
            assert "epochs" in run.arguments, line["run_id"]
        if "epoch-goes-back" in notes:
            assert len(run.logged.segments) > 1 or run.logged.resumed, line["run_id"]
        if "has-time" in notes:
            assert run.history.seconds is not None, line["run_id"]


def test_no_rule_fails(analyses):
    failed = {name: one.failed_rules for (name, one) in analyses.items() if one.failed_rules}
    assert failed == {}


def test_the_answer_for_every_run_is_the_promised_json(analyses):
    for name, analysis in analyses.items():
        content = answers.encode(answers.show_answer(analysis))
        answer = decoded(content, schema.ShowAnswer)
        assert answer.run.epochs.logged == len(answer.run.series.epoch), name
        assert str(CORPUS.parent) not in content.decode("utf-8"), name


def test_a_scan_of_everything_is_the_promised_json(manifest):
    catalog = Catalog([("", str(CORPUS))])
    catalog.refresh()
    judged = [analyse(run, now=NOW) for run in catalog.runs.values()]
    content = answers.encode(answers.scan_answer(judged, catalog.unreadable))
    answer = decoded(content, schema.ScanAnswer)
    found = {run.name for run in answer.runs} | {one.path for one in answer.unreadable}
    assert [line["run_id"] for line in manifest if line["run_id"] not in found] == []
    assert answer.unreadable == []
