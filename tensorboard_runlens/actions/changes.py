"""How an argument changes: new values from those that a run states, never from a guess of what it had."""

from __future__ import annotations

from typing import Callable, Union

from tensorboard_runlens.rules import Scalar
from tensorboard_runlens.run import Run

Number = Union[int, float]
Change = tuple[str, Scalar, Scalar]
Changes = Callable[[Run], list[Change]]

STRIDE = 32
"""Image sides are multiples of the network's largest stride."""

HIGHEST = 1e9
"""An argument beyond it is none that a training had."""


def none(run: Run) -> list[Change]:
    """No argument says it."""
    return []


def number(names: tuple[str, ...], new: Callable[[Number], Number]) -> Changes:
    """A change of the first of these arguments that the run states as a number from 0 up; none where it stays."""

    def changes(run: Run) -> list[Change]:
        for name in names:
            old = run.arguments.get(name)
            if (
                isinstance(old, bool)
                or not isinstance(old, (int, float))
                or not 0 <= old <= HIGHEST
            ):
                continue
            to = new(old)
            return [(name, old, to)] if to != old else []
        return []

    return changes


def together(*parts: Changes) -> Changes:
    """All of these changes."""
    return lambda run: [change for part in parts for change in part(run)]


def of_iterations(changes: Changes) -> Changes:
    """These changes for self-training alone."""
    return lambda run: changes(run) if run.axis == "iteration" else []


def replaced(name: str, old: Scalar, new: Scalar) -> Changes:
    """A new value of an argument that the run states with the old one; 0 is not False."""

    def changes(run: Run) -> list[Change]:
        stated = run.arguments.get(name)
        return [(name, old, new)] if type(stated) is type(old) and stated == old else []

    return changes


def times(factor: float) -> Callable[[Number], Number]:
    """A multiple with two significant digits; a count stays a count, of one at least."""

    def new(old: Number) -> Number:
        if isinstance(old, int):
            return max(round(old * factor), min(old, 1))
        return float(f"{old * factor:.2g}")

    return new


def divided_down_to(lowest: int, by: int) -> Callable[[Number], Number]:
    """A whole part of it, never below the lowest."""
    return lambda old: max(int(old // by), lowest) if old > lowest else old


def at_most(limit: float) -> Callable[[Number], Number]:
    """The limit where it is above."""
    return lambda old: limit if old > limit else old


def at_least(limit: float) -> Callable[[Number], Number]:
    """The limit where it is below."""
    return lambda old: limit if old < limit else old


def image_side(factor: float) -> Callable[[Number], Number]:
    """A side in pixels, a multiple of the stride: 640 times 1.5 is 960."""
    return lambda old: max(round(old * factor / STRIDE), 1) * STRIDE
