"""``runlens demo``: the sample runs in a temporary folder, and TensorBoard on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).with_name("samples")
EPOCH_SECONDS = 2
"""The samples' files are dated as if an epoch had taken this long, so that they look like
trainings, not like a copy."""


def serve(port: int) -> int:
    """Starts TensorBoard and waits for its end; returns its exit code. The folder is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="runlens-demo-") as folder:
        logdir = copy_samples(Path(folder) / "runs")
        print(
            f"Sample runs are in {logdir}. Open the URL below and choose the tab RunLens; Ctrl-C ends it.",
            flush=True,
        )
        command = [
            sys.executable,
            "-m",
            "tensorboard.main",
            "--logdir",
            str(logdir),
            "--port",
            str(port),
        ]
        try:
            return subprocess.call(command)
        except KeyboardInterrupt:
            return 0


def copy_samples(logdir: Path) -> Path:
    """Copies the sample runs; returns the logdir."""
    shutil.copytree(SAMPLES, logdir)
    _date_files(logdir)
    return logdir


def _date_files(logdir: Path) -> None:
    """Dates all files a day back: none of the samples is running."""
    moment = time.time() - 36 * 3600
    for number, path in enumerate(sorted(logdir.rglob("*"))):
        if path.is_file():
            os.utime(path, (moment + EPOCH_SECONDS * number, moment + EPOCH_SECONDS * number))
