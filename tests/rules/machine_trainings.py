"""Trainings whose recording tells something of the machine."""

from __future__ import annotations

from typing import Any, Callable

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training, tracked


def waiting(seconds: float, compute: float = 27.0, **machine: Any) -> Training:
    return tracked(lambda row: {"data_seconds": seconds, "compute_seconds": compute, **machine})


def memory(peak: float, batch: Any = 16, **machine: Any) -> Training:
    training = tracked(lambda row: {"memory": {"peak": peak, "total": 80e9}, **machine})
    return training.changed(args={"batch": batch})


def skipping(skipped: Callable[[int], int], steps: int = 1000, scale: float = 64.0) -> Training:
    def amp(row: int) -> dict[str, Any]:
        return {"amp": {"scale": scale, "steps": steps, "skipped_steps": skipped(row)}}

    return tracked(amp)


def speeds(values: Any, training: Training = HEALTHY, **machine: Any) -> Training:
    """A training at these images a second, 3,000 images an epoch."""

    def work(row: int) -> dict[str, Any]:
        rate = float(values[row])
        return {"images_per_second": rate, "compute_seconds": 3000 / rate - 3, **machine}

    return tracked(work, training=training)


def norms(values: Any, training: Training = HEALTHY, **gradients: Any) -> Training:
    return tracked(norm=lambda row: {"p50": float(values[row])}, training=training, **gradients)


TROUBLES = {
    "input-bound": Example(
        "Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND
    ),
    "gpu-memory": Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY),
    "skipped-steps": Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING),
    "throughput-drift": Example(
        "Each epoch is a second slower than the one before.", trainings.SLOWING
    ),
    "exploding-gradients": Example(
        "Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING
    ),
    "vanishing-gradients": Example(
        "Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING
    ),
}
"""Rule -> a training on which it speaks."""


def other_machines(rule: str) -> list[Example]:
    """Trainings on which it is quiet: sound ones, and those of the other rules."""
    sound = [Example("A sound machine.", tracked()), Example("Nothing was recorded.", HEALTHY)]
    return [*sound, *(example for (other, example) in TROUBLES.items() if other != rule)]
