"""The JSON of what a run's files say beside its results: arguments, console, checkpoints, pictures, recording."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.terms import Number


class Setting(msgspec.Struct, frozen=True):
    """One training argument as its file states it; absolute paths are shortened to their last two parts."""

    key: str
    value: str
    file: str


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


class ShownImage(msgspec.Struct, frozen=True):
    """A validation image by its name, with the objects that best.pt ``missed`` there and its ``false`` detections."""

    image: str
    missed: int
    false: int


class Picture(msgspec.Struct, frozen=True):
    """A picture in the run's folder; ``id`` is what the route ``image`` takes, ``shows`` what is seen in it."""

    id: str
    role: str
    shows: Optional[ShownImage]


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
