"""No absolute path of anybody's machine in an answer."""

from __future__ import annotations

import json

import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.cli import main
from tests.builders import (
    DETECT,
    csv_text,
    decoded,
    rows_of,
    scalars_of,
    set_times,
    write,
    write_args,
    write_detect,
    write_events,
)

SECRET = "carol"


def shown(folder, capsys):
    assert main(["show", str(folder), "--json"]) == 0
    text = capsys.readouterr().out
    decoded(text, schema.ShowAnswer)
    return text


def strings(node):
    """Every text in a JSON document, keys included."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, dict):
        for key, item in node.items():
            yield key
            yield from strings(item)


def assert_private(text, folder):
    assert SECRET not in text
    assert str(folder.parent) not in text
    for said in strings(json.loads(text)):
        assert not said.startswith(("/", "~", "\\")), said
        assert said[1:3] not in (":\\", ":/"), said


@pytest.mark.parametrize(
    "path",
    [
        f"/home/{SECRET}/work/runs/detect/train",
        f"/Users/{SECRET}/work/sets/data.yaml",
        f"C:\\Users\\{SECRET}\\work\\runs\\train",
        f"C:/Users/{SECRET}/work/runs/train",
        f"\\\\server\\{SECRET}\\share\\work\\runs\\train",
        f"~/{SECRET}/work/runs/train",
        f"'/home/{SECRET}/work/runs/train'",
        f"[/home/{SECRET}/work/a.yaml, /home/{SECRET}/work/b.yaml]",
        f"{{train: /home/{SECRET}/work/images}}",
        f"project=/home/{SECRET}/work/runs",
        f"(/home/{SECRET}/work/sets)",
    ],
)
def test_paths_among_the_arguments_are_cut(tmp_path, capsys, path):
    folder = write_detect(tmp_path / "run", range(1, 16), task="detect", epochs=15, save_dir=path)
    assert_private(shown(folder, capsys), folder)


@pytest.mark.parametrize(
    "path",
    [
        f"train:/home/{SECRET}/work/images",
        f"file:///home/{SECRET}/work/images",
        f"/home/{SECRET} smith/work/sets/data.yaml",
    ],
)
def test_paths_behind_a_colon_or_with_a_blank_are_cut(tmp_path, capsys, path):
    folder = write_detect(tmp_path / "run", range(1, 16), task="detect", epochs=15, save_dir=path)
    assert_private(shown(folder, capsys), folder)


def test_the_runs_own_place_is_not_told(tmp_path, capsys):
    folder = write_detect(tmp_path / "run", range(1, 31), task="detect", epochs=90, patience=9)
    write(folder / "weights" / "best.pt", b"")
    write_events(folder, scalars_of(DETECT, range(1, 4)))
    set_times(folder, newest=1_700_000_000, spread=10)
    assert_private(shown(folder, capsys), folder)


def test_a_path_in_a_cell_is_not_repeated_in_the_problem(tmp_path, capsys):
    columns = (*DETECT, "weights")
    rows = rows_of(columns, range(1, 16), weights=f"/home/{SECRET}/runs/best.pt")
    write(tmp_path / "run" / "results.csv", csv_text(columns, rows))
    text = shown(tmp_path / "run", capsys)
    assert "best.pt" in text
    assert_private(text, tmp_path / "run")


def test_a_path_in_a_broken_argument_file_is_not_repeated_in_the_problem(tmp_path, capsys):
    folder = write_detect(tmp_path / "run", range(1, 16))
    write(folder / "args.yaml", f"epochs: 15\ndata: !!int /home/{SECRET}/work/x\n")
    assert_private(shown(folder, capsys), folder)


def test_a_path_in_a_file_with_a_merge_conflict_is_not_repeated(tmp_path, capsys):
    folder = write_detect(tmp_path / "run", range(1, 16))
    text = (
        f"<<<<<<< HEAD\ndata: /home/{SECRET}/a\n=======\n>>>>>>> x\nmodel: /home/{SECRET}/w/a.pt\n"
    )
    write(folder / "args.yaml", text)
    assert_private(shown(folder, capsys), folder)


def test_a_link_that_leaves_the_run_does_not_tell_where_it_leads(tmp_path, capsys):
    write(tmp_path / SECRET / "opt.yaml", "epochs: 3\n")
    folder = write_detect(tmp_path / "run", range(1, 16))
    (folder / "args.yaml").symlink_to(tmp_path / SECRET / "opt.yaml")
    assert_private(shown(folder, capsys), folder)


def test_a_scan_tells_no_path_either(tmp_path, capsys):
    write_detect(tmp_path / "logs" / "a", range(1, 16), data=f"/home/{SECRET}/data.yaml")
    write_args(tmp_path / "logs" / "b", model=f"/home/{SECRET}/x.pt")
    write_events(tmp_path / "logs" / "c", [(1, f"/home/{SECRET}/loss", 1.0)])
    assert main(["scan", str(tmp_path / "logs"), "--json"]) == 0
    text = capsys.readouterr().out
    decoded(text, schema.ScanAnswer)
    assert_private(text, tmp_path / "logs")
