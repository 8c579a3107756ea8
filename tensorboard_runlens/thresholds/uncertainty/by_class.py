"""Whether a class deserves a threshold of its own.

With a threshold for each class more luck is taken for skill. So a class keeps the common one unless its own, chosen
again from each draw of images, is surely better on the images that the draw left out. What is used lies between the
two: the fewer the objects, the nearer to the common one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.resampling import REPLICATES, interval_of_draws, widening
from tensorboard_runlens.thresholds.best.estimate import widest
from tensorboard_runlens.thresholds.best.estimate_of_many import best_of_each
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.objective import Objective
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.thresholds.uncertainty.drawn_counts import (
    Resampled,
    Singles,
    left_out,
    objects,
    passed,
    resampled,
    values,
)
from tensorboard_runlens.thresholds.uncertainty.of_point import (
    FEWEST_IMAGES,
    images_with_objects,
    interval_of_confidence,
)

Verdict = Literal["own", "common", "too_few", "no_objects"]

FEWEST_OBJECTS = 50
"""Below, the best confidence of a class is mostly luck."""

MAX_LOOKED_AT = 1000
"""Classes, those with the most objects: each takes some 20 ms; of LVIS' 1,203 the others have a few images each."""

NOT_LOOKED_AT = f"only the {MAX_LOOKED_AT:,} classes with the most objects are looked at one by one"

SHRINKING = 50
"""With as many objects a threshold of its own is moved halfway to the common one."""


