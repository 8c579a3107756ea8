"""``datasets:`` of runlens.yaml: paths that the user wrote are read, whatever they lead to becomes a note at worst."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.pointed_out import Shelf, dataset_of
from tensorboard_runlens.run import Files, Logged, Run, empty_history
from tensorboard_runlens.settings import MAX_LEVELS_UP, Settings, load, nearest
from tests.builders import write, write_detect
from tests.dataset import datasets

SECRET = "root:x:0:0:the words that must never be shown"


@pytest.fixture
def logdir(tmp_path):
    """A logdir with a run, beside a data set of 90 and 30 images."""
    write_detect(tmp_path / "logs" / "train", task="detect", mode="train", epochs=5)
    datasets.write(tmp_path / "coins", datasets.healthy())
    return tmp_path / "logs"


def point_out(logdir: Path, **named: str) -> Settings:
    write(logdir / "runlens.yaml", json.dumps({"datasets": named}))
    return load(str(logdir))


def shown(folder, capsysbinary):
    assert main(["show", str(folder), "--json"]) == 0
    return json.loads(capsysbinary.readouterr().out)["run"]


# Which settings hold


def test_paths_count_from_the_folder_of_the_settings(logdir):
    settings = point_out(logdir, coins="../coins/data.yaml", other="/data/other.yaml")
    assert settings.datasets == {
        "coins": str(logdir / "../coins/data.yaml"),
        "other": "/data/other.yaml",
    }
    assert settings.folder == str(logdir)


def test_a_home_folder_is_the_users(logdir, monkeypatch):
    monkeypatch.setenv("HOME", "/home/anna")
    assert point_out(logdir, coins="~/coins/data.yaml").datasets == {
        "coins": "/home/anna/coins/data.yaml"
    }


@pytest.mark.parametrize("wanted", ["a.yaml", ["a.yaml"], True])
def test_what_names_no_paths_is_a_note(logdir, wanted):
    write(logdir / "runlens.yaml", json.dumps({"datasets": wanted, "rules": {"past-best": False}}))
    settings = load(str(logdir))
    assert settings.datasets == {}
    assert settings.off == {"past-best"}
    assert settings.notes == [
        "runlens.yaml, line 1: datasets must be names with the path of a DATA.yaml each; it is not used"
    ]


@pytest.mark.parametrize("path", [3, None, ["b"], {"c": "d"}, True])
def test_a_path_that_is_none_is_a_note_and_the_others_hold(logdir, path):
    write(logdir / "runlens.yaml", json.dumps({"datasets": {"a": path, "b": "/data/b.yaml"}}))
    settings = load(str(logdir))
    assert settings.datasets == {"b": "/data/b.yaml"}
    assert settings.notes == [
        "runlens.yaml, line 1: datasets: a must be the path of a DATA.yaml; it is not used"
    ]


def test_the_nearest_settings_above_a_run_hold(tmp_path):
    run = write_detect(tmp_path / "a" / "b" / "run")
    write(tmp_path / "runlens.yaml", "datasets: {far: far.yaml}")
    assert nearest(str(run)).datasets == {"far": str(tmp_path / "far.yaml")}
    write(tmp_path / "a" / "runlens.yaml", "datasets: {near: near.yaml}")
    assert list(nearest(str(run)).datasets) == ["near"]
    assert nearest(str(run / "results.csv")).folder == str(tmp_path / "a")


def test_settings_too_far_above_do_not_hold(tmp_path):
    write(tmp_path / "runlens.yaml", "datasets: {far: far.yaml}")
    inside = tmp_path.joinpath(*"abcdefgh"[: MAX_LEVELS_UP - 1])
    assert nearest(str(inside)).datasets
    assert not nearest(str(inside / "x")).datasets


def test_settings_that_are_no_plain_file_are_not_read(tmp_path):
    write(tmp_path / "secret", f"datasets: {{x: y}}\n# {SECRET}")
    folder = write_detect(tmp_path / "logs" / "run")
    (tmp_path / "logs" / "runlens.yaml").symlink_to(tmp_path / "secret")
    settings = nearest(str(folder))
    assert settings.datasets == {}
    assert settings.notes == ["runlens.yaml is no plain file and was not read"]


# Which data set is a run's


@pytest.mark.parametrize(
    ("name", "data", "named", "path"),
    [
        ("train", None, {"train": "a/x.yaml", "val": "b/y.yaml"}, "a/x.yaml"),
        ("phase2/train3", None, {"phase2/*": "a/x.yaml", "phase1/*": "b/y.yaml"}, "a/x.yaml"),
        ("train", "/sets/coins/data.yaml", {"coins": "a/data.yaml", "notes": "b/data.yaml"}, "a/data.yaml"),
        ("train", "D:\\sets\\coins.yaml", {"coins": "a/data.yaml", "notes": "b/data.yaml"}, "a/data.yaml"),
        ("train", "/x/coins/data.yaml", {"one": "/y/coins/data.yaml", "two": "/y/z/data.yaml"}, "/y/coins/data.yaml"),
        ("train", "/x/coins.yaml", {"one": "/y/z/coins.yaml"}, "/y/z/coins.yaml"),
        ("train", "data.yaml", {"one": "/y/coins/data.yaml"}, None),
        ("train", "/x/other/data.yaml", {"one": "/y/coins/data.yaml"}, None),
        ("train", None, {"one": "/y/coins/data.yaml"}, None),
        ("train", "", {"one": "/y/coins/data.yaml"}, None),
        ("train", "/a/coins/notes.yaml", {"coins": "/y/1.yaml", "notes": "/y/2.yaml"}, None),
        ("train", None, {"t*": "/y/1.yaml", "*n": "/y/2.yaml"}, None),
        ("train", None, {"t*": "/y/1.yaml", "*n": "/y/1.yaml"}, "/y/1.yaml"),
        ("a/train", None, {"a/*": "/y/1.yaml", "a/train": "/y/2.yaml"}, "/y/2.yaml"),
        ("train", 3, {"one": "3"}, "3"),
        ("train", "x.yaml", {}, None),
    ],
)  # fmt: skip
def test_the_data_set_of_a_run(logdir, name, data, named, path):
    run = replace(open_run(str(logdir / "train")), arguments={"data": data})
    assert dataset_of(run, name, named) == path


EMPTY = Run(
    path=".",
    name="run",
    framework="ultralytics",
    task="detect",
    history=empty_history(),
    logged=Logged(0, ()),
    arguments={},
    argument_file={},
    files=Files({}, None, None),
    problems=(),
)
words = st.text(max_size=6) | st.sampled_from(["data.yaml", "a/data.yaml", "[", "*", "\0", "../.."])


@given(
    words,
    st.none() | words | st.integers() | st.lists(words, max_size=2),
    st.dictionaries(words, words, max_size=4),
)
def test_any_words_find_a_path_that_was_pointed_out_or_none(name, data, named):
    run = replace(EMPTY, arguments={"data": data})
    assert dataset_of(run, name, named) in {None, *named.values()}


# What is made of it


def test_the_data_set_that_was_pointed_out_is_the_runs(logdir, capsysbinary):
    point_out(logdir, train="../coins/data.yaml")
    run = shown(logdir / "train", capsysbinary)
    assert (run["dataset"]["n_train"], run["dataset"]["n_val"], run["dataset"]["n_classes"]) == (
        90,
        30,
        2,
    )
    assert run["dataset"]["fingerprint"]
    assert main(["scan", str(logdir), "--json"]) == 0
    (scanned,) = json.loads(capsysbinary.readouterr().out)["runs"]
    assert scanned["dataset"] == run["dataset"]


def test_the_path_in_the_arguments_alone_is_never_opened(logdir, tmp_path, capsysbinary):
    path = str(tmp_path / "coins" / "data.yaml")
    write_detect(logdir / "train", task="detect", mode="train", epochs=5, data=path)
    assert shown(logdir / "train", capsysbinary)["dataset"]["n_val"] is None
    point_out(logdir, something="../elsewhere/coins/data.yaml")
    assert shown(logdir / "train", capsysbinary)["dataset"]["n_val"] is None


def secret_file(folder):
    return write(folder / "passwd", f"{SECRET}\ndaemon:x:1:1\n")


def pipe(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def huge(folder):
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(50 * 2**20)
    return folder / "huge.yaml"


def link_to_itself(folder):
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    return folder / "loop.yaml"


POINTED = {
    "a file of something else": secret_file,
    "a folder": lambda folder: folder,
    "a pipe": pipe,
    "a device": lambda folder: "/dev/zero",
    "nothing": lambda folder: folder / "gone.yaml",
    "a zero byte": lambda folder: "a\0b",
    "fifty megabytes": huge,
    "a bomb": lambda folder: write(folder / "bomb.yaml", "a: " + "[" * 9999),
    "a link to itself": link_to_itself,
}


@pytest.mark.parametrize("kind", POINTED)
def test_what_is_no_data_set_is_a_note_and_nothing_else(logdir, tmp_path, capsysbinary, kind):
    point_out(logdir, train=str(POINTED[kind](tmp_path)))
    started = time.perf_counter()
    run = shown(logdir / "train", capsysbinary)
    assert main(["show", str(logdir / "train")]) == 0
    said = capsysbinary.readouterr().out.decode()
    assert main(["scan", str(logdir)]) == 0
    said_of_all = capsysbinary.readouterr().out.decode()
    assert time.perf_counter() - started < 2
    assert run["dataset"] == {
        "fingerprint": None,
        "n_train": None,
        "n_val": None,
        "n_classes": None,
    }
    assert "note: data set " in said
    assert "note: data set " in said_of_all
    for output in (json.dumps(run), said, said_of_all):
        assert SECRET[:10] not in output
        assert str(tmp_path) not in output


def test_a_note_goes_when_its_cause_does(logdir, tmp_path):
    shelf = Shelf()
    path = str(tmp_path / "new" / "data.yaml")
    assert shelf.get(path) is None
    assert shelf.notes == ["data set data.yaml: no such file"]
    datasets.write(tmp_path / "new", {"train": [datasets.box(0)], "val": [datasets.box(0, 5)]})
    assert shelf.get(path) is not None
    assert shelf.notes == []


def test_a_data_set_is_read_once_for_many_runs(logdir, tmp_path):
    shelf = Shelf()
    path = str(tmp_path / "coins" / "data.yaml")
    assert shelf.get(path) is shelf.get(path)


def test_the_tab_never_waits_for_a_data_set(logdir, tmp_path):
    shelf = Shelf()
    path = str(tmp_path / "coins" / "data.yaml")
    started = time.perf_counter()
    shelf.ready(path)
    assert time.perf_counter() - started < 0.2
    for _ in range(200):
        if shelf.ready(path):
            break
        time.sleep(0.05)
    data = shelf.ready(path)
    assert data is not None
    assert data.splits["val"].images == 30
