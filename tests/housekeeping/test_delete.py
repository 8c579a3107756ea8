"""Only what was listed goes, and only as it was listed, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Callable

import pytest

from tensorboard_runlens.housekeeping import Plan, removal
from tensorboard_runlens.housekeeping.deletion import delete

from ..builders import write
from .pruned import DAY, SNAPSHOTS, aged, checkpoint, lying_below, planned, write_run

ALL = [f"weights/{name}" for name in SNAPSHOTS]
CHANGED = "changed since it was listed"

WAYS = [
    pytest.param(True, marks=pytest.mark.skipif(not removal.HELD_OPEN, reason="not on Windows")),
    False,
]


@pytest.fixture(params=WAYS, ids=["held open", "by path"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "HELD_OPEN", request.param)


def refusals(logdir: Path, plan: Plan) -> dict[str, str]:
    """run/path -> why it was not deleted."""
    return {
        f"{one.run}/{one.file.path}": one.refused
        for one in delete(str(logdir), plan)
        if one.refused
    }


def test_what_is_listed_goes_and_nothing_else_is_touched(tmp_path: Path) -> None:
    for name in ("exp", "deep/er/exp2"):
        write_run(tmp_path / name)
    before = lying_below(tmp_path)
    found = planned(tmp_path)
    assert refusals(tmp_path, found) == {}
    gone = {f"{run}/{path}" for run in ("exp", "deep/er/exp2") for path in ALL}
    assert lying_below(tmp_path) == {k: facts for (k, facts) in before.items() if k not in gone}
    assert planned(tmp_path).runs == ()


def test_the_logdir_may_be_relative_and_the_run_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(tmp_path / "exp")
    monkeypatch.chdir(tmp_path / "exp")
    assert refusals(Path("."), planned(Path("."))) == {}
    assert sorted(os.listdir("weights")) == ["best.pt", "last.pt"]


def swap_weights(run: Path, aside: Path) -> None:
    (run / "weights").rename(aside)
    (run / "weights").symlink_to(aside)


def swap_run(run: Path, aside: Path) -> None:
    run.rename(aside)
    run.symlink_to(aside)


def swap_parent(run: Path, aside: Path) -> None:
    run.parent.rename(aside)
    run.parent.symlink_to(aside)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("swap", [swap_weights, swap_run, swap_parent])
@pytest.mark.parametrize("late", [False, True], ids=["before", "after looking at the run"])
def test_a_folder_that_became_a_link_is_not_followed(
    tmp_path: Path,
    swap: Callable[[Path, Path], None],
    late: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The very same files lie behind the link, so that only the link itself tells."""
    (logdir, aside) = (tmp_path / "logdir", tmp_path / "aside")
    run = write_run(logdir / "project" / "exp")
    found = planned(logdir)
    if late:
        monkeypatch.setattr("tensorboard_runlens.housekeeping.deletion.at_rest", lambda _: True)
    swap(run, aside)
    before = lying_below(tmp_path)
    assert len(refusals(logdir, found)) == len(ALL)
    assert lying_below(tmp_path) == before


def replace_by_another(path: Path) -> None:
    facts = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    other.replace(path)


def write_anew(path: Path) -> None:
    path.write_bytes(checkpoint("another"))


def touch(path: Path) -> None:
    os.utime(path, (0, 0))


def link_elsewhere(path: Path) -> None:
    os.link(path, path.parents[3] / "second name.pt")


def replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("best.pt")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "victim").write_text("mine")


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (replace_by_another, CHANGED),
        (write_anew, CHANGED),
        (touch, CHANGED),
        (link_elsewhere, "also lies elsewhere as a hard link, so that deleting it frees nothing"),
        (replace_by_link, "no plain file"),
        (replace_by_folder, "no plain file"),
        (replace_by_pipe, "no plain file"),
        (Path.unlink, "already gone"),
    ],
)
def test_a_file_that_is_another_by_now_is_left_and_said_and_the_others_go(
    tmp_path: Path, change: Callable[[Path], None], why: str
) -> None:
    run = write_run(tmp_path / "logdir" / "exp")
    found = planned(tmp_path / "logdir")
    change(run / "weights" / "epoch2.pt")
    before = lying_below(tmp_path)
    assert refusals(tmp_path / "logdir", found) == {"exp/weights/epoch2.pt": why}
    gone = {f"logdir/exp/weights/{name}" for name in ("epoch0.pt", "epoch4.pt")}
    assert lying_below(tmp_path) == {k: facts for (k, facts) in before.items() if k not in gone}


def resumed(run: Path) -> None:
    with open(run / "results.csv", "a", encoding="utf-8") as table:
        table.write("7,70\n")


def last_saved(run: Path) -> None:
    write(run / "weights" / "last.pt", checkpoint("next"))


def next_snapshot(run: Path) -> None:
    write(run / "weights" / "epoch6.pt", checkpoint("next"))


def best_gone(run: Path) -> None:
    (run / "weights" / "best.pt").unlink()


@pytest.mark.parametrize("change", [resumed, last_saved, next_snapshot, best_gone])
def test_a_run_that_goes_on_keeps_everything_and_other_runs_do_not(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    for name in ("exp", "exp2"):
        write_run(tmp_path / name)
    found = planned(tmp_path)
    change(tmp_path / "exp")
    why = "the run changed since it was listed"
    assert refusals(tmp_path, found) == {f"exp/{path}": why for path in ALL}
    assert (tmp_path / "exp" / "weights" / "epoch0.pt").exists()
    assert not (tmp_path / "exp2" / "weights" / "epoch0.pt").exists()


def test_a_second_prune_at_the_same_time_harms_nothing(tmp_path: Path) -> None:
    write_run(tmp_path / "exp")
    (one, other) = (planned(tmp_path), planned(tmp_path))
    assert refusals(tmp_path, one) == {}
    assert set(refusals(tmp_path, other).values()) == {"already gone"}


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may delete everywhere"
)
def test_a_folder_without_the_right_to_delete_is_said(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    write_run(tmp_path / "exp2")
    found = planned(tmp_path)
    (run / "weights").chmod(0o500)
    try:
        said = set(refusals(tmp_path, found).values())
    finally:
        (run / "weights").chmod(0o700)
    assert said == {"cannot be deleted: Permission denied"}
    assert not (tmp_path / "exp2" / "weights" / "epoch0.pt").exists()


def test_a_plan_of_another_logdir_deletes_nothing(tmp_path: Path) -> None:
    write_run(tmp_path / "one" / "exp")
    (tmp_path / "other").mkdir()
    found = planned(tmp_path / "one")
    before = lying_below(tmp_path)
    assert set(refusals(tmp_path / "other", found).values()) == {"not below the logdir"}
    assert lying_below(tmp_path) == before


def test_a_copy_in_place_of_the_logdir_is_left(tmp_path: Path) -> None:
    write_run(tmp_path / "logdir" / "exp")
    found = planned(tmp_path / "logdir")
    shutil.copytree(tmp_path / "logdir", tmp_path / "copy")
    (tmp_path / "logdir").rename(tmp_path / "old")
    (tmp_path / "copy").rename(tmp_path / "logdir")
    before = lying_below(tmp_path)
    assert set(refusals(tmp_path / "logdir", found).values()) == {CHANGED}
    assert lying_below(tmp_path) == before


def test_a_name_with_bytes_that_are_no_text_is_a_way_like_others(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    except OSError:
        pytest.skip("this file system takes only text")
    run = write_run(tmp_path / os.fsdecode(b"caf\xe9") / "exp")
    assert refusals(tmp_path, planned(tmp_path)) == {}
    assert sorted(os.listdir(aged(run, DAY) / "weights")) == ["best.pt", "last.pt"]
