"""What a run is verified against: the arguments of another run, or those in a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Optional

from tensorboard_runlens import reproduction
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.naming import shown
from tensorboard_runlens.plain import plain_yaml
from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.relations.copies import OF_THE_PLACE
from tensorboard_runlens.reproduction.checks import AT_RISK, Check

MAX_BYTES = 2**20
"""Cap of a file of arguments: Ultralytics' has 2 kB."""

TOLD_BY_ARGUMENTS = ("image size", "batch", "epochs", "seed", "deterministic")
"""Items of a reproduction that stand among the arguments as well: they count once."""

Status = Literal["equal", "differs", "unknown"]

ORDER: Sequence[Status] = ("differs", "unknown", "equal")
"""What is to be looked at comes first."""


class NotARecipe(ValueError):
    """Nothing to verify against; the message says why."""


@dataclass(frozen=True)
class Recipe:
    """``name`` is what it is called, ``arguments`` are those it states, ``checks`` what must be equal beside them;
    empty where only a file of arguments is known."""

    name: str
    arguments: Mapping[str, Any]
    checks: Sequence[Check]


@dataclass(frozen=True)
class Verified:
    """An item of the recipe, its value there and in the run, as text; None where it is not stated."""

    item: str
    wanted: Optional[str]
    found: Optional[str]
    status: Status


def read_recipe(path: str) -> Recipe:
    """A run's folder or a YAML file of arguments, which the user named. Raises NotARecipe."""
    if os.path.isdir(path):
        return _of_run(path)
    folder, name = os.path.split(os.path.abspath(path))
    try:
        found = plain_yaml.load(Folder(folder).read(name, MAX_BYTES).decode("utf-8", "replace"))
    except (OSError, KeyError, FileRefused) as error:
        raise NotARecipe(f"{shown(name)} cannot be read as a recipe") from error
    except plain_yaml.Damaged as error:
        raise NotARecipe(f"{shown(name)}: {error}") from error
    if not isinstance(found, dict) or not found:
        raise NotARecipe(f"{shown(name)} states no arguments")
    return Recipe(shown(name), {str(key): value for (key, value) in found.items()}, ())


def _of_run(path: str) -> Recipe:
    try:
        (run, details) = look_closer(open_run(path))
    except NotARun as error:
        name = shown(os.path.basename(os.path.abspath(path)))
        raise NotARecipe(f"{name}: {error}") from error
    made = reproduction.of_run(analyse(run), details)
    checks = [one for one in made.checks if one.item not in TOLD_BY_ARGUMENTS]
    return Recipe(run.name, run.arguments, checks)


def verify(
    analysis: Analysis, made: reproduction.Reproduction, recipe: Recipe
) -> tuple[Verified, ...]:
    """What must be equal first, then every argument of the recipe, those that differ first."""
    known = {one.item: one for one in made.checks}
    checks = [_checked(one, known.get(one.item)) for one in recipe.checks]
    arguments = sorted(_arguments(analysis, recipe), key=lambda one: ORDER.index(one.status))
    return (*checks, *arguments)


def _arguments(analysis: Analysis, recipe: Recipe) -> Iterator[Verified]:
    """Where a training ran is no part of its recipe."""
    own = analysis.run.arguments
    for key, wanted in recipe.arguments.items():
        if key not in OF_THE_PLACE:
            found = as_text(own[key]) if key in own else None
            yield _verified(as_text(key), as_text(wanted), found)


def _checked(wanted: Check, found: Optional[Check]) -> Verified:
    """What is stated and yet may be something else, a span of releases or the name of a data file, is not known to be
    equal nor to differ; nor are two values of which one says less."""
    told = _verified(wanted.item, wanted.value, None if found is None else found.value)
    if found is None or told.status == "unknown":
        return told
    (one, other) = sorted((wanted.value or "", found.value or ""), key=len)
    at_risk = AT_RISK in (wanted.status, found.status)
    if at_risk or (one != other and other.startswith(one)):
        return replace(told, status="unknown")
    return told


def _verified(item: str, wanted: Optional[str], found: Optional[str]) -> Verified:
    if wanted is None or found is None:
        return Verified(item, wanted, found, "unknown")
    return Verified(item, wanted, found, "equal" if wanted == found else "differs")
