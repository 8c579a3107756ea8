"""Which releases of the framework can have written a run, told by its arguments and its columns.

No file of a run but the checkpoint names the release. What a scan has read anyway tells a span:
arguments, columns, names of pictures and of event files. The checkpoint narrows it where a page asks
for it (details.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.releases import ultralytics, yolov5, yolov7
from tensorboard_runlens.releases.dates import by_start
from tensorboard_runlens.releases.evidence import agreed, span
from tensorboard_runlens.run import Version

SOURCES = {
    "ultralytics": ultralytics,
    "yolov5": yolov5,
    "yolov7": yolov7,
}


def version_of(
    framework: str,
    table: Table,
    arguments: Mapping[str, Any],
    task: str = "unknown",
    files: Collection[str] = (),
) -> Optional[Version]:
    """The span of releases that fits arguments, columns and file names, None where nothing tells."""
    if framework not in SOURCES:
        return None
    told = SOURCES[framework].by_arguments(arguments)
    if span(told.bounds) is None:
        return None  # arguments of two releases in one file: a fork's, or edited
    evidence = [told, SOURCES[framework].by_columns(table, arguments)]
    if framework == "ultralytics":
        evidence += [
            ultralytics.by_model(arguments),
            ultralytics.by_pictures(task, files),
            by_start(files),
        ]
    return agreed(evidence)
