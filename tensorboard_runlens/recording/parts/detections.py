"""The detections of an Ultralytics validation: held by the framework until it has computed its metrics."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.best import is_best
from tensorboard_runlens.recording.evidence.detections import Arrays, Detections, encoded
from tensorboard_runlens.recording.watched import Watch

KEY_OF_GROUP = {"box": "tp", "mask": "tp_m", "pose": "tp_p"}

KEYS = ("tp", "conf", "pred_cls", "target_cls")
"""Of the lists, an entry an image, that hold what Ultralytics computes its metrics from."""

Lists = dict[str, list[Any]]


class EveryDetection:
    """Of the best epoch and of best.pt. Nothing is encoded of the other epochs."""

    name = "detections"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._watch = Watch()
        self._held: Optional[Lists] = None

    def validating(self, validator: Any) -> None:
        """Looks in just before the framework computes its metrics, and from 8.3.154 on clears the lists."""
        self._held = None
        take = partial(self._tracking.guarded, self.name, partial(self._take, validator))
        self._watch.begin(validator, "get_stats", before=take)

    def _take(self, validator: Any) -> None:
        self._held = held(validator)

    def validated(self, validator: Any) -> None:
        """The method is the framework's own again."""
        self._watch.end()

    def epoch(self, trainer: Any) -> None:
        """Lets go of what will not be written."""
        if not is_best(trainer):
            self._held = None

    def best(self, trainer: Any) -> Arrays:
        """Of this epoch."""
        return self._encoded(trainer.validator)

    def final_arrays(self, validator: Any) -> Arrays:
        """Of best.pt."""
        self._watch.end()
        return self._encoded(validator)

    def end(self, trainer: Any) -> None:
        """Also after a validation that was not finished."""
        self._watch.end()

    def _encoded(self, validator: Any) -> Arrays:
        (lists, self._held) = (self._held, None)
        if lists is None or not lists["conf"]:
            return {}
        return encoded(flat(lists, getattr(validator, "seen", None) or 0))


def held(validator: Any) -> Optional[Lists]:
    """The framework's lists, copied but not what is in them; None where a task has none."""
    stats = getattr(getattr(validator, "metrics", None), "stats", None)
    if not isinstance(stats, Mapping):
        stats = getattr(validator, "stats", None)  # up to 8.3.153
    if not isinstance(stats, Mapping) or any(key not in stats for key in KEYS):
        return None
    return {key: list(entries) for (key, entries) in stats.items()}


def flat(lists: Lists, images: int) -> Detections:
    """All images' detections and objects as one; ``images`` were validated."""
    hits = {group: _joined(lists[key]) for (group, key) in KEY_OF_GROUP.items() if key in lists}
    classes = _joined(lists["pred_cls"]).astype(np.int64)
    return Detections(
        confidence=_joined(lists["conf"]),
        image=_image_of_each(lists["conf"]),
        classes=classes,
        hits=hits,
        truth_image=_image_of_each(lists["target_cls"]),
        truth_class=_joined(lists["target_cls"]).astype(np.int64),
        images=max(images, len(lists["conf"])),
    )


def _joined(entries: Sequence[Any]) -> npt.NDArray[Any]:
    """One array of many, or of many tensors wherever they lie."""
    if isinstance(entries[0], np.ndarray):
        return np.concatenate(entries)
    joined = sys.modules["torch"].cat(list(entries)).cpu()
    return np.asarray(joined.float() if joined.is_floating_point() else joined)


def _image_of_each(entries: Sequence[Any]) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(entries)), [len(entry) for entry in entries])
