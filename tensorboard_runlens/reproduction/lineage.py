"""Whose weights a run began with, and whose those began with: names only, and the runs of the logdir among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.relations.sources import WEIGHT_ARGUMENTS
from tensorboard_runlens.run import Run

CUT = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for the folders of an absolute path."""

BELOW_WEIGHTS = re.compile(rf"(^|[\\/]){WEIGHTS_FOLDER}[\\/]")
"""The folder of that name tells nothing."""

MAX_STEPS = 20
"""Trainings that a chain names."""

How = Literal["continues", "starts from"]

CONTINUES: How = "continues"
STARTS_FROM: How = "starts from"

DEFINITION = re.compile(r"\.ya?ml$", re.IGNORECASE)
"""A model that is named by its definition begins with random weights."""


@dataclass(frozen=True)
class Ancestor:
    """``weights`` that a training began with, by the last parts of their path, None where they are not stated; ``run``
    is the run of the logdir that made them. ``how`` says whether it is continued or its weights are only the start."""

    weights: Optional[str]
    run: Optional[str]
    how: How


def lineage_of(analysis: Analysis, beside: Sequence[Analysis] = ()) -> tuple[Ancestor, ...]:
    """The nearest first; empty where nothing is stated. ``beside`` are the other runs of the logdir."""
    known = {one.run.name: one for one in beside}
    chain: list[Ancestor] = []
    met = {analysis.run.name}
    current: Optional[Analysis] = analysis
    while current is not None and len(chain) < MAX_STEPS:
        step = _step(current)
        if step is None:
            break
        chain.append(step)
        current = None if step.run is None or step.run in met else known.get(step.run)
        met.add(step.run or "")
    return tuple(chain)


def _step(analysis: Analysis) -> Optional[Ancestor]:
    relations = analysis.surroundings.relations
    weights = weights_of(analysis.run)
    before = relations.continues or relations.starts_from
    if weights is None and before is None:
        return None
    return Ancestor(weights, before, CONTINUES if relations.continues else STARTS_FROM)


def weights_of(run: Run) -> Optional[str]:
    """The weights that the arguments name, by the last two parts of a path; None where none are named.

    A model that is given by its definition may take its weights from ``pretrained``.
    """
    stated = [run.arguments.get(name) for name in WEIGHT_ARGUMENTS]
    named = [value for value in stated if isinstance(value, str) and value.strip()]
    files = [value for value in named if not DEFINITION.search(value)]
    first = next(iter(files or named), None)
    return None if first is None else "/".join(_telling(first)[-2:])


def _telling(path: str) -> list[str]:
    """The parts of a path that say whose weights they are: of train3/weights/best.pt train3 and best.pt."""
    shown = as_text(BELOW_WEIGHTS.sub(r"\1", path))
    return [part for part in re.split(r"[\\/]", shown) if part not in ("", CUT)]
