"""The JSON of runs compared with a baseline."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema import Number


class Difference(msgspec.Struct, frozen=True):
    """The run's ``metric`` minus the baseline's, fractions, with its 95 % interval for other images of the kind.

    ``group`` is box, mask, pose, classify or pixel. ``verdict`` is that on the run, tie where the interval holds 0;
    ``caveats`` say what else is different between the two, ``reason`` why the verdict is what it is.
    """

    run: str
    group: Optional[str]
    metric: str
    delta: Number
    interval: Optional[tuple[float, float]]
    verdict: Literal["better", "worse", "tie", "not_comparable"]
    caveats: list[str]
    reason: str


class CompareAnswer(msgspec.Struct, frozen=True):
    """``runlens compare --json``: ``runs`` are all that were named, ``baseline`` is the first of them."""

    ok: Literal[True]
    schema: int
    baseline: str
    runs: list[str]
    differences: list[Difference]
