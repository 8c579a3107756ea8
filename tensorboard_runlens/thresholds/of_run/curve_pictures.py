"""The threshold as the framework's own pictures of its curves show it: all that most runs ever kept."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.lifecycle import last_planned_epoch
from tensorboard_runlens.run import Curves, Floats, Run
from tensorboard_runlens.thresholds.picture import CurveReading, read_curve
from tensorboard_runlens.thresholds.point import OperatingPoint

NAME = re.compile(r"(?P<group>Box|Mask|Pose)?(?P<kind>F1|P|R)_curve\.png")
"""Without a group it is of boxes: tasks with masks or keypoints have always named both."""

KEPT = 100
"""Readings that are kept: half a second each, and a page asks for the same picture several times."""

POINTS = 1001
"""Of a curve that was traced: a picture has some 1,700 columns for them."""

MAX_APART = 0.1
"""Of F1 in the picture and in the result table of one training: the last epoch's model may be that much worse."""

MAX_BELOW = 0.25
"""... and the mean F1 may lie so far below where classes differ much."""

OLDER = "it is older than the result table, so it is of an earlier training in this folder"
OLDER_S = 600.0
"""Seconds by which a picture is older: files of one folder that were copied together lie closer."""

HALF_DIGIT = 0.005 + 1e-9
"""A printed F1 has two digits: the traced one rounds to it within half of the last."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the pictures of one group say, by kind (f1, p, r): file name and reading."""

    group: str
    readings: Mapping[str, tuple[str, CurveReading]]

    def reading(self, kind: str) -> Optional[CurveReading]:
        """The reading of a picture, None where there is none or it could not be read."""
        found = self.readings.get(kind)
        return None if found is None or found[1].status == "unreadable" else found[1]


def groups_drawn(run: Run) -> dict[str, dict[str, str]]:
    """group -> kind -> file name of the curve pictures that lie in the run's own folder."""
    found: dict[str, dict[str, str]] = {}
    for name in run.files.by_role.get("curve", ()):
        match = NAME.fullmatch(name)
        if match:
            group = (match["group"] or "box").lower()
            found.setdefault(group, {})[match["kind"].lower()] = name
    return {group: kinds for (group, kinds) in found.items() if "f1" in kinds}


def drawn(run: Run, folder: Folder, group: str) -> Optional[Drawn]:
    """The pictures of a group read; None where there is none of its F1. Never raises for what is in them.

    Precision and recall are read only beside a readable F1: they say nothing without its confidence.
    """
    files = groups_drawn(run).get(group)
    if files is None:
        return None
    if _is_older(run, folder, files["f1"]):
        return Drawn(group, {"f1": (files["f1"], CurveReading("f1", "unreadable", OLDER))})
    readings = {"f1": (files["f1"], _read(folder, files["f1"]))}
    if readings["f1"][1].status != "unreadable":
        for kind in ("p", "r"):
            if kind in files:
                readings[kind] = (files[kind], _read(folder, files[kind]))
    return Drawn(group, readings)


def _is_older(run: Run, folder: Folder, name: str) -> bool:
    """Whether a picture was there before the training that is in the table: pictures are drawn at its end. Of a
    training that came to its end copying may have changed the times."""
    end = last_planned_epoch(run)
    if len(run.history) and end is not None and run.history.epoch[-1] >= end:
        return False
    tables = [one for one in run.files.by_role.get("results", ()) if one in folder.files]
    if not tables or name not in folder.files:
        return False
    newest = max(folder.files[one].mtime for one in tables)
    return folder.files[name].mtime < newest - OLDER_S


def point_of(found: Drawn) -> OperatingPoint:
    """Where F1 is best as the picture prints it, else as it was traced."""
    (file, reading) = found.readings["f1"]
    if reading.status == "unreadable":
        said = f"{file} could not be read: {reading.reason}"
        return OperatingPoint(source="picture", status="unreadable", reason=said)
    printed = reading.status == "exact"
    confidence = reading.confidence if printed else reading.confidence_curve
    return OperatingPoint(
        confidence=confidence,
        f1=_f1(reading),
        precision=_value_at(found.reading("p"), confidence),
        recall=_value_at(found.reading("r"), confidence),
        source="picture",
        status=reading.status,
        reason=reading.reason,
    )


