"""Console output as the lines that were to be seen: without colours, progress bars state by state.

A progress bar writes over its own line with carriage returns, and what is printed next may stand on
the same line. Every state is a piece of its own here; who reads them keeps the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PIECES = 300_000
"""Lines and states of progress bars that are read: 30 MB of them, one to two seconds."""

MAX_LENGTH = 20_000
"""Characters of a line; the longest real ones are argument lists with 4,000."""

PIECE = re.compile(r"[^\r\n]+")
ESCAPE = re.compile(r"\x1b(?:\[[0-?]{0,20}[ -/]{0,4}[@-~]|[@-Z\\-_])")
"""Colours and cursor movements of ANSI terminals."""

END_OF_BAR = re.compile(r"(?<=it/s\])|(?<=s/it\])")
"""tqdm's last words; notebooks run the next line into them."""


class Pieces:
    """What was printed, in order, as (line number from 1, text); blank lines are left out.

    When all were asked for, ``told`` is how many there were, ``too_long`` are the line numbers of
    lines that were left out for their length, and ``cut_at`` is the line at which reading stopped
    because there were more than ``limit``.
    """

    def __init__(self, text: str, limit: int = MAX_PIECES) -> None:
        self.text = text
        self.limit = limit
        self.told = 0
        self.too_long: list[int] = []
        self.cut_at: int = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        (line, counted) = (1, 0)
        for match in PIECE.finditer(self.text):
            line += self.text.count("\n", counted, match.start())
            counted = match.start()
            if self.told >= self.limit:
                self.cut_at = line
                return
            self.told += 1
            if match.end() - counted > MAX_LENGTH:
                self.too_long.append(line)
                continue
            parts = _seen(match[0])
            self.told += max(0, len(parts) - 1)
            for piece in parts:
                yield (line, piece)


def _seen(raw: str) -> list[str]:
    """The text without escapes and NUL bytes, parted where a progress bar ends."""
    text = ESCAPE.sub("", raw) if "\x1b" in raw else raw
    text = text.replace("\0", "")
    if not text or text.isspace():
        return []
    return [part for part in END_OF_BAR.split(text) if part] if "it" in text else [text]
