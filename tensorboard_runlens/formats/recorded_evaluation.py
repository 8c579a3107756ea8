"""RUN/runlens/evaluation_val.npz and .json, evaluation_test: best.pt validated again (docs/recorded_data.md).

``runlens evaluate`` writes them for any run, also for one that was never tracked. The .json is written
last and makes the .npz count: an archive alone is being written, or its writer was killed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Optional

import msgspec

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded import MAX_FINAL_BYTES, content, decoded, validated
from tensorboard_runlens.formats.recorded_archive import (
    Stale,
    attempted,
    check_belongs,
    read_archive,
)
from tensorboard_runlens.formats.recorded_fields import MAX_CLASSES, Count, Measured, Stated, Text
from tensorboard_runlens.naming import shown
from tensorboard_runlens.recording.layout import (
    EVALUATED_SPLITS,
    EVALUATION,
    EVALUATION_METRICS,
    FOLDER,
    FORMAT_NUMBER,
)
from tensorboard_runlens.run import Evidence, Problem, Validated

MAX_PIXELS = 100_000
"""Side of a network's input; the largest ones in use have some thousands."""

MAX_BYTES = 2**50
"""Of a checkpoint."""

MAX_SECONDS = 10**12
"""Since 1970: later than any clock says."""

Problems = list[Problem]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Best.pt validated again on one split, ``val`` or ``test``: ``evidence`` in full, and what was ``measured``.

    ``names`` are the class names in order of their numbers. ``weights_sha256`` is the checkpoint's, ``imgsz`` the
    side of the network's input in pixels, ``evaluated`` in seconds since 1970, ``images`` how many were validated.
    """

    split: str
    evidence: Evidence
    measured: Validated
    names: tuple[str, ...]
    weights_sha256: str
    imgsz: Optional[int]
    evaluated: float
    images: int


class Weights(msgspec.Struct, frozen=True):
    """The checkpoint that was validated."""

    file: Text
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, msgspec.Meta(ge=0, le=MAX_BYTES)]


class Metrics(Measured, frozen=True, kw_only=True):
    """The fields of the .json that are used."""

    split: Text
    weights: Weights
    evaluated: Annotated[float, msgspec.Meta(ge=0, le=MAX_SECONDS)]
    names: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=MAX_CLASSES)]
    n_images: Count
    imgsz: Optional[Annotated[int, msgspec.Meta(ge=1, le=MAX_PIXELS)]] = None


def evaluations(folder: Folder) -> tuple[dict[str, Evaluation], Problems]:
    """(evaluations of the run in this folder by split, problems). Never raises for what lies there."""
    below = folder.below(FOLDER)
    problems: Problems = []
    if below is None:
        return ({}, problems)
    found = {split: _evaluation(folder, below, split, problems) for split in EVALUATED_SPLITS}
    return ({split: one for (split, one) in found.items() if one is not None}, problems)


def _evaluation(
    folder: Folder, below: Folder, split: str, problems: Problems
) -> Optional[Evaluation]:
    """That of one split, None where there is none or it cannot be used."""
    (archive, name) = (EVALUATION.format(split), EVALUATION_METRICS.format(split))
    metrics = _metrics(below, name, problems)
    if metrics is None:
        return None
    measured = validated(metrics, metrics.names, (name, None), problems)
    if measured is None:
        return None
    read = partial(_evidence, folder, below, split, metrics, measured)
    evidence = attempted(archive, read, problems)
    if evidence is None:
        return None
    return Evaluation(
        split=split,
        evidence=evidence,
        measured=measured,
        names=tuple(map(shown, metrics.names)),
        weights_sha256=metrics.weights.sha256,
        imgsz=metrics.imgsz,
        evaluated=metrics.evaluated,
        images=metrics.n_images,
    )


def _metrics(below: Folder, name: str, problems: Problems) -> Optional[Metrics]:
    text = content(below, name, MAX_FINAL_BYTES, problems) if name in below.files else None
    stated = None if text is None else decoded(text, Stated, name, None, problems)
    if text is None or stated is None:
        return None
    if stated.format > FORMAT_NUMBER:
        said = f"format {stated.format} of a later RunLens; this one reads up to {FORMAT_NUMBER}"
        problems.append(Problem(f"{FOLDER}/{name}", None, "newer_format", said))
        return None
    return decoded(text, Metrics, name, None, problems)


def _evidence(
    folder: Folder, below: Folder, split: str, metrics: Metrics, measured: Validated
) -> Evidence:
    """The archive, if it belongs to the metrics and both to the run's best.pt. Raises what ``read_archive`` does, and
    Stale."""
    archive = EVALUATION.format(split)
    if metrics.split != split:
        raise Stale(f"its metrics are of the split {shown(metrics.split)}")
    if _is_of_other_weights(folder, metrics.weights):
        raise Stale(f"{shown(metrics.weights.file)} is another one by now")
    if archive not in below.files:
        raise Stale("there is no such file")
    evidence = read_archive(below, archive, len(metrics.names))
    images = _images(evidence)
    if images is not None and images != metrics.n_images:
        raise Stale(f"{images:,} images where {metrics.n_images:,} were validated")
    check_belongs(evidence, measured)
    return evidence


def _images(evidence: Evidence) -> Optional[int]:
    if evidence.detections is not None:
        return evidence.detections.images
    return None if evidence.classified is None else len(evidence.classified.true)


def _is_of_other_weights(folder: Folder, weights: Weights) -> bool:
    """Whether another best.pt lies there now, as far as its size tells: reading it whole takes long."""
    below = folder.below(WEIGHTS_FOLDER)
    places = [place.files for place in (below, folder) if place is not None]
    now = next((files[weights.file] for files in places if weights.file in files), None)
    return now is not None and now.size != weights.bytes
