"""What each rule is tested on and explained with: a file a rule, named like the rule's own.

FIRES   the rule reports it; its words and the finding stand on the rule's page
QUIET   it does not: the first stands on the page, too
BORDERS limit or constant of the rule's file -> a training just on one side of it and one just on the other; what the
        rule says of the two differs
FACTS   numbers of the rule's file that are no thresholds: units, properties of other programs
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.rules.trainings import Case


@dataclass(frozen=True)
class Example:
    """A training, and in words what happens in it."""

    words: str
    case: Case


@dataclass(frozen=True)
class Cases:
    """All examples of a rule."""

    fires: Example
    quiet: tuple[Example, ...]
    borders: Mapping[str, tuple[Case, Case]]
    facts: frozenset[str]


@cache
def all_cases() -> dict[str, Cases]:
    """Rule id -> its examples."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        borders = getattr(module, "BORDERS", {})
        facts = frozenset(getattr(module, "FACTS", ()))
        found[info.name.replace("_", "-")] = Cases(
            module.FIRES, tuple(module.QUIET), borders, facts
        )
    return found
