"""Problems gathered while a data set is read: of many alike only the first are listed, the rest is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Optional

from tensorboard_runlens.formats.table import MAX_SAID
from tensorboard_runlens.run import Problem


class Said:
    """A list of problems that cannot flood a page."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[str] = Counter()

    def say(self, file: str, line: Optional[int], kind: str, problem: str) -> None:
        """Adds a problem; the first MAX_SAID of a kind are kept word for word."""
        self._counts[kind] += 1
        if self._counts[kind] <= MAX_SAID:
            self._problems.append(Problem(file, line, kind, problem))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Adds problems that were found elsewhere."""
        for one in problems:
            self.say(one.file, one.line, one.kind, one.problem)

    def problems(self) -> tuple[Problem, ...]:
        """What was said, and for each kind how many more there were."""
        more = (
            Problem(".", None, kind, f"{number - MAX_SAID:,} more of this kind")
            for (kind, number) in self._counts.items()
            if number > MAX_SAID
        )
        return (*self._problems, *more)
