"""Mixed precision skips optimizer steps.

## What it says
Gradients overflowed, so that the optimizer left these batches out.

## Why it matters
A skipped step teaches nothing. When the scale of the loss falls below 1, small gradients vanish as well.

## How it decides
Skipped steps after the first recorded epoch of each process, as share of the steps, and more of them than
the search for the scale needs; or a scale below 1. The search at the beginning is normal: from 65,536 the
scale is halved until it fits. Known of runs that the callback recorded with mixed precision.

## Source
PyTorch's GradScaler: scale 65,536 = 2^16 at the start, halved at every overflow, doubled after 2,000
steps without one. A sound training therefore skips one step in 2,000 at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.releases.consequences import MIXED_PRECISION, legal
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import count, percent

LIMITS = {
    "share_min": Limit(
        0.01, "Share of skipped steps: twenty times what the doubling of the scale costs."
    ),
    "share_warning": Limit(
        0.05, "Share from which overflows are no accident any more, as in the rule non-finite."
    ),
    "share_critical": Limit(0.5, "Share from which most batches taught nothing."),
    "scale_min": Limit(1.0, "Scale of the loss: below 1 it makes gradients smaller, not larger."),
}

SEARCH_STEPS = 16
"""Halvings that take the scale from 65,536 to 1: as many skips may all belong to its search."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports steps that overflowed."""
    if "amp_scale" not in signals.machine.values:
        return None
    (share, skipped) = _skipped(signals)
    scale = _scale(signals)
    often = share >= limits["share_min"] and skipped > SEARCH_STEPS
    low = scale is not None and scale < limits["scale_min"]
    if not often and not low:
        return None
    severity = "warning" if low or share >= limits["share_warning"] else "info"
    return Finding(
        severity="critical" if often and share >= limits["share_critical"] else severity,
        confidence="high",
        summary=f"Mixed precision {_what(share, skipped, scale if low else None)}.",
        clause=f"Mixed precision {_what(share, skipped, scale if low else None)}",
        evidence={"skipped_share": share, "skipped_steps": skipped, "scale": scale},
        span=signals.machine.span,
        advice=list(_advice(signals)),
    )


def _skipped(signals: Signals) -> tuple[float, int]:
    """(share, number) of skipped steps in settled epochs; zeros where they are not known."""
    machine = signals.machine
    rows = np.intersect1d(
        machine.settled_rows("amp_skipped_steps"), machine.settled_rows("amp_steps")
    )
    skipped = float(machine.value("amp_skipped_steps")[rows].sum())
    steps = float(machine.value("amp_steps")[rows].sum())
    return (skipped / steps if steps else 0.0, int(skipped))


def _scale(signals: Signals) -> Optional[float]:
    """The scale of the loss in the last epoch that has one; 0 is GradScaler's word for off."""
    scales = signals.machine.known("amp_scale")
    used = scales[scales > 0]
    return float(used[-1]) if len(used) else None


def _what(share: float, skipped: int, scale: Optional[float]) -> str:
    lost = f"skipped {count(skipped, 'step')} after the first epoch ({percent(share)})"
    if scale is None:
        return lost
    fell = f"scaled the loss down to {scale:.2g}"
    return f"{lost} and {fell}" if skipped else fell


def _advice(signals: Signals) -> Iterator[Advice]:
    amp = signals.argument("amp")
    known = legal("amp", signals.run) is True
    if known and MIXED_PRECISION.known(signals.run.version) == "formats":
        said = "Train in bfloat16, which needs no scaling; NVIDIA GPUs since Ampere have it."
        yield Advice("bfloat16", said, ("amp", amp, "bf16"))
    change = ("amp", amp, False) if known else None
    yield Advice("amp-off", "Train without mixed precision, or with a lower learning rate.", change)


RULE = Rule("skipped-steps", check, LIMITS)
