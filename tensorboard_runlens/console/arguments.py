"""Training arguments as frameworks and home-made scripts print them.

engine/trainer: task=detect, mode=train, epochs=3, imgsz=[640, 480]       Ultralytics
train: weights=yolov5s.pt, cfg=, data=my.yaml, epochs=300                 YOLOv5
Namespace(weights='yolov7.pt', epochs=300, img_size=[640, 640])           YOLOv7, argparse
hyperparameters: lr0=0.01, lrf=0.1                                        YOLOv5, YOLOv7
Self-training iterations: 3                                               scripts

They are kept as they were printed: values are read of the one training that is shown, because a
list costs a thousand times what its text does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.metric_words import key_of
from tensorboard_runlens.plain import plain_yaml

MAX_ARGUMENTS = 500
"""Arguments of one line; Ultralytics prints 110."""

MAX_VALUE = 1000
"""Characters of a value; a list of class numbers may have some hundred."""

MAX_WRAPPED = 20_000
"""Characters of all lists, dictionaries and quoted texts of one training; a tenth of a second to read."""

NAMESPACE = "Namespace("
LIST = re.compile(
    r"^\s{0,20}(?:\S{0,40}engine/trainer: |(?:train|val|test|detect|hyperparameters): |(?=task=))(?=[A-Za-z_]\w{0,60}=)"
)
"""The start of a line that lists arguments: who prints it, or Ultralytics' first argument alone."""

OLD_HYPERPARAMETERS = "Hyperparameters {"
OLD_PAIR = re.compile(r"'([A-Za-z_]\w{0,60})': ('[^']{0,1000}'|[^,{}]{1,100})")
BETWEEN = re.compile(r", (?=[A-Za-z_]\w{0,60}=|\[\.\.\.\])")
"""Commas between arguments, not those within a value; "[...]" is where somebody shortened the list."""

NAME = re.compile(r"^[A-Za-z_]\w{0,60}$")
WORDS = {"None": None, "True": True, "False": False, "": None}
NUMBER = re.compile(r"^[+-]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?$")
WRAPPED = ("[", "{", "'", '"', "(")

OF_TRAINING = ("epochs", "initial_epochs", "self_training_iterations")
OTHER_MODES = ("val", "predict", "export", "track", "benchmark")
OF_OTHERS = "conf_thres"
"""What YOLOv5 and YOLOv7 print for validation and detection, and not for training."""

SELF_TRAINING = (
    "initial_epochs", "retrain_epochs", "self_training_iterations", "batch_size", "learning_rate",
    "image_dir", "coords_file", "output_dir", "positive_threshold", "negative_threshold", "base_pos",
    "base_neg", "decay", "threshold_decay", "val_split", "seed", "device",
)  # fmt: skip
"""Arguments of self-training scripts, which print each on a line of its own."""

NAME_OF_KEY = {key_of(name): name for name in SELF_TRAINING}
LONGEST_LINE = 200
"""Characters of a line with one argument."""

ONE_ARGUMENT = re.compile(r"^[^A-Za-z]{0,40}([A-Za-z][A-Za-z_ \-]{1,40})[:=]\s{0,20}(\S.*)$")

Arguments = dict[str, Any]
Printed = dict[str, str]
"""Arguments by name, each value as the text that was printed."""


def listed(text: str) -> Optional[Printed]:
    """The arguments in a line that lists them, None for any other line."""
    start = text.find(NAMESPACE)
    if start >= 0:
        return _pairs(text[start + len(NAMESPACE) :].rstrip().rstrip(")"))
    if text.startswith(OLD_HYPERPARAMETERS):
        return dict(OLD_PAIR.findall(text))
    head = LIST.match(text)
    return _pairs(text[head.end() :]) if head else None


def alone(text: str) -> Printed:
    """The self-training argument in a line that holds only one, e.g. ``Initial epochs: 100``."""
    match = ONE_ARGUMENT.match(text) if len(text) <= LONGEST_LINE else None
    name = NAME_OF_KEY.get(key_of(match[1])) if match else None
    return {name: match[2]} if match and name else {}


def merge(known: Printed, further: Printed) -> None:
    """Puts further arguments over those that are known, as far as there is room for new ones."""
    for name, text in further.items():
        if name in known or len(known) < MAX_ARGUMENTS:
            known[name] = text


def values(printed: Mapping[str, str]) -> Arguments:
    """The arguments as data; lists and the like beyond MAX_WRAPPED stay text."""
    (found, wrapped) = ({}, 0)
    for name, text in printed.items():
        wrapped += len(text) if text.lstrip().startswith(WRAPPED) else 0
        found[name] = value(text) if wrapped <= MAX_WRAPPED else text
    return found


def of_training(arguments: Printed) -> bool:
    """Whether these arguments are those of a training; hyper-parameters alone are not."""
    return not of_another_program(arguments) and any(name in arguments for name in OF_TRAINING)


def of_another_program(arguments: Printed) -> bool:
    """Whether these are the arguments of a validation, a prediction or an export."""
    return OF_OTHERS in arguments or arguments.get("mode", "").strip(" '\"") in OTHER_MODES


def value(text: str) -> Any:
    """A value as data: a number, a truth value, None, a list, otherwise the text as it stands."""
    text = text.strip()
    if text in WORDS:
        return WORDS[text]
    if NUMBER.match(text):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    return _unwrapped(text) if text.startswith(WRAPPED) else text


def _unwrapped(text: str) -> Any:
    """Python writes lists, dictionaries and quoted text as YAML reads them, tuples apart."""
    inner = f"[{text[1:-1]}]" if text.startswith("(") and text.endswith(")") else text
    try:
        return plain_yaml.load(inner)
    except plain_yaml.Damaged:
        return text


def _pairs(text: str) -> Printed:
    pairs = (part.partition("=") for part in BETWEEN.split(text, MAX_ARGUMENTS)[:MAX_ARGUMENTS])
    return {
        name.strip(): content
        for (name, equals, content) in pairs
        if equals and NAME.match(name.strip()) and len(content) <= MAX_VALUE
    }
