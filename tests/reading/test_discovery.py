"""From a logdir to its runs: what is entered, what is a run, and what a run is called."""

from __future__ import annotations

import json
import os

import pytest

from tensorboard_runlens import discovery, schema
from tensorboard_runlens import folder as folder_module
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.discovery import walk
from tests.builders import (
    BOX,
    DETECT,
    csv_text,
    decoded,
    kinds,
    rows_of,
    scalars_of,
    write,
    write_args,
    write_csv,
    write_detect,
    write_events,
)


def look(logdir):
    """A catalog of this logdir, looked at once."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    return catalog


def names(logdir):
    return list(look(logdir).runs)


def test_runs_are_named_by_their_place_below_the_logdir(tmp_path):
    write_detect(tmp_path / "runs" / "detect" / "train")
    write_detect(tmp_path / "other")
    assert names(tmp_path) == ["other", "runs/detect/train"]


def test_a_logdir_that_is_a_run_itself_is_called_by_a_dot(tmp_path):
    write_detect(tmp_path)
    write_detect(tmp_path / "below")
    assert names(tmp_path) == [".", "below"]


def test_opened_by_itself_a_run_has_its_folders_own_name(tmp_path, monkeypatch):
    write_detect(tmp_path / "train7")
    assert open_run(str(tmp_path / "train7")).name == "train7"
    monkeypatch.chdir(tmp_path / "train7")
    assert open_run(".").name == "train7"


def test_the_walk_is_breadth_first_and_counts_as_people_do(tmp_path):
    for place in ("b/train10", "b/train2", "b/train", "a/deep/er", "c"):
        write_detect(tmp_path / place)
    assert names(tmp_path) == ["c", "b/train", "b/train2", "b/train10", "a/deep/er"]


@pytest.mark.parametrize(
    "place",
    [
        ".venv/lib/train",
        ".git/train",
        ".ipynb_checkpoints",
        "train.ipynb_checkpoints",
        "site-packages/ultralytics/train",
        "node_modules/train",
        "__pycache__",
        "images/train",
        "labels/train",
        "run/weights",
        "run/runlens",
        "wandb/run-1",
        "mlruns/0",
    ],
)
def test_folders_that_cannot_hold_runs_are_not_entered(tmp_path, place):
    write_detect(tmp_path / place)
    write_detect(tmp_path / "run")
    assert names(tmp_path) == ["run"]


def test_a_virtual_environment_is_told_by_its_mark_whatever_its_name(tmp_path):
    write(tmp_path / "py" / "pyvenv.cfg", "home = somewhere\n")
    write_detect(tmp_path / "py" / "lib" / "train")
    write_detect(tmp_path / "run")
    assert names(tmp_path) == ["run"]


def test_a_logdir_inside_an_environment_is_still_looked_at(tmp_path):
    write(tmp_path / "pyvenv.cfg", "home = somewhere\n")
    write_detect(tmp_path / "run")
    assert names(tmp_path) == ["run"]


def test_links_that_go_round_in_circles_end(tmp_path):
    write_detect(tmp_path / "a" / "run")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert names(tmp_path) == ["a/run"]


def test_a_link_to_a_run_outside_of_the_logdir_is_followed(tmp_path):
    write_detect(tmp_path / "elsewhere" / "train3")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "best").symlink_to(tmp_path / "elsewhere" / "train3")
    assert names(tmp_path / "logs") == ["best"]


@pytest.mark.parametrize("link", ["a_link", "z_link"])
def test_a_run_that_is_also_linked_is_listed_once_under_its_own_name(tmp_path, link):
    write_detect(tmp_path / "runs" / "train3")
    (tmp_path / link).symlink_to(tmp_path / "runs" / "train3", target_is_directory=True)
    assert names(tmp_path) == ["runs/train3"]


def test_a_dangling_link_is_passed_over(tmp_path):
    write_detect(tmp_path / "run")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "run" / "best.pt").symlink_to(tmp_path / "nowhere.pt")
    catalog = look(tmp_path)
    assert list(catalog.runs) == ["run"]
    assert catalog.unreadable == []


def test_a_table_that_is_a_link_out_of_its_run_is_refused(tmp_path):
    outside = write_detect(tmp_path / "outside")
    run = write_args(tmp_path / "logs" / "run", epochs=5)
    (run / "results.csv").symlink_to(outside / "results.csv")
    found = look(tmp_path / "logs").runs["run"]
    assert len(found.history) == 0
    assert kinds(found.problems) == ["refused"]


def test_a_table_that_is_a_link_out_of_its_run_is_unreadable_without_arguments(tmp_path):
    outside = write_detect(tmp_path / "outside")
    (tmp_path / "logs" / "run").mkdir(parents=True)
    (tmp_path / "logs" / "run" / "results.csv").symlink_to(outside / "results.csv")
    catalog = look(tmp_path / "logs")
    assert catalog.runs == {}
    assert [one.path for one in catalog.unreadable] == ["run"]
    assert "link" in catalog.unreadable[0].reason


def test_an_event_file_that_is_a_link_out_of_its_run_is_refused(tmp_path):
    event = write_events(tmp_path / "outside", scalars_of(DETECT, [1, 2]))
    run = write_args(tmp_path / "logs" / "run", epochs=5)
    (run / event.name).symlink_to(event)
    found = look(tmp_path / "logs").runs["run"]
    assert len(found.history) == 0
    assert "refused" in kinds(found.problems)


def test_a_link_within_the_run_is_read(tmp_path):
    write_detect(tmp_path / "run" / "kept")
    (tmp_path / "run" / "results.csv").symlink_to(tmp_path / "run" / "kept" / "results.csv")
    assert len(look(tmp_path).runs["run"].history) == 5


def test_a_folder_whose_name_begins_like_the_runs_is_outside_of_it(tmp_path):
    outside = write_detect(tmp_path / "run2")
    write_args(tmp_path / "run", epochs=5)
    (tmp_path / "run" / "results.csv").symlink_to(outside / "results.csv")
    assert kinds(open_run(str(tmp_path / "run")).problems) == ["refused"]


@pytest.mark.parametrize(
    "name",
    [
        "with blanks",
        "Prüfung – 検出",
        "two\nlines",
        "<img src=x onerror=alert(1)>",
        "a'b\"c",
        "%2e%2e",
        "a@b.csv",
        "-rf",
        "back\\slash",
    ],
)
def test_any_name_is_a_name(tmp_path, capsys, name):
    write_detect(tmp_path / name)
    assert names(tmp_path) == [name]
    assert main(["scan", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["name"] == name


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_a_name_in_bytes_that_are_no_text_is_shown_as_well_as_can_be(tmp_path, capsys):
    folder = os.fsencode(tmp_path) + b"/Pr\xfcfung"
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    with open(folder + b"/results.csv", "w") as file:
        file.write(csv_text(DETECT, rows_of(DETECT, [1, 2])))
    with open(folder + b"/\xfc.pt", "w") as file:
        file.write("")
    assert main(["scan", str(tmp_path), "--json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert [one["kind"] for one in run["problems"]] == ["unreadable_name"]
    assert run["name"].startswith("Pr")
    assert run["epochs"]["logged"] == 2


def test_other_tables_beside_results_csv_are_runs_of_their_own(tmp_path):
    write_detect(tmp_path / "logs", range(1, 4))
    write_csv(tmp_path / "logs", DETECT, rows_of(DETECT, range(1, 9)), name="yolov12m.csv")
    runs = look(tmp_path).runs
    assert {name: len(run.history) for (name, run) in runs.items()} == {
        "logs": 3,
        "logs@yolov12m.csv": 8,
    }


def test_several_tables_without_a_standard_name_are_all_runs_of_their_own(tmp_path):
    for name in ("a.csv", "b.csv"):
        write_csv(tmp_path / "logs", DETECT, rows_of(DETECT, [1, 2]), name=name)
    assert names(tmp_path) == ["logs@a.csv", "logs@b.csv"]


def test_several_tables_in_the_logdir_itself_are_named_by_their_file(tmp_path):
    folder = tmp_path / "logs"
    for name in ("results.csv", "b.csv"):
        write_csv(folder, DETECT, rows_of(DETECT, [1, 2]), name=name)
    assert names(folder) == [".", "logs@b.csv"]


def test_one_of_several_tables_is_opened_by_its_path(tmp_path):
    write_detect(tmp_path / "logs", range(1, 4))
    write_csv(tmp_path / "logs", DETECT, rows_of(DETECT, range(1, 9)), name="b.csv")
    run = open_run(str(tmp_path / "logs" / "b.csv"))
    assert (run.name, len(run.history)) == ("logs@b.csv", 8)


def test_a_renamed_table_that_is_alone_is_the_run_of_its_folder(tmp_path):
    write_csv(tmp_path / "train", DETECT, rows_of(DETECT, [1, 2]), name="results (1).csv")
    assert names(tmp_path) == ["train"]
    assert open_run(str(tmp_path / "train")).files.by_role["results"] == ("results (1).csv",)


def test_the_history_of_hyperparameters_is_no_run(tmp_path):
    columns = ("metrics/precision", "metrics/mAP_0.5", "val/box_loss", "lr0", "momentum")
    write_csv(tmp_path / "evolve", columns, rows_of(columns, [0, 1]), name="evolve.csv")
    write_args(tmp_path / "evolve", epochs=10)
    catalog = look(tmp_path)
    assert catalog.runs == {}
    assert [one.path for one in catalog.unreadable] == ["evolve"]
    assert "hyper-parameter search of 2 trials" in catalog.unreadable[0].reason


def test_arguments_alone_are_a_run_that_has_not_begun(tmp_path):
    write_args(tmp_path / "train", task="segment", mode="train", epochs=10)
    run = look(tmp_path).runs["train"]
    assert (run.framework, run.task) == ("ultralytics", "segment")
    assert len(run.history) == 0
    assert analyse(run, now=4e9).state == "empty"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.yaml", "train: images\nval: images\nnames: [a]\n"),
        ("config.yaml", "epochs: 5\n"),
        ("docker-compose.yml", "services: {}\n"),
        ("people.csv", "name,age\nAnn,7\n"),
        ("series.csv", "epoch,time,value\n1,2,3\n"),
        ("empty.csv", ""),
        ("binary.csv", "\0\1\2" * 90),
        ("requirements.txt", "numpy\n"),
        ("README.md", "# results\n"),
    ],
)
def test_files_that_have_nothing_to_do_with_it_are_passed_over_silently(tmp_path, name, content):
    write(tmp_path / "project" / name, content)
    catalog = look(tmp_path)
    assert catalog.runs == {}
    assert catalog.unreadable == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("name,age\nAnn,7\n", "no column called epoch"),
        ("\0" * 200, "not text"),
        (",,,\n1,2,3\n", "names no column"),
    ],
    ids=["empty", "other columns", "nul bytes", "no names"],
)
def test_a_results_csv_that_cannot_be_read_is_listed_with_the_reason(tmp_path, content, reason):
    write(tmp_path / "bad" / "results.csv", content)
    write_detect(tmp_path / "good")
    catalog = look(tmp_path)
    assert list(catalog.runs) == ["good"]
    assert [one.path for one in catalog.unreadable] == ["bad"]
    assert reason in catalog.unreadable[0].reason
    with pytest.raises(NotARun, match=reason):
        open_run(str(tmp_path / "bad"))


def test_a_table_over_the_size_cap_is_a_problem_and_the_rest_is_served(tmp_path):
    run = write_args(tmp_path / "big", epochs=5)
    with open(run / "results.csv", "wb") as file:
        file.write(csv_text(DETECT, rows_of(DETECT, [1])).encode())
        file.truncate(folder_module.MAX_TABLE_BYTES + 1)
    write_detect(tmp_path / "small")
    runs = look(tmp_path).runs
    assert set(runs) == {"big", "small"}
    assert kinds(runs["big"].problems) == ["refused"]
    assert f"{folder_module.MAX_TABLE_BYTES:,}" in runs["big"].problems[0].problem


def test_an_event_file_over_the_size_cap_is_a_problem(tmp_path, monkeypatch):
    from tensorboard_runlens.formats import event_files

    monkeypatch.setattr(event_files, "MAX_EVENT_BYTES", 100)
    write_events(tmp_path, scalars_of(DETECT, [1, 2]))
    run = open_run(str(write_args(tmp_path, epochs=5)))
    assert "refused" in kinds(run.problems)
    assert len(run.history) == 0


def test_a_run_with_more_files_than_are_looked_at_says_so(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv", "c.csv"):
        write_csv(tmp_path, DETECT, rows_of(DETECT, [1, 2]), name=name)
    monkeypatch.setattr(folder_module, "MAX_ENTRIES", 2)
    runs = look(tmp_path).runs
    assert len(runs) == 2
    assert all(kinds(run.problems) == ["too_many_files"] for run in runs.values())


def test_a_logdir_with_more_folders_than_are_looked_at_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(discovery, "MAX_FOLDERS", 3)
    for number in range(6):
        write_detect(tmp_path / f"run{number}")
    catalog = look(tmp_path)
    assert list(catalog.runs) == ["run0", "run1"]
    assert "not looked at" in catalog.unreadable[0].reason


def test_folders_deeper_than_any_project_are_not_entered(tmp_path):
    deepest = "/".join(["d"] * discovery.MAX_DEPTH)
    write_detect(tmp_path / deepest)
    write_detect(tmp_path / deepest / "d")
    assert names(tmp_path) == [deepest]


def test_a_logdir_that_is_missing_is_listed_as_unreadable(tmp_path):
    ((found, failed),) = walk(str(tmp_path / "nowhere"))
    assert found is None
    assert failed is not None
    assert "cannot be listed" in failed.reason


@pytest.mark.parametrize("path", ["nowhere", "nowhere/at/all", "a\0b"])
def test_a_path_with_nothing_there_is_file_not_found(tmp_path, path):
    with pytest.raises(FileNotFoundError):
        open_run(os.path.join(str(tmp_path), path))


def test_a_folder_without_a_run_is_not_a_run(tmp_path):
    with pytest.raises(NotARun):
        open_run(str(tmp_path))


def test_a_file_that_is_no_table_is_not_a_run_even_beside_one(tmp_path):
    write_detect(tmp_path)
    write(tmp_path / "notes.md", "text\n")
    with pytest.raises(NotARun):
        open_run(str(tmp_path / "notes.md"))


def test_a_path_object_is_a_path(tmp_path):
    assert len(open_run(write_detect(tmp_path)).history) == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_is_never_opened(tmp_path):
    write_args(tmp_path, epochs=5)
    os.mkfifo(tmp_path / "results.csv")
    assert len(open_run(str(tmp_path)).history) == 0


def test_what_lies_in_a_run_is_listed_by_role(tmp_path):
    write_detect(tmp_path, epochs=5)
    for name in (
        "BoxF1_curve.png",
        "PR_curve.png",
        "confusion_matrix_normalized.png",
        "labels.jpg",
        "train_batch10.jpg",
        "train_batch2.jpg",
        "val_batch0_pred.jpg",
        "weights/last.pt",
        "weights/best.pt",
        "train.log",
        "results.png",
    ):
        write(tmp_path / name, b"")
    roles = dict(open_run(str(tmp_path)).files.by_role)
    assert roles == {
        "results": ("results.csv",),
        "args": ("args.yaml",),
        "curve": ("BoxF1_curve.png", "PR_curve.png"),
        "confusion": ("confusion_matrix_normalized.png",),
        "labels": ("labels.jpg",),
        "train_batch": ("train_batch2.jpg", "train_batch10.jpg"),
        "val_batch": ("val_batch0_pred.jpg",),
        "plot": ("results.png",),
        "weights": ("weights/best.pt", "weights/last.pt"),
        "log": ("train.log",),
    }


def test_a_scan_lists_the_best_run_first_then_by_natural_name(tmp_path, capsys):
    for name, map50_95 in (("train10", 0.4), ("train2", 0.4), ("train", 0.7)):
        rows = rows_of(DETECT, range(1, 4), **{BOX[3]: map50_95})
        write_csv(tmp_path / name, DETECT, rows)
    write_args(tmp_path / "begun", epochs=5)
    assert main(["scan", str(tmp_path), "--json"]) == 0
    answer = decoded(capsys.readouterr().out, schema.ScanAnswer)
    assert [run.name for run in answer.runs] == ["train", "train2", "train10", "begun"]


@pytest.mark.parametrize("made", [False, True], ids=["missing", "without runs"])
def test_a_logdir_that_is_missing_or_holds_no_run_is_unusable(tmp_path, capsys, made):
    logdir = tmp_path / "logs"
    if made:
        logdir.mkdir()
    assert main(["scan", str(logdir), "--json"]) == 2
    printed = capsys.readouterr()
    answer = decoded(printed.out, schema.ErrorAnswer)
    assert answer.error.code == ("unreadable" if made else "not_found")
    assert len(printed.err.splitlines()) == 1
