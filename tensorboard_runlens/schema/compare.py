"""The JSON of runs compared with a baseline."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema import Number, State, Task

Verdict = Literal["better", "worse", "tie", "not_comparable"]


class Difference(msgspec.Struct, frozen=True):
    """The run's ``metric`` minus the baseline's, fractions, with its 95 % interval.

    ``group`` is box, mask, pose, classify or pixel. ``at`` says what of the trainings is compared: ``best`` their
    best.pt, ``end`` where they arrived, ``equal_epoch`` where they were ``after`` as many epochs. ``verdict`` is that
    on the run, tie where the interval holds 0; ``caveats`` say what else is different between the two, ``reason`` why
    the verdict is what it is. ``detectable`` is the difference that would be found in four cases of five;
    ``sampling`` how far other validation images may move each of the values, mostly both alike.
    """

    run: str
    group: Optional[str]
    metric: str
    delta: Number
    interval: Optional[tuple[float, float]]
    verdict: Verdict
    caveats: list[str]
    reason: str
    at: Literal["best", "end", "equal_epoch"]
    after: Optional[int]
    detectable: Number
    sampling: Number


class Place(msgspec.Struct, frozen=True):
    """A run's place: ``rank`` 1 for those that none is better than, null where it cannot be compared with the others;
    ``ahead_of`` and ``behind`` are the runs that it can be told apart from."""

    run: str
    rank: Optional[int]
    ahead_of: list[str]
    behind: list[str]


class EndOfLoss(msgspec.Struct, frozen=True):
    """The mean of the last epochs' summed losses, and how much they shake from epoch to epoch, null where too few
    epochs tell it."""

    mean: Number
    sigma: Number


class Facts(msgspec.Struct, frozen=True):
    """A run in numbers, null where unknown: the images it trained and validated on, the main metric's ``value`` at the
    best epoch, its ``level`` (mean of the epochs around) and its noise from epoch to epoch (``sigma``), precision,
    recall and F1 at the best epoch, the highest F1 of any epoch, ``epochs_to_95`` until the metric was at 95 % of its
    best and the seconds that took."""

    run: str
    state: State
    task: Task
    model: Optional[str]
    n_train: Optional[int]
    n_val: Optional[int]
    imgsz: Optional[int]
    epochs: int
    best_epoch: Optional[int]
    group: Optional[str]
    metric: Optional[str]
    value: Number
    level: Number
    sigma: Number
    precision: Number
    recall: Number
    f1: Number
    f1_best: Number
    f1_best_epoch: Optional[int]
    confidence: Number
    epochs_to_95: Optional[int]
    seconds_to_95: Number
    train_loss: Optional[EndOfLoss]
    val_loss: Optional[EndOfLoss]
    seconds_per_epoch: Number
    seconds: Number


class Argument(msgspec.Struct, frozen=True):
    """A training argument that differs: ``values`` as text in the order of ``runs``, null where it is not stated."""

    key: str
    values: list[Optional[str]]


class ChecklistItem(msgspec.Struct, frozen=True):
    """An item of the guide's comparison checklist: ``values`` in words in the order of ``runs``, the run that is
    ``ahead``, null where that is not known, and ``why``."""

    item: str
    values: list[Optional[str]]
    ahead: Optional[str]
    why: str


class Said(msgspec.Struct, frozen=True):
    """What the comparison says of a run in words; ``notes`` hold of this run and not of all."""

    run: str
    sentences: list[str]
    notes: list[str]


class Repeats(msgspec.Struct, frozen=True):
    """Runs that differ by their seed only: ``mean`` and ``deviation`` (standard deviation, n - 1) of a metric."""

    runs: list[str]
    group: str
    metric: str
    mean: Number
    deviation: Number


class CompareAnswer(msgspec.Struct, frozen=True):
    """``runlens compare --json``: ``runs`` are all that were named, ``baseline`` is the first of them, or the name of
    numbers in runlens.yaml. ``warnings`` come before every difference, ``losses_apart`` says why losses of the runs
    mean different things."""

    ok: Literal[True]
    schema: int
    baseline: str
    runs: list[str]
    differences: list[Difference]
    ranking: list[Place]
    facts: list[Facts]
    config: list[Argument]
    checklist: list[ChecklistItem]
    said: list[Said]
    notes: list[str]
    repeats: list[Repeats]
    warnings: list[str]
    losses_apart: list[str]
