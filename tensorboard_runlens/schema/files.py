"""The JSON of what a run's files say beside its results: arguments, console, checkpoints, recording."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.terms import Number


class Risk(msgspec.Struct, frozen=True):
    """Why an argument deserves a second look, and the rule that found it; null where that is true of every run."""

    rule: Optional[str]
    why: str


class Setting(msgspec.Struct, frozen=True):
    """One training argument as its file states it; absolute paths are shortened to their last two parts.

    ``default`` is what the program takes unless told otherwise (several where its release is open), null where that is
    not known. ``changed`` says whether the value is another one, null where that is open."""

    key: str
    value: str
    file: str
    default: Optional[str]
    changed: Optional[bool]
    risk: Optional[Risk]


class Expected(msgspec.Struct, frozen=True):
    """A file that the program writes and that is not there. ``when`` it is written, whether that is past (``due``), and
    what is ``missing`` without it."""

    file: str
    role: str
    when: str
    missing: str
    due: bool


class Split(msgspec.Struct, frozen=True):
    """A split as the framework counted it before training."""

    images: int
    backgrounds: int
    corrupt: int


class Console(msgspec.Struct, frozen=True):
    """What the saved console output says; times in hours and in milliseconds an image."""

    file: str
    version: Optional[str]
    python: Optional[str]
    torch: Optional[str]
    device: Optional[str]
    model: Optional[str]
    layers: Optional[int]
    parameters: Optional[int]
    gflops: Number
    transferred: Optional[tuple[int, int]]
    frozen: list[str]
    train: Optional[Split]
    val: Optional[Split]
    epochs_completed: Optional[int]
    hours: Number
    speed_ms: dict[str, Number]
    fps: Number
    ended: Optional[str]


class Checkpoint(msgspec.Struct, frozen=True):
    """What a checkpoint says of itself. ``epoch`` is the epoch whose weights it holds, null where that is not told;
    ``finished`` whether the training came to its end; ``bytes`` its size."""

    file: str
    bytes: int
    version: Optional[str]
    date: Optional[str]
    epoch: Optional[int]
    finished: Optional[bool]
    logged: Optional[int]
    metrics: dict[str, dict[str, Number]]
    problem: Optional[str]


class Consequence(msgspec.Struct, frozen=True):
    """How the release that wrote the run measures: one possible form means that it is known."""

    name: str
    possible: list[str]


class Recorded(msgspec.Struct, frozen=True):
    """What the callback recorded of how the run was trained. ``epochs`` counts those recorded; ``optimizer`` is the
    one that trained, with the initial ``learning_rates`` of its parameter groups; best.pt is chosen by ``fitness``."""

    epochs: int
    optimizer: Optional[str]
    learning_rates: list[Number]
    fitness: Optional[str]
    torch: Optional[str]
    python: Optional[str]
    devices: list[str]
    missing: list[str]
