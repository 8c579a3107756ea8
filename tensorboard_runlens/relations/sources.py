"""Whose weights a run started from: the run whose checkpoint the training arguments name.

The path is only compared with names of runs, and never opened.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Optional

from tensorboard_runlens.run import Run

WEIGHT_ARGUMENTS = ("resume_ckpt", "resume", "weight", "weights", "model", "pretrained")
"""Arguments that may name the checkpoint a training starts from: PartiNet, YOLOv5 and YOLOv7, Ultralytics."""

CHECKPOINT = re.compile(r"^(?P<run>.+?)[\\/](?:weights[\\/])?[^\\/]+\.pt$")

TELLING_PARTS = 2
"""Last parts of a path that name a run: "train" is the name of every second one, "segment/train" is not."""


def sources_of(runs: Mapping[str, Run]) -> dict[str, str]:
    """name -> the other run whose checkpoint its arguments name, where exactly one fits best."""
    namesakes: dict[str, list[str]] = defaultdict(list)
    for name in runs:
        namesakes["".join(parts(name)[-1:])].append(name)
    found: dict[str, str] = {}
    for name, run in runs.items():
        wanted = _named_run(run)
        others = namesakes.get("".join(wanted[-1:]), ()) if wanted else ()
        fitting = (
            other for other in others if other != name and _same_project(name, other, wanted)
        )
        source = best_match(wanted, fitting)
        if source:
            found[name] = source
    return found


def _named_run(run: Run) -> list[str]:
    """The folder of the checkpoint that the arguments name, as parts of its path; [] where none is named."""
    for argument in WEIGHT_ARGUMENTS:
        match = CHECKPOINT.match(str(run.arguments.get(argument, "")))
        if match:
            return parts(match["run"])
    return []


def _same_project(name: str, other: str, wanted: Sequence[str]) -> bool:
    """Whether a path that counts from the project's folder can mean the other run: not in another project."""
    (mine, its) = (parts(name), parts(other))
    shared = _shared(wanted, its)
    root = its[: len(its) - shared]
    return shared < len(wanted) or mine[: len(root)] == root


def parts(path: str) -> list[str]:
    """The names in a path, whatever system wrote it."""
    return [part for part in re.split(r"[\\/]+", path) if part not in ("", ".", "..")]


def best_match(wanted: Sequence[str], names: Iterable[str]) -> Optional[str]:
    """The name that a path ends in, wholly or with its last two parts; None without one, or with several."""
    shared = {name: _shared(wanted, parts(name)) for name in names}
    fitting = {
        name: count
        for (name, count) in shared.items()
        if count >= TELLING_PARTS or count == len(parts(name)) > 0
    }
    most = max(fitting.values(), default=0)
    best = [name for (name, count) in fitting.items() if count == most]
    return best[0] if len(best) == 1 else None


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, yours in zip(reversed(one), reversed(other)):
        if mine != yours:
            break
        count += 1
    return count
