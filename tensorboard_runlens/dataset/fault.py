"""Something wrong with a data set, and how its sentence lists names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from tensorboard_runlens.words import first_of

Evidence = Mapping[str, Union[bool, int, float, str, list[Union[int, float, str]], None]]

NAMED = 5
"""Classes that a sentence names."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a data set. ``severity`` is info, warning or critical; ``evidence`` the
    numbers behind the summary; ``advice`` what to do, one sentence."""

    kind: str
    severity: str
    summary: str
    evidence: Evidence
    advice: str


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    return first_of(names, NAMED)
