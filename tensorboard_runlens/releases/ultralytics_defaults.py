"""What Ultralytics takes for an argument of a training that is not named: a line to copy names only the others.

The values are those of LAST_COMPARED. An older release that took another one states it in args.yaml, which then differs
from the one here and is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Any] = {
    "epochs": 100, "time": None, "patience": 100, "batch": 16, "imgsz": 640, "cache": False, "device": None,
    "workers": 8, "pretrained": True, "optimizer": "auto", "seed": 0, "deterministic": True, "single_cls": False,
    "rect": False, "cos_lr": False, "close_mosaic": 10, "amp": True, "fraction": 1.0, "freeze": None,
    "multi_scale": 0.0, "compile": False, "overlap_mask": True, "mask_ratio": 4, "dropout": 0.0, "val": True,
    "save_period": -1, "plots": True, "conf": None, "iou": 0.7, "max_det": 300, "classes": None, "lr0": 0.01,
    "lrf": 0.01, "momentum": 0.937, "weight_decay": 0.0005, "warmup_epochs": 3.0, "warmup_momentum": 0.8,
    "warmup_bias_lr": 0.1, "box": 7.5, "cls": 0.5, "cls_pw": 0.0, "dfl": 1.5, "pose": 12.0, "kobj": 1.0, "nbs": 64,
    "hsv_h": 0.015, "hsv_s": 0.7, "hsv_v": 0.4, "degrees": 0.0, "translate": 0.1, "scale": 0.5, "shear": 0.0,
    "perspective": 0.0, "flipud": 0.0, "fliplr": 0.5, "bgr": 0.0, "mosaic": 1.0, "mixup": 0.0, "cutmix": 0.0,
    "copy_paste": 0.0, "copy_paste_mode": "flip", "auto_augment": "randaugment", "erasing": 0.4,
}  # fmt: skip
"""Argument of a training -> its default."""
