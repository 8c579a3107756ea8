"""How two runs come from each other: copies, and weights that one of them started from."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.same_data import images_of
from tensorboard_runlens.relations import UNRELATED, relate
from tensorboard_runlens.words import count

COPIES = "both hold the same training, one is a copy of the other"


def lineage(baseline: Contender, other: Contender) -> Iterator[str]:
    """A phrase where the two are one training, or one of them started from the other's weights or goes on with it."""
    (before, here) = (os.path.abspath(one.analysis.run.path) for one in (baseline, other))
    if before == here:
        return
    related = relate({before: baseline.analysis.run, here: other.analysis.run})
    (source, started) = (related.get(one, UNRELATED) for one in (before, here))
    if started.duplicates:
        yield COPIES
    if started.continues:
        yield "it goes on with the baseline's training"
    elif started.starts_from:
        yield f"it started from the baseline's weights{_seen(baseline, other)}"
    if source.continues:
        yield "the baseline goes on with its training"
    elif source.starts_from:
        yield f"the baseline started from its weights{_seen(other, baseline)}"


def _seen(source: Contender, started: Contender) -> str:
    """What the source was trained on of what the run that started from it validates."""
    (trained, validated) = (images_of(source, "train"), images_of(started, "val"))
    if trained and validated:
        known = {one.content or one.key for one in trained}
        seen = sum((one.content or one.key) in known for one in validated)
        of = count(len(validated), "validation image")
        return f", which were trained on {seen} of its {of}" if seen else ""
    if source.analysis.run.arguments.get("data") != started.analysis.run.arguments.get("data"):
        return ", which were trained on other data: that may hold its validation images"
    return ""
