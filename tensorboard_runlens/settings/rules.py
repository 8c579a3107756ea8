"""``rules:`` of runlens.yaml: limits that are set otherwise, and rules that are switched off."""

from __future__ import annotations

from tensorboard_runlens.settings.entries import Entry, Reading
from tensorboard_runlens.settings.values import number_of

OFF = (False, "off", "no", "false")
"""YAML reads the bare word off as false; in quotes it stays text."""

ON = (True, "on", "yes", "true", None)
"""What every rule is without a word."""

Limits = dict[str, dict[str, float]]


def rules_of(reading: Reading, entry: Entry) -> tuple[Limits, frozenset[str]]:
    """(limits by rule and name, rules that are off). Whether there are such rules is not known here."""
    rules = reading.entries(entry, "names of rules, each off or with its limits")
    off = frozenset(one.name for one in rules if _is(one, OFF))
    limits = {
        one.name: _limits_of(reading, one)
        for one in rules
        if one.name not in off and not _is(one, ON)
    }
    return (limits, off)


def _is(entry: Entry, words: tuple[object, ...]) -> bool:
    """Whether the value is a single one of these words."""
    value = entry.value
    if value.entries is not None or value.items is not None:
        return False
    word = value.value.lower() if isinstance(value.value, str) else value.value
    return any(word is one or (isinstance(word, str) and word == one) for one in words)


def _limits_of(reading: Reading, entry: Entry) -> dict[str, float]:
    found = {}
    for one in reading.entries(entry, "off, or names of limits with a number each"):
        number = number_of(one.value.value)
        if number is None or number < 0:
            reading.say(one, "must be a number from 0 on; its default holds")
        else:
            found[one.name] = number
    return found
