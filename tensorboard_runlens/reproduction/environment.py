"""What a run was trained with: program, Python, PyTorch, devices, and which file says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.details import Details
from tensorboard_runlens.formats.checkpoint import Checkpoint
from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.run import NAMELESS, RECORDED, Run
from tensorboard_runlens.words import release_words

NAMES = {"ultralytics": "Ultralytics", "yolov5": "YOLOv5", "yolov7": "YOLOv7"}
"""Programs with releases."""

HOME_MADE = {"selftraining": "U-Net self-training"}
"""Programs without."""

RECORDING = "RunLens' recording"


@dataclass(frozen=True)
class Fact:
    """``value`` in words, None where no file tells; ``source`` is what does, or what would."""

    name: str
    value: Optional[str]
    source: str


def environment_of(run: Run, details: Details) -> tuple[Fact, ...]:
    """In a fixed order, unknown ones too; the commit only where a checkpoint tells it."""
    return (
        _program(run),
        *_revision(details.checkpoints),
        _told(run, "Python", "python"),
        _told(run, "PyTorch", "torch"),
        _devices(run),
    )


def _program(run: Run) -> Fact:
    if run.framework in NAMELESS or run.framework == RECORDED:
        name = run.recorded.framework if run.recorded else None
        return Fact("program", as_text(name) if name else None, RECORDING)
    if run.framework in HOME_MADE:
        return Fact("program", HOME_MADE[run.framework], "its files")
    name = NAMES.get(run.framework, run.framework)
    words = release_words(run.version.min, run.version.max) if run.version else None
    source = run.version.source if run.version else "a checkpoint"
    return Fact("program", f"{name} {words}" if words else f"{name}, release unknown", source)


def _revision(checkpoints: Sequence[Checkpoint]) -> list[Fact]:
    """The commit of a clone, which newer releases write into their checkpoints."""
    told = [one for one in checkpoints if one.commit]
    return [Fact("commit", _commit(one), one.file) for one in told[:1]]


def _commit(checkpoint: Checkpoint) -> str:
    commit = (checkpoint.commit or "")[:12]
    return as_text(f"{commit} of {checkpoint.branch}" if checkpoint.branch else commit)


def _told(run: Run, name: str, field: str) -> Fact:
    """What was recorded goes before what was printed."""
    if run.recorded and getattr(run.recorded, field):
        return Fact(name, as_text(getattr(run.recorded, field)), RECORDING)
    if run.console and getattr(run.console, field):
        return Fact(name, as_text(getattr(run.console, field)), run.console.file)
    return Fact(name, None, "saved console output, or RunLens' recording")


def _devices(run: Run) -> Fact:
    recorded = run.recorded
    names = (recorded.devices or (recorded.device,)) if recorded else ()
    counted = Counter(as_text(name) for name in names if name)
    if counted:
        words = [f"{number} x {name}" if number > 1 else name for (name, number) in counted.items()]
        return Fact("trained on", ", ".join(words[:8]), RECORDING)
    if run.console and run.console.device:
        return Fact("trained on", as_text(run.console.device), run.console.file)
    return Fact("trained on", None, "saved console output, or RunLens' recording")
