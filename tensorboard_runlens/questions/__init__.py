"""The six questions that guide 001 asks of every training, each answered in a sentence that says what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.questions.classes import weak_classes
from tensorboard_runlens.questions.going_on import going_on
from tensorboard_runlens.questions.learning import learning
from tensorboard_runlens.questions.others import others
from tensorboard_runlens.questions.overfits import overfits
from tensorboard_runlens.questions.question import Question
from tensorboard_runlens.questions.threshold import threshold

__all__ = ["Question", "questions_of"]

OF_THE_RUN = (learning, overfits, threshold, weak_classes, going_on)
"""What its own files answer, in the guide's order."""


def questions_of(analysis: Analysis, beside: Sequence[Analysis] = ()) -> list[Question]:
    """All six with their answers; what is not known is said to be so, with what would tell it. ``beside`` are the runs
    that lie in the same logdir, this one among them or not."""
    return [*(ask(analysis) for ask in OF_THE_RUN), others(analysis, beside)]
