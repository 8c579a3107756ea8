"""What runlens.yaml names that is not there: rules, limits, runs. Whether a setting means anything is known only here,
to the right of rules and runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain, islice
from typing import Optional

from tensorboard_runlens.rules import Limit, all_rules
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.settings.entries import MAX_NOTES, meant
from tensorboard_runlens.settings.model import Place, note, short
from tensorboard_runlens.settings.words import run_name

OF_RUNS = ("notes", "tags")
"""Settings whose names are those of runs."""

BELOW = 2
"""Names that lead to what stands right below a setting: the setting's and its own."""

IN_HOURS = "hours"
"""How limits begin that may be above 1 although their default is below."""


def notes_on(settings: Settings, runs: Optional[Collection[str]] = None) -> list[str]:
    """What the user should know about runlens.yaml: what was wrong in it, and names of nothing.

    ``runs`` are the names of all runs, None where they are not known, or not all of them yet.
    """
    of_runs = _unknown_runs(settings, runs) if runs is not None else ()
    named = chain(_unknown_rules(settings), _limits(settings), of_runs)
    return [*settings.notes, *islice(named, MAX_NOTES)]


def _unknown_rules(settings: Settings) -> Iterator[str]:
    known = {rule.id for rule in all_rules()}
    for rule in _named(settings, "rules"):
        if rule not in known:
            what = f"there is no rule called {short(rule)}{meant(rule, known)}"
            yield _said(settings, ("rules", rule), what)


def _limits(settings: Settings) -> Iterator[str]:
    """Limits that are not there, do nothing, or look like a percentage."""
    known = {rule.id: rule.limits for rule in all_rules()}
    for rule, wanted in settings.limits.items():
        for name, value in wanted.items():
            what = _limit(rule, name, value, known[rule]) if rule in known else None
            if what:
                yield _said(settings, ("rules", rule, name), what)


def _limit(rule: str, name: str, value: float, known: Mapping[str, Limit]) -> Optional[str]:
    if name not in known:
        return f"{rule} has no limit called {short(name)}{meant(name, known)}"
    limit = known[name]
    if value < limit.least:
        return f"{rule}: {name} cannot be below {limit.least:g}, which holds instead of {value:g}"
    if limit.value < 1 < value and not name.startswith(IN_HOURS):
        default = f"its default is {limit.value:g}"
        return f"{rule}: {name} is {value:g}, {default}: shares are from 0 to 1, is a percentage meant?"
    return None


def _unknown_runs(settings: Settings, runs: Collection[str]) -> Iterator[str]:
    for setting in OF_RUNS:
        for name in _named(settings, setting):
            if run_name(name) not in runs:
                what = f"{setting}: there is no run called {short(name)}{_on_slashes(name)}"
                yield _said(settings, (setting, name), what)
    for name in _named(settings, "hours"):
        if not any(fnmatchcase(run, run_name(name)) for run in runs):
            what = f"hours: no run is called {short(name)}{_on_slashes(name)}"
            yield _said(settings, ("hours", name), what)
    chosen = settings.baseline
    if chosen is not None and chosen not in runs and chosen not in settings.baselines:
        what = f"baseline: there is no run or baseline called {short(chosen)}{_on_slashes(chosen)}"
        yield _said(settings, ("baseline",), what)


def _on_slashes(name: str) -> str:
    """Windows shows a run's folder with other signs than a scan has them."""
    return "; names have / between folders" if "\\" in name else ""


def _named(settings: Settings, setting: str) -> list[str]:
    """The names that stand right below a setting."""
    return [place[1] for place in settings.lines if len(place) == BELOW and place[0] == setting]


def _said(settings: Settings, place: Place, what: str) -> str:
    return note(settings.lines.get(place), (), what)
