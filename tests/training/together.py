"""Trains a small model in two processes:

    python together.py FOLDER '{"trainer": "PlainTrainer", "tracked": true, "name": "tracked", "images": [24, 9], ...}'

The run lands in ``FOLDER/runs/NAME``. Beside it, callbacks of somebody else's leave what they see:
``NAME_rank_N.json`` of each process, ``NAME_matrix.npy`` the framework's confusion matrix of best.pt. A
data set that is there already is used again. With ``told`` the criterion says after three epochs that the training is
past its best.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from old_releases import patch
from shapes import SIZE, prepare, write_data_set
from small import write_model


def train(
    folder: Path,
    trainer: str,
    tracked: bool,
    images: tuple[int, int],
    told: bool = False,
    **arguments: Any,
) -> None:
    patch()
    if told:
        os.environ["TOLD"] = "1"  # the processes have it, too
    prepare(folder)
    import gloo
    from ultralytics import YOLO

    from tensorboard_runlens import track

    data = folder / "shapes.yaml"
    if not data.exists():
        write_data_set(folder, *images, 0.0)
        # older releases look for relative paths elsewhere
        found = json.loads(data.read_text("utf-8"))
        data.write_text(json.dumps({**found, "path": str(folder / "shapes")}), encoding="utf-8")
    model = YOLO(write_model(folder, "detect"))
    if tracked:
        track(model, stop="past_best" if told else None)
    model.add_callback("on_fit_epoch_end", gloo.witness)
    model.add_callback("on_train_end", gloo.keep_matrix)
    model.train(
        trainer=getattr(gloo, trainer),
        data=str(data),
        project=str(folder / "runs"),
        imgsz=SIZE,
        device="cpu",
        **{"workers": 0, "amp": False, "pretrained": False, **arguments},
    )


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
