"""Answers of the route ``digest`` that are made up: a night in which everything happened, and a quiet one."""

from __future__ import annotations

from typing import Any

import msgspec

from tensorboard_runlens.schema import SCHEMA_VERSION, digest

from .made_up_runs import NOW, STANDING, metric

H = 3600.0


def finished(run: str, said: str = "60 of 60 epochs, mAP50-95 0.845", **changes: Any) -> Any:
    made = digest.Finished(
        run, "finished", NOW - 2 * H, 60, 60, 7200.0, metric(0.845), None, [], said
    )
    return msgspec.structs.replace(made, **changes)


def died(run: str, said: str = "died at epoch 37 of 100: out of memory", **changes: Any) -> Any:
    made = digest.Died(run, "interrupted", NOW - H, 37, 100, "out_of_memory", None, said)
    return msgspec.structs.replace(made, **changes)


def running(run: str, ends: float = NOW + H, **changes: Any) -> Any:
    made = digest.StillRunning(run, 12, 100, 31.0, ends, STANDING, "epoch 12 of 100")
    return msgspec.structs.replace(made, **changes)


def quiet(**changes: Any) -> digest.DigestAnswer:
    """Nothing has happened."""
    made = digest.DigestAnswer(
        ok=True,
        schema=SCHEMA_VERSION,
        logdir="made_up",
        since=NOW - 12 * H,
        until=NOW,
        baseline=None,
        headline="Nothing ended and nothing runs.",
        finished=[],
        died=[],
        improved=[],
        running=[],
        idle=[],
        disk=digest.Disk(0, 0, [], None),
        next=[],
        notes=[],
    )
    return msgspec.structs.replace(made, **changes)


def eventful(**changes: Any) -> digest.DigestAnswer:
    """Every part has something to say."""
    night = quiet(
        baseline="lane/second",
        headline="5 finished, 1 died at epoch 37 (out of memory), 1 beats the baseline; 1 is running.",
        finished=[finished(f"lane/done {number}") for number in range(5)],
        died=[died("lane/dead", command="yolo detect train resume model=runs/dead/last.pt")],
        improved=[digest.Improved("lane/done 0", 0.031, (0.01, 0.05), "+3.1 points, +1.0 to +5.0")],
        running=[running("lane/live")],
        idle=[digest.Idle(NOW - 4 * H, NOW - 3 * H, "no training ran for 1 h")],
        disk=digest.Disk(9, 4_200_000_000, [], "4.2 GB in 9 checkpoints can go."),
        next=[
            digest.NextCommand("lane/dead", "Resume it with half the batch.", "yolo train resume"),
            digest.NextCommand("lane/done 1", "Train it for longer.", "yolo train epochs=200"),
            digest.NextCommand("lane/done 2", "Look at its labels.", None),
        ],
    )
    return msgspec.structs.replace(night, **changes)


def as_json(answer: digest.DigestAnswer) -> str:
    return msgspec.json.encode(answer).decode()
