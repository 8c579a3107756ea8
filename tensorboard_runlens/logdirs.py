"""The folders that TensorBoard was started on, from its flags: --logdir or --logdir_spec."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

REMOTE = re.compile(r"[a-zA-Z][0-9a-zA-Z.]*://")
REMOTE_NOTE = "RunLens reads local folders only; what is remote in this logdir is left out."


def of_context(context: Any) -> list[tuple[str, str]]:
    """(prefix of run names, path) of each local folder; remote ones are left to TensorBoard."""
    return _distinct([entry for entry in _all(context) if not REMOTE.match(entry[1])])


def notes(context: Any) -> list[str]:
    """What a user must know about these folders."""
    return [REMOTE_NOTE] if any(REMOTE.match(path) for (_, path) in _all(context)) else []


def shown_name(context: Any) -> str:
    """What the page calls the logdir: its last part, since whole paths name people's machines."""
    names = [prefix or _last_part(path) for (prefix, path) in of_context(context)]
    return ", ".join(names) or "a remote logdir"


def _all(context: Any) -> list[tuple[str, str]]:
    spec = str(getattr(getattr(context, "flags", None), "logdir_spec", "") or "")
    if spec:
        return [entry for entry in map(_of_spec, spec.split(",")) if entry[1]]
    logdir = str(getattr(context, "logdir", "") or "")
    return [("", os.path.expanduser(logdir))] if logdir else []


def _of_spec(entry: str) -> tuple[str, str]:
    """``name:path`` or a path alone, by the rules of TensorBoard's own parser."""
    (name, colon, path) = entry.strip().partition(":")
    named = colon and name and not REMOTE.match(entry) and not os.path.splitdrive(entry)[0]
    if not named or entry.startswith("/"):
        return ("", os.path.expanduser(entry.strip()))
    return (name.strip(), os.path.expanduser(path.strip()))


def _distinct(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of several folders each has a prefix of its own: they may hold runs of the same name."""
    return entries if len(entries) < 2 else list(_prefixed(entries))


def _prefixed(entries: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for name, path in entries:
        wanted = name or _last_part(path)
        (prefix, number) = (wanted, 1)
        while prefix in taken:
            number += 1
            prefix = f"{wanted} ({number})"
        taken.add(prefix)
        yield (prefix, path)


def _last_part(path: str) -> str:
    return os.path.basename(os.path.abspath(path)) or os.sep
