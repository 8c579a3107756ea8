"""Names that people give their own columns and tags: "Loss/train", "Training Loss", "val_acc", "mAP@0.5".

Words in any order, with anything between them, and all of them have to be understood. What is told
apart here: the side (training, validation, test), losses, metrics, learning rates and the epoch. A
name alone does not tell what "accuracy" is measured on, so all names of a table are read together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

import numpy as np

from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.metric_words import (
    CLASSIFICATION_WORDS,
    DETECTION_WORDS,
    MAX_FRACTION,
    PIXEL_WORDS,
    meaning,
)
from tensorboard_runlens.formats.table import MAX_NAME, Table, quoted
from tensorboard_runlens.run import Floats

SIDES = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "eval": "val",
    "evaluation": "val",
    "test": "test",
    "testing": "test",
}
LOSS_WORDS = {"loss", "losses"}
EPOCH_WORDS = {"epoch", "epochs"}
STEP_WORDS = {"step", "steps"}
SUMMING_WORDS = {"avg", "average", "mean", "total", "overall", "running", "metric", "metrics"}
"""Words that say how a loss was put together, not which one it is."""

NOT_AN_EPOCHS = {"batch", "vs", "iterations", "hparam"}
"""Keras' batch_loss and evaluation_loss_vs_iterations stand on batches; hparam/... is a summary of a whole run."""

LEARNING_RATES = (("lr",), ("learning", "rate"), ("learningrate",))
CLOCKS = (
    ("time",),
    ("time", "s"),
    ("time", "sec"),
    ("time", "seconds"),
    ("elapsed",),
    ("elapsed", "s"),
    ("elapsed", "time"),
    ("elapsed", "time", "s"),
    ("elapsed", "seconds"),
    ("seconds",),
)
"""Columns that hold seconds since the start, or those that each epoch took: their values tell."""

BESIDE_LEARNING_RATE = {"optimizer", "optim", "scheduler", "params", "param", "group", "current"}
MONITOR = re.compile(r"^lr-(?!.*(?:momentum|weight_decay)$)(?:.*/pg(?P<group>\d{1,2})$)?")
"""Lightning's LearningRateMonitor: lr-AdamW, lr-SGD/pg1."""

GLUED = re.compile(
    r"^(training|train|validation|valid|val|testing|test|eval)"
    r"(?=(?:loss|acc|accuracy|map|iou|miou|dice|f1)\d*$)"
)
"""trainloss, valacc: words that lost what was between them."""

WORD = re.compile(r"[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])\d*|\d+")
DETECTION_LOSSES = {"box", "bbox", "obj", "objectness", "dfl", "giou", "ciou"}
WORDS_OF = {"box": DETECTION_WORDS, "pixel": PIXEL_WORDS, "classify": CLASSIFICATION_WORDS}
"""What metrics are called in each group; those of masks and keypoints are called as those of boxes."""

DETECTION_METRICS = {"precision", "recall", "map50", "map50_95"}
MASK = "mask"
MAX_WORDS = 3
"""Words of a loss' own name; info/learner/default_policy/learner_stats/policy_loss is no part of a training's."""

MIN_PERCENT_SHARE = 0.5
"""Share of a column's numbers that have to be above 1 before they are percentages, not one of them damaged."""


@dataclass(frozen=True)
class Word:
    """What one name says. ``kind`` is epoch, lr, loss or metric; ``side`` train, val, test or "" for none.

    ``name`` is the loss' name ("" for the whole), the parameter group or the metric as it was
    written. ``standing`` sorts what else has the same meaning, e.g. Lightning's train_loss_epoch 0,
    train_loss 1, train_loss_step 2.
    """

    kind: str
    side: str
    name: str
    standing: int = 1


@dataclass(frozen=True)
class Names:
    """The names of one table understood together.

    ``meaning`` is column -> name that ``columns.place`` knows. ``twice`` are columns that say the
    same as another, ``doubtful`` metrics that may be measured on the training images.
    """

    meaning: Mapping[str, str]
    twice: tuple[str, ...]
    doubtful: tuple[str, ...]


def word(column: str) -> Optional[Word]:
    """What a name says by itself; None where a word of it is not understood."""
    return None if len(column) > MAX_NAME or not column.isascii() else _word(column)


