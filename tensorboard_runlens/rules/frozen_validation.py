"""Validation results repeat from one epoch to the next.

## What it says
Rows of the table hold the validation of an epoch before, to the last digit. Either nothing was validated there, or the
weights had not moved since, or nothing was found and the release wrote the old metrics again.

## Why it matters
A curve with copies looks flat where nothing was measured, and patience is spent on epochs that had no chance. Metrics
that repeat although the loss moves are those of a model that finds nothing any more.

## How it decides
All validation losses and metrics equal those of the row before. Where the distance between fresh rows is always the
same, validation was run every so many epochs: information. A long stretch of copies is a warning: nothing was learnt
there. Otherwise an epoch has fewer than one optimizer step (few batches, gathered up to ``nbs`` images): information.
Equal metrics with a validation loss that moves are of a model that found nothing in releases of Ultralytics up to
8.3.78, which then repeated the metrics before: a warning unless a better epoch came later. Accuracies repeat by chance,
so classification is exempt there, and so are metrics near 1, which repeat because all is found.

## Source
13 of 465 real runs copy at least a fifth of their validations, four repeat metrics while their loss moves. Ultralytics
issue 19357.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.releases.consequences import WITHOUT_TRUE_POSITIVES
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Integers
from tensorboard_runlens.signals import Mask, Signals
from tensorboard_runlens.words import epochs, percent

LIMITS = {
    "share_min": Limit(0.2, "Share of the epochs that are copies; single ones do not matter."),
    "stretch_min": Limit(
        10, "Copies in a row after which nothing is learnt; tiny data sets copy up to five."
    ),
    "repeated_min": Limit(
        3, "Equal metrics in a row that are no chance, in a detection task.", least=1
    ),
}

SATURATED = 0.99
"""A model this near to perfect on a few images repeats its metrics by finding all of them."""

FRESH_MIN = 3
"""Validations that show a rhythm: two distances that are the same."""

ONCE = ("lower-lr",)
TO_THE_END = (*ONCE, "check-labels")
"""Remedies: labels that are wrong would not have let it recover."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports validation results that repeat."""
    if signals.short_by_design:
        return None
    return _collapsed(signals, limits) or _copied(signals, limits)


def _collapsed(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Metrics that stand still while a loss moves."""
    if signals.run.framework != "ultralytics" or signals.run.task == "classify":
        return None
    repeats = "repeated" in [
        one.value for one in WITHOUT_TRUE_POSITIVES.possible(signals.run.version)
    ]
    (first, last) = _longest(signals.repeated_rows)
    if not repeats or last + 1 - first < limits["repeated_min"] or _is_saturated(signals, first):
        return None
    recovered = (signals.best_row or 0) > last
    which = epochs(signals.epoch(first), signals.epoch(last))
    known = WITHOUT_TRUE_POSITIVES.known(signals.run.version) is not None
    return Finding(
        severity="info" if recovered else "warning",
        confidence="high" if known else "moderate",
        summary=(
            f"{last + 1 - first} epochs repeat the metrics of epoch {signals.epoch(first - 1)} while the validation"
            f" loss moves ({which}): the model found nothing there, and releases up to 8.3.78 then repeat."
        ),
        clause=f"The model found nothing in {which}",
        evidence={
            "kind": "collapsed",
            "repeated": int(signals.repeated_rows.sum()),
            "longest": last + 1 - first,
            "threshold": limits["repeated_min"],
            "epochs": signals.rows,
        },
        span=(first - 1, last),
        advice=[advise(signals, key) for key in (ONCE if recovered else TO_THE_END)],
    )


def _is_saturated(signals: Signals, row: int) -> bool:
    return signals.metric is not None and bool(signals.metric[row] >= SATURATED)


def _copied(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Rows that are copies as a whole."""
    copied = signals.copied_rows
    share = float(copied.mean()) if len(copied) else 0.0
    if not share or share < limits["share_min"]:
        return None
    every = _rhythm(copied)
    (first, last) = _longest(copied)
    stuck = every is None and last + 1 - first >= limits["stretch_min"]
    (said, clause) = _words(signals, every, (first, last) if stuck else None)
    return Finding(
        severity="warning" if stuck else "info",
        confidence="high",
        summary=f"{int(copied.sum())} of {signals.rows} epochs ({percent(share)}) copy the validation before: {said}.",
        clause=clause,
        evidence={
            "kind": "stuck" if stuck else "every" if every else "few_steps",
            "copied": int(copied.sum()),
            "share": share,
            "longest": last + 1 - first,
            "every": every,
            "epochs": signals.rows,
        },
        span=(first - 1, last),
        advice=[advise(signals, "validate-each")]
        if every
        else [*_skipping(signals, stuck), _more_steps(signals)],
    )


def _skipping(signals: Signals, stuck: bool) -> list[Advice]:
    """Mixed precision that skips every step leaves the weights where they are."""
    return [advise(signals, "amp-off")] if stuck else []


def _more_steps(signals: Signals) -> Advice:
    """Batches are gathered up to ``nbs`` images before a step: a smaller batch alone makes no more steps."""
    (gathered, batch) = (signals.argument("nbs"), signals.argument("batch"))
    known = type(gathered) is int and type(batch) is int and 0 < batch < gathered
    return advise(signals, "lower-nbs", change=("nbs", gathered, batch) if known else None)


def _words(
    signals: Signals, every: Optional[int], stretch: Optional[tuple[int, int]]
) -> tuple[str, str]:
    """The cause as a part of the sentence, and as a clause."""
    if every:
        return (f"it was run every {every} epochs", f"Validated every {every} epochs")
    if stretch:
        which = epochs(signals.epoch(stretch[0]), signals.epoch(stretch[1]))
        return (f"the weights did not move in {which}", f"The weights did not move in {which}")
    said = "the weights had not moved, as where an epoch has fewer than one optimizer step"
    return (said, "Validation copies the epoch before")


def _rhythm(copied: Mask) -> Optional[int]:
    """The distance between validations where it is always the same, more than one epoch, and kept to the end."""
    fresh: Integers = np.flatnonzero(~copied)
    if len(fresh) < FRESH_MIN:
        return None
    distances = np.diff(fresh)
    every = int(distances[0])
    kept = bool((distances == every).all()) and len(copied) - fresh[-1] <= every
    return every if kept and every > 1 else None


def _longest(marked: Mask) -> tuple[int, int]:
    """First and last row of the longest stretch of marked rows, the first of equal ones; (1, 0) without one."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    if not len(ends):
        return (1, 0)
    longest = int(np.argmax(ends[1::2] - ends[::2]))
    return (int(ends[2 * longest]), int(ends[2 * longest + 1]) - 1)


RULE = Rule(
    "frozen-validation",
    check,
    LIMITS,
    rank=4,
    withdrawn_by=("not-learning", "never-generalised", "too-short"),
)
