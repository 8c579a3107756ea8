"""A rule in its own words, as the JSON struct: the sections of its documentation and the limits in force."""

from __future__ import annotations

from collections.abc import Mapping

from tensorboard_runlens import schema
from tensorboard_runlens.rules import Rule
from tensorboard_runlens.schema.rule import RuleAnswer, RuleLimit

SECTIONS = ("What it says", "Why it matters", "How it decides", "Source")
"""Of a rule's documentation, in their order; a test holds every rule to them."""


def rule_answer(rule: Rule, wanted: Mapping[str, float]) -> RuleAnswer:
    """What the rule says of itself; ``wanted`` are the user's own limits by name."""
    (says, why, decides, source) = sections(rule.documentation)
    in_force = rule.limits_in_force(wanted)
    limits = [
        RuleLimit(name, in_force[name], limit.value, limit.explained)
        for (name, limit) in rule.limits.items()
    ]
    return RuleAnswer(
        True,
        schema.SCHEMA_VERSION,
        rule=rule.id,
        title=rule.title,
        says=says,
        why=why,
        decides=decides,
        source=source,
        limits=limits,
        change=_lines(rule.id, limits),
    )


def sections(documentation: str) -> list[str]:
    """The text below each of SECTIONS as one line, "" for one that is not there."""
    parts = documentation.split("\n## ")[1:]
    texts = {title.strip(): text for (title, _, text) in (part.partition("\n") for part in parts)}
    return [" ".join(texts.get(title, "").split()) for title in SECTIONS]


def _lines(rule: str, limits: list[RuleLimit]) -> str:
    if not limits:
        return f"rules:\n  {rule}: off"
    return f"rules:\n  {rule}: {{{limits[0].name}: {limits[0].value:g}}}"
