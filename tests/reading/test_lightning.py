"""Tables and event files that count steps and say the epoch: Lightning, Hugging Face."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.formats.lightning import by_epoch
from tests.builders import kinds, write, write_events

METRICS = """epoch,lr-AdamW,step,train_loss_epoch,train_loss_step,val_acc,val_loss
,0.01,0,,,,
0,,49,,2.0,,
0,,99,,1.0,,
0,,99,,,0.5,1.75
0,,99,1.5,,,
,0.005,100,,,,
1,,149,,0.9,,
1,,199,,0.7,,
1,,199,,,0.6,1.25
1,,199,0.8,,,
"""


def log(epochs, losses="train_loss", batches=100, every=50):
    """Scalars as Lightning's TensorBoardLogger writes them, against the global step."""
    scalars = [(0, "hp_metric", -1.0)]
    for epoch in epochs:
        scalars.append((epoch * batches, "lr-AdamW", 0.01 / (epoch + 1)))
        for step in range(epoch * batches + every - 1, (epoch + 1) * batches, every):
            scalars += [(step, losses, step / 100), (step, "epoch", epoch)]
        last = (epoch + 1) * batches - 1
        for tag, number in (("val_loss", 2 / (epoch + 1)), ("val_acc", 0.5 + epoch / 100)):
            scalars.append((last, tag, number))
        scalars.append((last, "epoch", epoch))
    return scalars


def test_rows_of_metrics_csv_are_merged_to_epochs(tmp_path):
    folder = tmp_path / "lightning_logs" / "version_0"
    write(folder / "metrics.csv", METRICS)
    run = open_run(str(folder))
    history = run.history
    assert history.epoch.tolist() == [0, 1]
    assert history.train["loss"].tolist() == [1.5, 0.8]
    assert history.val["loss"].tolist() == [1.75, 1.25]
    assert history.metrics["classify"]["top1"].tolist() == [0.5, 0.6]
    assert history.lr["pg0"].tolist() == [0.01, 0.005]
    assert (run.task, run.logged.resumed, run.problems) == ("classify", (), ())


def test_without_an_epochs_loss_that_of_the_steps_is_averaged(tmp_path):
    text = "epoch,step,train_loss,val_loss\n0,1,4,\n0,2,2,\n0,2,,8\n0,2,,6\n1,3,1,\n1,4,,5\n"
    write(tmp_path / "metrics.csv", text)
    history = open_run(str(tmp_path)).history
    assert history.train["loss"].tolist() == [3, 1]
    assert history.val["loss"].tolist() == [6, 5]


def test_a_table_that_begins_anew_is_two_runs(tmp_path):
    rows = "0,1,4,\n0,2,,8\n1,3,1,\n"
    write(tmp_path / "metrics.csv", "epoch,step,train_loss,val_loss\n" + rows * 2)
    run = open_run(str(tmp_path))
    assert run.logged.segments == ((0, 1), (0, 1))
    assert kinds(run.problems) == ["appended_runs"]


def test_event_files_are_read_by_their_epoch_tag(tmp_path):
    folder = tmp_path / "version_0"
    write_events(folder, log(range(3)))
    write(folder / "checkpoints" / "epoch=2-step=300.ckpt", b"PK")
    run = open_run(str(folder))
    history = run.history
    assert history.epoch.tolist() == [0, 1, 2]
    np.testing.assert_allclose(history.train["loss"], [0.74, 1.74, 2.74], 1e-6)
    np.testing.assert_allclose(history.val["loss"], [2, 1, 2 / 3], 1e-6)
    np.testing.assert_allclose(history.metrics["classify"]["top1"], [0.5, 0.51, 0.52], 1e-6)
    np.testing.assert_allclose(history.lr["pg0"], [0.01, 0.005, 0.01 / 3], 1e-5)
    assert (run.framework, run.axis, run.problems) == ("events", "epoch", ())


