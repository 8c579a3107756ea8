"""The remedies by key: number, sentence, and the arguments that change. Numbers N01 to N24 are docs/mission.md's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

from tensorboard_runlens.actions.changes import (
    Changes,
    at_least,
    at_most,
    divided_down_to,
    image_side,
    none,
    number,
    of_iterations,
    replaced,
    times,
    together,
)
from tensorboard_runlens.actions.learning_rate import rate
from tensorboard_runlens.actions.models import next_model, own_weights
from tensorboard_runlens.lifecycle import EPOCH_ARGUMENTS
from tensorboard_runlens.pseudo_labels import DECAY_WORDS
from tensorboard_runlens.signals import Signals

BATCH = ("batch", "batch_size")
"""What programs call the number of images of a step."""

MASKS = ("mask_ratio",)
"""By how much masks are smaller than images while training: less is finer, down to 1."""

_SLOWER_DECAY = of_iterations(number(DECAY_WORDS, times(0.5)))
"""Half the decay, of self-training only: elsewhere the word is the optimizer's."""


def always(words: str) -> Callable[[Signals], str]:
    """The same words for every run."""
    return lambda signals: words


def the_best(signals: Signals) -> str:
    """The checkpoint of the best epoch, and the one not to take instead."""
    if signals.keeps_best or signals.best_row is None:
        return "best.pt, not last.pt"
    return f"the weights of {signals.unit} {signals.epoch(signals.best_row)}, not the last ones"


@dataclass(frozen=True)
class Action:
    """A remedy: its number in the mission (empty for what is no change of the training), and its sentence, in which
    {what} stands for ``what`` or a rule's own words. ``changes`` computes the arguments to change, the main one
    first; ``of_rate`` marks what sets the initial learning rate."""

    number: str
    text: str
    changes: Changes = none
    what: Callable[[Signals], str] = always("")
    of_rate: bool = False


_LESS_MIXING = together(
    number(("mosaic",), at_most(0.2)),
    number(("mixup",), lambda old: 0.0),
    number(("copy_paste",), lambda old: 0.0),
    number(("scale",), at_least(0.6)),
)
"""Guide 004's for small objects."""

