"""curves_best.npz and final.npz: one validation of best.pt in full (docs/recorded_data.md).

Anybody's files: a size, a shape or a number that cannot be makes the whole archive a Problem, and
costs nothing else. An archive counts only beside the metrics of its own validation, which
epochs.jsonl and final.json hold: it may be left over from before a training was resumed.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Optional

import numpy as np

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats.checked_arrays import CheckedArrays, Damaged
from tensorboard_runlens.formats.recorded_detections import (
    classified_in,
    detections_in,
    matrix_in,
)
from tensorboard_runlens.formats.recorded_fields import MAX_CLASSES, MAX_EPOCH
from tensorboard_runlens.plain.plain_npz import read_arrays
from tensorboard_runlens.plain.plain_zip import Refused
from tensorboard_runlens.recording.layout import (
    BEST,
    FINAL,
    FOLDER,
    FRACTION_STEPS,
    GROUPS,
    THINNED,
)
from tensorboard_runlens.run import (
    ClassCurves,
    Curves,
    Evidence,
    Problem,
    Recorded,
    Validated,
)

MAX_ARCHIVE_BYTES = 64 * 2**20
"""Cap of an archive: 1.5 million detections, all that COCO's validation can have, take 8 MB."""

MAX_UNPACKED_BYTES = 256 * 2**20
"""... and of its arrays: those take 30 MB."""

MAX_POINTS = 10_000
"""Points of a curve; Ultralytics has 1000."""

APART = 0.01
"""F1 at the best confidence is the same number in both files; Recorder's lies up to half a step beside a point."""

CURVES = ("precision", "recall", "f1")


def evidence(folder: Folder, recorded: Recorded) -> tuple[Optional[Evidence], list[Problem]]:
    """(what best.pt was measured at last, or None; problems). After training it is validated once more: that counts
    before the validation of its epoch. Never raises for what lies there."""
    below = folder.below(FOLDER)
    problems: list[Problem] = []
    for name, measured in ((FINAL, recorded.final), (BEST, recorded.best)):
        if below is None or name not in below.files:
            continue
        read = partial(_of_training, below, name, recorded, measured)
        found = attempted(name, read, problems)
        if found is not None:
            return (found, problems)
    return (None, problems)


def _of_training(
    below: Folder, name: str, recorded: Recorded, measured: Optional[Validated]
) -> Optional[Evidence]:
    """An archive that belongs to what was measured; None where the newest is still to come."""
    found = read_archive(below, name, len(recorded.names) or MAX_CLASSES)
    if _is_being_written(found, recorded):
        return None
    check_belongs(found, measured)
    return found


def attempted(
    name: str, read: Callable[[], Optional[Evidence]], problems: list[Problem]
) -> Optional[Evidence]:
    """What ``read`` returns; None, and a problem, for an archive that cannot be used."""
    try:
        return read()
    except FileRefused as refusal:
        (kind, said) = ("refused", str(refusal))
    except Refused as refusal:
        (kind, said) = (refusal.kind, str(refusal))
    except Damaged as damage:
        (kind, said) = ("damaged", f"{damage}; not used")
    except Stale as stale:
        (kind, said) = ("disagreement", f"{stale}; not used")
    problems.append(Problem(f"{FOLDER}/{name}", None, kind, said))
    return None


class Stale(Exception):
    """An archive of another validation than the one it stands for."""


def read_archive(below: Folder, name: str, classes: int) -> Evidence:
    """An archive of the recording's folder, whose class numbers are below ``classes``.

    Raises FileRefused, plain_zip.Refused and Damaged.
    """
    if below.files[name].size > MAX_ARCHIVE_BYTES:
        raise FileRefused(f"larger than the {MAX_ARCHIVE_BYTES:,} bytes that RunLens reads")
    try:
        found = read_arrays(below.local_path(name), MAX_UNPACKED_BYTES)
    except OSError as error:
        raise FileRefused(f"cannot be read: {error.strerror or type(error).__name__}") from error
    arrays = CheckedArrays(found)
    return Evidence(
        epoch=arrays.number("epoch", MAX_EPOCH) if name == BEST else None,
        curves={
            group: _curves(arrays, group, classes) for group in GROUPS if f"{group}_f1" in arrays
        },
        detections=detections_in(arrays, classes),
        classified=classified_in(arrays, classes),
        matrix=matrix_in(arrays, classes),
    )


def _curves(arrays: CheckedArrays, group: str, classes: int) -> Curves:
    confidence = arrays.ascending("confidence", None)
    points = len(confidence)
    if not 1 < points <= MAX_POINTS:
        raise Damaged(f"confidence has {points:,} points")
    (precision, recall, f1) = (arrays.fractions(f"{group}_{name}", points) for name in CURVES)
    return Curves(confidence, precision, recall, f1, _class_curves(arrays, group, classes))


def _class_curves(arrays: CheckedArrays, group: str, classes: int) -> Optional[ClassCurves]:
    if f"{group}_class_f1" not in arrays:
        return None
    numbers = arrays.integers("classes", classes, None).astype(np.int64)
    if len(np.unique(numbers)) != len(numbers):
        raise Damaged("classes names the same twice")
    confidence = arrays.ascending("class_confidence", THINNED)
    shape = (len(numbers), len(confidence))
    curves = (arrays.stepped(f"{group}_class_{name}", FRACTION_STEPS, *shape) for name in CURVES)
    return ClassCurves(numbers, confidence, *curves)


def _is_being_written(found: Evidence, recorded: Recorded) -> bool:
    """Whether the archive of the newest epoch, the best so far, is still to come: its line is written before."""
    (best, last) = (recorded.best, recorded.last)
    newest = best is not None and last is not None and best.epoch == last.epoch
    return newest and best is not None and found.epoch is not None and found.epoch < best.epoch


def check_belongs(found: Evidence, measured: Optional[Validated]) -> None:
    """Raises Stale for an archive whose best F1 or whose objects are not those that were measured."""
    if measured is None:
        raise Stale("the metrics of its validation are not recorded")
    epoch = getattr(measured, "epoch", None)
    if found.epoch != epoch:
        raise Stale(f"of epoch {found.epoch}, and the best one is {epoch}")
    for group, curves in found.curves.items():
        (confidence, f1) = measured.optimum.get(group, (0.0, None))
        if f1 is None:
            continue
        found_f1 = float(curves.f1[curves.nearest(confidence)])
        if abs(found_f1 - f1) > APART:
            said = f"F1 {found_f1:.3f} of {group} where {f1:.3f} was measured"
            raise Stale(f"{said}: of another validation")
    _check_objects(found, measured)


def _check_objects(found: Evidence, measured: Validated) -> None:
    instances = [one.instances for one in measured.classes]
    known = [count for count in instances if count is not None]
    if found.detections is None or len(known) < max(len(instances), 1):
        return
    objects = int(found.detections.truth_count.sum(dtype=np.uint64))
    if objects != sum(known):
        raise Stale(
            f"truth_count sums up to {objects:,} objects where {sum(known):,} instances were measured"
        )
