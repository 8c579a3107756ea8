"""Recordings of stand-ins: the process is alone, also where another test has imported the framework."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Ultralytics keeps what it read of RANK when it was imported."""
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delitem(sys.modules, "ultralytics.utils", raising=False)
