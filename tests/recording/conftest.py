"""Recordings of stand-ins: the process is alone, also where another test has imported the framework."""

from __future__ import annotations

import sys

import pytest

from tensorboard_runlens.recording.parts import alarms


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Ultralytics keeps what it read of RANK when it was imported."""
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delitem(sys.modules, "ultralytics.utils", raising=False)


class Unseeing:
    """Looks at nothing: a process for every training of these tests would take minutes."""

    def __init__(self, run_dir, guarded):
        self.run_dir = run_dir

    def look(self):
        """Starts nothing."""

    def end(self):
        """Nothing to end."""


@pytest.fixture(autouse=True)
def unseen(monkeypatch):
    """No training is looked at from another process."""
    monkeypatch.setattr(alarms, "Lookout", Unseeing)
