"""What a file's name says about a curve picture: a hint, never proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

NAME = re.compile(r"(?:^|[^a-z])(box|mask|pose)?[_ -]?(f1|pr|p|r)[_ -]?curve", re.IGNORECASE)
"""F1_curve.png (YOLOv5, YOLOv7, older Ultralytics), BoxF1_curve.png, MaskPR_curve.png, PoseR_curve.png."""


@dataclass(frozen=True)
class Named:
    """``kind`` f1, p, r or pr and ``group`` box, mask or pose; None where the name says neither."""

    kind: Optional[str]
    group: Optional[str]


def named(name: str) -> Named:
    """What a file's name says."""
    found = NAME.search(name)
    if found is None:
        return Named(None, None)
    group = found[1]
    return Named(found[2].lower(), group.lower() if group else None)
