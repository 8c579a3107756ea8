"""Random trees with links, pipes and hostile names: only listed files are ever gone, all else is as it was."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.cli import main
from tensorboard_runlens.housekeeping import Plan, removal
from tensorboard_runlens.housekeeping.deletion import delete

from ..builders import write
from .pruned import DAY, EPOCHS, aged, checkpoint, lying_below, planned, write_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")

HOSTILE = (
    "-rf",
    "epoch1.pt\n",
    "epoch1.pt ",
    "ep\u202eoch1.pt",
    "epoch1.pt/..",
    "EPOCH1.PT",
    "epoch٣.pt",
    "epoch01.pt",
    "$(touch x)",
    "*",
    "best.pt",
    "last.pt",
    "best_3.pt",
    "epoch1.pt.d",
)
NAMES = st.one_of(
    st.integers(0, 9).map("epoch{}.pt".format),
    st.sampled_from([name for name in HOSTILE if "/" not in name]),
    st.text(min_size=1, max_size=8).filter(lambda text: not set(text) & {"/", "\0"}),
).filter(lambda name: name not in (".", ".."))
KINDS = ("file", "tiny", "link", "outward", "dangling", "hard", "outward hard", "pipe", "folder")
RUNS = ("exp", "deep/exp", "-rf", "ex\u202ep", "exp/inner")
CHANGES = ("link weights", "link run", "replace", "remove", "add", "touch", "hard", "write table")


@dataclass(frozen=True)
class Tree:
    """Runs by name with what lies among their weights, which of them go on, and the links from run to run."""

    runs: dict[str, list[tuple[str, str]]]
    fresh: set[str]
    linked: list[str]


TREES = st.builds(
    Tree,
    st.dictionaries(
        st.sampled_from(RUNS),
        st.lists(st.tuples(NAMES, st.sampled_from(KINDS)), max_size=8),
        max_size=3,
    ),
    st.sets(st.sampled_from(RUNS), max_size=1),
    st.lists(st.sampled_from(RUNS), max_size=2),
)


def put(path: Path, kind: str, outside: Path) -> None:
    """One thing among the weights, where nothing lies yet and the system takes the name."""
    victim = outside / "epoch1.pt"
    makers: dict[str, Callable[[], Any]] = {
        "file": lambda: write(path, checkpoint(path.name[:3])),
        "tiny": lambda: write(path, b"version https://git-lfs"),
        "link": lambda: path.symlink_to("epoch1.pt"),
        "outward": lambda: path.symlink_to(victim),
        "dangling": lambda: path.symlink_to("nowhere"),
        "hard": lambda: os.link(path.with_name("best.pt"), path),
        "outward hard": lambda: os.link(victim, path),
        "pipe": lambda: os.mkfifo(path),
        "folder": lambda: write(path / "epoch1.pt", checkpoint()),
    }
    with contextlib.suppress(OSError, UnicodeError):
        if not os.path.lexists(path):
            makers[kind]()


def grow(root: Path, tree: Tree) -> Path:
    """The tree below ``root``, beside other people's files; returns the logdir."""
    (logdir, outside) = (root / "logdir", root / "outside")
    write_run(outside / "exp")
    write(outside / "epoch1.pt", checkpoint("victim"))
    write_run(logdir / "first")
    for name, things in sorted(tree.runs.items()):
        epochs = 100 if name in tree.fresh else EPOCHS
        run = write_run(logdir / name, snapshots=("epoch1.pt", "epoch3.pt"), epochs=epochs)
        for file, kind in things:
            put(run / "weights" / file, kind, outside)
        aged(run, 60 if name in tree.fresh else 30 * DAY)
    for number, name in enumerate(tree.linked):
        (logdir / f"linked{number}").symlink_to(outside / "exp" if number else logdir / name)
    return logdir


def change(run: Path, how: str, aside: Path) -> None:
    """What others do to a run after it was listed."""
    (weights, file) = (run / "weights", run / "weights" / "epoch1.pt")
    makers: dict[str, Callable[[], Any]] = {
        "link weights": lambda: (weights.rename(aside), weights.symlink_to(aside)),
        "link run": lambda: (run.rename(aside), run.symlink_to(aside)),
        "replace": lambda: (file.unlink(), write(file, checkpoint("another"))),
        "remove": file.unlink,
        "add": lambda: write(weights / "epoch8.pt", checkpoint("next")),
        "touch": lambda: os.utime(file, (1, 1)),
        "hard": lambda: os.link(file, aside),
        "write table": lambda: (run / "results.csv").write_text("epoch\n"),
    }
    with contextlib.suppress(OSError):
        makers[how]()


def gone(logdir: Path, plan: Plan) -> set[str]:
    """Deletes; the paths that were said to be gone, each of them listed before."""
    listed = {(run.run, file.path) for run in plan.runs for file in run.files}
    outcomes = delete(str(logdir), plan)
    assert {(one.run, one.file.path) for one in outcomes} == listed
    return {
        os.path.normpath(os.path.join("logdir", one.run, one.file.path))
        for one in outcomes
        if not one.refused
    }


