"""Scalars for TensorBoard: into the event file that the framework writes, or else into one of our own.

TensorBoard's record format is imported where it is first needed. Its EventFileWriter is not used:
that imports TensorFlow where it is installed, and runs a thread.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Union

FRAMEWORKS = "ultralytics.utils.callbacks.tensorboard"
FILE_VERSION = "brain.Event:2"
"""First record of every event file."""


class FrameworkFile:
    """The event file of Ultralytics' own callback, through the writer that it has open."""

    def __init__(self, writer: Any) -> None:
        self._file = writer.file_writer

    def write(self, values: Mapping[str, float], step: int) -> None:
        """One record with all ``values`` by tag."""
        self._file.add_summary(_summary(values), step)


class OwnFile:
    """An event file of a run that has none yet. No file is kept open between two calls."""

    def __init__(self, run_dir: Union[str, os.PathLike[str]]) -> None:
        started = time.time()
        name = f"events.out.tfevents.{int(started):010}.{os.getpid()}.runlens"
        self._path = os.path.join(os.fspath(run_dir), name)
        self._append(file_version=FILE_VERSION)

    def write(self, values: Mapping[str, float], step: int) -> None:
        """One record with all ``values`` by tag."""
        self._append(step=step, summary=_summary(values))

    def _append(self, **fields: Any) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.summary.writer.record_writer import RecordWriter

        record = Event(wall_time=time.time(), **fields).SerializeToString()
        with open(self._path, "ab") as file:
            RecordWriter(file).write(record)


def event_file(run_dir: Union[str, os.PathLike[str]]) -> Union[FrameworkFile, OwnFile]:
    """Where a run's scalars go. Releases up to 8.4.176 leave a writer behind that belongs to an earlier run."""
    writer = getattr(sys.modules.get(FRAMEWORKS), "WRITER", None)
    if writer is None or getattr(writer, "file_writer", None) is None:
        return OwnFile(run_dir)
    if os.path.abspath(writer.log_dir) != os.path.abspath(run_dir):
        return OwnFile(run_dir)
    return FrameworkFile(writer)


def _summary(values: Mapping[str, float]) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary(
        value=[Summary.Value(tag=tag, simple_value=value) for (tag, value) in values.items()]
    )
