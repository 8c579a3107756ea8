"""The morning digest as the answer to a request: made of the runs that the server keeps, anew each minute."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Optional

from tensorboard_runlens.digest import digest_answer
from tensorboard_runlens.digest.baseline import baseline_of
from tensorboard_runlens.digest.since import parse
from tensorboard_runlens.digest.window import zone_of
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

    def get(self, since: str, zone: Optional[str], baseline: Optional[str]) -> Optional[Content]:
        """What happened since then, None for an unknown baseline; waits for the whole scan, since a part would count
        wrongly. ``zone`` is minutes east of UTC, None for the server's; ``baseline`` names a run or numbers, "" none,
        None is what runlens.yaml sets. Raises NoSuchTime."""
        now = time.time()
        (begin, clocks) = (parse(since, now), None if zone is None else zone_of(zone))
        (analyses, _) = self._fleet.everything()
        settings = self._fleet.settings
        if baseline is not None:
            settings = replace(settings, baseline=baseline or None)
        if baseline and baseline_of(settings, analyses) is None:
            return None
        minute = int(now // MINUTE_S)
        if minute != self._minute:
            (self._kept, self._minute) = (Answers(), minute)
        return self._kept.once(
            ("digest", since, str(clocks), repr(baseline)),
            analyses,
            lambda of: digest_answer(of, settings, self._fleet.name, begin, now, zone=clocks),
        )
