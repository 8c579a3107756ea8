"""Draws the pictures in files/ (needs Matplotlib): python -m tests.matrix_pictures.draw

They are drawn as the frameworks draw theirs: as a map of cells with tight margins (up to Ultralytics 8.3.1xx, YOLOv5,
YOLOv7), and as an image with fixed margins (later).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.matrix_pictures.truth import FILES, TRUTH

DPI = 180
"""The frameworks have 250; fewer pixels keep the files small."""


def tight(axes: Any, figure: Any, shown: Any, fractions: bool, least: Any) -> None:
    """Cells one by one, numbers in 8 points."""
    size = len(shown)
    mesh = axes.pcolormesh(shown, cmap="Blues", vmin=least)
    axes.set(xlim=(0, size), ylim=(size, 0), aspect="equal")
    bar = figure.colorbar(mesh, ax=axes)
    bar.outline.set_linewidth(0)
    for row, column in np.argwhere(np.isfinite(shown)):
        (red, green, blue, _) = mesh.cmap(mesh.norm(shown[row, column]))
        dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
        text = f"{shown[row, column]:.2f}" if fractions else f"{shown[row, column]:.0f}"
        colour = "white" if dark else ".15"
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour, size=8)
    _name(axes, np.arange(size) + 0.5)
    figure.tight_layout()


def fixed(axes: Any, figure: Any, shown: Any, fractions: bool, turn: float) -> None:
    """An image, numbers in 10 points, white above ``turn`` of the largest."""
    image = axes.imshow(shown, cmap="Blues", vmin=0.0, interpolation="none")
    if len(shown) < 30:
        for row, column in np.argwhere(np.isfinite(shown)):
            value = shown[row, column]
            text = f"{value:.2f}" if fractions else f"{value:.0f}"
            colour = "white" if value > turn * np.nanmax(shown) else "black"
            axes.text(column, row, text, ha="center", va="center", color=colour, size=10)
    bar = figure.colorbar(image, ax=axes, fraction=0.046, pad=0.05)
    bar.outline.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)
    _name(axes, np.arange(len(shown)))
    figure.subplots_adjust(left=0, right=0.84, top=0.94, bottom=0.25 - 0.001 * len(shown))


def _name(axes: Any, places: Any) -> None:
    names = [f"c{number}" for number in range(len(places))]
    if len(places) < 30:
        axes.set_xticks(places, names, rotation=90)
        axes.set_yticks(places, names)
    axes.set(xlabel="True", ylabel="Predicted", title="Confusion Matrix")


def draw_all(folder: Path = FILES) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image

    folder.mkdir(exist_ok=True)
    for name, truth in TRUTH.items():
        (figure, axes) = plt.subplots(figsize=(12, 9))
        shown = np.where(truth.shown < 0.005, np.nan, truth.shown)
        if truth.layout == "tight":
            tight(axes, figure, shown, truth.fractions, truth.least)
        else:
            fixed(axes, figure, shown, truth.fractions, truth.turn)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=DPI)
        plt.close(figure)
        Image.open(path).convert("RGB").save(path, optimize=True)


if __name__ == "__main__":
    draw_all()
