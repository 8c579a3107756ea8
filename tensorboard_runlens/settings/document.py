"""The whole of runlens.yaml: which names it may have, and what is made of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Callable, Optional

from tensorboard_runlens.plain.marked_yaml import Marked
from tensorboard_runlens.settings.entries import Entry, Reading, meant
from tensorboard_runlens.settings.goals import baselines_of, grades_of, targets_of
from tensorboard_runlens.settings.model import Settings
from tensorboard_runlens.settings.plans import hours_of
from tensorboard_runlens.settings.rules import rules_of
from tensorboard_runlens.settings.words import baseline_of, datasets_of, notes_of, tags_of

Fields = dict[str, Any]


def understood(document: Optional[Marked], folder: str) -> Settings:
    """The settings that a document in ``folder`` states; what is wrong in it costs only itself."""
    if document is None:
        return Settings(folder=folder)
    reading = Reading()
    known = _known(folder)
    fields: Fields = {}
    whole = Entry((), document, document.line)
    for entry in reading.entries(whole, f"names ({', '.join(known)}) with their settings"):
        if entry.name in known:
            fields.update(known[entry.name](reading, entry))
        else:
            reading.say(entry, _no_setting(entry, known), known)
    return Settings(**fields, folder=folder, notes=reading.notes, lines=reading.lines)


def _no_setting(entry: Entry, known: Collection[str]) -> str:
    """What else it may be: limits and off are often written without the rules above them."""
    if meant(entry.name, known):
        return "is no setting"
    return f"is no setting; settings are {', '.join(known)}, and rules stand below rules"


def _known(folder: str) -> dict[str, Callable[[Reading, Entry], Fields]]:
    """Name -> what it says, as fields of Settings."""
    return {
        "targets": lambda reading, entry: {"targets": targets_of(reading, entry)},
        "grades": lambda reading, entry: {"grades": grades_of(reading, entry)},
        "rules": _rules,
        "baseline": lambda reading, entry: {"baseline": baseline_of(reading, entry)},
        "baselines": lambda reading, entry: {"baselines": baselines_of(reading, entry)},
        "datasets": lambda reading, entry: {"datasets": datasets_of(reading, entry, folder)},
        "hours": lambda reading, entry: {"hours": hours_of(reading, entry)},
        "notes": lambda reading, entry: {"run_notes": notes_of(reading, entry)},
        "tags": lambda reading, entry: {"run_tags": tags_of(reading, entry)},
    }


def _rules(reading: Reading, entry: Entry) -> Fields:
    (limits, off) = rules_of(reading, entry)
    return {"limits": limits, "off": off}
