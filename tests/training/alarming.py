"""Trains a small model in whose data and arguments nearly everything is wrong, and writes down what it is told when.

    python alarming.py FOLDER '{"images": [24, 8], "epochs": 3, ...}'

The run lands in ``FOLDER/run``; ``FOLDER/told.json`` has what RunLens said by epoch, and how many processes it left.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from shapes import prepare, write_data_set
from small import QUICK, write_model

LONGEST_WAIT = 60.0
"""Seconds that an epoch takes at most, in which RunLens may look at the training."""


class Told(logging.Handler):
    """Keeps what RunLens says, by epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0
        self.said: dict[int, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.said.setdefault(self.epoch, []).append(record.getMessage())

    def begin(self, trainer: Any) -> None:
        """An epoch lasts until something new was said of it."""
        self.epoch = trainer.epoch + 1
        awaited = {1: "[patience-unreachable]", 3: "[late-end]"}.get(self.epoch)
        until = time.monotonic() + LONGEST_WAIT
        while awaited and not self.has(awaited) and time.monotonic() < until:
            time.sleep(0.05)

    def has(self, words: str) -> bool:
        return any(words in one for said in self.said.values() for one in said)


def spoil(shapes: Path) -> None:
    """Puts a training image among the validation images."""
    for kind in ("images", "labels"):
        (image,) = (shapes / kind / "train").glob("0000.*")
        shutil.copy(image, shapes / kind / "val" / f"again{image.suffix}")


def children() -> list[str]:
    """The processes that look at a run."""
    listed = subprocess.run(["ps", "-Ao", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if "tensorboard_runlens.alarm" in line]


def main(folder: Path, images: tuple[int, int], **given: Any) -> None:
    prepare(folder)
    from ultralytics import YOLO

    from tensorboard_runlens import track

    data = write_data_set(folder, *images, 0.0)
    spoil(folder / "shapes")
    told = Told()
    logging.getLogger("tensorboard_runlens").addHandler(told)
    model = track(YOLO(write_model(folder, "detect")), hours=0.0001)
    model.add_callback("on_train_epoch_start", told.begin)
    model.train(data=str(folder / data), project=str(folder), name="run", **{**QUICK, **given})
    left = [line for line in children() if str(folder) in line]
    outcome = {"told": told.said, "left": left}
    (folder / "told.json").write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
