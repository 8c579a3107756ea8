"""Puts validations of best.pt into RUN/runlens/ (docs/recorded_data.md); no other file of the run is touched."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from tensorboard_runlens import __version__
from tensorboard_runlens.evaluation.request import Request
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_evaluation import evaluations
from tensorboard_runlens.recording.evaluating.checkpoint import CannotEvaluate, Checkpoint
from tensorboard_runlens.recording.evaluating.listener import Validation
from tensorboard_runlens.recording.layout import (
    EVALUATED_SPLITS,
    EVALUATION,
    EVALUATION_METRICS,
    FOLDER,
    FORMAT_NUMBER,
)
from tensorboard_runlens.recording.store import Store

CHUNK_BYTES = 2**20

FRAMEWORK = "ultralytics"


def fingerprint(path: str) -> dict[str, Any]:
    """What tells one checkpoint from another."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return {
        "file": os.path.basename(path),
        "sha256": digest.hexdigest(),
        "bytes": os.path.getsize(path),
    }


def forget_others(run_dir: str, sha256: str) -> None:
    """Removes evaluations of another best.pt than this, and what cannot be read as one. Raises CannotEvaluate."""
    known = evaluations(Folder(run_dir))[0]
    store = Store(run_dir)
    for split in EVALUATED_SPLITS:
        if split not in known or known[split].weights_sha256 != sha256:
            with _refusing():
                _remove(store, split)


def keep(
    asked: Request, split: str, weights: dict[str, Any], checkpoint: Checkpoint, found: Validation
) -> None:
    """Writes the archive, then the metrics that make it count. Raises CannotEvaluate."""
    fields = {
        "format": FORMAT_NUMBER,
        "runlens": __version__,
        "framework": FRAMEWORK,
        "version": _version(FRAMEWORK),
        "torch": _version("torch"),
        "evaluated": time.time(),
        "split": split,
        "data": asked.images.name,
        "n_images": found.images,
        "weights": weights,
        "task": checkpoint.task,
        "names": checkpoint.names,
        **_arguments(found.arguments),
        **found.fields,
    }
    store = Store(asked.run.path)
    with _refusing():
        _remove(store, split)  # the metrics of an earlier one must not stand beside the new archive
        store.write_archive(EVALUATION.format(split), found.arrays)
        store.write_json(EVALUATION_METRICS.format(split), fields)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CannotEvaluate(f"{FOLDER} in the run's folder cannot be written: {why}") from error


def _remove(store: Store, split: str) -> None:
    """The metrics first: an archive alone does not count."""
    for name in (EVALUATION_METRICS, EVALUATION):
        store.remove(name.format(split))


def _arguments(resolved: dict[str, Any]) -> dict[str, Any]:
    """Those that the numbers depend on."""
    kept = {name: resolved.get(name) for name in ("conf", "iou", "max_det")}
    return {"imgsz": _side(resolved.get("imgsz")), **kept}


def _side(imgsz: Any) -> Optional[int]:
    """The longer side of the network's input."""
    sides = imgsz if isinstance(imgsz, (list, tuple)) else [imgsz]
    return max((side for side in sides if isinstance(side, int)), default=None)


def _version(module: str) -> Optional[str]:
    version = getattr(sys.modules.get(module), "__version__", None)
    return None if version is None else str(version)
