"""args.yaml, opt.yaml, hyp.yaml and cfg.yaml: whatever they hold becomes plain data or a problem."""

from __future__ import annotations

import time

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.arguments import read_arguments
from tensorboard_runlens.releases.evidence import release
from tensorboard_runlens.releases.ultralytics import ADDED, MIN_ARGUMENTS, REMOVED
from tests.builders import kinds, write, write_args, write_detect

CONFLICT = """\
task: detect
epochs: 50
<<<<<<< HEAD
batch: 8
model: a.pt
=======
batch: 16
model: b.pt
>>>>>>> 1234abcd
patience: 20
imgsz: 640
"""


def read(folder, text, name="args.yaml"):
    write(folder / name, text)
    return read_arguments(Folder(str(folder)))


def test_plain_arguments_keep_their_types(tmp_path):
    text = "epochs: 10\nlr0: 0.01\namp: true\nmodel: yolo11n.pt\nclasses: null\nimgsz: [640, 480]\n"
    (arguments, origin, problems) = read(tmp_path, text)
    assert arguments == {
        "epochs": 10,
        "lr0": 0.01,
        "amp": True,
        "model": "yolo11n.pt",
        "classes": None,
        "imgsz": [640, 480],
    }
    assert set(origin.values()) == {"args.yaml"}
    assert problems == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !!python/tuple [1, 2]\n", [1, 2]),
        ("a: !!python/object:pathlib.PosixPath {x: 1}\n", {"x": 1}),
        ("a: !!python/object/apply:os.system ['touch owned']\n", ["touch owned"]),
        ("a: !!python/name:builtins.eval ''\n", ""),
        ("a: !custom word\n", "word"),
    ],
)
def test_tags_that_would_build_objects_are_read_as_what_they_wrap(
    tmp_path, monkeypatch, text, expected
):
    monkeypatch.chdir(tmp_path)
    (arguments, _, problems) = read(tmp_path, text)
    assert arguments == {"a": expected}
    assert problems == []
    assert not (tmp_path / "owned").exists()


def test_undisputed_lines_around_a_merge_conflict_are_used(tmp_path):
    (arguments, _, problems) = read(tmp_path, CONFLICT)
    assert arguments == {"task": "detect", "epochs": 50, "patience": 20, "imgsz": 640}
    assert [(one.kind, one.line) for one in problems] == [("conflict", 3)]


def test_a_damaged_file_still_says_what_stands_on_lines_of_its_own(tmp_path):
    (arguments, _, problems) = read(tmp_path, "epochs: 50\nbroken: [1, 2\npatience: 20\n")
    assert arguments["epochs"] == 50
    assert arguments["patience"] == 20
    assert kinds(problems) == ["damaged"]


@pytest.mark.parametrize(
    "line", ["a: !!bool x", "a: !!int", "a: !!timestamp x", "a: 2020-13-45", "a: !!float ''"]
)
def test_a_value_that_yaml_cannot_build_does_not_cost_the_others(tmp_path, line):
    (arguments, _, problems) = read(tmp_path, f"epochs: 50\n{line}\n")
    assert arguments["epochs"] == 50
    assert kinds(problems) == ["damaged"]


def _bomb():
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(levels) + "\nepochs: 9\n"


def _merge_bomb():
    levels = ["a0: &a0 {x: 1, y: 2}"]
    levels += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 25)]
    return "\n".join(levels) + "\nepochs: 9\n"


@pytest.mark.parametrize(
    "text",
    [_bomb(), _merge_bomb(), "epochs: 9\na: " + "[" * 5000 + "]" * 5000 + "\n"],
    ids=["aliases", "merges", "nesting"],
)
def test_a_file_made_to_explode_is_refused_at_once(tmp_path, text):
    started = time.perf_counter()
    (arguments, _, problems) = read(tmp_path, text)
    assert time.perf_counter() - started < 2
    assert arguments["epochs"] == 9
    assert kinds(problems) == ["damaged"]


