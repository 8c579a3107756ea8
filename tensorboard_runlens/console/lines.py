"""Lines of console output that state a fact of their own, one function a kind.

Every function takes a line in which its mark was found and returns fields of run.Console by name,
none where the line says something else after all. All patterns are bounded: a hostile line costs no
more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable, Optional

from tensorboard_runlens.run import Scanned

Facts = Mapping[str, Any]

MAX_TEXT = 500
"""Characters of a path or a device's name that are kept."""

BANNER = re.compile(
    r"^\s{0,20}(?P<program>Ultralytics|YOLOv5|YOLOR|YOLO)\b[^\w\n]{0,10}(?:YOLOv|v)?(?P<version>\d[\w.\-]{2,40})\s"
)
PYTHON = re.compile(r"\bPython-(\S{1,40})")
TORCH = re.compile(r"\btorch[ -](\d\S{0,40})(?:\s+(.{1,300}))?")
OLD_BANNER = re.compile(r"^\s{0,20}Using torch \d")
"""YOLOv5 up to 3.1 did not name itself."""

FRAMEWORKS = {"Ultralytics": "ultralytics", "YOLOv5": "yolov5", "YOLOR": "yolov7", "YOLO": "yolov5"}
"""Who prints which name: YOLOv7 calls itself YOLOR, YOLOv9 (a YOLOv5 inside) plain YOLO."""

SUMMARY = re.compile(
    r"^\s{0,20}(\S.{0,80}?) [Ss]ummary: ([\d,]{1,12}) layers, ([\d,]{1,20}) parameters"
)
"""Of the model as it is trained; the summary after fusing layers is marked "(fused)" and not meant."""

GFLOPS = re.compile(r"\s(\d{1,9}(?:\.\d{1,6})?) GFLOP")
TRANSFERRED = re.compile(r"^\s{0,20}Transferred (\d{1,9})/(\d{1,9}) items")
FROZEN = re.compile(r"^\s{0,20}(?:Freezing layer '([^']{1,200})'|freezing (\S{1,200}))\s*$")
SPLIT = re.compile(r"^\s{0,20}(train|val): Scanning\b")
COUNTED = re.compile(r"\s(\d{1,9}) images, (?:(\d{1,9}) backgrounds, )?(\d{1,9}) corrupt")
COUNTED_BEFORE = re.compile(
    r"(?<!\d)(\d{1,9}) found, (\d{1,9}) missing, (\d{1,9}) empty, (\d{1,9}) corrupt"
)
"""YOLOv5 before 7.0 and YOLOv7: backgrounds are images without a label file and with an empty one."""

PERCENT = re.compile(r":\s{0,10}(\d{1,3})%")
COMPLETED = re.compile(r"^\s{0,20}(\d{1,9}) epochs completed in (\d{1,9}(?:\.\d{1,9})?) hours")
SPEED = re.compile(r"(?<![\d.])(\d{1,9}(?:\.\d{1,9})?)\s?ms ([A-Za-z\-]{1,20})")
OLD_SPEED = re.compile(r"Speed: (\d{1,6}\.\d)/(\d{1,6}\.\d)/\d{1,6}\.\d ms inference/NMS/total")
STAGES = {
    "preprocess": "preprocess",
    "pre-process": "preprocess",
    "inference": "inference",
    "loss": "loss",
    "NMS": "postprocess",
    "postprocess": "postprocess",
}
"""Present and former names of the stages."""

SAVE_DIR = re.compile(r"^\s{0,20}(?:Logging results to|Results saved to) (\S.*)$")
PATIENCE = re.compile(r"no improvement observed in last (\d{1,9}) epochs")


def banner(text: str) -> Facts:
    """Framework, version, Python, PyTorch and device."""
    (name, torch) = (BANNER.match(text), TORCH.search(text))
    if torch is None or not (name or OLD_BANNER.match(text)):
        return {}
    python = PYTHON.search(text)
    found = {
        "framework": FRAMEWORKS[name["program"]] if name else None,
        "version": name["version"] if name else None,
        "python": python[1] if python else None,
        "torch": torch[1],
        "device": torch[2].strip() or None if torch[2] else None,
    }
    return {field: value for (field, value) in found.items() if value is not None}


def summary(text: str) -> Facts:
    """Model, layers, parameters and GFLOPs before layers were fused."""
    match = SUMMARY.match(text)
    if match is None:
        return {}
    gflops = GFLOPS.search(text)
    named = None if match[1] == "Model" else match[1]
    found = {
        "model": named,
        "layers": _count(match[2]),
        "parameters": _count(match[3]),
        "gflops": float(gflops[1]) if gflops else None,
    }
    return {field: value for (field, value) in found.items() if value is not None}


def _count(digits: str) -> Optional[int]:
    plain = digits.replace(",", "")
    return int(plain) if plain else None


def transferred(text: str) -> Facts:
    """How many of the model's weights were taken over."""
    match = TRANSFERRED.match(text)
    return {"transferred": (int(match[1]), int(match[2]))} if match else {}


def frozen(text: str) -> Facts:
    """A layer that is not trained."""
    match = FROZEN.match(text)
    return {"frozen": (match[1] or match[2],)} if match else {}


def scanned(text: str) -> Facts:
    """Images of a split, when all were looked at.

    ``images`` are those with a label file, in either wording; classification has no backgrounds.
    """
    split = SPLIT.match(text)
    if split is None or is_unfinished(text):
        return {}
    match = COUNTED.search(text)
    if match:
        return {split[1]: Scanned(int(match[1]), int(match[2] or 0), int(match[3]))}
    match = COUNTED_BEFORE.search(text)
    if match is None:
        return {}
    (found, missing, empty, corrupt) = map(int, match.groups())
    return {split[1]: Scanned(found, missing + empty, corrupt)}


def is_unfinished(text: str) -> bool:
    """Whether a progress bar in the line stands below 100 %."""
    percent = PERCENT.search(text)
    return percent is not None and int(percent[1]) < 100


def completed(text: str) -> Facts:
    """Epochs and hours of a training that came to its end."""
    match = COMPLETED.match(text)
    return {"epochs_completed": int(match[1]), "hours": float(match[2])} if match else {}


def speed(text: str) -> Facts:
    """Milliseconds an image by stage."""
    old = OLD_SPEED.search(text)
    if old:
        return {"speed_ms": {"inference": float(old[1]), "postprocess": float(old[2])}}
    stages = {
        STAGES[stage]: float(number) for (number, stage) in SPEED.findall(text) if stage in STAGES
    }
    return {"speed_ms": stages} if "inference" in stages else {}


def save_dir(text: str) -> Facts:
    """Where the run was written."""
    match = SAVE_DIR.match(text)
    return {"save_dir": match[1].strip()[:MAX_TEXT]} if match else {}


READERS: tuple[tuple[str, Callable[[str], Facts]], ...] = (
    ("torch", banner),
    ("ummary: ", summary),
    ("Transferred ", transferred),
    ("reezing ", frozen),
    ("Scanning", scanned),
    ("epochs completed", completed),
    ("Speed: ", speed),
    ("esults ", save_dir),
)
"""What a line must hold to be worth a closer look, and who looks."""


def facts(text: str) -> Facts:
    """The fields that a line states."""
    for mark, reader in READERS:
        if mark in text:
            found = reader(text)
            if found:
                return found
    return {}


def patience(text: str) -> Optional[int]:
    """The patience of a training that was stopped early, as the line about it states it."""
    match = PATIENCE.search(text) if "no improvement" in text else None
    return int(match[1]) if match else None
