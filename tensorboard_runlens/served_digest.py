"""The morning digest as the answer to a request: made of the runs that the server keeps, anew each minute."""

from __future__ import annotations

import time

from tensorboard_runlens.digest import digest_answer
from tensorboard_runlens.digest.since import parse
from tensorboard_runlens.fleet import Fleet
from tensorboard_runlens.http import Content
from tensorboard_runlens.kept import Answers

MINUTE_S = 60
"""What the digest says is of minutes and hours."""


class Digests:
    """The digests of a server, by what they were asked for; those of a minute ago are let go."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._kept = Answers()
        self._minute = 0

    def get(self, since: str) -> Content:
        """What happened since then; waits for the whole scan, since a part would count wrongly. Raises NoSuchTime."""
        now = time.time()
        begin = parse(since, now)
        (analyses, _) = self._fleet.everything()
        settings = self._fleet.settings
        minute = int(now // MINUTE_S)
        if minute != self._minute:
            (self._kept, self._minute) = (Answers(), minute)
        return self._kept.once(
            ("digest", since),
            analyses,
            lambda of: digest_answer(of, settings, self._fleet.name, begin, now),
        )
