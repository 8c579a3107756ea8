"""The files of a recording: what stands in their place does not hold the training up."""

from __future__ import annotations

import os
import threading

import pytest

from tensorboard_runlens.recording.store import Store

WAIT = 5.0
"""Seconds until something counts as hanging."""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("name", ["epochs.jsonl", "manifest.json.part"])
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path, name):
    store = Store(tmp_path)
    store.append({"epoch": 1})
    path = tmp_path / "runlens" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    raised = []

    def write():
        try:
            store.append({"epoch": 2})
            store.describe({})
        except OSError as error:
            raised.append(error)

    writing = threading.Thread(target=write, daemon=True)
    writing.start()
    writing.join(WAIT)
    assert not writing.is_alive()
    assert len(raised) == 1


def test_a_file_has_the_permissions_that_the_user_gives_files(tmp_path):
    Store(tmp_path).append({"epoch": 1})
    Store(tmp_path).describe({})
    (tmp_path / "own").touch()
    (own, *modes) = (
        path.stat().st_mode for path in (tmp_path / "own", *(tmp_path / "runlens").iterdir())
    )
    assert modes == [own, own]
