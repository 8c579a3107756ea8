"""What a run's files say beside its results, as the JSON structs: console, checkpoints, recording."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.answers.numbers import rounded_metrics
from tensorboard_runlens.formats.checkpoint import Checkpoint
from tensorboard_runlens.plain_values import number, rounded, without_absolute_paths
from tensorboard_runlens.run import Console, Recorded, Scanned


def console_of(console: Console) -> schema.Console:
    """What the saved console output says; images a second from its milliseconds an image."""
    total = sum(console.speed_ms.values())
    return schema.Console(
        file=console.file,
        version=console.version,
        python=console.python,
        torch=console.torch,
        device=_shown(console.device),
        model=_shown(console.model),
        layers=console.layers,
        parameters=console.parameters,
        gflops=number(console.gflops),
        transferred=console.transferred,
        frozen=list(console.frozen),
        train=_split(console.train),
        val=_split(console.val),
        epochs_completed=console.epochs_completed,
        hours=number(console.hours),
        speed_ms={stage: rounded(value) for (stage, value) in console.speed_ms.items()},
        fps=rounded(1000 / total) if total > 0 else None,
        ended=console.ended,
    )


def _split(split: Optional[Scanned]) -> Optional[schema.Split]:
    return None if split is None else schema.Split(split.images, split.backgrounds, split.corrupt)


def checkpoint_of(checkpoint: Checkpoint) -> schema.Checkpoint:
    """What a checkpoint says of itself, with the first of its problems."""
    return schema.Checkpoint(
        file=checkpoint.file,
        bytes=checkpoint.size,
        version=checkpoint.version,
        date=checkpoint.date,
        epoch=checkpoint.epoch_of_weights,
        finished=checkpoint.finished,
        logged=checkpoint.logged,
        metrics=rounded_metrics(checkpoint.metrics),
        problem=next((problem.problem for problem in checkpoint.problems), None),
    )


def recorded_of(recorded: Recorded) -> schema.Recorded:
    """What the callback recorded of how the run was trained."""
    devices = recorded.devices or ((recorded.device,) if recorded.device else ())
    return schema.Recorded(
        epochs=recorded.epochs,
        optimizer=_shown(recorded.optimizer),
        learning_rates=[rounded(rate) for rate in recorded.learning_rates],
        fitness=_shown(recorded.fitness),
        torch=_shown(recorded.torch),
        python=_shown(recorded.python),
        devices=[without_absolute_paths(device) for device in devices],
        missing=[without_absolute_paths(sentence) for sentence in recorded.missing],
    )


def _shown(text: Optional[str]) -> Optional[str]:
    return None if text is None else without_absolute_paths(text)
