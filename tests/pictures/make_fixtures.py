"""Draws the pictures in this folder again, with matplotlib (they were drawn with 3.11.2):

    python -m tests.pictures.make_fixtures

Each is stored with 24 colours, which keeps it small, and what it shows in ``shown.json``.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from tests.pictures import drawing
from tests.pictures.drawing import Drawn, Manner

FOLDER = Path(__file__).parent
COLOURS = 24
EVERY = 25
"""Of the points of a curve, one in so many is stored."""


def main() -> None:
    """Writes the pictures and what they show."""
    rng = np.random.default_rng(5)
    few = drawing.f1_by_confidence(rng, 3)
    many = drawing.f1_by_confidence(rng, 25, smooth=0.05)
    falling = np.sort(drawing.f1_by_confidence(rng, 2), axis=1)[:, ::-1]
    rising = np.sort(drawing.f1_by_confidence(rng, 2), axis=1)
    rising /= rising[:, -1:]
    pictures = {
        "BoxF1_curve.png": ("f1", drawing.draw("f1", few)),
        "MaskF1_curve.png": ("f1", drawing.draw("f1", many, Manner(title=False, dpi=125))),
        "PoseP_curve.png": ("p", drawing.draw("p", rising)),
        "R_curve.png": ("r", drawing.draw("r", falling, Manner(dpi=200))),
        "PR_curve.png": ("pr", drawing.draw("pr", drawing.by_recall(rng, 2))),
    }
    for name, (_, drawn) in pictures.items():
        _store(name, drawn)
    shown = {name: _shown(kind, drawn) for name, (kind, drawn) in pictures.items()}
    (FOLDER / "shown.json").write_text(json.dumps(shown, indent=1) + "\n", "utf-8")


def _store(name: str, drawn: Drawn) -> None:
    image = Image.open(io.BytesIO(drawn.data)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)


def _shown(kind: str, drawn: Drawn) -> dict[str, object]:
    return {
        "kind": kind,
        "value": round(drawn.value, 5),
        "confidence": drawn.confidence and round(drawn.confidence, 5),
        "curve": [round(float(y), 4) for y in drawn.curve[::EVERY]],
        "classes": [[round(float(y), 4) for y in row[::EVERY]] for row in drawn.classes[:5]],
    }


if __name__ == "__main__":
    main()