@lru_cache(maxsize=4096)
def _word(column: str) -> Optional[Word]:
    words = _split(column)
    sides = {SIDES[one] for one in words if one in SIDES}
    rest = [one for one in words if one not in SIDES]
    if len(sides) > 1 or not rest or NOT_AN_EPOCHS & set(rest):
        return None
    side = next(iter(sides), "")
    if set(rest) <= EPOCH_WORDS:
        return Word("epoch", side, "epoch") if side in ("", "train") else None
    return _learning_rate(column, side, rest) or _loss(side, rest) or _metric(side, rest)


def _split(column: str) -> list[str]:
    """Loss/trainTotal -> loss, train, total; mAP@0.5 -> m, ap, 0, 5."""
    words = [one.lower() for one in WORD.findall(column)]
    return [part for one in words for part in GLUED.sub(r"\1 ", one).split()]


def _learning_rate(column: str, side: str, words: list[str]) -> Optional[Word]:
    monitor = MONITOR.match(column)
    if monitor:
        return Word("lr", side, f"pg{max(int(monitor['group'] or 1), 1) - 1}")
    rest = tuple(one for one in words if one not in BESIDE_LEARNING_RATE | EPOCH_WORDS | STEP_WORDS)
    return Word("lr", side, "pg0") if rest in LEARNING_RATES else None


def _loss(side: str, words: list[str]) -> Optional[Word]:
    if not LOSS_WORDS & set(words):
        return None
    said = LOSS_WORDS | EPOCH_WORDS | STEP_WORDS | SUMMING_WORDS
    name = [one for one in words if one not in said]
    return Word("loss", side, "_".join(name), _standing(words)) if len(name) <= MAX_WORDS else None


def _metric(side: str, words: list[str]) -> Optional[Word]:
    name = "".join(one for one in words if one not in EPOCH_WORDS | STEP_WORDS)
    known = any(meaning(name, of_group) for of_group in WORDS_OF.values())
    return Word("metric", side, name, _standing(words)) if known else None


def _standing(words: list[str]) -> int:
    if EPOCH_WORDS & set(words):
        return 0
    return 2 if STEP_WORDS & set(words) else 1


def is_known(column: str) -> bool:
    """Whether a column or tag can mean something, a framework's or a home-made name."""
    return place(column).kind != "other" or word(column) is not None


def sided(column: str, side: str) -> str:
    """The name with a side where it has none: for what a folder or the kind of file tells."""
    known = word(column)
    bare = known is not None and known.kind in ("loss", "metric") and not known.side
    return f"{side}/{column}" if bare else column


def understood(columns: Iterable[str]) -> Names:
    """What the names of one table mean, the better of two with the same meaning first.

    Test results count as validation only where nothing is called validation.
    """
    columns = list(columns)
    framework = [column for column in columns if _is_frameworks(column)]
    taken = {place(column) for column in framework}
    words = {column: known for column in columns if (known := word(column))}
    group = _group(words, framework)
    doubtful = _doubtful(words, group)
    validated = any(known.side == "val" for known in words.values())
    names = {
        column: name
        for (column, known) in words.items()
        if column not in doubtful
        and not (validated and known.side == "test")
        and (name := _name(known, group))
        and place(name) not in taken
    }
    (best, twice) = _best(names, words)
    return Names({**{column: column for column in framework}, **best}, twice, doubtful)