ACTIONS: Mapping[str, Action] = {
    # which weights, and for how long
    "use-best": Action("", "Deploy {what}.", what=the_best),
    "by-metric": Action("", "Choose the checkpoint by the metric, not by this loss."),
    "keep-going": Action("", "Do not stop for this; choose the checkpoint by the metric."),
    "train-longer": Action("N01", "Plan a new training with more epochs.", number(EPOCH_ARGUMENTS, times(2))),
    "fewer-epochs": Action("", "Plan fewer epochs for a repetition.", number(EPOCH_ARGUMENTS, times(0.5))),
    "stop-earlier": Action("N11", "Stop earlier: lower patience.", number(("patience",), divided_down_to(10, by=2))),
    "more-patience": Action(
        "",
        "Raise patience: {what}.",
        number(("patience",), times(2)),
        what=always("it was still getting better"),
    ),
    "reachable-patience": Action("", "Take a patience that can run out, or 0 where no early stopping is meant."),
    "time-budget": Action("", "Give the hours to the framework: with time it fits epochs and schedule to them."),
    "stop-here": Action("", "Stop it where time is short: the best weights are kept."),
    "do-not-resume": Action("", "Resuming it is hardly worth the time: deploy {what}.", what=the_best),
    "resume-not-restart": Action("", "Resume an interrupted training: a new one begins its schedule anew."),
    "own-weights": Action("N18", "Start the next training from this run's best weights.", own_weights),
    "evaluate-again": Action("", "Evaluate best.pt again with the training's data and arguments; report that number."),
    # labels, classes and splits
    "fix-labels": Action("N04", "Look through the labels of {what} and correct them.", what=always("train and val")),
    "check-labels": Action("N04", "Are there boxes in train_batch0.jpg? Check class numbers, label paths and format."),
    "check-split": Action("N04", "Compare images, labels and class order of train and val; check how they were split."),
    "more-of-class": Action("N08", "Add training images with {what}.", what=always("the weak classes")),
    "class-weights": Action(
        "N09",
        "Give rare classes more weight, or show their images more often.",
        together(number(("cls_pw",), at_least(0.5)), replaced("image_weights", False, True)),
    ),
    "more-data": Action("N11", "Add training images or stronger augmentation{what}."),
    "varied-images": Action("N14", "Add images from other angles, backgrounds and light."),
    "rebalance-val": Action("N17", "Move images between train and val so that every class is validated."),
    "validate-each": Action("", "Validate after each epoch, so that the best one is not missed."),
    "larger-val": Action("N23", "Validate on more images: {what}.", what=always("100 or more")),
    # images and augmentation
    "larger-images": Action("N05", "Train with larger images.", number(("imgsz",), image_side(1.5))),
    "smaller-images": Action("N15", "Train with smaller images.", number(("imgsz",), image_side(0.75))),
    "review-augmentation": Action("N10", "Look at train_batch0.jpg: is the augmentation too strong?"),
    "small-objects": Action("N19", "Less mosaic, no mixup and copy_paste, more scale for small objects.", _LESS_MIXING),
    "keep-mosaic": Action("", "Keep mosaic to the end.", number(("close_mosaic",), lambda old: 0)),
    # model and losses
    "larger-model": Action("N02", "Try the next larger model.", next_model),
    "ensemble": Action("N07", "Combine the predictions of several models."),
    "finer-masks": Action("N13", "Let masks be finer: a lower mask_ratio.", number(MASKS, divided_down_to(1, by=2))),
    "box-gain": Action("N20", "Raise the box gain for tighter boxes.", number(("box",), times(4 / 3))),
    "pos-weight": Action("N21", "Raise pos_weight: positive pixels are rare.", number(("pos_weight",), times(2))),
    "weight-decay": Action("N16", "Raise weight_decay.", number(("weight_decay",), times(2))),
    # learning rate
    "lower-lr": Action("N06", "Lower the initial learning rate{what}.", rate(times(1 / 3)), of_rate=True),
    "raise-lr": Action("N06", "Raise the initial learning rate{what}.", rate(times(3)), of_rate=True),
    "decay-lr": Action(
        "N06",
        "Let the learning rate fall to about a hundredth of its peak by the last epoch.",
        number(("lrf",), at_most(0.01)),
    ),
    "slower-decay": Action("N06", "Let the learning rate fall more slowly, so that it is low at the end only."),
    "warm-up": Action(
        "N06",
        "Let the rate rise over the first epochs, as warmup_epochs=3 does.",
        number(("warmup_epochs",), at_least(3.0)),
    ),
    "shorter-warm-up": Action("N06", "Warm up for fewer epochs.", number(("warmup_epochs",), at_most(3.0))),
    "name-optimizer": Action("N06", "Name an optimizer with lr0: with optimizer=auto it is ignored."),
    "lower-nbs": Action("", "Make a step of every batch: set nbs to the batch size, or add training images."),
    # scores
    "check-threshold": Action("N03", "Choose the confidence threshold anew{what}."),
    "pool-pixels": Action("", "Compute all of them from the same pooled pixels before comparing them."),
    "pseudo-label-decay": Action("N22", "Let the pseudo-label thresholds fall more slowly.", _SLOWER_DECAY),
    # the machine
    "smaller-batch": Action("N24", "Halve the batch size{what}.", number(BATCH, divided_down_to(1, by=2))),
    "amp-off": Action("", "Train without mixed precision.", replaced("amp", True, False)),
    "use-gpu": Action("", "Train on a GPU: device=0.", replaced("device", "cpu", 0)),
    "use-mps": Action("", "Train on Apple's GPU: device=mps.", replaced("device", "cpu", "mps")),
    "find-gpu": Action("", "Install a PyTorch with CUDA, or give this process the GPU (docker run --gpus all)."),
    "feed-gpu": Action("", "See what holds the GPU up: device, workers, slow storage, batches that are too small."),
    "install-cuda": Action("", "Install a PyTorch with CUDA (this one is built for the CPU) and train with device=0."),
    "check-programs": Action("", "See what else was at work: other programs (nvidia-smi, top), sleep, a slow drive."),
}  # fmt: skip
