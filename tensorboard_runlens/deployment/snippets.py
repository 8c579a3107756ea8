"""Lines of Python to copy: detect with a run's weights and its threshold, in the run's own framework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

import yaml

from tensorboard_runlens import partinet
from tensorboard_runlens.commands import USUAL_SIZE, image_size
from tensorboard_runlens.run import Run

PLAIN = re.compile(r"[\w ./+-]*", re.ASCII)
"""Text that means the same between double quotes as it stands there."""

HUB = {"yolov5": "ultralytics/yolov5", "yolov7": "WongKinYiu/yolov7"}
"""The repositories that torch.hub loads a model of its framework from."""

ULTRALYTICS = """from ultralytics import {model}

model = {model}({weights})
results = model.predict("IMAGES", conf={confidence})"""

ULTRALYTICS_BY_CLASS = """from ultralytics import {model}

OWN = {own}

model = {model}({weights})
for result in model.predict("IMAGES", conf={least}, stream=True):
    passing = [
        box.conf.item() >= OWN.get(result.names[int(box.cls)], {confidence}) for box in result.{boxes}
    ]
    result = result[[index for index, passes in enumerate(passing) if passes]]"""

TORCH_HUB = """import torch

model = torch.hub.load("{repository}", "custom", {weights})
model.conf = {confidence}
results = model("IMAGE"{size})"""

TORCH_HUB_BY_CLASS = """import torch

OWN = {own}

model = torch.hub.load("{repository}", "custom", {weights})
model.conf = {least}
found = model("IMAGE"{size}).pandas().xyxy[0]
found = found[found.confidence >= found["name"].map(OWN).fillna({confidence})]"""


def python_of(run: Run, weights: str, confidence: float, own: Mapping[str, float]) -> Optional[str]:
    """How to detect from Python; None where the framework has no such way. ``own`` are the thresholds of classes that
    have one of their own: the frameworks take one for all, so the lowest is asked for and the rest is sorted out."""
    if run.framework == "ultralytics":
        template = ULTRALYTICS_BY_CLASS if own else ULTRALYTICS
    elif run.framework in HUB and run.task == "detect" and not partinet.is_partinet(run.arguments):
        template = TORCH_HUB_BY_CLASS if own else TORCH_HUB
    else:
        return None
    return template.format(
        model=_class_of(run),
        repository=HUB.get(run.framework, ""),
        weights=quoted(weights),
        confidence=digits(confidence),
        least=digits(min([confidence, *own.values()])),
        own=_dictionary(own),
        boxes="obb" if run.task == "obb" else "boxes",
        size=_size(run),
    )


def yaml_of(run: Run, weights: str, confidence: float) -> Optional[str]:
    """What ``yolo cfg=FILE source=IMAGES`` takes; the other frameworks read no such file."""
    if run.framework != "ultralytics":
        return None
    task = {} if run.task == "unknown" else {"task": run.task}
    known = {**task, "mode": "predict", "model": weights, "conf": rounded(confidence)}
    return yaml.safe_dump(known, sort_keys=False)


def quoted(text: str) -> str:
    """A text as Python's source; what is not plain is escaped where it could be read as more."""
    return f'"{text}"' if PLAIN.fullmatch(text) else repr(text)


def digits(confidence: float) -> str:
    """As it is written in code and commands."""
    return f"{rounded(confidence):g}"


def rounded(confidence: float) -> float:
    """Three significant digits: the interval is far wider."""
    return float(f"{confidence:.3g}")


def _size(run: Run) -> str:
    """The argument for the size that the model was trained with: models of torch.hub take 640 unless told."""
    size = image_size(run.arguments)
    return "" if size in (None, USUAL_SIZE) else f", size={size}"


def _class_of(run: Run) -> str:
    return "RTDETR" if "rtdetr" in str(run.arguments.get("model", "")).lower() else "YOLO"


def _dictionary(own: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {digits(at)}" for (name, at) in own.items()) + "}"
