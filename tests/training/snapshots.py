"""Trains a small model for three epochs and keeps the checkpoint of each: python snapshots.py FOLDER JOB"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from shapes import prepare, write_data_set
from small import QUICK, write_model


def train(folder: Path, images: tuple[int, int], **arguments: Any) -> None:
    prepare(folder)
    os.chdir(folder)
    from ultralytics import YOLO

    data = str(folder / write_data_set(folder, *images, 0.0, "detect"))
    YOLO(write_model(folder, "detect")).train(
        data=data, project=str(folder / "runs"), name="exp", save_period=1, **{**QUICK, **arguments}
    )


if __name__ == "__main__":
    train(Path(sys.argv[1]), **json.loads(sys.argv[2]))
