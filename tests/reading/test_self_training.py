"""Self-training: a folder an iteration, each with a home-made metrics.json that nobody may trust."""

from __future__ import annotations

import json
import os
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.belonging import iteration_number, iterations
from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tensorboard_runlens.folder import Folder
from tests.builders import kinds, write, write_detect
from tests.projects import SELF_TRAINING, write_self_training

FIRST = "iteration_0_supervised"


def run_of(folder, *documents):
    """The run of iterations with these documents as their metrics.json; text and bytes stay as they are."""
    for number, document in enumerate(documents):
        raw = isinstance(document, (str, bytes))
        write(
            folder / f"iteration_{number}_x" / "metrics.json",
            document if raw else json.dumps(document),
        )
    return open_run(str(folder))


def pixel(run):
    return {name: values.tolist() for (name, values) in run.history.metrics["pixel"].items()}


def said(run, kind):
    return [(one.file, one.problem) for one in run.problems if one.kind == kind]


def test_an_experiment_is_one_run_over_iterations(tmp_path):
    run = open_run(str(write_self_training(tmp_path, dict(enumerate(SELF_TRAINING)))))
    assert (run.framework, run.task, run.axis) == ("selftraining", "semantic", "iteration")
    assert run.history.epoch.tolist() == [0, 1, 2, 3]
    assert pixel(run) == {
        name: [values[name] for values in SELF_TRAINING] for name in SELF_TRAINING[0]
    }
    assert run.problems == ()
    assert run.files.by_role["results"] == tuple(
        f"iteration_{number}_{'selftrain' if number else 'supervised'}/metrics.json"
        for number in range(4)
    )
    assert run.files.by_role["weights"][0] == "final_model.pt"
    assert len(run.files.by_role["weights"]) == 5
    assert len(run.files.by_role["visualization"]) == 4


