"""The methods paragraph: facts of the runs and nothing else, what is not known named as unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens import reproduction
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.report.paper.study import PaperStudy
from tensorboard_runlens.reproduction import Reproduction
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.words import count

NOT_STATED = "not stated in the files of the run"


def methods(paper: PaperStudy, threshold: ThresholdAnswer) -> str:
    """On the baseline; the table says what the others changed."""
    (analysis, details) = paper.looked[paper.baseline]
    found = reproduction.of_run(analysis, details, [one[0] for one in paper.looked.values()])
    sentences = [
        *_data(analysis),
        *_training(analysis, found),
        *_environment(found),
        *_selection(analysis),
        *_threshold(threshold),
    ]
    return " ".join(sentences)


def _data(analysis: Analysis) -> Iterator[str]:
    data = analysis.signals.data
    sizes = [
        _size(data.n_train_images, "training image"),
        _size(data.n_val_images, "validation image"),
    ]
    classes = "" if data.n_classes is None else f" of {count(data.n_classes, 'class', 'classes')}"
    yield f"The data are {' and '.join(sizes)}{classes}."


def _size(number: Optional[int], one: str) -> str:
    return f"an unknown number of {one}s" if number is None else count(number, one)


def _training(analysis: Analysis, found: Reproduction) -> Iterator[str]:
    """What decides the outcome, in the words of the reproduction's checks."""
    epochs = count(len(analysis.run.history), analysis.run.axis)
    yield f"The baseline {analysis.run.name} was trained for {epochs}."
    known = {one.item: one.value for one in found.checks}
    items = ("starting weights", "optimizer", "image size", "batch", "seed")
    stated = [f"{item} {known[item]}" for item in items if known.get(item)]
    if stated:
        yield f"{_capital(', '.join(stated))}."
    yield from _unknown([item for item in items if not known.get(item)])


def _environment(found: Reproduction) -> Iterator[str]:
    known = [f"{one.name} {one.value}" for one in found.environment if one.value]
    if known:
        yield f"{_capital(', '.join(known))}."
    yield from _unknown([one.name for one in found.environment if not one.value])


def _selection(analysis: Analysis) -> Iterator[str]:
    if analysis.signals.best_row is None or not analysis.signals.best_by:
        yield f"How the checkpoint was chosen is {NOT_STATED}."
        return
    epoch = analysis.signals.epoch(analysis.signals.best_row)
    yield (
        f"The checkpoint of {analysis.run.axis} {epoch} was chosen by {analysis.signals.best_by} "
        "on the validation images."
    )


def _threshold(threshold: ThresholdAnswer) -> Iterator[str]:
    point = threshold.operating_point
    if point.confidence is None:
        return
    yield (
        f"The confidence threshold of {threshold.run} is {point.confidence:.3g}, chosen for "
        f"{threshold.objective_text} by {threshold.validated}."
    )


def _unknown(items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"Unknown ({NOT_STATED}): {', '.join(items)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
