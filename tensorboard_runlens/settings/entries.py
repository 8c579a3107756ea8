"""Walking through runlens.yaml: names with their values, and notes on what was not understood, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Optional

from tensorboard_runlens.plain.marked_yaml import Marked
from tensorboard_runlens.settings.model import Place, note, short
from tensorboard_runlens.words import count

MAX_NAMES = 10_000
"""Names that one setting may have; notes on every run of a large logdir are a tenth of it."""

MAX_NAME = 300
"""Characters of a name; a file system allows 255 for a folder."""

MAX_NOTES = 20
"""Notes that a user reads; a file with more mistakes has the same one everywhere."""


@dataclass(frozen=True)
class Entry:
    """A name, its value, and the names that lead to it, its own last."""

    place: Place
    value: Marked
    line: int

    @property
    def name(self) -> str:
        return self.place[-1]


class Reading:
    """What is gathered while the file is read: notes by line, and where every name stands."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self._notes: list[tuple[int, str]] = []
        self._more = 0

    def say(self, entry: Entry, what: str, known: Collection[str] = ()) -> None:
        """Notes something on a setting, and the nearest of the names that are ``known`` in its place."""
        self._note(entry.line, entry.place, what, known)

    def _note(self, line: int, place: Place, what: str, known: Collection[str] = ()) -> None:
        if len(self._notes) == MAX_NOTES:
            self._more += 1
            return
        self._notes.append(
            (line, note(line, place, what + meant(place[-1], known) if known else what))
        )

    @property
    def notes(self) -> list[str]:
        """In the order of their lines."""
        told = [said for (_, said) in sorted(self._notes, key=lambda one: one[0])]
        more = f"{count(self._more, 'more such note')}"
        return [*told, note(None, (), more)] if self._more else told

    def entries(self, entry: Entry, what: str) -> list[Entry]:
        """The names of a setting with their values; ``what`` says in words what is expected there."""
        pairs = entry.value.entries
        if pairs is None:
            if not entry.value.is_empty:
                self.say(entry, f"must be {what}; it is not used")
            return []
        if len(pairs) > MAX_NAMES:
            self.say(entry, f"has more than {MAX_NAMES:,} names; the others are not used")
        return list(self._once(self._named(entry.place, pairs[:MAX_NAMES])))

    def _named(self, above: Place, pairs: Iterable[tuple[Marked, Marked]]) -> Iterator[Entry]:
        for name, value in pairs:
            if not name.text:
                self._note(name.line, above, "holds something without a name; it is not used")
            elif len(name.text) > MAX_NAME:
                what = f"is longer than {MAX_NAME} characters and not used"
                self._note(name.line, (*above, name.text), what)
            else:
                yield Entry((*above, name.text), value, name.line)

    def _once(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        """Of names that are repeated the last one, as in every YAML reader."""
        last: dict[str, Entry] = {}
        for entry in entries:
            before = last.pop(entry.name, None)
            if before is not None:
                self.say(entry, f"stands on line {before.line}, too; line {entry.line} holds")
            last[entry.name] = entry
        self.lines.update({entry.place: entry.line for entry in last.values()})
        return last.values()


def meant(name: str, known: Collection[str]) -> str:
    """A half sentence that asks for the nearest known name, empty where none is near."""
    nearest: Optional[str] = next(iter(get_close_matches(_spelt(name), known, 1)), None)
    return f"; is {short(nearest)} meant?" if nearest else ""


def _spelt(name: str) -> str:
    """mAP50-95 as JSON names it; names of rules have no capitals either."""
    return short(name).lower().replace("map50-95", "map50_95").replace("map@", "map")
