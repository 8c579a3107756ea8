"""Trains a small model that RunLens ends early, and others that it leaves alone for longer.

    python past_best.py FOLDER '{"task": "classify", "cases": {"told": 7}, "images": {"train": 24, "val": 48}, ...}'

The runs land in ``FOLDER/runs/NAME``, what was said in ``FOLDER/NAME.txt``:

spoiled     from an epoch on the model that is validated gets a little worse every time, so that it is past its best
told        of fewer epochs; the criterion says that it is past its best as soon as three are done
least       the same, but not before the fifth
unknown     as told, of a ``stop`` that there is not

Only what is there in every release from RunLens' oldest on is used here.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

import across_releases
from old_releases import patch
from shapes import prepare
from small import QUICK, write_model

SPOILED_FROM = 18
NOISE = 0.06
"""Share of the weights' own spread that is added with every epoch since."""


def spoil(trainer: Any) -> None:
    import torch

    noise = NOISE * max(trainer.epoch - SPOILED_FROM, 0)
    random = torch.Generator().manual_seed(0)
    for weights in trainer.ema.ema.parameters() if noise else ():
        if weights.numel() > 1:
            drawn = torch.randn(weights.shape, generator=random)
            weights.data.add_(noise * weights.data.std() * drawn)


def tell() -> None:
    """The criterion no longer asks for twenty epochs."""
    from tensorboard_runlens.recording.parts import stopping
    from tensorboard_runlens.statistics.stopping import PastBest

    def after_three(done: Any, metric: Any, *_: Any, **__: Any) -> Any:
        found = PastBest(best_row=0, best=float(metric[0]), drop=0.02, excess=None, chance=0.1)
        return found if len(done) >= 3 else None

    stopping.past_best = after_three  # type: ignore[assignment]


OPTIONS: dict[str, dict[str, Any]] = {
    "spoiled": {"stop": "past_best"},
    "told": {"stop": "past_best"},
    "least": {"stop": "past_best", "min_epochs": 5},
    "unknown": {"stop": "past_its_best"},
}


def train(folder: Path, task: str, name: str, arguments: dict[str, Any]) -> None:
    from ultralytics import YOLO

    from tensorboard_runlens import track

    printer = logging.FileHandler(folder / f"{name}.txt", encoding="utf-8")
    logging.getLogger("tensorboard_runlens").addHandler(printer)
    model = track(YOLO(str(folder / f"small-{task}.yaml")), **OPTIONS[name])
    if name == "spoiled":
        model.add_callback("on_train_epoch_end", spoil)
    else:
        tell()
    model.train(project=str(folder / "runs"), name=name, **arguments)
    logging.getLogger("tensorboard_runlens").removeHandler(printer)


def main(
    folder: Path, task: str, cases: dict[str, int], images: dict[str, int], **given: Any
) -> None:
    patch()
    prepare(folder)
    write_model(folder, task)
    across_releases.IMAGES.update(images)
    arguments = {"data": across_releases.write_data_set(folder, task), **QUICK, **given}
    os.chdir(folder)
    for name, epochs in cases.items():
        train(folder, task, name, {**arguments, "epochs": epochs})


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
