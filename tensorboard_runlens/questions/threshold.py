"""What is the optimal confidence threshold?"""

from __future__ import annotations

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.commands import WITHOUT_CONFIDENCE
from tensorboard_runlens.questions.question import INFO, OK, UNKNOWN, Question
from tensorboard_runlens.thresholds.point import OperatingPoint

WHAT_TELLS = "the command runlens threshold finds it from recorded detections or an F1 picture"


def threshold(analysis: Analysis) -> Question:
    """The operating point, and what is as good."""
    (answer, level) = _answer(analysis)
    return Question("threshold", "What is the optimal confidence threshold?", answer, level)


def _answer(analysis: Analysis) -> tuple[str, str]:
    point = analysis.operating_point
    if point.confidence:
        return (_point(point), INFO if point.reason else OK)
    if analysis.run.task == "classify":
        return ("None to choose: the class of the highest score is taken.", OK)
    if analysis.run.task in WITHOUT_CONFIDENCE:
        return ("Unknown: no scores were recorded.", UNKNOWN)
    return (f"Unknown: {point.reason.rstrip('.') or WHAT_TELLS}.", UNKNOWN)


def _point(point: OperatingPoint) -> str:
    f1 = "" if point.f1 is None else f" with F1 {point.f1:.2f}"
    plateau = point.plateau
    as_good = f"; {plateau[0]:.2f} to {plateau[1]:.2f} is as good" if plateau else ""
    doubt = f"; {point.reason.rstrip('.')}" if point.reason else ""
    return f"{point.confidence:.2f}{f1}{as_good}{doubt}."
