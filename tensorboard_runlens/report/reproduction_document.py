"""The report on how to train a run once more: the command, the settings that were changed, the machine, what to
verify; and item by item whether a recipe says the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens import answers, reproduction
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.plain_values import as_text, without_absolute_paths
from tensorboard_runlens.report.document import (
    Block,
    Bullets,
    Code,
    Paragraph,
    Report,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.report.document_answer import document_answer
from tensorboard_runlens.report.recipe import Recipe, Verified, verify
from tensorboard_runlens.report.run_document import metrics
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.reproduction import Reproduction, Setting
from tensorboard_runlens.words import count

CHANGED = {True: "changed", False: "default", None: "default not known"}
STATUS = {"known": "known", "at_risk": "may differ next time", "unknown": "unknown"}


def reproduction_report(
    subject: Subject, analysis: Analysis, recipe: Optional[Recipe] = None
) -> Report:
    """How to train one run again, verified against a recipe where there is one."""
    (looked, details) = subject.closer(analysis)
    found = reproduction.of_run(looked, details, subject.analyses)
    verified = () if recipe is None else verify(looked, found, recipe)
    of_recipe = [] if recipe is None else [_verification(recipe, verified)]
    made = document(
        f"How to train {analysis.run.name} again", [*of_recipe, *_sections(looked, found)]
    )
    rows = _settings(found) if recipe is None else _verified(verified)
    return Report(made, rows, document_answer(made))


def _verification(recipe: Recipe, verified: tuple[Verified, ...]) -> Section:
    total = {name: sum(one.status == name for one in verified) for name in ("equal", "differs")}
    unknown = len(verified) - sum(total.values())
    said = (
        f"Of {count(len(verified), 'item')} of {recipe.name}, {total['equal']} are equal, "
        f"{total['differs']} differ, {unknown} are unknown."
    )
    return section("Verification", Paragraph(said), _verified(verified))


def _verified(verified: tuple[Verified, ...]) -> Table:
    return Table(
        ("item", "recipe", "this run", "verdict"),
        tuple((one.item, one.wanted, one.found, one.status) for one in verified),
    )


def _sections(analysis: Analysis, found: Reproduction) -> Iterator[Section]:
    yield section("Command", *_command(found))
    yield section("What must be the same", _checks(found))
    yield section("Environment", _environment(found))
    yield section("Where the weights come from", _lineage(found))
    yield section("Settings", _settings(found))
    yield section("What it reached", metrics(answers.run_of(analysis)))


def _command(found: Reproduction) -> Iterator[Block]:
    if found.command.line:
        yield Code(found.command.line)
    yield Bullets(found.command.notes)


def _checks(found: Reproduction) -> Table:
    return Table(
        ("item", "value", "status", "why"),
        tuple((one.item, one.value, STATUS[one.status], one.why) for one in found.checks),
    )


def _environment(found: Reproduction) -> Table:
    return Table(
        ("what", "value", "told by"),
        tuple((one.name, one.value, one.source) for one in found.environment),
    )


def _lineage(found: Reproduction) -> Bullets:
    return Bullets(tuple(_step(one) for one in found.lineage))


def _step(one: reproduction.Ancestor) -> str:
    of_run = "" if one.run is None else f" of the run {one.run}"
    return f"{one.how}: {one.weights or 'weights that are not stated'}{of_run}"


def _settings(found: Reproduction) -> Table:
    """Those that were changed first."""
    order = (True, None, False)
    ordered = sorted(found.settings, key=lambda one: order.index(one.changed))
    return Table(("argument", "value", "default", "status", "risk"), tuple(map(_setting, ordered)))


def _setting(one: Setting) -> tuple[Optional[str], ...]:
    default = " or ".join(map(as_text, one.defaults)) if one.defaults else None
    risk = None if one.risk is None else without_absolute_paths(one.risk.why)
    return (as_text(one.key), as_text(one.value), default, CHANGED[one.changed], risk)
