"""Searches for hyper-parameters: the search is no run, its trials are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tests.builders import BOX, DETECT, kinds, rows_of, write, write_args, write_csv

TRIAL = "_tune_2f3a1_00000_0_lr0=0.0100_2024-05-01_12-00-00"


def look(path):
    catalog = Catalog([("", str(path))])
    catalog.refresh()
    return catalog


def reason(path):
    catalog = look(path)
    assert catalog.runs == {}
    (unreadable,) = catalog.unreadable
    return unreadable.reason


def test_a_search_says_how_many_trials_and_which_was_best(tmp_path):
    rows = [f"{0.3 + n / 100},0.01,0.9" for n in (1, 5, 2)]
    write(tmp_path / "tune" / "tune_results.csv", "\n".join(["fitness,lr0,momentum", *rows, ""]))
    write_args(tmp_path / "tune", "best_hyperparameters.yaml", lr0=0.01, momentum=0.9)
    assert reason(tmp_path) == (
        "a hyper-parameter search of 3 trials, best fitness 0.35 in trial 2: not one training; its"
        " trials are runs of their own"
    )


def test_a_search_in_json_lines_is_read(tmp_path):
    lines = [{"iteration": n, "fitness": fitness} for (n, fitness) in enumerate((0.1, 0.61), 1)]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    write(tmp_path / "tune" / "tune_results.ndjson", text + '{"iteration": 3, "fit')
    assert "3 trials, best fitness 0.61 in trial 2" in reason(tmp_path)


def test_evolution_is_ranked_by_its_map(tmp_path):
    columns = ("metrics/precision", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95", "lr0")
    write_csv(tmp_path / "evolve", columns, rows_of(columns, range(4)), name="evolve.csv")
    said = reason(tmp_path)
    assert "4 trials, best mAP50-95 0.3" in said
    assert "in trial 4" in said


@pytest.mark.parametrize("content", [b"", b"\0" * 99, b"fitness\n", b"[" * 5000, b"\xff\xfe"])
@pytest.mark.parametrize("name", ["tune_results.csv", "tune_results.ndjson", "evolve.csv"])
def test_a_damaged_search_is_still_none(tmp_path, name, content):
    write(tmp_path / "tune" / name, content)
    assert "hyper-parameter search" in reason(tmp_path)


def test_a_training_called_evolve_is_one(tmp_path):
    write_csv(tmp_path / "exp", DETECT, rows_of(DETECT, [1, 2]), name="evolve.csv")
    assert len(look(tmp_path).runs["exp"].history) == 2


def report(number, **measured):
    """A report as Ray writes it: what was measured, book-keeping, and the trial's settings."""
    return {
        **measured,
        "timestamp": 1714557600 + number,
        "checkpoint_dir_name": None,
        "done": False,
        "training_iteration": number,
        "trial_id": "2f3a1_00000",
        "date": "2024-05-01_12-00-10",
        "time_this_iter_s": 9.5,
        "time_total_s": 9.5 * number,
        "hostname": "node, 1",
        "config/lr0": 0.01,
        "config/loss": 3,
    }


def table(reports):
    lines = [",".join(reports[0])]
    for one in reports:
        cells = (f'"{cell}"' if "," in str(cell) else str(cell) for cell in one.values())
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def json_lines(reports):
    return "".join(json.dumps(one) + "\n" for one in reports)


@pytest.mark.parametrize(
    ("name", "text"), [("progress.csv", table), ("result.json", json_lines)], ids=["csv", "json"]
)
def test_a_trial_of_ultralytics_under_ray_is_a_run(tmp_path, name, text):
    rows = rows_of([*BOX, "train/box_loss", "val/box_loss", "lr/pg0"], range(1, 4))
    reports = [report(n, epoch=n, **row) for (n, row) in enumerate(rows, 1)]
    write(tmp_path / "tune" / TRIAL / name, text(reports))
    write(tmp_path / "tune" / TRIAL / "params.json", json.dumps({"lr0": 0.01}))
    run = look(tmp_path).runs[f"tune/{TRIAL}"]
    assert (run.framework, run.task, run.problems) == ("ultralytics", "detect", ())
    history = run.history
    assert history.epoch.tolist() == [1, 2, 3]
    assert history.seconds.tolist() == [9.5, 19, 28.5]
    assert history.metrics["box"]["map50"].tolist() == [row[BOX[2]] for row in rows]
    assert (set(history.train), set(history.val), set(history.lr)) == ({"box"}, {"box"}, {"pg0"})
    assert history.other == {}


def test_reports_without_a_side_are_validation_and_that_is_said(tmp_path):
    reports = [report(n, loss=1 / n, accuracy=n / 10) for n in (1, 2)]
    write(tmp_path / "progress.csv", table(reports))
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("unknown", "classify")
    assert run.history.epoch.tolist() == [1, 2]
    assert run.history.val["loss"].tolist() == [1, 0.5]
    assert run.history.metrics["classify"]["top1"].tolist() == [0.1, 0.2]
    assert kinds(run.problems) == ["no_side", "no_side"]


def test_rewards_are_no_training(tmp_path):
    reports = [report(n, episode_reward_mean=n, **{"info/a/b/c/policy_loss": n}) for n in (1, 2)]
    write(tmp_path / "rl" / "progress.csv", table(reports))
    assert "no loss or metric that RunLens knows" in reason(tmp_path)


def test_an_empty_table_leaves_the_lines(tmp_path):
    write(tmp_path / "progress.csv", b"")
    write(tmp_path / "result.json", json_lines([report(1, val_loss=2)]) + '{"val_loss": 1, "trai')
    run = open_run(str(tmp_path))
    assert run.history.val["loss"].tolist() == [2]
    assert kinds(run.problems) == ["damaged"]


def test_a_row_that_is_cut_short_keeps_what_it_has(tmp_path):
    text = table([report(n, train_loss=n, val_loss=n) for n in (1, 2)])
    write(tmp_path / "progress.csv", text[: text.rindex("2024")])
    assert open_run(str(tmp_path)).history.val["loss"].tolist() == [1, 2]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), st.booleans())
def test_any_content_is_read_or_refused(tmp_path_factory, content, lines):
    folder = tmp_path_factory.mktemp("trial")
    first = (
        b'{"training_iteration": 1, "val_loss": 1}\n' if lines else b"val_loss,training_iteration\n"
    )
    write(folder / ("result.json" if lines else "progress.csv"), first + content)
    try:
        run = open_run(str(folder))
    except NotARun as refusal:
        assert str(refusal)
    else:
        assert len(run.history) <= run.logged.rows
