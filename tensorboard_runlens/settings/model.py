"""What runlens.yaml may say, as it was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from tensorboard_runlens.targets import Target

FILE_NAME = "runlens.yaml"

Place = tuple[str, ...]
"""The names that lead to a setting, the outermost first: ("rules", "overfitting", "excess_min")."""

GRADES: Mapping[str, float] = {"excellent": 0.5, "good": 0.3, "fair": 0.2}
"""mAP50 from which guide 001 calls a model so; it calls everything below "needs improvement"."""


MAX_SHOWN = 60
"""Characters of a name or value that a note repeats."""


@dataclass(frozen=True)
class Settings:
    """The user's own limits, targets, baselines and words.

    ``limits`` are by rule id and name, ``off`` are rules that are switched off. ``baseline`` names a run or one of
    ``baselines``, whose metrics are fractions by name. ``datasets`` are paths of DATA.yaml files by name. ``run_notes``
    and ``run_tags`` are by run name relative to ``folder``, in which runlens.yaml lies. ``grades`` are the user's own,
    None where the guide's hold. ``hours`` are what trainings may take, by run name or pattern. ``notes`` say what was
    not understood; ``lines`` where each name stands.
    """

    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    targets: tuple[Target, ...] = ()
    grades: Optional[Mapping[str, float]] = None
    baseline: Optional[str] = None
    baselines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    run_notes: Mapping[str, str] = field(default_factory=dict)
    run_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)
    folder: str = ""
    notes: list[str] = field(default_factory=list)
    lines: Mapping[Place, int] = field(default_factory=dict)


def note(line: Optional[int], place: Place, what: str) -> str:
    """runlens.yaml, line 4: rules: overfitting: excess_min must be a number"""
    where = FILE_NAME if line is None else f"{FILE_NAME}, line {line}"
    said = " ".join(part for part in (": ".join(map(short, place)), what) if part)
    return f"{where}: {said}"


def short(text: str) -> str:
    """A name as a note repeats it."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