@dataclass(frozen=True)
class ClassThreshold:
    """The class of an index in Counting: its best ``confidence`` in ``interval`` with its ``value`` there, and the
    ``gain`` in the objective on other images with a threshold of its own. ``advised`` is the one to use."""

    index: int
    advised: float
    verdict: Verdict
    reason: str
    confidence: Optional[float] = None
    interval: Optional[Range] = None
    value: Optional[float] = None
    gain: Optional[float] = None
    gain_interval: Optional[Range] = None


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Draws of images, what each of them left out, and the objects of each class in both, (c, draws)."""

    images: Resampled
    others: Resampled
    objects: Singles
    objects_of_others: Singles


@dataclass(frozen=True, eq=False)
class _Chosen:
    """What a class has at its own best: ``best`` and ``used`` (draws,) are indices into CONFIDENCE, ``used`` after it
    was moved towards the common one; ``gain`` (draws,) is that of ``used`` over the common one on the draw itself, and
    ``able`` (draws,) are those with a right detection."""

    best: Integers
    used: Integers
    able: npt.NDArray[np.bool_]
    value: float
    gain: Floats


def by_class(
    counting: Counting,
    objective: Objective,
    common: float,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> tuple[ClassThreshold, ...]:
    """A line for each class of the counting, ``common`` being the confidence of the operating point.

    A class keeps the common one if it has fewer than 50 objects or has them on fewer than 15 images, and where 1,000
    others have more objects.
    """
    if not len(counting.classes):
        return ()
    images = resampled(counting.images, replicates, seed)
    others = left_out(images)
    drawn = _Drawn(images, others, objects(counting, images), objects(counting, others))
    most = np.argsort(-counting.instances, kind="stable")[:MAX_LOOKED_AT]
    looked_at = {*most.tolist(), *np.flatnonzero(counting.instances == 0).tolist()}
    return tuple(
        _line(counting, index, objective, common, drawn)
        if index in looked_at
        else ClassThreshold(index, common, "common", NOT_LOOKED_AT)
        for index in range(len(counting.classes))
    )


def _line(
    counting: Counting, index: int, objective: Objective, common: float, drawn: _Drawn
) -> ClassThreshold:
    kept = ClassThreshold(index, common, "common", "")
    if not counting.instances[index]:
        return replace(kept, verdict="no_objects", reason="no object of it was validated")
    images = images_with_objects(counting, index)
    few = _too_few(int(counting.instances[index]), images)
    if few:
        kept = replace(kept, verdict="too_few", reason=few)
    if objective.kind in ("precision", "recall"):
        return replace(kept, reason=f"the {objective.kind} is asked of all classes together")
    if not counting.hit[counting.rows(index)].any():
        return replace(kept, reason="no detection of it is right")
    chosen = _chosen(counting, index, objective, common, drawn)
    line = _own_best(kept, chosen, images)
    judged = chosen.able & (drawn.objects_of_others[index] > 0)
    if few or not judged.any():
        return replace(line, reason=few or "no images were drawn to judge it on")
    gains = _gains(counting, index, objective, common, drawn, chosen)
    spread = chosen.gain[judged] - chosen.gain[judged].mean()
    return _judged(line, objective, chosen, gains[judged], spread, widening(images))


def _chosen(
    counting: Counting, index: int, objective: Objective, common: float, drawn: _Drawn
) -> _Chosen:
    grid = np.append(CONFIDENCE, common)
    of_class = passed(counting, index, grid, drawn.images)
    value = values(objective, of_class.right, of_class.found, drawn.objects[index])
    (best, _) = best_of_each(value[of_class.place[:-1]], CONFIDENCE, widest(objective))
    count = counting.instances[index]
    moved = common + (CONFIDENCE[best] - common) * count / (count + SHRINKING)
    used = np.rint(moved * (len(CONFIDENCE) - 1)).astype(np.int64)
    draws = np.arange(len(used))
    gain = value[of_class.place[used], draws] - value[of_class.place[-1]]
    return _Chosen(
        best=best,
        used=used,
        able=np.asarray(value.any(0)),
        value=float(value[of_class.place[best[0]], 0]),
        gain=gain.astype(np.float64),
    )


def _own_best(line: ClassThreshold, chosen: _Chosen, images: int) -> ClassThreshold:
    confidence = float(CONFIDENCE[chosen.best[0]])
    drawn = CONFIDENCE[chosen.best[1:][chosen.able[1:]]]
    known = images >= FEWEST_IMAGES and len(drawn) > 0
    return replace(
        line,
        confidence=confidence,
        interval=interval_of_confidence(drawn, confidence, widening(images)) if known else None,
        value=chosen.value,
    )


def _judged(
    line: ClassThreshold,
    objective: Objective,
    chosen: _Chosen,
    gains: Floats,
    spread: Floats,
    wider: float,
) -> ClassThreshold:
    """The mean of ``gains`` on the images that draws left out, and its interval: with the ``spread`` of the draws
    themselves, which have as many images as the validation."""
    gain = float(gains.mean())
    between = interval_of_draws(gain + spread, gain, wider)
    own = between[0] > 0
    return replace(
        line,
        advised=float(CONFIDENCE[chosen.used[0]]) if own else line.advised,
        verdict="own" if own else "common",
        reason=_reason(objective, gain, between),
        gain=gain,
        gain_interval=between,
    )


def _gains(
    counting: Counting,
    index: int,
    objective: Objective,
    common: float,
    drawn: _Drawn,
    chosen: _Chosen,
) -> Floats:
    """(draws,) what the threshold that each draw chose gains over the common one on the images that it left out."""
    (used, level) = np.unique(chosen.used, return_inverse=True)
    of_class = passed(counting, index, np.append(CONFIDENCE[used], common), drawn.others)
    draws = np.arange(len(level))

    def at(rows: Integers) -> Floats:
        counts = (of_class.right[rows, draws], of_class.found[rows, draws])
        return values(objective, *counts, drawn.objects_of_others[index]).astype(np.float64)

    return at(of_class.place[level]) - at(np.full(len(level), of_class.place[-1]))


def _too_few(count: int, images: int) -> str:
    if count < FEWEST_OBJECTS:
        return f"{count} objects are too few for a threshold of its own: it takes {FEWEST_OBJECTS}"
    if images < FEWEST_IMAGES:
        return f"its objects are on {images} images: a threshold of its own takes {FEWEST_IMAGES}"
    return ""


def _reason(objective: Objective, gain: float, between: Range) -> str:
    what = "cost per object" if objective.kind == "cost" else objective.name.upper()
    told = f"{gain:+.3f} in {what} on other images ({between[0]:+.3f} to {between[1]:+.3f})"
    return (
        f"its own is better: {told}" if between[0] > 0 else f"its own is not surely better: {told}"
    )
