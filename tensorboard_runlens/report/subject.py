"""What a report is about: runs as they were judged, and how to look at one of them more closely.

Terminal and server both make one; what is in a report does not depend on who asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.details import Details
from tensorboard_runlens.discovery import Unreadable

Closer = Callable[[Analysis], tuple[Analysis, Details]]


@dataclass(frozen=True)
class Subject:
    """``name`` is that of the logdir or of the folder, ``analyses`` are its runs, best first, ``notes`` are on its
    runlens.yaml. ``closer`` reads the checkpoints and recordings of one run, too; ``baseline`` is what runlens.yaml
    sets, a run or not, ``limits`` what it says of a rule's limits."""

    name: str
    analyses: Sequence[Analysis]
    closer: Closer
    unreadable: Sequence[Unreadable] = ()
    notes: Sequence[str] = ()
    baseline: Optional[str] = None
    limits: Callable[[str], Mapping[str, float]] = lambda rule: {}
