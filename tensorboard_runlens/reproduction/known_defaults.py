"""What each program takes for an argument that nobody named.

Ultralytics' values were read from its releases 8.0.50, 8.0.100, 8.0.150 and 15 later ones up to 8.4.190; where two of
them differ, each value may hold in the releases between. YOLOv5's and YOLOv7's are those of train.py and of the
hyperparameters that it loads unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from tensorboard_runlens.releases.ultralytics_defaults import DEFAULTS

Form = tuple[Optional[str], Optional[str], Any]
"""(first release, last release that may have it, value); None is open."""

Table = Mapping[str, tuple[Form, ...]]


def _always(values: Mapping[str, Any]) -> dict[str, tuple[Form, ...]]:
    return {argument: ((None, None, value),) for (argument, value) in values.items()}


_OFF = (
    *("profile", "save_json", "save_hybrid", "half", "int8", "dnn", "stream_buffer", "visualize"),
    *("augment", "agnostic_nms", "retina_masks", "show", "save_frames", "save_txt", "save_conf"),
    *("save_crop", "keras", "optimize", "dynamic", "resume", "exist_ok", "v5loader"),
)
_ON = ("save", "verbose", "show_labels", "show_conf", "show_boxes", "boxes", "cls_remap")
_NOTHING = (
    *("source", "embed", "line_width", "opset", "cfg", "quantize", "channels_last"),
    *("distill_model", "end2end"),
)

ULTRALYTICS: Table = {
    **_always(DEFAULTS),
    **_always(dict.fromkeys(_OFF, False)),
    **_always(dict.fromkeys(_ON, True)),
    **_always(dict.fromkeys(_NOTHING)),
    **_always({
        "split": "val", "vid_stride": 1, "format": "torchscript", "dis": 6.0, "rle": 1.0, "angle": 1.0, "dlog": 1.0,
        "dgrad": 0.5, "dlam": 1.0, "label_smoothing": 0.0, "crop_fraction": 1.0,
    }),
    "patience": ((None, "8.1.15", 50), ("8.1.16", None, 100)),
    "optimizer": ((None, "8.0.113", "SGD"), ("8.0.114", None, "auto")),
    "pretrained": ((None, "8.0.149", False), ("8.0.101", None, True)),
    "close_mosaic": ((None, "8.0.99", 10), ("8.0.51", "8.0.149", 0), ("8.0.101", None, 10)),
    "simplify": ((None, "8.2.102", False), ("8.1.48", None, True)),
    "nms": ((None, "8.4.189", False), ("8.4.101", None, None)),
    "workspace": ((None, "8.3.119", 4), ("8.2.104", None, None)),
    "tracker": ((None, "8.4.99", "botsort.yaml"), ("8.4.37", None, "tracktrack.yaml")),
}  # fmt: skip
"""Arguments of Ultralytics; not those that say what was trained and where it was written."""

_DARKNET_OPTIONS = {
    "cfg": "", "batch_size": 16, "rect": False, "resume": False, "nosave": False, "noautoanchor": False, "bucket": "",
    "image_weights": False, "device": "", "multi_scale": False, "single_cls": False, "adam": False, "sync_bn": False,
    "workers": 8, "exist_ok": False, "quad": False, "linear_lr": False, "label_smoothing": 0.0, "save_period": -1,
    "cache_images": False, "notest": False, "img_size": [640, 640],
}  # fmt: skip
"""Options that train.py of YOLOv5 and YOLOv7 share."""

_DARKNET_HYPERPARAMETERS = {
    "lr0": 0.01, "momentum": 0.937, "weight_decay": 0.0005, "warmup_epochs": 3.0, "warmup_momentum": 0.8,
    "warmup_bias_lr": 0.1, "box": 0.05, "cls_pw": 1.0, "obj_pw": 1.0, "iou_t": 0.2, "anchor_t": 4.0, "fl_gamma": 0.0,
    "hsv_h": 0.015, "hsv_s": 0.7, "hsv_v": 0.4, "degrees": 0.0, "shear": 0.0, "perspective": 0.0, "flipud": 0.0,
    "fliplr": 0.5, "mosaic": 1.0, "copy_paste": 0.0,
}  # fmt: skip
"""Hyperparameters for which both files say the same."""

YOLOV5: Table = {
    **_always({**_DARKNET_OPTIONS, **_DARKNET_HYPERPARAMETERS}),
    **_always({
        "weights": "yolov5s.pt", "data": "data/coco128.yaml", "imgsz": 640, "noval": False, "noplots": False,
        "cache": None, "optimizer": "SGD", "cos_lr": False, "patience": 100, "seed": 0,
        "mask_ratio": 4, "no_overlap": False,
        "cls": 0.5, "obj": 1.0, "translate": 0.1, "scale": 0.5, "mixup": 0.0,
    }),
    "epochs": ((None, "6.2", 300), ("6.2", None, 100)),
    "lrf": ((None, "5.0", 0.2), ("5.0", "6.0", 0.1), ("6.0", None, 0.01)),
    "evolve": ((None, "5.0", False), ("5.0", None, None)),
    "freeze": ((None, "6.0", 0), ("6.0", None, [0])),
}  # fmt: skip
"""train.py and segment/train.py with hyp.scratch-low.yaml, before 6.1 hyp.scratch.yaml."""

YOLOV7: Table = {
    **_always({**_DARKNET_OPTIONS, **_DARKNET_HYPERPARAMETERS}),
    **_always({
        "weights": "yolo7.pt", "data": "data/coco.yaml", "hyp": "data/hyp.scratch.p5.yaml", "epochs": 300,
        "evolve": False, "freeze": [0], "v5_metric": False,
        "lrf": 0.1, "cls": 0.3, "obj": 0.7, "translate": 0.2, "scale": 0.9, "mixup": 0.15, "paste_in": 0.15,
        "loss_ota": 1,
    }),
}  # fmt: skip
"""train.py with hyp.scratch.p5.yaml."""
