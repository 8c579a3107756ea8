"""Curve pictures drawn from known arrays with matplotlib, in the manner of the frameworks.

Also in a manner that none of them has: a foreign axis, another legend, a second curve. Such pictures
look like curves and must never be read as exact.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

LABELS = {
    "f1": ("Confidence", "F1"),
    "p": ("Confidence", "Precision"),
    "r": ("Confidence", "Recall"),
    "pr": ("Recall", "Precision"),
}
POINTS = 1000
CONFIDENCE = np.linspace(0, 1, POINTS)
MAX_NAMED = 21
"""Classes from which on the frameworks draw grey lines without names."""


@dataclass(frozen=True)
class Drawn:
    """A picture's bytes, and what it shows: the best ``value`` (the area for pr), where, the mean curve and classes."""

    data: bytes
    value: float
    confidence: Optional[float]
    curve: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True)
class Manner:
    """How it is drawn; what is not given is as Ultralytics does it."""

    dpi: int = 250
    xlim: tuple[float, float] = (0, 1)
    ylim: tuple[float, float] = (0, 1)
    colour: str = "blue"
    width: float = 3
    label: Optional[str] = None
    ylabel: Optional[str] = None
    title: bool = True
    second: Optional[np.ndarray] = None
    style: dict[str, Any] = field(default_factory=dict)


def f1_by_confidence(rng: np.random.Generator, classes: int, smooth: float = 0.1) -> np.ndarray:
    """(classes, POINTS): how F1 goes in real runs, from beta-distributed scores of hits and misses."""
    rows = []
    for _ in range(classes):
        hits = np.sort(rng.beta(rng.uniform(1.5, 8), rng.uniform(0.8, 4), rng.integers(8, 400)))
        wrong = np.sort(rng.beta(0.6, rng.uniform(2, 9), rng.integers(4, 400)))
        truths = len(hits) * rng.uniform(1, 2)
        tp = len(hits) - np.searchsorted(hits, CONFIDENCE)
        fp = len(wrong) - np.searchsorted(wrong, CONFIDENCE)
        rows.append(2 * tp / (truths + tp + fp))
    return smoothed(np.stack(rows), smooth)


def smoothed(rows: np.ndarray, share: float) -> np.ndarray:
    """A moving average over ``share`` of the points, edges held."""
    width = round(POINTS * share * 2) // 2 + 1
    if width < 2:
        return rows
    padded = np.pad(rows, ((0, 0), (width // 2, width // 2)), mode="edge")
    return np.stack(
        [np.convolve(row, np.ones(width) / width, mode="valid")[:POINTS] for row in padded]
    )


def by_recall(rng: np.random.Generator, classes: int) -> np.ndarray:
    """(classes, POINTS): precision by recall, falling in steps to 0."""
    rows = []
    for _ in range(classes):
        steps = np.sort(rng.uniform(0, rng.uniform(0.3, 1), rng.integers(5, 60)))
        levels = np.sort(rng.uniform(rng.uniform(0, 0.9), 1, len(steps)))[::-1]
        rows.append(
            np.where(
                steps[-1] >= CONFIDENCE,
                levels[np.searchsorted(steps, CONFIDENCE).clip(max=len(steps) - 1)],
                0,
            )
        )
    return np.stack(rows)


def draw(kind: str, rows: np.ndarray, manner: Manner = Manner()) -> Drawn:
    """``rows`` (classes, POINTS) as a picture; the thick curve is their mean."""
    import matplotlib as mpl

    mpl.use("Agg", force=True)
    import matplotlib.pyplot as plt

    mean = rows.mean(axis=0)
    (xlabel, ylabel) = LABELS[kind]
    best = int(mean.argmax())
    area = float(np.sum(np.diff(CONFIDENCE) * (mean[1:] + mean[:-1]) / 2))
    text = f"{area:.3f} mAP@0.5" if kind == "pr" else f"{mean[best]:.2f} at {CONFIDENCE[best]:.3f}"
    with mpl.rc_context(manner.style):
        (figure, axes) = plt.subplots(1, 1, figsize=(9, 6), tight_layout=True)
        for number, row in enumerate(rows):
            named = {"label": f"class {number}"} if len(rows) < MAX_NAMED else {"color": "grey"}
            axes.plot(CONFIDENCE, row, linewidth=1, **named)
        if manner.second is not None:
            axes.plot(CONFIDENCE, manner.second, linewidth=3, color="blue")
        shown = manner.label or f"all classes {text}"
        axes.plot(CONFIDENCE, mean, linewidth=manner.width, color=manner.colour, label=shown)
        axes.set(xlabel=xlabel, ylabel=manner.ylabel or ylabel, xlim=manner.xlim, ylim=manner.ylim)
        axes.legend(bbox_to_anchor=(1.04, 1), loc="upper left")
        if manner.title:
            axes.set_title(f"{ylabel}-{xlabel} Curve")
        file = io.BytesIO()
        figure.savefig(file, dpi=manner.dpi)
        plt.close(figure)
    value = area if kind == "pr" else float(mean[best])
    return Drawn(
        file.getvalue(), value, None if kind == "pr" else float(CONFIDENCE[best]), mean, rows
    )
