"""What to take along into production: lines to copy, the deploy file, and a sentence for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import msgspec
import yaml

from tensorboard_runlens import __version__, commands
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.deployment.customer import sentence
from tensorboard_runlens.deployment.fingerprint import sha256_of
from tensorboard_runlens.deployment.snippets import python_of, rounded, yaml_of
from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.plain_values import number, range_of
from tensorboard_runlens.schema.threshold import Deploy, DeployFile, ThresholdClass

FORMAT = 1
"""Of the deploy file. Raised when the meaning of a field changes; new fields do not raise it."""

ANY_WEIGHTS = "WEIGHTS"
"""Stands where no checkpoint lies in the folder; the user fills it in."""


def deploy_of(
    analysis: Analysis, found: Study, classes: list[ThresholdClass], sure: str
) -> Optional[Deploy]:
    """Everything to copy; None where no confidence is known. A model that finds next to nothing has its best at
    0, which is no threshold."""
    confidence = found.point.confidence
    if not confidence:
        return None
    weights = analysis.weights.use or ANY_WEIGHTS
    own = own_thresholds(classes)
    file = _file(analysis, found, own, sure)
    return Deploy(
        python=python_of(analysis.run, weights, confidence, own),
        commands=commands.deploy(analysis.run, weights, rounded(confidence)),
        yaml=yaml_of(analysis.run, weights, confidence),
        customer=sentence(found),
        file=file,
        file_text=yaml.safe_dump(msgspec.to_builtins(file), sort_keys=False, width=1000),
    )


def own_thresholds(classes: list[ThresholdClass]) -> dict[str, float]:
    """The classes for which a threshold of their own is worth it, by name."""
    return {
        one.name: rounded(one.advised)
        for one in classes
        if one.verdict == "own" and one.advised is not None
    }


def _file(analysis: Analysis, found: Study, own: Mapping[str, float], sure: str) -> DeployFile:
    point = found.point
    return DeployFile(
        format=FORMAT,
        run=analysis.run.name,
        weights=analysis.weights.use,
        weights_sha256=sha256_of(analysis.run, analysis.weights.use),
        imgsz=_image_size(found, analysis.run.arguments),
        confidence=rounded(point.confidence or 0.0),
        classes=dict(own),
        objective=found.objective.name,
        f1=number(point.f1),
        precision=number(point.precision),
        recall=number(point.recall),
        interval=range_of(point.interval),
        source=point.source,
        sure=sure,
        made_by=f"runlens {__version__}",
    )


def _image_size(found: Study, arguments: Mapping[str, Any]) -> Optional[int]:
    """Of the validation, else as the training's arguments have it."""
    if found.validation is not None and found.validation.imgsz is not None:
        return found.validation.imgsz
    return commands.image_size(arguments)
