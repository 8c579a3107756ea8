"""How often the intervals of a threshold hold what they say, on made-up validations whose truth is known:

    PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/threshold_coverage.py [VALIDATIONS]

95 % is meant. Resampling detections one by one, as if those of an image had nothing in common, stands beside it.
"""

from __future__ import annotations

import sys

from tests.thresholds.coverage import coverage, truth
from tests.thresholds.simulated import GOOD, SEVERAL, WEAK

VALIDATIONS = 400
DRAWS = 200
IMAGES = (15, 30, 100, 300)
DETECTORS = {"ordinary": GOOD, "weak, images differ much": WEAK, "five classes": SEVERAL}


def main() -> None:
    validations = int(sys.argv[1]) if len(sys.argv) > 1 else VALIDATIONS
    print(f"{validations} validations each, {DRAWS} draws; shares that hold the truth")
    print(f"{'':44s} F1  threshold  plateau   error of F1: reported  debiased")
    for name, detector in DETECTORS.items():
        print(f"{name}: best F1 {truth(detector).f1.max():.3f} at {truth(detector).best:.3f}")
        for images in IMAGES:
            for drawn in ("images", "detections"):
                found = coverage(detector, images, validations, DRAWS, drawn == "detections")
                print(
                    f"    {images:4d} images, {drawn:10s} drawn {found.value:18.3f} {found.interval:10.3f}"
                    f" {found.plateau:8.3f} {found.error:+22.4f} {found.debiased:+9.4f}"
                )


if __name__ == "__main__":
    main()
