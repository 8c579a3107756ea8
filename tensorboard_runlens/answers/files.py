"""What a run's files say beside its results, as the JSON structs: arguments, console, checkpoints, pictures."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.answers.numbers import rounded_metrics
from tensorboard_runlens.formats.checkpoint import Checkpoint
from tensorboard_runlens.pictures import Picture
from tensorboard_runlens.plain_values import as_text, number, rounded, without_absolute_paths
from tensorboard_runlens.run import Console, Recorded, Run, Scanned


def config_of(run: Run) -> list[schema.Setting]:
    """The arguments as text, in the order of their files; absolute paths shortened."""
    return [
        schema.Setting(as_text(key), as_text(value), run.argument_file.get(key, ""))
        for (key, value) in run.arguments.items()
    ]


def console_of(console: Console) -> schema.Console:
    """What the saved console output says; images a second from its milliseconds an image."""
    total = sum(console.speed_ms.values())
    return schema.Console(
        file=console.file,
        version=console.version,
        python=console.python,
        torch=console.torch,
        device=None if console.device is None else without_absolute_paths(console.device),
        model=None if console.model is None else without_absolute_paths(console.model),
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


def picture_of(picture: Picture) -> schema.Picture:
    """A picture, and the validation image that it shows where that is known."""
    shows = picture.shows
    if shows is None or shows.image is None:
        return schema.Picture(picture.id, picture.role, None)
    name = without_absolute_paths(shows.image)
    return schema.Picture(
        picture.id, picture.role, schema.ShownImage(name, shows.missed, shows.false)
    )


def recorded_of(recorded: Recorded) -> schema.Recorded:
    """What the callback recorded of how the run was trained."""
    devices = recorded.devices or ((recorded.device,) if recorded.device else ())
    return schema.Recorded(
        epochs=recorded.epochs,
        optimizer=recorded.optimizer,
        learning_rates=[rounded(rate) for rate in recorded.learning_rates],
        fitness=recorded.fitness,
        torch=recorded.torch,
        python=recorded.python,
        devices=[without_absolute_paths(device) for device in devices],
        missing=[without_absolute_paths(sentence) for sentence in recorded.missing],
    )
