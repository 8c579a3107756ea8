"""The folders that TensorBoard was started on, from its flags: --logdir or --logdir_spec."""

from __future__ import annotations

import os
import re
from typing import Any

WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")
REMOTE = "://"


def of_context(context: Any) -> list[tuple[str, str]]:
    """(prefix of run names, path) of each local folder; remote ones are left to TensorBoard."""
    spec = str(getattr(getattr(context, "flags", None), "logdir_spec", "") or "")
    if spec:
        return [
            entry for entry in map(_of_spec, spec.split(",")) if entry[1] and REMOTE not in entry[1]
        ]
    logdir = os.path.expanduser(str(getattr(context, "logdir", "") or ""))
    return [("", logdir)] if logdir and REMOTE not in logdir else []


def _of_spec(entry: str) -> tuple[str, str]:
    """``name:path`` or a path alone, by the rules of TensorBoard's own parser."""
    (name, colon, path) = entry.partition(":")
    if not colon or entry.startswith("/") or WINDOWS_DRIVE.match(entry) or path.startswith("//"):
        return ("", os.path.expanduser(entry.strip()))
    return (name.strip(), os.path.expanduser(path.strip()))


def shown_name(context: Any) -> str:
    """What the page calls the logdir: its last part, since whole paths name people's machines."""
    names = [
        prefix or os.path.basename(os.path.abspath(path)) for (prefix, path) in of_context(context)
    ]
    return ", ".join(names) or "a remote logdir"
