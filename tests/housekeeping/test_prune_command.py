"""``runlens prune``: a list first, files go only with --yes, and what is said is true."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.schema.prune import PruneAnswer

from ..builders import decoded
from .pruned import SNAPSHOTS, aged, lying_below, write_run

Capture = pytest.CaptureFixture[str]
ALL = [f"weights/{name}" for name in SNAPSHOTS]


def answer(capsys: Capture, *call: str) -> PruneAnswer:
    assert main(["prune", *call, "--json"]) == 0
    return decoded(capsys.readouterr().out, PruneAnswer)


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_run(tmp_path / "logs" / "exp")
    aged(write_run(tmp_path / "logs" / "running", epochs=100), 30)
    return tmp_path / "logs"


@pytest.mark.parametrize("call", [[], ["--dry-run"]])
def test_it_lists_and_says_how_to_delete(logdir: Path, capsys: Capture, call: list[str]) -> None:
    before = lying_below(logdir)
    assert main(["prune", str(logdir), *call]) == 0
    (*files, total, kept, command) = capsys.readouterr().out.splitlines()
    assert [line.split() for line in files] == [["exp", path, "4.6", "kB"] for path in ALL]
    assert total == "3 epoch checkpoints of 1 run, 13.9 kB"
    assert kept == "kept: running: 3 epoch checkpoints: still training"
    assert shlex.split(command.partition(": ")[2]) == ["runlens", "prune", str(logdir), "--yes"]
    assert lying_below(logdir) == before


def test_yes_prints_the_same_list_and_deletes_it(logdir: Path, capsys: Capture) -> None:
    main(["prune", str(logdir)])
    listed = capsys.readouterr().out.splitlines()[:-1]
    assert main(["prune", str(logdir), "--yes"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == [*listed, "deleted: 3 epoch checkpoints, 13.9 kB"]
    assert sorted(os.listdir(logdir / "exp" / "weights")) == ["best.pt", "last.pt"]
    assert len(os.listdir(logdir / "running" / "weights")) == 5
    assert main(["prune", str(logdir), "--yes"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "nothing to delete"


def test_as_json(logdir: Path, capsys: Capture) -> None:
    dry = answer(capsys, str(logdir))
    assert (dry.dry_run, dry.freed) == (True, 0)
    assert [(one.run, one.file, one.deleted, one.reason) for one in dry.files] == [
        ("exp", path, False, None) for path in ALL
    ]
    assert dry.bytes == sum((logdir / "exp" / path).stat().st_size for path in ALL)
    assert [(one.run, one.files, one.reason) for one in dry.kept] == [
        ("running", ALL, "still training")
    ]
    done = answer(capsys, str(logdir), "--yes")
    assert (done.dry_run, done.freed, done.bytes) == (False, dry.bytes, dry.bytes)
    assert all(one.deleted for one in done.files)
    again = answer(capsys, str(logdir), "--yes")
    assert (again.files, again.bytes, again.freed) == ([], 0, 0)


@pytest.mark.parametrize("place", ["deployed/current.pt", "other/weights/init.pt"])
def test_what_a_link_elsewhere_in_the_logdir_leads_to_stays(
    logdir: Path, capsys: Capture, place: str
) -> None:
    link = logdir / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(logdir / "exp" / "weights" / "epoch2.pt")
    assert main(["prune", str(logdir), "--yes"]) == 0
    assert link.exists()
    assert "1 epoch checkpoint: a link leads to it" in capsys.readouterr().out


def test_what_could_not_be_deleted_is_said_and_exits_with_0(
    logdir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tensorboard_runlens.housekeeping.removal.remove_held_open", denied)
    monkeypatch.setattr("tensorboard_runlens.housekeeping.removal.remove_by_path", denied)
    assert main(["prune", str(logdir), "--yes"]) == 0
    (*_, first, second, third, total) = capsys.readouterr().out.splitlines()
    assert first == "not deleted: exp: weights/epoch0.pt: cannot be deleted: Permission denied"
    assert second.startswith("not deleted: exp: weights/epoch2.pt")
    assert third.startswith("not deleted: exp: weights/epoch4.pt")
    assert total == "deleted: 0 epoch checkpoints, 0 bytes"
    done = answer(capsys, str(logdir), "--yes")
    assert done.freed == 0
    assert {one.reason for one in done.files} == {"cannot be deleted: Permission denied"}


def test_both_at_once_are_refused_and_nothing_goes(logdir: Path, capsys: Capture) -> None:
    before = lying_below(logdir)
    assert main(["prune", str(logdir), "--yes", "--dry-run", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_request"
    assert lying_below(logdir) == before


@pytest.mark.parametrize("call", [["nowhere"], ["nowhere", "--yes"], ["."]])
def test_what_cannot_be_used_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: list[str], capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["prune", *call, "--json"]) == 2
    assert str(tmp_path) not in capsys.readouterr().out


def test_where_the_list_cannot_be_shown_nothing_goes(
    logdir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("no list")

    before = lying_below(logdir)
    monkeypatch.setattr("tensorboard_runlens.report.prune.listing", broken)
    assert main(["prune", str(logdir), "--yes"]) == 2
    assert lying_below(logdir) == before


def test_a_hostile_name_does_not_reach_the_terminal(tmp_path: Path, capsys: Capture) -> None:
    write_run(tmp_path / "red\x1b[31m\u202etxt")
    assert main(["prune", str(tmp_path), "--yes"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "deleted: 3 epoch checkpoints" in out


def test_what_could_not_be_read_is_counted_since_it_may_need_a_snapshot(
    logdir: Path, capsys: Capture
) -> None:
    (logdir / "damaged").mkdir()
    (logdir / "damaged" / "results.csv").write_bytes(bytes(range(256)) * 20)
    (note,) = answer(capsys, str(logdir)).notes
    assert note == "1 folder could not be read: what a training there started from is not known"


def test_notes_on_the_settings_are_said_since_tags_keep_runs(logdir: Path, capsys: Capture) -> None:
    (logdir / "runlens.yaml").write_text("tags: {exp9: deployed}\n")
    assert "there is no run called exp9" in answer(capsys, str(logdir)).notes[0]
    main(["prune", str(logdir)])
    assert (
        "note: runlens.yaml, line 1: tags: there is no run called exp9" in capsys.readouterr().out
    )
