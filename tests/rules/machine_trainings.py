"""Trainings whose recording tells something of the machine."""

from __future__ import annotations

from typing import Any, Callable

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
