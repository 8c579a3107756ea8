"""What can be done about a finding: a catalogue, so that one remedy has one name and one wording everywhere.

The numbers N01 to N24 are those of docs/mission.md. A change of an argument is offered only where the release that
wrote the run knows the argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.rules import Advice, Scalar
from tensorboard_runlens.signals import Signals


@dataclass(frozen=True)
class Action:
    """A remedy: its number in the mission and its sentence, in which {words} may be filled in."""

    number: str
    text: str


ACTIONS: Mapping[str, Action] = {
    "train-longer": Action("N01", "Plan a new training with more epochs."),
    "larger-model": Action("N02", "Try the next larger model."),
    "check-threshold": Action("N03", "Choose the confidence threshold anew."),
    "fix-labels": Action("N04", "Look through the labels of {what} and correct them."),
    "larger-images": Action("N05", "Train with larger images."),
    "lower-lr": Action("N06", "Lower the initial learning rate."),
    "raise-lr": Action("N06", "Raise the initial learning rate."),
    "ensemble": Action("N07", "Combine the predictions of several models."),
    "more-of-class": Action("N08", "Add training images with {what}."),
    "class-weights": Action("N09", "Give rare classes more weight, or show their images more often."),
    "review-augmentation": Action("N10", "Look at train_batch0.jpg: is the augmentation too strong?"),
    "more-data": Action("N11", "Add training images or stronger augmentation."),
    "stop-earlier": Action("N11", "Stop earlier: lower patience."),
    "finer-masks": Action("N13", "Let masks be finer: a lower mask_ratio."),
    "varied-images": Action("N14", "Add images from other angles, backgrounds and light."),
    "smaller-images": Action("N15", "Train with smaller images."),
    "weight-decay": Action("N16", "Raise weight_decay."),
    "rebalance-val": Action("N17", "Move images between train and val so that every class is validated."),
    "own-weights": Action("N18", "Start the next training from this run's best weights."),
    "small-objects": Action("N19", "Less mosaic, no mixup and copy_paste, more scale for small objects."),
    "box-gain": Action("N20", "Raise the box gain for tighter boxes."),
    "pos-weight": Action("N21", "Raise pos_weight: positive pixels are rare."),
    "pseudo-label-decay": Action("N22", "Let the pseudo-label thresholds fall more slowly."),
    "larger-val": Action("N23", "Validate on more images: {what}."),
    "smaller-batch": Action("N24", "Halve the batch size."),
}  # fmt: skip


def advise(
    signals: Signals,
    key: str,
    what: str = "",
    change: Optional[tuple[str, Scalar, Scalar]] = None,
    command: Optional[str] = None,
) -> Advice:
    """The remedy of this key for a run; ``what`` fills its sentence, ``change`` is (argument, from, to)."""
    allowed = change if change and legal(change[0], signals.run) is not False else None
    return Advice(key, ACTIONS[key].text.format(what=what), allowed, command)