@contextlib.contextmanager
def way(held_open: bool) -> Iterator[None]:
    before = removal.HELD_OPEN
    removal.HELD_OPEN = held_open and before
    try:
        yield
    finally:
        removal.HELD_OPEN = before


def but(facts: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: one for (name, one) in facts.items() if name not in names}


@settings(max_examples=120)
@given(tree=TREES, held_open=st.booleans())
def test_only_what_was_listed_is_gone_and_a_second_time_nothing(
    tree: Tree, held_open: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, way(held_open):
        root = Path(folder)
        logdir = grow(root, tree)
        before = lying_below(root)
        plan = planned(logdir)
        assert lying_below(root) == before
        assert {"epoch0.pt", "epoch2.pt"} <= {
            file.path[8:] for run in plan.runs if run.run == "first" for file in run.files
        }
        deleted = gone(logdir, plan)
        assert len(deleted) == plan.files
        for name in deleted:
            assert os.path.basename(name)[5:-3].isdecimal()
            assert not any(name.startswith(f"logdir/{one}/weights/") for one in tree.fresh)
        assert lying_below(root) == but(before, deleted)
        assert planned(logdir).runs == ()


@settings(max_examples=120)
@given(
    tree=TREES,
    changes=st.lists(
        st.tuples(st.sampled_from(("first", *RUNS)), st.sampled_from(CHANGES)), max_size=4
    ),
    blind=st.booleans(),
    held_open=st.booleans(),
)
def test_whatever_changes_in_between_only_listed_files_are_gone(
    tree: Tree, changes: Sequence[tuple[str, str]], blind: bool, held_open: bool
) -> None:
    """``blind``: the changes come after the look at whether the run is at rest."""
    with tempfile.TemporaryDirectory() as folder, way(held_open), pytest.MonkeyPatch.context() as m:
        root = Path(folder)
        logdir = grow(root, tree)
        plan = planned(logdir)
        if blind:
            m.setattr("tensorboard_runlens.housekeeping.deletion.at_rest", lambda _: True)
        for number, (name, how) in enumerate(changes):
            change(logdir / name, how, root / f"aside{number}")
        before = lying_below(root)
        deleted = gone(logdir, plan)
        after = lying_below(root)
        assert after == but(before, deleted)
        assert len(before) - len(after) == len(deleted)


@settings(max_examples=40)
@given(tree=TREES, as_json=st.booleans())
def test_a_dry_run_changes_nothing_not_even_a_time(tree: Tree, as_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        logdir = grow(root, tree)
        before = {path: path.lstat().st_mtime_ns for path in root.rglob("*")}
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
        ):
            assert main(["prune", str(logdir), *(["--json"] if as_json else [])]) == 0
        assert {path: path.lstat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.skipif(not removal.HELD_OPEN, reason="elsewhere folders cannot be held open")
def test_a_swap_between_looking_and_deleting_does_not_reach_what_lies_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(tmp_path / "logdir" / "exp")
    victim = write_run(tmp_path / "victim")
    plan = planned(tmp_path / "logdir")
    look = removal._refuse_another

    def swapped_after(*given: Any) -> None:
        look(*given)
        with contextlib.suppress(OSError):
            (run / "weights").rename(tmp_path / "aside")
            (run / "weights").symlink_to(victim / "weights")

    monkeypatch.setattr(removal, "_refuse_another", swapped_after)
    before = lying_below(victim)
    outcomes = delete(str(tmp_path / "logdir"), plan)
    assert [one.refused is None for one in outcomes] == [True, False, False]
    assert lying_below(victim) == before
    assert len(os.listdir(tmp_path / "aside")) == 4


@pytest.mark.parametrize("held_open", [True, False])
def test_a_folder_that_is_swapped_all_the_time_costs_nobody_a_file(
    tmp_path: Path, held_open: bool
) -> None:
    victim = write_run(tmp_path / "victim")
    done = threading.Event()
    runs = [write_run(tmp_path / "logdir" / f"exp{number}") for number in range(20)]

    def swap() -> None:
        while not done.is_set():
            for run in runs:
                (weights, aside) = (run / "weights", run.with_name(f"{run.name} aside"))
                with contextlib.suppress(OSError):
                    weights.rename(aside)
                    weights.symlink_to(victim / "weights")
                    weights.unlink()
                    aside.rename(weights)

    before = lying_below(victim)
    plan = planned(tmp_path / "logdir")
    assert len(plan.runs) == 20
    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        with way(held_open):
            outcomes = delete(str(tmp_path / "logdir"), plan)
    finally:
        done.set()
        swapping.join()
    assert lying_below(victim) == before
    kept = {f"{one.run}/{one.file.path}" for one in outcomes if one.refused}
    there = {
        str(path.relative_to(tmp_path / "logdir"))
        for path in (tmp_path / "logdir").glob("*/*/epoch*.pt")
    }
    assert kept == there
    assert all((run / "weights" / name).exists() for run in runs for name in ("best.pt", "last.pt"))
