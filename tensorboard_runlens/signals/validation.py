"""What the rules may ask of the size of a validation: how far its numbers can be trusted, and what it would take.

The number that is asked about is recall, or accuracy where whole images are classified: a share of validated objects.
Objects of one image are found or missed together, and count half; images count whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.run import main_group
from tensorboard_runlens.statistics.proportion import DESIGN_EFFECT, count_for, half_width

FINE = 0.01
"""A point: the difference that people write into papers."""

COARSE = 0.05
"""Five points: what people take for a gain."""

OF_OBJECTS = ("mask", "pose", "box")
"""Groups whose recall is a share of objects; that of pixels is one of pixels, which no number of objects tells."""


@dataclass(frozen=True)
class ValidationSize:
    """``share`` is the metric at the best epoch, fraction 0..1, of so many ``objects`` on so many ``images``; each None
    where not known. ``effect`` is how many objects say as much as one that stands alone."""

    metric: str
    share: Optional[float]
    objects: Optional[int]
    images: Optional[int]
    effect: float

    @property
    def half(self) -> Optional[float]:
        """Half of the 95 % interval of the share."""
        if self.share is None or not self.objects:
            return None
        return half_width(self.share, self.objects, self.effect)

    @property
    def missing(self) -> dict[float, int]:
        """Images that have to be added to know the share to within COARSE and FINE; left out what is known already,
        empty where that cannot be told."""
        if self.share is None or not self.objects or not self.images:
            return {}
        share = self.images / self.objects
        wanted = {half: count_for(self.share, half, self.effect) for half in (COARSE, FINE)}
        more = {half: round((objects - self.objects) * share) for (half, objects) in wanted.items()}
        return {half: images for (half, images) in more.items() if images > 0}


def validation_size(
    best: Mapping[str, Mapping[str, Optional[float]]],
    images: Optional[int],
    objects: Optional[int],
) -> ValidationSize:
    """The size of a validation with these metrics at the best epoch: group -> name -> value."""
    group = main_group(best) or ""
    if group == "classify":
        return ValidationSize("top1", best[group].get("top1"), images, images, effect=1.0)
    share = best[group].get("recall") if group in OF_OBJECTS else None
    return ValidationSize("recall", share, objects, images, DESIGN_EFFECT)
