"""Which classes need attention?"""

from __future__ import annotations

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.questions.question import (
    INFO,
    OK,
    UNKNOWN,
    Question,
    ids,
)
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import metric_words

RULES = ("weak-class", "missing-class", "class-imbalance")
"""Rules about single classes, the most telling first."""


def weak_classes(analysis: Analysis) -> Question:
    """The classes that stand out, else the range they lie in."""
    (answer, level, rules) = _answer(analysis)
    return Question("classes", "Which classes need attention?", answer, level, rules)


def _answer(analysis: Analysis) -> tuple[str, str, tuple[str, ...]]:
    found = [one for one in analysis.findings if one.rule in RULES]
    if found:
        doubt = ", with low confidence" if found[0].confidence == "low" else ""
        level = INFO if doubt else found[0].severity
        return (f"{found[0].summary.rstrip('.')}{doubt}.", level, ids(found))
    (answer, level) = _none_found(analysis.signals)
    return (answer, level, ())


def _none_found(signals: Signals) -> tuple[str, str]:
    classes = signals.classes
    scored = classes.scored
    left_out = len(classes.left_out)
    too_few = f"; of {left_out} too few instances were validated" if left_out else ""
    if len(scored) > 1:
        (worst, best) = (scored[0], scored[-1])
        metric = metric_words(classes.group or "", classes.metric or "")
        said = f"None stands out: {metric} is {worst.value:.2f} ({_name(worst.name)}) to {best.value:.2f}"
        return (f"{said} ({_name(best.name)}){too_few}.", OK)
    if signals.data.n_classes == 1:
        return ("There is one class only.", OK)
    if left_out:
        return (f"Unknown{too_few}.", UNKNOWN)
    return (
        "Unknown: results by class stand in the console's output only, if it was saved.",
        UNKNOWN,
    )


def _name(name: str) -> str:
    return without_absolute_paths(name)
