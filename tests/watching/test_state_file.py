"""The memory on disk: what comes back after a restart, and what happens when it does not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.watching.memory import Memory, Sighting, Training
from tensorboard_runlens.watching.state_file import AlreadyWatched, NoHome, StateFile, usual_path

TOLD = {"run": Training({"epoch": 1.0}, 40, findings={"non-finite": Sighting(34, "told")})}


def opened(path: Path) -> StateFile:
    state = StateFile(str(path))
    state.open()
    return state


def saved(path: Path) -> None:
    state = opened(path)
    state.memory.trainings.update(TOLD)
    state.save()
    state.close()


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    saved(tmp_path / "deep" / "state.json")
    state = opened(tmp_path / "deep" / "state.json")
    assert (state.memory.trainings, state.notes, state.damaged) == (TOLD, [], False)


@given(content=st.binary(max_size=200))
def test_a_damaged_file_is_said_and_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b"\xff" + content)
    state = opened(path)
    assert state.damaged
    assert state.memory == Memory()
    assert [note for note in state.notes if "cannot be read" in note]
    state.memory.trainings.update(TOLD)
    state.save()
    state.close()
    again = opened(path)
    assert again.memory.trainings == TOLD
    again.close()


@pytest.mark.parametrize(
    "content",
    ['{"format": 2}', '{"trainings": []}', "[" * 100_000, '{"trainings": {"a": {"epochs": "x"}}}'],
    ids=["format", "list", "deep", "text"],
)
def test_another_format_is_a_damaged_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    state = opened(tmp_path / "state.json")
    assert state.damaged
    assert state.memory.trainings == {}


def test_a_place_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    state = opened(tmp_path / "file" / "state.json")
    state.memory.trainings.update(TOLD)
    state.save()
    state.save()
    assert len([note for note in state.notes if "cannot be written" in note]) == 1


def test_a_save_that_fails_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    saved(path)
    state = opened(path)
    state.memory.trainings.clear()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        state.save()
    state.close()
    assert "No space left" in state.notes[0]
    assert opened(path).memory.trainings == TOLD
    assert sorted(os.listdir(tmp_path)) == ["state.json", "state.json.lock"]


def test_a_second_watch_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.json")
    with pytest.raises(AlreadyWatched):
        opened(tmp_path / "state.json")
    first.close()
    opened(tmp_path / "state.json").close()


@pytest.mark.skipif(os.name != "posix", reason="XDG folders and modes are POSIX")
def test_its_usual_place_is_the_users_own_and_outside_the_logdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "runs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "runs")
    path = usual_path(str(tmp_path / "runs"))
    assert path.startswith(f"{tmp_path / 'state' / 'runlens'}{os.sep}watch-")
    assert usual_path(str(tmp_path / "link")) == path
    assert usual_path(str(tmp_path)) != path
    saved(Path(path))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert usual_path("runs").startswith(str(tmp_path / "home" / ".local" / "state" / "runlens"))


@pytest.mark.skipif(os.name != "posix", reason="Windows has another folder")
def test_without_a_home_there_is_no_usual_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python leaves the ~ as it is then, which would be a folder in the one that the watch was started in."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "~")
    with pytest.raises(NoHome):
        usual_path("runs")
