"""The command that trains once more as a run was trained, rebuilt from its arguments.

It names what is not the program's default; where a default is not known, the argument is named. Folders of absolute
paths are their owner's and are left for the reader to fill in.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from tensorboard_runlens import partinet
from tensorboard_runlens.commands import CALL
from tensorboard_runlens.plain_values import WHOLE_PATH, as_text, without_absolute_paths
from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.releases.ultralytics_defaults import DEFAULTS
from tensorboard_runlens.reproduction.lineage import CUT
from tensorboard_runlens.reproduction.settings import Setting
from tensorboard_runlens.run import Run

PLACEHOLDER = "PATH_TO"
"""Stands for the folders of an absolute path."""

MAX_VALUE = 200
"""Characters of a value beyond which it is none that somebody typed."""

MAX_ARGUMENTS = 150
"""Arguments that a command names: Ultralytics has 110."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
"""What a command line can name."""

OF_THE_PLACE = (
    *("name", "project", "save_dir", "exist_ok", "resume", "mode", "task", "logdir"),
    *("local_rank", "global_rank", "world_size", "total_batch_size"),
    *("entity", "upload_dataset", "bbox_interval", "artifact_alias"),
)
"""Arguments that say where a training was written and by which process, not what was trained."""

GIVEN_FIRST = ("model", "data")
"""What every training of Ultralytics is given."""

UNDERSCORED = {"yolov7": ("save_period",)}
"""Options that are not written with hyphens."""

HYPERPARAMETERS = "hyp.yaml"
"""YOLOv5's and YOLOv7's file of what is no option of train.py."""

MODEL_DEFINITION = "cfg.yaml"
"""A copy of the model's definition; the option cfg names the file itself."""


@dataclass(frozen=True)
class Command:
    """``line`` trains once more, None where that is not known; ``notes`` are sentences on what it leaves open."""

    line: Optional[str]
    notes: tuple[str, ...] = ()


def command_of(run: Run, settings: Sequence[Setting]) -> Command:
    """The command of a run's program."""
    if not settings:
        return Command(None, ("No file of this run states its arguments.",))
    if run.framework == "ultralytics":
        return _ultralytics(run, settings)
    if run.framework in ("yolov5", "yolov7"):
        return _script(run, settings)
    return Command(None, ("How this program is started is not known.",))


def _ultralytics(run: Run, settings: Sequence[Setting]) -> Command:
    (named, left_out) = _named(run, settings)
    first = [one for key in GIVEN_FIRST for one in named if one.key == key]
    others = [one for one in named if one.key not in GIVEN_FIRST and one.changed is not False]
    words = [f"{one.key}={_value(one.value)}" for one in (*first, *others)]
    task = [] if run.task == "unknown" else [run.task]
    stated = [*left_out, *(one.key for one in first)]
    missing = [key for key in GIVEN_FIRST if key not in stated]
    notes = [f"The run does not state its {key}: add {key}=..." for key in missing]
    line = " ".join(["yolo", *task, "train", *words])
    return Command(line, (*notes, *_notes(line, settings, left_out)))


def _script(run: Run, settings: Sequence[Setting]) -> Command:
    """train.py of YOLOv5 and YOLOv7, or PartiNet's own command; hyperparameters come from the run's copy of them."""
    (named, left_out) = _named(run, settings)
    changed = [one for one in named if one.changed is not False]
    copied = any(one.file == HYPERPARAMETERS for one in changed)
    options = [
        one for one in changed if one.file != HYPERPARAMETERS and not (copied and one.key == "hyp")
    ]
    words = [word for one in options for word in _option(run, one)]
    if copied:
        words.append(f"--hyp {HYPERPARAMETERS}")
    line = " ".join([_program(run), *words])
    told = [f"{HYPERPARAMETERS} is the copy in the run's folder."] if copied else []
    return Command(line, (*told, *_notes(line, settings, left_out)))


def _program(run: Run) -> str:
    if partinet.is_command_line(run.arguments) and run.stage:
        return f"partinet train {run.stage}"
    folder = {"segment": "segment/", "classify": "classify/"}.get(run.task, "")
    return f"python {folder if run.framework == 'yolov5' else ''}train.py"


def _option(run: Run, setting: Setting) -> Iterator[str]:
    """An option with its value; a switch stands alone, and is left out where it is off."""
    value = setting.value
    if value is False or value in (None, ""):
        return
    as_it_is = setting.key in UNDERSCORED.get(run.framework, ())
    yield "--" + (setting.key if as_it_is else setting.key.replace("_", "-"))
    if isinstance(value, list):
        yield from (_value(one) for one in value)
    elif value is not True:
        yield _value(value)


def _named(run: Run, settings: Sequence[Setting]) -> tuple[list[Setting], list[str]]:
    """(those of the training that a command line takes, the names of those that it does not)."""
    named: list[Setting] = []
    left_out: list[str] = []
    for one in settings:
        if one.key in OF_THE_PLACE or one.file == MODEL_DEFINITION:
            continue
        if one.key not in GIVEN_FIRST and (one.changed is False or _is_beside_training(one)):
            continue
        if _fits(run, one) and len(named) < MAX_ARGUMENTS:
            named.append(one)
        else:
            left_out.append(as_text(one.key))
    return (named, left_out)


def _fits(run: Run, setting: Setting) -> bool:
    """Whether the program's command line takes it, and takes it for no more than it is."""
    if run.framework == "ultralytics" and CALL in str(setting.value):
        return False
    known = legal(setting.key, run) is not False
    return known and bool(NAME.fullmatch(setting.key)) and _is_typed(setting.value)


def _is_beside_training(setting: Setting) -> bool:
    """Of prediction or export, and perhaps the default of the release: it trains nothing."""
    return setting.changed is None and bool(setting.defaults) and setting.key not in DEFAULTS


def _is_typed(value: Any) -> bool:
    """Whether a command line takes it: a scalar, or a list of them such as that of frozen layers."""
    parts = value if isinstance(value, list) else [value]
    plain = all(part is None or isinstance(part, (bool, int, float, str)) for part in parts)
    looks_like_option = any(isinstance(part, str) and part.startswith("-") for part in parts)
    text = str(value)
    return plain and not looks_like_option and len(text) <= MAX_VALUE and text.isprintable()


def _value(value: Any) -> str:
    """As the shell takes it, in one word."""
    if isinstance(value, list):
        return shlex.quote(str([_without_folders(part) for part in value]).replace(" ", ""))
    return shlex.quote(str(_without_folders(value)))


def _without_folders(value: Any) -> Any:
    """Of an absolute path the last part, below the placeholder; and so of one that leads out of its folder."""
    if not isinstance(value, str):
        return value
    parts = value.replace("\\", "/").rstrip("/").split("/")
    if WHOLE_PATH.match(value) or ".." in parts:
        return f"{PLACEHOLDER}/{parts[-1]}"
    return without_absolute_paths(value).replace(CUT, PLACEHOLDER)


def _notes(line: str, settings: Sequence[Setting], left_out: Sequence[str]) -> Iterator[str]:
    if PLACEHOLDER in line:
        yield f"Fill in {PLACEHOLDER}: folders of absolute paths are left out."
    if left_out:
        yield f"Left out, as no command line takes them: {', '.join(left_out[:10])}{' ...' if left_out[10:] else ''}."
    if not any(one.defaults for one in settings):
        yield "The defaults of this program are not known, so every argument is named."
    if any(one.key == "resume" and one.value not in (None, "", False) for one in settings):
        yield "The run was resumed; this line begins from the start."
