"""The digest in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tensorboard_runlens.digest.window import Window
from tensorboard_runlens.schema.digest import Died, Finished, Idle, Improved, StillRunning

WHY = {
    "out_of_memory": "out of memory",
    "killed": "killed",
    "disk_full": "disk full",
    "stopped_by_user": "stopped by hand",
    "error": "an error",
}
"""Why a training broke off, in a word or two."""


def headline(
    finished: Sequence[Finished],
    died: Sequence[Died],
    improved: Sequence[Improved],
    running: Sequence[StillRunning],
    idle: Sequence[Idle],
    window: Window,
) -> str:
    """2 finished, 1 died at epoch 37 (out of memory), 1 beats the baseline; 1 is running until 07:40."""
    ended = [*_ended(finished), *_died(died), *_better(improved)]
    first = ", ".join(ended) or f"Nothing is known to have ended since {window.clock(window.since)}"
    return "; ".join([first, _now(running, idle, window)]) + "."


def _ended(finished: Sequence[Finished]) -> Iterator[str]:
    diverged = sum(one.state == "diverged" for one in finished)
    if len(finished) > diverged:
        yield f"{len(finished) - diverged} finished"
    if diverged:
        yield f"{diverged} diverged"


def _died(died: Sequence[Died]) -> Iterator[str]:
    silent = [one for one in died if one.state == "stale" and one.why is None]
    broken = [one for one in died if one not in silent]
    if broken:
        yield f"{len(broken)} died{_where(broken)}{_why(broken)}"
    if silent:
        yield f"{len(silent)} fell silent{_where(silent)}"


def _where(some: Sequence[Died]) -> str:
    """Of a single one."""
    if len(some) > 1:
        return ""
    return " in its first epoch" if some[0].epoch is None else f" at epoch {some[0].epoch}"


def _why(broken: Sequence[Died]) -> str:
    reasons = Counter(WHY[one.why] for one in broken if one.why is not None)
    if not reasons:
        return ""
    if len(broken) == 1:
        return f" ({next(iter(reasons))})"
    return f" ({', '.join(f'{times} {why}' for (why, times) in reasons.most_common())})"


def _better(improved: Sequence[Improved]) -> Iterator[str]:
    if improved:
        yield f"{len(improved)} {'beats' if len(improved) == 1 else 'beat'} the baseline"


def _now(running: Sequence[StillRunning], idle: Sequence[Idle], window: Window) -> str:
    if not running:
        still = next((one.since for one in idle if one.until is None), None)
        if still is None:
            return "none is running"
        return f"no sign of a training since {window.clock(still)}"
    ends = [one.ends for one in running if one.ends is not None]
    verb = "is" if len(running) == 1 else "are"
    if len(ends) < len(running):
        return f"{len(running)} {verb} running"
    until = f"until {window.clock(max(ends))}"
    return f"{len(running)} {verb} running{'' if len(running) == 1 else ', the last'} {until}"