def names_in(logdir):
    """The runs that a scan finds, and what it could not read."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    return (list(catalog.runs), catalog.unreadable)


def test_iterations_are_no_runs_of_their_own(tmp_path):
    folder = write_self_training(tmp_path / "unet", dict(enumerate(SELF_TRAINING)))
    write_detect(folder / FIRST / "train", epochs=3)
    assert names_in(tmp_path) == (["unet"], [])


def test_trainings_of_detectors_in_folders_of_that_name_are_runs(tmp_path):
    for number in range(3):
        write_detect(tmp_path / f"iteration_{number}", epochs=3)
    assert names_in(tmp_path) == ([f"iteration_{number}" for number in range(3)], [])


def test_iterations_are_ordered_by_their_number(tmp_path):
    write_self_training(tmp_path, dict.fromkeys([10, 2, 0, 1], SELF_TRAINING[0]))
    assert [iteration_number(name) for name in iterations(Folder(str(tmp_path)))] == [0, 1, 2, 10]
    assert open_run(str(tmp_path)).history.epoch.tolist() == [0, 1, 2, 10]


@pytest.mark.parametrize(
    "name", ["iteration_", "iteration_x", "iteration_1x", "my_iteration_1", "iteration_1234567"]
)
def test_other_names_are_no_iterations(tmp_path, name):
    write(tmp_path / name / "metrics.json", json.dumps(SELF_TRAINING[0]))
    with pytest.raises(NotARun):
        open_run(str(tmp_path))
    with pytest.raises(ValueError, match="not an iteration"):
        iteration_number(name)


@pytest.mark.parametrize(
    "document",
    [
        {"Precision": 0.6, "Recall": 0.5, "F1 Score": 0.55, "IoU": 0.38, "AUC": 0.9},
        {"val_precision": 0.6, "val_recall": 0.5, "val_f1": 0.55, "val_iou": 0.38, "val_auc": 0.9},
        {"metrics": {"precision": 0.6, "recall": 0.5, "dice": 0.55, "jaccard": 0.38, "roc_auc": 0.9}},
        {"precision": 60, "recall": 50.0, "f1": 55.0, "iou": "38%", "auc": "90"},
        {
            "train": {"precision": 0.99, "recall": 0.99, "f1": 0.99, "iou": 0.98, "auc": 1.0},
            "val": {"precision": 0.6, "recall": 0.5, "f1": 0.55, "iou": 0.38, "auc": 0.9},
        },
    ],
    ids=["names", "prefixes", "nested", "percent", "train and val"],
)  # fmt: skip
def test_key_names_are_read_tolerantly(tmp_path, document):
    assert pixel(run_of(tmp_path, document)) == {
        "precision": [pytest.approx(0.6)],
        "recall": [pytest.approx(0.5)],
        "f1": [pytest.approx(0.55)],
        "iou": [pytest.approx(0.38)],
        "auc": [pytest.approx(0.9)],
    }


def test_losses_are_of_their_side(tmp_path):
    run = run_of(tmp_path, {"f1": 0.5, "train_loss": 0.7, "val_loss": 0.9})
    assert {name: values.tolist() for (name, values) in run.history.train.items()} == {
        "loss": [0.7]
    }
    assert {name: values.tolist() for (name, values) in run.history.val.items()} == {"loss": [0.9]}


def test_a_metric_that_an_iteration_lacks_is_missing_there(tmp_path):
    run = run_of(tmp_path, {"f1": 0.5}, {"f1": 0.6, "iou": 0.4})
    assert np.isnan(run.history.metrics["pixel"]["iou"][0])
    assert run.history.metrics["pixel"]["iou"][1] == 0.4


def test_percentages_are_said(tmp_path):
    run = run_of(tmp_path, {"f1": 0.65}, {"f1": 67.0})
    assert pixel(run) == {"f1": [0.65, 0.67]}
    assert said(run, "percent") == [
        ("iteration_1_x/metrics.json", "these metrics are percentages; they are read as fractions")
    ]


def test_beside_percentages_a_value_that_may_be_a_fraction_is_left_out(tmp_path):
    run = run_of(tmp_path, {"precision": 66.0, "recall": 64.0, "iou": 0.91})
    assert pixel(run) == {"precision": [0.66], "recall": [0.64]}
    ((file, why),) = said(run, "not_a_fraction")
    assert file == "iteration_0_x/metrics.json"
    assert why == "iou: 0.91 may be a percentage or a fraction; left out"


def test_auc_is_a_fraction_beside_percentages(tmp_path):
    run = run_of(tmp_path, {"f1": 66.0, "auc": 0.91}, {"f1": 67.0, "auc": 92.0})
    assert pixel(run) == {"f1": [0.66, 0.67], "auc": [0.91, 0.92]}
    assert said(run, "not_a_fraction") == []


def test_a_percent_sign_speaks_for_its_own_value(tmp_path):
    run = run_of(tmp_path, {"precision": "65.0%", "recall": "0.900", "f1": "0.4 %", "iou": "150%"})
    assert pixel(run) == {"precision": [0.65], "recall": [0.9], "f1": [0.004]}
    assert said(run, "not_a_fraction")[0][1] == "iou: 1.5 is no fraction; left out"


def test_short_names_and_names_with_a_remark_are_known(tmp_path):
    documents = [
        {"prec": 0.6, "rec": 0.5, "IoU (Jaccard)": 0.4},
        {"Precision (pixel)": 0.6, "Recall (pixel)": 0.5, "IoU (val)": 0.4},
    ]
    run = run_of(tmp_path, *documents)
    assert pixel(run) == {"precision": [0.6, 0.6], "recall": [0.5, 0.5], "iou": [0.4, 0.4]}
    assert run.problems == ()


def test_numbers_without_a_word_are_said_once_for_all_iterations(tmp_path):
    others = {"Precision (train)": 0.9, "IoU (class 1)": 0.1, "threshold": 0.5}
    run = run_of(tmp_path, *[{"f1": 0.6, "epoch": 9, "by": "us", **others}] * 3)
    ((_, why),) = said(run, "not_used")
    assert why == ("numbers that are not used: 'Precision (train)', 'IoU (class 1)', 'threshold'")
    assert pixel(run).keys() == {"f1"}


def test_zero_is_zero_in_percent_too(tmp_path):
    assert pixel(run_of(tmp_path, {"precision": 66.0, "recall": 0})) == {
        "precision": [0.66],
        "recall": [0.0],
    }


DAMAGED = {
    "nothing": ("", "damaged"),
    "half": ('{"f1": 0.5, "io', "damaged"),
    "binary": (bytes(range(256)) * 8, "damaged"),
    "list": ("[1, 2, 3]", "not_metrics"),
    "number": ("0.7", "not_metrics"),
    "null": ("null", "not_metrics"),
    "empty": ("{}", "not_metrics"),
    "others": ('{"epoch": 3, "name": "x"}', "not_metrics"),
    "words": ('{"f1": "good", "iou": null, "auc": [0.9], "recall": true}', "not_metrics"),
    "negative": ('{"f1": -0.5}', "not_metrics"),
    "too large": ('{"f1": 1e9}', "not_metrics"),
    "not finite": ('{"f1": NaN, "iou": Infinity, "auc": -Infinity}', "not_metrics"),
    "huge integer": ('{"f1": ' + "9" * 100_000 + "}", "not_metrics"),
    "deep": ("[" * 100_000 + "]" * 100_000, "damaged"),
    "deep object": ('{"a":' * 60 + "1" + "}" * 60, "damaged"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_document_without_metrics_is_named_and_costs_its_iteration_only(tmp_path, case):
    (document, kind) = DAMAGED[case]
    started = time.perf_counter()
    run = run_of(tmp_path, document, {"f1": 0.6})
    assert time.perf_counter() - started < 2
    assert run.history.epoch.tolist() == [1]
    assert pixel(run) == {"f1": [0.6]}
    assert kind in kinds(run.problems)
    assert ("iteration_0_x/metrics.json", kind) in [(one.file, one.kind) for one in run.problems]


def test_values_that_are_no_fractions_are_left_out_singly(tmp_path):
    run = run_of(tmp_path, {"f1": 0.6, "iou": -0.1, "auc": 1e9})
    assert pixel(run) == {"f1": [0.6]}
    assert sorted(kinds(run.problems)) == ["not_a_fraction", "not_a_fraction"]


def test_a_value_that_is_not_finite_is_said_and_missing(tmp_path):
    run = run_of(tmp_path, '{"f1": 0.6, "iou": NaN}')
    assert pixel(run) == {"f1": [0.6]}
    ((file, why),) = said(run, "not_a_fraction")
    assert file == "iteration_0_x/metrics.json"
    assert why == "iou: nan is no fraction; left out"


def test_without_any_metric_there_is_no_run_and_the_reason_is_told(tmp_path):
    with pytest.raises(NotARun, match="no metric that RunLens knows among 'epoch'"):
        run_of(tmp_path, {"epoch": 3})


def test_a_folder_without_metrics_is_named(tmp_path):
    write_self_training(tmp_path, {0: SELF_TRAINING[0], 1: None, 2: SELF_TRAINING[2]})
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [0, 2]
    assert said(run, "no_metrics")[0][0] == "iteration_1_selftrain/metrics.json"
    assert said(run, "missing_iteration")[0][1].startswith("no metrics of iteration 1")


@pytest.mark.parametrize("last", [None, {"epoch": 3}])
def test_a_last_iteration_without_numbers_is_expected(tmp_path, last):
    run = open_run(str(write_self_training(tmp_path, {0: {"f1": 0.5}, 1: {"f1": 0.6}, 2: last})))
    assert run.logged.planned == 3
    assert run.history.epoch.tolist() == [0, 1]


def test_the_folders_alone_do_not_say_that_the_last_iteration_was_the_last(tmp_path):
    assert run_of(tmp_path, {"f1": 0.5}, {"f1": 0.6}).logged.planned is None


@pytest.mark.parametrize(
    ("final", "why"), [(True, "its numbers are missing"), (False, "it goes on, or broke off")]
)
def test_an_iteration_goes_on_only_where_no_final_model_is(tmp_path, final, why):
    run = open_run(str(write_self_training(tmp_path, {0: {"f1": 0.5}, 1: None}, final)))
    ((_, problem),) = said(run, "no_metrics")
    assert problem == f"this iteration has no metrics.json: {why}"


def test_of_two_folders_with_one_number_the_first_is_used(tmp_path):
    write(tmp_path / "iteration_1_a" / "metrics.json", '{"f1": 0.5}')
    write(tmp_path / "iteration_1_b" / "metrics.json", '{"f1": 0.9}')
    write(tmp_path / "iteration_01" / "metrics.json", '{"f1": 0.1}')
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1]
    assert pixel(run) == {"f1": [0.1]}
    assert [file for (file, _) in said(run, "same_iteration")] == [
        "iteration_1_a/metrics.json",
        "iteration_1_b/metrics.json",
    ]


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path):
    write(tmp_path / "iteration_1_x" / "metrics.json", '{"f1": 0.6}')
    path = write(tmp_path / FIRST / "metrics.json", "")
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    started = time.perf_counter()
    run = open_run(str(tmp_path))
    assert time.perf_counter() - started < 0.5
    ((file, why),) = said(run, "damaged")
    assert file == f"{FIRST}/metrics.json"
    assert why.startswith("52,428,800 bytes, more than")


def test_links_that_lead_out_of_the_run_are_not_followed(tmp_path):
    elsewhere = write(tmp_path / "elsewhere" / "metrics.json", '{"f1": 0.99, "auc": 0.99}')
    folder = write_self_training(tmp_path / "unet", {0: SELF_TRAINING[0], 1: None})
    (folder / "iteration_1_selftrain" / "metrics.json").symlink_to(elsewhere)
    (folder / "iteration_2_selftrain").symlink_to(elsewhere.parent)
    run = open_run(str(folder))
    assert run.history.epoch.tolist() == [0]
    assert pixel(run)["f1"] == [SELF_TRAINING[0]["f1"]]
    assert said(run, "damaged") == [
        ("iteration_1_selftrain/metrics.json", "a link to a file outside the run, not followed")
    ]


def test_a_pipe_in_place_of_the_metrics_does_not_hang(tmp_path):
    write_self_training(tmp_path, {0: SELF_TRAINING[0], 1: None})
    os.mkfifo(tmp_path / "iteration_1_selftrain" / "metrics.json")
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [0]
    assert kinds(run.problems) == ["no_metrics"]


def test_a_thousand_iterations_without_numbers_do_not_flood_the_page(tmp_path):
    write(tmp_path / FIRST / "metrics.json", '{"f1": 0.6}')
    for number in range(1, 1001):
        (tmp_path / f"iteration_{number}_selftrain").mkdir()
    started = time.perf_counter()
    run = open_run(str(tmp_path))
    assert time.perf_counter() - started < 2
    assert len(run.problems) <= 20
    assert run.history.epoch.tolist() == [0]


def test_a_gap_of_a_million_is_cheap(tmp_path):
    write_self_training(tmp_path, dict.fromkeys([0, 999_999], SELF_TRAINING[0]))
    started = time.perf_counter()
    run = open_run(str(tmp_path))
    assert time.perf_counter() - started < 1
    assert run.history.epoch.tolist() == [0, 999_999]
    assert said(run, "missing_iteration")[0][1].startswith("no metrics of iteration 1, 2, 3, 4, 5")


def test_names_from_the_file_are_quoted_and_cut(tmp_path):
    with pytest.raises(NotARun) as refusal:
        run_of(tmp_path, {"<script>alert(1)</script>\x1b[2J" + "x" * 500: 1, "b": 2})
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["val", "train", "f1"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)
keys = st.sampled_from(
    ["f1", "F1 Score", "iou", "auc", "val_recall", "precision", "loss", "val"]
) | st.text(max_size=8)
documents = st.dictionaries(keys, values, max_size=6) | values


@settings(max_examples=150)
@given(st.lists(documents, min_size=1, max_size=3))
def test_any_documents_give_fractions_or_a_reason(tmp_path_factory, found):
    folder = tmp_path_factory.mktemp("unet")
    try:
        run = run_of(folder, *found)
    except NotARun as refusal:
        assert str(refusal)
        return
    for column in run.history.metrics["pixel"].values():
        known = column[np.isfinite(column)]
        assert np.all((known >= 0) & (known <= 1))
        assert not np.any(np.isinf(column))
    assert len(run.history) <= len(found)


@settings(max_examples=100)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_cost_their_iteration_only(tmp_path_factory, data):
    run = run_of(tmp_path_factory.mktemp("unet"), {"f1": 0.6}, data)
    assert run.history.epoch.tolist()[0] == 0
    assert pixel(run)["f1"][0] == 0.6


@settings(max_examples=100)
@given(st.lists(st.floats(0.02, 1), min_size=2, max_size=5), st.booleans())
def test_percentages_and_fractions_are_the_same(tmp_path_factory, numbers, percent):
    numbers[0] = 0.9  # one value that tells a percentage
    names = ("precision", "recall", "f1", "iou", "auc")
    document = {name: number * 100 if percent else number for (name, number) in zip(names, numbers)}
    read = pixel(run_of(tmp_path_factory.mktemp("unet"), document))
    assert read == {name: [pytest.approx(number)] for (name, number) in zip(names, numbers)}
