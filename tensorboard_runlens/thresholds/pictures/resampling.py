"""Pictures of text brought to another size."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt

Shades = npt.NDArray[np.float32]


def resized(
    shades: Shades,
    size: tuple[int, int],
    part: Optional[tuple[float, float, float, float]] = None,
) -> Shades:
    """``shades`` at ``size`` (width, height) pixels, smoothly; of a ``part`` (left, top, right, bottom) of it."""
    from PIL import Image

    image = Image.fromarray(shades).resize(size, Image.Resampling.BICUBIC, box=part)
    return np.asarray(image, np.float32)


def reduced(image: Any, size: tuple[int, int]) -> Any:
    """An image made smaller: each new pixel is the mean of those it covers."""
    from PIL import Image

    return image.resize(size, Image.Resampling.BOX)
