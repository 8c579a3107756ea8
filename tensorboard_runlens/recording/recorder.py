"""Writes RUN/runlens/: the manifest in one piece, the epochs a line at a time.

No file is kept open between two calls: a recorder can be pickled, a killed process loses at most the
line it was writing, and a folder that vanished comes back with the next epoch.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from typing import Any, Optional, Union

from tensorboard_runlens import __version__
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import EPOCHS, FOLDER, FORMAT_NUMBER, MANIFEST
from tensorboard_runlens.recording.plain import plain

TAIL_BYTES = 2**20
"""How far back a half line is looked for: a line of 80 classes with boxes and masks has 25 kB."""


class Recorder:
    """Records one training into its run folder.

    No method raises an Exception: what fails is switched off with one warning. Values may be numpy's; what is not
    finite is written as null, and absolute paths are cut.
    """

    def __init__(self, run_dir: Union[str, os.PathLike[str]]) -> None:
        self._folder = os.path.join(os.fspath(run_dir), FOLDER)
        self._guard = Guard()
        self._cut = False

    def start_over(self) -> None:
        """Forgets the epochs of an earlier training in the same folder; a resumed training keeps them."""
        self._guard.run("epochs", self._remove_epochs)

    def describe(self, **facts: Any) -> None:
        """Writes the manifest, in place of an earlier one: fields as in docs/recorded_data.md."""
        self._guard.run("manifest", lambda: self._write_manifest(facts))

    def log_epoch(
        self,
        epoch: int,
        seconds: Optional[float] = None,
        fitness: Optional[float] = None,
        **validation: Any,
    ) -> None:
        """Appends an epoch: its number as in the result table, its wall time, what best.pt is chosen
        by, and what was validated (fields as in docs/recorded_data.md; nothing without a validation)."""
        line = {"epoch": epoch, "seconds": seconds, "fitness": fitness, **validation}
        self._guard.run("epochs", lambda: self._append(line))

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _remove_epochs(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.remove(self._path(EPOCHS))

    def _write_manifest(self, facts: Mapping[str, Any]) -> None:
        self._make_folder()
        unfinished = self._path(f"{MANIFEST}.part")
        text = _json({"format": FORMAT_NUMBER, "runlens": __version__, **facts})
        try:
            with open(unfinished, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(unfinished, self._path(MANIFEST))
        except OSError:
            with contextlib.suppress(OSError):
                os.remove(unfinished)
            raise

    def _append(self, line: Mapping[str, Any]) -> None:
        text = _json(line)
        self._make_folder()
        if not self._cut:
            cut_half_line(self._path(EPOCHS))
            self._cut = True
        with open(self._path(EPOCHS), "a", encoding="utf-8", newline="\n") as file:
            file.write(f"{text}\n")

    def _make_folder(self) -> None:
        """Only the folder itself: a run folder that is gone is not made again."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._folder)


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(plain(fields), allow_nan=False, separators=(",", ":"))


def cut_half_line(path: str) -> None:
    """Removes what a killed process left of a line at the end of a file. Raises OSError."""
    with contextlib.suppress(FileNotFoundError), open(path, "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - TAIL_BYTES)
        file.seek(start)
        tail = file.read(size - start)
        if tail and not tail.endswith(b"\n"):
            file.truncate(start + tail.rfind(b"\n") + 1)
