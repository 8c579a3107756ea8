"""Training histories with known truth, drawn from a seed: the shapes that fool overfitting rules, and real overfits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

import numpy as np


@dataclass(frozen=True)
class Drawn:
    """Losses of shape (n,); whether the noise-free validation loss ends 5 % or more above its
    minimum, and the row of that minimum."""

    scenario: str
    train: np.ndarray
    val: np.ndarray
    overfits: bool
    minimum: int


def _falling(n: int, random: np.random.Generator) -> np.ndarray:
    return 1.0 + random.uniform(0.5, 3) * np.exp(-np.arange(n) / (n * random.uniform(0.05, 0.3)))


def _plateau(n: int, random: np.random.Generator) -> np.ndarray:
    curve = _falling(n, random)
    curve[n // 3 :] = curve[n // 3]
    return curve


def _step_down(n: int, random: np.random.Generator) -> np.ndarray:
    curve = _falling(n, random)
    curve[n // 2 :] *= 0.85
    return curve


def _late_rise(n: int, random: np.random.Generator) -> np.ndarray:
    curve = _falling(n, random)
    onset = int(n * random.uniform(0.25, 0.7))
    rise = np.maximum(np.arange(n) - onset, 0) / (n - onset)
    return curve * (1 + random.uniform(0.08, 0.6) * rise)


SCENARIOS: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "falling": _falling,
    "plateau": _plateau,
    "step down": _step_down,
    "late rise": _late_rise,
}
GREY_ZONE = (0.01, 0.05)
"""Rises between these are neither: nobody would blame a verdict there."""


def draw(count: int, seed: int) -> list[Drawn]:
    """``count`` histories of each scenario, grey ones left out."""
    random = np.random.default_rng(seed)
    drawn = [_one(name, random) for name in SCENARIOS for _ in range(count)]
    return [history for history in drawn if history is not None]


def _one(name: str, random: np.random.Generator) -> Optional[Drawn]:
    n = int(random.integers(15, 300))
    truth = SCENARIOS[name](n, random)
    excess = float(truth[-1] / truth.min() - 1)
    if GREY_ZONE[0] < excess < GREY_ZONE[1]:
        return None
    train = _falling(n, random) * np.linspace(1, 0.6, n)
    return Drawn(
        name,
        train * np.exp(_noise(n, 0.01, 0.2, random)),
        truth * np.exp(_noise(n, random.uniform(0.003, 0.03), random.uniform(0, 0.5), random)),
        excess >= GREY_ZONE[1],
        int(np.argmin(truth)),
    )


def _noise(n: int, sigma: float, correlation: float, random: np.random.Generator) -> np.ndarray:
    white = random.normal(0, sigma, n)
    for row in range(1, n):
        white[row] = correlation * white[row - 1] + np.sqrt(1 - correlation**2) * white[row]
    return white
