"""Writes checkpoints as PyTorch does, without PyTorch: a zip with a pickle of the frameworks' classes.

The classes are stand-ins under the frameworks' names, known to ``pickle`` only while it writes.
"""

from __future__ import annotations

import io
import pickle
import sys
import types
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

BOX = ("metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)")


def model(kind: str = "ultralytics.nn.tasks.DetectionModel", **state: Any) -> Any:
    """A model of this class with these attributes."""
    (module, _, name) = kind.rpartition(".")
    made = type(name, (), {"__module__": module, "__qualname__": name, "stand_in": True})()
    made.__dict__.update(state)
    return made


@contextmanager
def pretended(content: Any) -> Iterator[None]:
    """Makes the stand-ins among these values importable for as long as they are pickled."""
    modules: dict[str, types.ModuleType] = {}
    for value in content.values() if isinstance(content, dict) else [content]:
        kind = type(value)
        if getattr(kind, "stand_in", False):
            parts = kind.__module__.split(".")
            for length in range(1, len(parts) + 1):
                name = ".".join(parts[:length])
                modules.setdefault(name, types.ModuleType(name))
            setattr(modules[kind.__module__], kind.__name__, kind)
    with mock.patch.dict(sys.modules, modules):
        yield


def pickled(content: Any, protocol: int = 2) -> bytes:
    """The pickle of a checkpoint's content."""
    with pretended(content):
        return pickle.dumps(content, protocol)


def archive(description: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    """The zip that torch.save writes round a pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as written:
        written.writestr("best/data.pkl", description)
        written.writestr("best/byteorder", "little")
        written.writestr("best/data/0", bytes(64))
        written.writestr("best/version", "3\n")
    return file.getvalue()


def write_checkpoint(path: Path, content: Any, protocol: int = 2) -> Path:
    """A checkpoint with this content; its folder is returned."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(pickled(content, protocol)))
    return path.parent


def table(*map50_95: float, first: int = 1) -> dict[str, list[float]]:
    """A result table with this mAP50-95 in its rows, as a checkpoint holds it."""
    epochs = range(first, first + len(map50_95))
    columns = {name: [round(0.9 * value, 5) for value in map50_95] for name in BOX[:3]}
    losses = {"val/box_loss": [1.5] * len(map50_95)}
    return {"epoch": list(epochs), **columns, BOX[3]: list(map50_95), **losses}


def metrics_at(results: dict[str, list[float]], row: int) -> dict[str, float]:
    """train_metrics of a checkpoint whose weights are those of this row."""
    named = {name: values[row] for (name, values) in results.items() if name != "epoch"}
    return {**named, "fitness": results[BOX[3]][row]}


def ultralytics(results: dict[str, list[float]], row: int, **changed: Any) -> dict[str, Any]:
    """The content of best.pt after an Ultralytics training; None where it was stripped."""
    return {
        "date": "2025-11-02T10:11:12.131415",
        "version": "8.3.231",
        "license": "AGPL-3.0 (https://ultralytics.com/license)",
        "epoch": -1,
        "best_fitness": None,
        "model": model(names={0: "disc", 1: "ring"}, nc=2),
        "ema": None,
        "optimizer": None,
        "train_args": {"task": "detect", "epochs": 100, "imgsz": 640, "lr0": 0.01, "cfg": None},
        "train_metrics": metrics_at(results, row),
        "train_results": results,
        "git": {"root": "/home/someone/project", "branch": "main", "commit": "abc123"},
        **changed,
    }
