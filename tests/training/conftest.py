"""Trainings that several modules look at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.training import outcome

TASKS = ("detect", "segment", "pose", "obb", "classify")
MANY_STEPS = {
    "optimizer": "AdamW",
    "lr0": 0.005,
    "lrf": 1.0,
    "warmup_epochs": 0,
    "mosaic": 0,
    "batch": 2,
    "nbs": 2,
}
"""With them the metrics of a training of seconds leave zero."""

TASKS_JOB = {**MANY_STEPS, "images": [40, 12], "epochs": 3}
SHORT_JOB = {**MANY_STEPS, "images": [24, 8], "epochs": 2}
OWN_MOUNTS = ("unshare", "--mount")
"""Runs a program that may mount disks which nobody else sees, and which vanish with it."""


def may_mount() -> bool:
    try:
        tried = subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", "/mnt"], check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.fixture(scope="session")
def faults(tmp_path_factory) -> Path:
    """What faults.py has left: many trainings of the same, most of them with something broken."""
    folder = tmp_path_factory.mktemp("faults")
    disk = may_mount()
    before = OWN_MOUNTS if disk else ()
    outcome.run_program("faults.py", folder, {**SHORT_JOB, "disk": disk}, before)
    return folder


@pytest.fixture(scope="session")
def stopped(tmp_path_factory) -> Path:
    """What stopped.py has left: trainings that were killed or interrupted, and resumed."""
    folder = tmp_path_factory.mktemp("stopped")
    outcome.run_program("stopped.py", folder, {**SHORT_JOB, "epochs": 3})
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Path:
    """What tracked.py has left: a folder a task."""
    folder = tmp_path_factory.mktemp("tracked")
    outcome.run_program("tracked.py", folder, {**TASKS_JOB, "tasks": TASKS})
    return folder
