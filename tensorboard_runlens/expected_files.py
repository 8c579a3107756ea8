"""Files that the program of a run writes and that are not there: when they are written, and what is not known
without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.drawn_pictures import (
    AT_END,
    AT_START,
    WITH_BATCHES,
    drawn_pictures,
    switched_off,
)
from tensorboard_runlens.run import Run

EACH_EPOCH = "after each epoch"

ARGUMENTS = {"ultralytics": "args.yaml", "yolov5": "opt.yaml", "yolov7": "opt.yaml"}
TABLES = {"ultralytics": "results.csv", "yolov5": "results.csv", "yolov7": "results.txt"}
"""Framework -> what it calls them; YOLOv5 before 6.0 called its table results.txt."""

Wanted = tuple[str, str, str, str]
"""(file, role, when, what the page lacks without it)."""

ENDED = ("finished", "early_stopped")
"""States in which all that a program writes is there."""

WITHOUT = {
    "labels": "the picture of classes and box sizes",
    "train_batch": "what the network sees after augmentation",
    "val_batch": "predictions beside the labels",
    "confusion": "the confusion matrix as a picture",
    "curve": "precision, recall and F1 over the confidence as pictures",
}
"""Role of a picture -> what the page lacks without it."""


@dataclass(frozen=True)
class Expected:
    """A file that is not there. ``due`` says whether it should be by now; ``missing`` is what the page lacks."""

    file: str
    role: str
    when: str
    missing: str
    due: bool


def expected_files(analysis: Analysis) -> tuple[Expected, ...]:
    """In the order in which they are written; none of a program whose files are not known."""
    run = analysis.run
    if run.framework not in TABLES:
        return ()
    wanted = [*_of_every_training(run), *_pictures(run)]
    past = [AT_START]
    if len(run.history):
        past += [WITH_BATCHES, EACH_EPOCH]
    if analysis.state in ENDED:
        past.append(AT_END)
    return tuple(
        Expected(file, role, when, missing, when in past) for (file, role, when, missing) in wanted
    )


def _of_every_training(run: Run) -> Iterator[Wanted]:
    roles = run.files.by_role
    weights = {path.rpartition("/")[2] for path in roles.get("weights", ())}
    arguments = ARGUMENTS[run.framework]
    if "args" not in roles:
        yield (
            arguments,
            "args",
            AT_START,
            "the arguments, the command to repeat it, findings on them",
        )
    if "results" not in roles:
        yield (TABLES[run.framework], "results", EACH_EPOCH, "losses, metrics, findings on them")
    if "best.pt" not in weights and run.arguments.get("nosave") is not True:
        yield (
            "weights/best.pt",
            "weights",
            EACH_EPOCH,
            "the checkpoint to use; its release and date",
        )
    if "last.pt" not in weights:
        yield ("weights/last.pt", "weights", EACH_EPOCH, "the checkpoint to resume from")


def _pictures(run: Run) -> Iterator[Wanted]:
    if switched_off(run) is not None:
        return
    for one in drawn_pictures(run):
        if one.role not in run.files.by_role:
            yield (one.files[-1], one.role, one.when, WITHOUT[one.role])