def test_a_few_references_are_fine(tmp_path):
    text = "project: &name runs\nname: *name\n"
    (arguments, _, problems) = read(tmp_path, text)
    assert arguments == {"project": "runs", "name": "runs"}
    assert problems == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (bytes(range(32)) * 40, "binary"),
        (b"\0" * 400, "binary"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"- a\n- b\n", "not_arguments"),
        (b"just words\n", "not_arguments"),
        (b"x: 1\n" * 400_000, "refused"),
    ],
    ids=["binary", "nul bytes", "empty", "blank", "list", "words", "2 MB"],
)
def test_a_file_without_arguments_is_a_problem_and_the_table_is_read(tmp_path, content, kind):
    write_detect(tmp_path, [1, 2, 3])
    write(tmp_path / "args.yaml", content)
    run = open_run(str(tmp_path))
    assert len(run.history) == 3
    assert run.arguments == {}
    assert kinds(run.problems) == [kind]


def test_one_broken_file_does_not_cost_the_other(tmp_path):
    write_args(tmp_path, "opt.yaml", epochs=30)
    (arguments, origin, problems) = read(tmp_path, b"\0\1\2", name="hyp.yaml")
    assert arguments == {"epochs": 30}
    assert origin == {"epochs": "opt.yaml"}
    assert [(one.file, one.kind) for one in problems] == [("hyp.yaml", "binary")]


def test_windows_paths_are_text(tmp_path):
    text = "save_dir: C:\\Users\\someone\\runs\\train\ndata: D:/sets/data.yaml\n"
    (arguments, _, problems) = read(tmp_path, text)
    assert arguments == {
        "save_dir": "C:\\Users\\someone\\runs\\train",
        "data": "D:/sets/data.yaml",
    }
    assert problems == []


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_value(tmp_path):
    (arguments, _, problems) = read(tmp_path, b"\xef\xbb\xbfepochs: 9\r\nmodel: a.pt\r\n")
    assert arguments == {"epochs": 9, "model": "a.pt"}
    assert problems == []


def test_names_that_are_no_words_become_words(tmp_path):
    assert read(tmp_path, "7: a\ntrue: b\nnull: c\n")[0] == {"7": "a", "True": "b", "None": "c"}


@pytest.mark.parametrize("task", ["depth", "[detect]", "7", "null"])
def test_a_task_that_nobody_knows_is_unknown(tmp_path, task):
    write_args(tmp_path, task=task, mode="train", epochs=10)
    assert open_run(str(tmp_path)).task == "unknown"


def complete(last):
    """All arguments that a release had, filled up to the length of a complete file."""
    added = {name for (name, first) in ADDED.items() if release(first) <= release(last)}
    removed = {name for (name, until) in REMOVED.items() if release(until) < release(last)}
    known = (added | REMOVED.keys() - ADDED.keys()) - removed
    others = [f"argument{n}" for n in range(MIN_ARGUMENTS)]
    return {"task": "detect", "mode": "train", **dict.fromkeys([*known, *others], 0)}


def test_the_release_is_told_by_the_names_of_a_complete_argument_file(tmp_path):
    write_detect(tmp_path, [1, 2])
    write_args(tmp_path, **complete("8.3.119"))
    version = open_run(str(tmp_path)).version
    assert version is not None
    assert (version.min, version.max) == ("8.3.119", "8.3.195")
    assert version.source == "argument names and columns"


def test_argument_names_that_contradict_each_other_prove_nothing(tmp_path):
    write_detect(tmp_path, [1, 2])
    write_args(tmp_path, **complete("8.3.119"), label_smoothing=0.0)
    assert open_run(str(tmp_path)).version is None


def test_a_shortened_argument_file_proves_nothing_by_what_it_leaves_out(tmp_path):
    write_detect(tmp_path, [1, 2], task="detect", mode="train", epochs=3)
    version = open_run(str(tmp_path)).version
    assert version is not None
    assert (version.min, version.max, version.source) == ("8.3.9", None, "columns")
