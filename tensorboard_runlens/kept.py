"""What was made of analyses, kept until they change: of single runs, since a logdir of thousands is told anew at every
epoch of one of them, and whole answers that take long to make."""

from __future__ import annotations

import operator
import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Callable, Generic, Optional, TypeVar

import msgspec

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.http import Content, json_content

MAX_ANSWERS = 50
"""Answers that are kept: some 100 kB each, compressed and not."""

MAX_BYTES = 100 * 2**20
"""... of all together, the newest apart: those of thousands of classes have tens of MB each."""

T = TypeVar("T")


class PerRun(Generic[T]):
    """``make(analysis, *more)`` for each run by name, made anew where the analysis is another object or ``more``
    differs. Of several threads each may make it, and one of the equal results is kept."""

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._made: dict[str, tuple[Analysis, tuple[object, ...], T]] = {}

    def __call__(self, analysis: Analysis, *more: object) -> T:
        """What is made of the run."""
        known = self._made.get(analysis.run.name)
        if known is not None and known[0] is analysis and known[1] == more:
            return known[2]
        made = self._make(analysis, *more)
        self._made[analysis.run.name] = (analysis, more, made)
        return made

    def forget_others(self, names: Collection[str]) -> None:
        """Lets go of runs that have none of these names."""
        for gone in set(self._made) - set(names):
            self._made.pop(gone, None)


class Answers:
    """The newest answers by question, a route with what was asked of it. Of a route one is made at a time, and whoever
    asks for the same meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._kept: dict[tuple[str, ...], tuple[Sequence[Analysis], Content]] = {}

    @property
    def questions(self) -> list[tuple[str, ...]]:
        """Those whose answers are kept, the oldest first."""
        return list(self._kept)

    def once(
        self,
        question: tuple[str, ...],
        analyses: Sequence[Analysis],
        make: Callable[[Sequence[Analysis]], msgspec.Struct],
    ) -> Content:
        """What is made of these analyses as JSON, again only if one is another object than when this was last asked."""
        return self.content(question, analyses, lambda found: json_content(make(found)))

    def content(
        self,
        question: tuple[str, ...],
        analyses: Sequence[Analysis],
        make: Callable[[Sequence[Analysis]], Content],
    ) -> Content:
        """The same for what is no JSON."""
        known = self._known(question, analyses)
        if known is not None:
            return known
        with self._lock:
            making = self._making[question[0]]
        with making:
            known = self._known(question, analyses)
            if known is None:
                known = make(analyses)
                self._keep(question, (analyses, known))
        return known

    def _known(self, question: tuple[str, ...], analyses: Sequence[Analysis]) -> Optional[Content]:
        (before, content) = self._kept.get(question, ((), None))
        same = len(before) == len(analyses) and all(map(operator.is_, before, analyses))
        return content if same else None

    def _keep(self, question: tuple[str, ...], answer: tuple[Sequence[Analysis], Content]) -> None:
        with self._lock:
            self._kept.pop(question, None)
            self._kept[question] = answer
            while len(self._kept) > (MAX_ANSWERS if self._size() <= MAX_BYTES else 1):
                del self._kept[next(iter(self._kept))]

    def _size(self) -> int:
        """Bytes of the answers that are kept."""
        contents = (content for (_, content) in self._kept.values())
        return sum(len(one.body) + len(one.compressed) for one in contents)
