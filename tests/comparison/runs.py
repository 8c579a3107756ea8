"""Runs to compare: curves that rise to a level and shake around it, as folders on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.comparison import Comparison, compare
from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.dataset.keys import fingerprint, image_key
from tensorboard_runlens.run import Floats
from tests.builders import DETECT, rows_of, write, write_args, write_csv
from tests.recording.archives import packed, write_recording

NOW = 2_000_000_000.0
"""Long after every run."""

MAIN = "metrics/mAP50-95(B)"


def rising(epochs: int = 100, level: float = 0.6, noise: float = 0.004, seed: int = 0) -> Floats:
    """A metric that is at its level from the middle on."""
    rng = np.random.default_rng(seed)
    shape = 1 - np.exp(-np.arange(1, epochs + 1) / max(epochs / 12, 1))
    return np.asarray(np.clip(level * shape + rng.normal(0, noise, epochs), 0, 1), np.float64)


def write_run(
    folder: Path, metric: Sequence[float], columns: Optional[Mapping[str, Any]] = None, **args: Any
) -> Path:
    """A finished Ultralytics run with this mAP50-95 by epoch; ``columns`` stand in the place of others."""
    rows = rows_of(DETECT, range(1, len(metric) + 1))
    for number, row in enumerate(rows):
        row[MAIN] = float(metric[number])
        for name, values in (columns or {}).items():
            row[name] = float(values[number])
    write_csv(folder, DETECT, rows)
    given = {"task": "detect", "mode": "train", "epochs": len(metric), "seed": 0, **args}
    return write_args(folder, **given)


def analysed(folder: Path) -> Analysis:
    return analyse(open_run(str(folder)), now=NOW)


def met(*folders: Path) -> Comparison:
    """Runs compared, called by their folders."""
    return compare({folder.name: analysed(folder) for folder in folders})


def differences(*folders: Path) -> dict[tuple[str, str], Difference]:
    """Of the last run from the first, by (metric, at)."""
    return {(one.metric, one.at): one for one in met(*folders).differences}


def main_difference(*folders: Path) -> Difference:
    return met(*folders).differences[0]


def recorded_with(folder: Path, train: Sequence[str], val: Sequence[str]) -> Path:
    """A run whose recording names its images: these, a kilobyte each, labelled with their own name."""
    write_recording(folder)
    keys = {
        split: [image_key(name, 1000, name.encode()) for name in sorted(names)]
        for (split, names) in (("train", train), ("val", val))
    }
    arrays = {
        f"{split}_{part}": np.array(
            [int(getattr(one, part) or "0", 16) for one in found], np.uint64
        )
        for (split, found) in keys.items()
        for part in ("key", "content", "picture")
    }
    write(folder / "runlens" / "images.npz", packed(arrays))
    told = {
        split: {"images": len(found), "fingerprint": fingerprint(one.key for one in found)}
        for (split, found) in keys.items()
    }
    write(folder / "runlens" / "images.json", json.dumps({**told, "shared": 0}))
    return folder
