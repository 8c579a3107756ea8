"""What ``runlens evaluate`` does around the validation itself: which weights, which images, and what is said of it."""

from tensorboard_runlens.evaluation.answer import answer, lines
from tensorboard_runlens.evaluation.command import evaluate
from tensorboard_runlens.recording.evaluating.checkpoint import CannotEvaluate, NotThere

__all__ = ["CannotEvaluate", "NotThere", "answer", "evaluate", "lines"]