def _best(
    names: Mapping[str, str], words: Mapping[str, Word]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """(the best column of each meaning with it, others that are as good and have to be left out)."""
    columns_of: dict[str, list[str]] = {}
    for column, name in names.items():
        columns_of.setdefault(name, []).append(column)
    best: dict[str, str] = {}
    twice: list[str] = []
    for name, columns in columns_of.items():
        first = min(columns, key=lambda column: _order(words[column]))
        best[first] = name
        twice += [
            column
            for column in columns
            if column != first and _order(words[column]) == _order(words[first])
        ]
    return (best, tuple(twice))


def _is_frameworks(column: str) -> bool:
    return place(column).kind in ("metric", "lr", "seconds")


def _order(known: Word) -> tuple[bool, bool, int]:
    return (known.side == "test", not known.side, known.standing)


def _group(words: Mapping[str, Word], framework: Iterable[str]) -> Optional[str]:
    """What the metrics are measured on, as the most telling name says; None where only precision and recall do."""
    stated = [place(column).group for column in framework if place(column).group]
    if stated:
        return stated[0] if stated[0] in WORDS_OF else "box"
    losses = {known.name for known in words.values() if known.kind == "loss"}
    metrics = [known.name for known in words.values() if known.kind == "metric"]
    if losses & DETECTION_LOSSES or any(_of_detections(name) for name in metrics):
        return "box"
    if any(_of_maps(name) for name in metrics):
        return "pixel"
    return "classify" if any(meaning(name, CLASSIFICATION_WORDS) for name in metrics) else None


def _of_detections(metric: str) -> bool:
    return meaning(metric, DETECTION_WORDS) in ("map50", "map50_95")


def _of_maps(metric: str) -> bool:
    return "dice" in metric or "pixel" in metric or meaning(metric, PIXEL_WORDS) in ("iou", "miou")


def _doubtful(words: Mapping[str, Word], group: Optional[str]) -> tuple[str, ...]:
    """Metrics without a side beside a loss without one, where Keras' names mean those of training."""
    keras = any(
        known.kind == "loss" and not known.side and not known.name for known in words.values()
    )
    if not keras or group == "box":
        return ()
    sides = {known.name for known in words.values() if known.side in ("val", "test")}
    return tuple(
        column
        for (column, known) in words.items()
        if known.kind == "metric" and not known.side and known.name not in sides
    )


def _name(known: Word, group: Optional[str]) -> Optional[str]:
    if known.kind == "epoch":
        return "epoch"
    if known.kind == "lr":
        return f"learning_rate/{known.name}"
    if known.kind == "loss":
        side = "train" if known.side in ("", "train") else "val"
        return f"{side}/{known.name}_loss" if known.name else f"{side}/loss"
    return None if known.side == "train" else _metric_name(known.name, group)


def _metric_name(metric: str, group: Optional[str]) -> Optional[str]:
    name = meaning(metric, WORDS_OF[group]) if group else None
    if name is None or (group == "box" and name not in DETECTION_METRICS):
        return None
    return f"{MASK if group == 'box' and metric.startswith(MASK) else group}/{name}"


def rename(table: Table) -> None:
    """Gives a table's columns the names they mean, and says what is left out or read otherwise."""
    names = understood(table.columns)
    say(table, names)
    table.columns = {
        names.meaning.get(column) or _unused(column): values
        for (column, values) in table.columns.items()
        if column not in names.twice
    }
    _take_clock(table)
    as_fractions(table)


def _take_clock(table: Table) -> None:
    """Calls the first column of running seconds "time"; durations of single epochs are none, which is said."""
    columns: dict[str, Floats] = {}
    for column, values in table.columns.items():
        if len(column) > MAX_NAME or tuple(_split(column)) not in CLOCKS:
            columns[column] = values
        elif _runs_on(values, table.columns.get("epoch")):
            columns["time" if "time" not in columns else f"{column} (again)"] = values
        else:
            columns[f"{column} (each)"] = values
            said = f"{quoted(column)} falls or stands still: no seconds since the start, left out"
            table.say(None, "no_clock", said)
    table.columns = columns


def _runs_on(seconds: Floats, epoch: Optional[Floats]) -> bool:
    """Whether a clock rises and never falls while the epochs go on; another run in the file starts its own."""
    epochs = np.arange(len(seconds)) if epoch is None else epoch
    there = np.isfinite(seconds) & np.isfinite(epochs)
    steps = np.diff(seconds[there])[np.diff(epochs[there]) > 0]
    return bool(np.all(steps >= 0)) and (not len(steps) or bool(np.any(steps > 0)))


def _unused(column: str) -> str:
    """A name under which a column stands for nothing: test/loss beside val/loss is no validation loss."""
    return column if place(column).kind == "other" else column.replace("/", " ")


def say(table: Table, names: Names) -> None:
    """The problems of names that were understood and cannot be used."""
    for column in names.twice:
        said = f"{quoted(column)} means the same as another column and is left out"
        table.say(1, "same_meaning", said)
    for column in names.doubtful:
        said = f"{quoted(column)} may be measured on the training images: not taken for validation"
        table.say(1, "no_side", said)


def as_fractions(table: Table) -> None:
    """Metrics that are percentages as fractions 0..1, which is said. For home-made tables only."""
    for column, values in table.columns.items():
        if place(column).kind == "metric" and _are_percentages(values):
            table.columns[column] = values / 100
            said = f"{quoted(column)}: percentages, read as fractions"
            table.say(None, "percent", said)


def _are_percentages(values: Floats) -> bool:
    finite = values[np.isfinite(values)]
    if not len(finite) or finite.min() < 0 or finite.max() > 100:
        return False
    measured = finite[finite > 0]
    return len(measured) > 0 and float(np.mean(measured > MAX_FRACTION)) >= MIN_PERCENT_SHARE
