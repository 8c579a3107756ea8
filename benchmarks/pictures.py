"""How fast, and how exactly, curve pictures are read back, in one command:

    PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/pictures.py [FOLDER] [--drawn 40]

FOLDER holds curve pictures, at any depth (``../shared/corpus`` without one); they are also read made
smaller, compressed and trimmed, where a reading that is exact must be that of the original. With
matplotlib installed, pictures are also drawn from known arrays.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tensorboard_runlens.thresholds.picture import CurveReading, read_bytes, read_curve  # noqa: E402
from tests.pictures import drawing  # noqa: E402
from tests.pictures.changed import CHANGES  # noqa: E402

EVERY = 6
"""Of the folder's pictures, one in so many is also read changed."""


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--drawn", type=int, default=40)
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("*_curve.png"))
    if paths:
        _real(paths)
        _changed(paths[::EVERY])
    try:
        _drawn(options.drawn)
    except ModuleNotFoundError as error:
        print(f"nothing drawn from known arrays: {error}")


def _real(paths: list[Path]) -> None:
    seconds = []
    statuses: Counter[str] = Counter()
    for path in paths:
        start = time.process_time()
        statuses[read_curve(path).status] += 1
        seconds.append(time.process_time() - start)
    print(f"{len(paths)} pictures: {dict(statuses)}")
    print(f"CPU seconds a picture: median {np.median(seconds):.3f}, worst {max(seconds):.3f}")


def _changed(paths: list[Path]) -> None:
    from PIL import Image

    for name, change in CHANGES.items():
        statuses: Counter[str] = Counter()
        for path in paths:
            original = read_curve(path)
            reading = read_bytes(change(Image.open(path).convert("RGB")), path.name)
            wrong = reading.status == "exact" and _numbers(reading) != _numbers(original)
            statuses["WRONG" if wrong else reading.status] += 1
        print(f"{name:14} {dict(statuses)}")


def _numbers(reading: CurveReading) -> tuple[object, ...]:
    return (reading.kind, reading.value, reading.confidence)


def _drawn(count: int) -> None:
    rng = np.random.default_rng(1)
    statuses: Counter[str] = Counter()
    (values, curves, peaks, classes) = ([], [], [], 0)
    for _ in range(count):
        rows = drawing.f1_by_confidence(rng, int(rng.integers(1, 30)), rng.choice([0, 0.05, 0.1]))
        drawn = drawing.draw("f1", rows)
        reading = read_bytes(drawn.data, "F1_curve.png")
        printed = (float(f"{drawn.value:.2f}"), float(f"{drawn.confidence:.3f}"))
        wrong = reading.status == "exact" and (reading.f1, reading.confidence) != printed
        statuses["WRONG" if wrong else reading.status] += 1
        if reading.f1_curve is None:
            continue
        values.append(abs(reading.f1_curve - drawn.value))
        (x, y) = reading.curve.T
        curves.append(np.quantile(np.abs(y - np.interp(x, drawing.CONFIDENCE, drawn.curve)), 0.95))
        peaks += [abs(one.value - rows[one.row].max()) for one in reading.classes]
        classes += len(rows) if len(rows) <= 10 else 0
    print(f"{count} drawn from known arrays: {dict(statuses)}")
    _print_errors("best F1 as traced", values)
    _print_errors("whole curve, 95 % of x", curves)
    _print_errors(f"best F1 of {len(peaks)} of {classes} classes", peaks)


def _print_errors(what: str, errors: list[float]) -> None:
    (middle, most, worst) = np.quantile(errors, [0.5, 0.95, 1])
    print(f"{what}: off by {middle:.4f} (median), {most:.4f} (95 %), {worst:.4f} (worst)")


if __name__ == "__main__":
    main()