def test_a_slash_does_not_make_steps_a_loss_of_their_own(tmp_path):
    scalars = [
        *log(range(2), "train/loss_step"),
        *[((n + 1) * 100 - 1, "train/loss_epoch", 5.0) for n in range(2)],
    ]
    write_events(tmp_path, sorted(scalars, key=lambda one: one[0]))
    history = open_run(str(tmp_path)).history
    assert {name: values.tolist() for (name, values) in history.train.items()} == {"loss": [5, 5]}


def test_the_test_after_training_does_not_replace_the_last_epoch(tmp_path):
    write_events(tmp_path, log(range(3)), started=1_700_000_000)
    write_events(tmp_path, [(300, "test_loss", 9.0), (300, "epoch", 2)], started=1_700_009_000)
    history = open_run(str(tmp_path)).history
    assert history.epoch.tolist() == [0, 1, 2]
    assert history.val["loss"].tolist() == pytest.approx([2, 1, 2 / 3])


def test_the_test_after_training_is_no_epoch(tmp_path):
    (header, *lines) = METRICS.splitlines()
    tested = [f"{header},test_loss", *(f"{line}," for line in lines), "2,,200,,,,,9.0", ""]
    write(tmp_path / "csv" / "metrics.csv", "\n".join(tested))
    write(tmp_path / "alone" / "metrics.csv", "epoch,step,train_loss,test_acc\n0,9,1,\n1,10,,0.9\n")
    write_events(tmp_path / "events", [*log(range(2)), (200, "test_loss", 9.0), (200, "epoch", 2)])
    scalars = [(9, "train_loss", 1.0), (9, "epoch", 0), (10, "test_acc", 0.9), (10, "epoch", 1)]
    write_events(tmp_path / "one", scalars)
    assert open_run(str(tmp_path / "csv")).history.epoch.tolist() == [0, 1]
    assert open_run(str(tmp_path / "events")).history.epoch.tolist() == [0, 1]
    for name in ("alone", "one"):
        history = open_run(str(tmp_path / name)).history
        assert (history.epoch.tolist(), history.metrics) == ([0], {})


def test_a_test_in_every_epoch_is_validation(tmp_path):
    text = "epoch,step,train_loss,test_loss\n0,1,4,\n0,2,,8\n1,3,1,\n1,4,,5\n"
    write(tmp_path / "metrics.csv", text)
    assert open_run(str(tmp_path)).history.val["loss"].tolist() == [8, 5]


def test_parts_of_epochs_end_with_the_epoch(tmp_path):
    scalars = []
    for step in range(10, 101, 10):
        scalars += [(step, "train/loss", 100 - step), (step, "train/epoch", step / 50)]
    scalars += [(50, "eval/loss", 3.0), (100, "eval/loss", 2.0)]
    write_events(tmp_path, scalars)
    history = open_run(str(tmp_path)).history
    assert history.epoch.tolist() == [1, 2]
    assert history.train["loss"].tolist() == [70, 20]
    assert history.val["loss"].tolist() == [3, 2]


def test_versions_are_runs(tmp_path):
    for number in range(2):
        write_events(tmp_path / "lightning_logs" / f"version_{number}", log(range(3)))
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert sorted(catalog.runs) == ["lightning_logs/version_0", "lightning_logs/version_1"]


numbers = st.one_of(st.just(math.nan), st.integers(0, 5).map(float), st.floats())


@given(st.lists(st.lists(st.fixed_dictionaries({"epoch": numbers, "val/loss": numbers}))))
def test_merging_never_invents_an_epoch(files):
    merged = by_epoch(files)
    logged = {row["epoch"] for file in files for row in file if math.isfinite(row["epoch"])}
    assert len(merged) <= sum(map(len, files))
    for _, row in merged:
        assert any(row["epoch"] - 1 <= epoch <= row["epoch"] + 1e-5 for epoch in logged)
