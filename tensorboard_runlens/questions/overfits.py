"""Is there overfitting?"""

from __future__ import annotations

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.questions.question import (
    INFO,
    OK,
    UNKNOWN,
    WARNING,
    Question,
    ids,
    inside,
)
from tensorboard_runlens.words import percent

BEGINS = {
    "overfitting": "Yes",
    "quality_unknown": "Yes, by its loss",
    "quality_unchanged": "By its loss only",
    "loss_only": "By its loss only",
    "never_generalised": "From the start",
    "past_best": "Not by its loss",
    "mosaic_step": "Not before mosaic was closed",
}
"""Verdict -> how the answer begins."""

LEVELS = {"quality_unchanged": INFO, "loss_only": INFO, "mosaic_step": INFO}
"""Of verdicts whose rule is silent; all others are warnings."""

AT_MINIMUM = 0.0005
"""A loss that ends by less above its minimum would be said to end 0.0 % above it."""

RULES = ("overfitting", "never-generalised", "past-best", "mosaic-step")


def overfits(analysis: Analysis) -> Question:
    """The two-axis verdict, in the words of the rule that reports it."""
    (answer, level, rules) = _answer(analysis)
    return Question("overfitting", "Is there overfitting?", answer, level, rules)


def _answer(analysis: Analysis) -> tuple[str, str, tuple[str, ...]]:
    verdict = analysis.overfitting
    doubt = ", with low confidence" if verdict.confidence == "low" else ""
    reported = [one for one in analysis.findings if one.rule in RULES]
    if verdict.verdict in BEGINS and reported:
        said = f"{BEGINS[verdict.verdict]}: {inside(reported[0].summary)}{doubt}."
        return (said, INFO if doubt else reported[0].severity, ids(reported))
    if verdict.verdict in BEGINS:
        said = f"{BEGINS[verdict.verdict]}: {_rise(verdict.excess)}{doubt}."
        return (said, INFO if doubt else LEVELS.get(verdict.verdict, WARNING), ())
    if verdict.verdict == "none":
        return (_none(analysis, doubt), OK, ())
    early = [one for one in analysis.findings if one.rule == "too-short"]
    return (_unknown(analysis, bool(early)), UNKNOWN, ids(early))


def _none(analysis: Analysis, doubt: str) -> str:
    excess = analysis.overfitting.excess
    if excess < AT_MINIMUM:
        return f"No: validation loss ends at its minimum (smoothed){doubt}."
    return f"No: {_rise(excess)}, no more than chance{doubt}."


def _rise(excess: float) -> str:
    """Smoothed is said, because single epochs of the chart beside it may differ by more."""
    return f"validation loss ends {percent(excess)} above its minimum (smoothed)"


def _unknown(analysis: Analysis, early: bool) -> str:
    signals = analysis.signals
    if not signals.rows:
        return "Unknown: no epoch is logged yet."
    if signals.short_by_design:
        return f"Unknown: {signals.unit}s of this kind of training have no losses to compare."
    if early:
        return "Too early to say: a verdict needs ten validated epochs."
    return "Unknown: training and validation loss are needed, epoch by epoch."
