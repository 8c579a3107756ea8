"""Stands where a training has its Tracking: has the parts of a recording take in one validation of best.pt.

Nothing but the validation is going on, so a part that fails is not left out: the validation fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional

from tensorboard_runlens.recording.evidence.detections import Arrays
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts.classes import Classes
from tensorboard_runlens.recording.parts.confusion import Confusion
from tensorboard_runlens.recording.parts.curves import Curves
from tensorboard_runlens.recording.parts.detections import EveryDetection
from tensorboard_runlens.recording.parts.matches import Matches
from tensorboard_runlens.recording.parts.top1 import Top1

PARTS: tuple[Any, ...] = (Classes, Curves, EveryDetection, Top1, Matches, Confusion)


@dataclass(frozen=True)
class Validation:
    """What a validation gave: ``fields`` and ``arrays`` as in final.json and final.npz, how many ``images``, and the
    ``arguments`` as the framework resolved them."""

    fields: dict[str, Any]
    arrays: Arrays
    images: int
    arguments: dict[str, Any]


class Listener:
    """Hears the events of one validation. ``failure`` is what a part raised; the framework never sees it."""

    options = Options()
    """Those of epochs; there are none."""

    def __init__(self) -> None:
        self._parts = [part(self) for part in PARTS]
        self.failure: Optional[Exception] = None
        self.validation: Optional[Validation] = None

    def begin(self, validator: Any) -> None:
        """The validation begins: the framework's on_val_start."""
        self.guarded("", self.tell, "validating", validator)

    def end(self, validator: Any) -> None:
        """It is over, and its numbers are still there: on_val_end."""
        self.guarded("", self._take, validator)

    def tell(self, event: str, source: Any) -> dict[str, Any]:
        """What all parts that want an event return, together."""
        fields: dict[str, Any] = {}
        for part in self._parts:
            fields.update(getattr(part, event, _nothing)(source) or {})
        return fields

    def guarded(self, part: str, body: Callable[..., Any], *arguments: Any) -> None:
        """Runs what is done inside of the framework's methods, some of which would hide that it fails."""
        try:
            body(*arguments)
        except Exception as error:
            self.failure = self.failure or error

    def _take(self, validator: Any) -> None:
        fields = self.tell("final", validator)
        arrays = self.tell("final_arrays", validator)
        images = len(arrays["true_class"]) if "true_class" in arrays else int(validator.seen or 0)
        self.validation = Validation(
            fields={**fields, "speed_ms": getattr(validator, "speed", None)},
            arrays=arrays,
            images=images,
            arguments=vars(validator.args),
        )


def _nothing(source: Any) -> None:
    """What a part does at an event that it does not want."""
