"""Which pictures a run of this kind could have and has not: when they appear, and the line that makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.drawn_pictures import AT_END, drawn_pictures, switched_off
from tensorboard_runlens.pictures import Picture
from tensorboard_runlens.run import Run

TRACK = "model = track(model)"
RECORDED_NEXT_TIME = (
    "not recorded; RunLens draws the 16 images with the most errors in the final validation of a training"
    " that has this line before model.train(...)"
)
RECORDED_SOON = "drawn by RunLens after the final validation of best.pt"


@dataclass(frozen=True)
class Missing:
    """``what`` is not there; ``why`` says when it comes or what kept it away, ``line`` makes it next time."""

    what: str
    why: str
    line: Optional[str] = None


def missing(run: Run, state: str, pictures: Sequence[Picture]) -> list[Missing]:
    """What the run's gallery lacks; ``state`` is one of schema.State. Nothing of frameworks that draw nothing."""
    present = {picture.role for picture in pictures}
    going_on = state == "running"
    found: list[Missing] = []
    if run.framework == "ultralytics" and "worst" not in present and run.task != "semantic":
        found.append(_worst(run, going_on))
    found.extend(_drawn(run, present, going_on))
    if run.framework == "selftraining" and "visualization" not in present:
        why = "the script saves one in the folder of each iteration"
        found.append(Missing("visualization.png", why))
    return found


def _worst(run: Run, going_on: bool) -> Missing:
    what = "Worst validation images"
    if run.recorded is None:
        return Missing(what, RECORDED_NEXT_TIME, TRACK)
    if going_on:
        return Missing(what, RECORDED_SOON)
    return Missing(what, f"{RECORDED_SOON}, which this recording does not have")


def _drawn(run: Run, present: set[str], going_on: bool) -> Iterator[Missing]:
    switch = switched_off(run)
    for one in drawn_pictures(run):
        if one.role in present:
            continue
        if switch is not None:
            why = f"not drawn, because the training was started with {switch}"
        elif going_on and one.when == AT_END:
            why = f"drawn {AT_END}"
        else:
            why = f"drawn {one.when}; not in this folder"
        yield Missing(" and ".join(one.files), why)