def curves_drawn(found: Drawn) -> Optional[Curves]:
    """The means over the classes as traced, None unless all three pictures could be read."""
    readings = [found.reading(kind) for kind in ("p", "r", "f1")]
    known = [one for one in readings if one is not None and len(one.curve) > 1]
    if len(known) < 3:
        return None
    confidence = np.linspace(0, 1, POINTS)
    (precision, recall, f1) = (_at(one, confidence) for one in known)
    return Curves(confidence, precision, recall, f1)


def another_training(shown: OperatingPoint, table: OperatingPoint) -> str:
    """A doubt where the picture's F1 and the result table's are too far apart; empty where they are not.

    The table has F1 of the mean precision and recall, which lies above the mean F1 of the picture where classes
    differ: the same is made of the picture's where these are known.
    """
    of_means = _f1_of(shown.precision, shown.recall)
    (f1, below) = (shown.f1, MAX_BELOW) if of_means is None else (of_means, MAX_APART)
    if f1 is None or table.f1 is None or -below <= f1 - table.f1 <= MAX_APART:
        return ""
    return (
        f"the result table has an F1 of {table.f1:.2f} at its best epoch and the picture {f1:.2f}:"
        " it may be of another training"
    )


def _f1_of(precision: Optional[float], recall: Optional[float]) -> Optional[float]:
    if precision is None or recall is None or precision + recall <= 0:
        return None
    return 2 * precision * recall / (precision + recall)


def words(run: Run, found: Drawn) -> str:
    """Which validation the pictures show."""
    return f"{whose(run)}, as drawn in {found.readings['f1'][0]}"


def whose(run: Run) -> str:
    """The model whose validation a picture shows.

    Ultralytics draws best.pt's after training, and so does YOLOv5 that writes a results.csv, but for some
    months of 2021. YOLOv7 and older YOLOv5, with a results.txt, draw the last epoch's.
    """
    is_text = any(name.endswith(".txt") for name in run.files.by_role.get("results", ()))
    if run.framework == "yolov7" or (run.framework == "yolov5" and is_text):
        return "the model of the last epoch"
    return "best.pt after training"


def _f1(reading: CurveReading) -> Optional[float]:
    """Traced with four digits where these round to the two that are printed, else as printed."""
    (printed, traced) = (reading.value, reading.value_curve)
    if printed is None or traced is None:
        return traced if printed is None else printed
    return traced if abs(traced - printed) <= HALF_DIGIT else printed


def _value_at(reading: Optional[CurveReading], confidence: Optional[float]) -> Optional[float]:
    if reading is None or confidence is None or len(reading.curve) < 2:
        return None
    if not reading.curve[0, 0] <= confidence <= reading.curve[-1, 0]:
        return None  # at 0 and 1 the curve is hidden under the frame
    return round(float(_at(reading, np.array([confidence]))[0]), 4)


def _at(reading: CurveReading, confidence: Floats) -> Floats:
    (x, y) = reading.curve.T
    return np.asarray(np.interp(confidence, x, y).clip(0, 1), np.float64)


def _read(folder: Folder, name: str) -> CurveReading:
    """A reading, kept as long as the file stays as it is."""
    try:
        entry = folder.files[name]
        path = folder.local_path(name)
        return _kept(path, entry.size, entry.mtime)
    except (KeyError, FileRefused) as error:
        said = str(error) if isinstance(error, FileRefused) else "it is gone"
        return CurveReading(None, "unreadable", said)


@functools.lru_cache(maxsize=KEPT)
def _kept(path: str, size: int, changed: float) -> CurveReading:
    """The reading of a file of this size and time."""
    return read_curve(path)
