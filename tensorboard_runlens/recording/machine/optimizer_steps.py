"""Optimizer steps that mixed precision left out because gradients had overflowed, counted without asking the device."""

from __future__ import annotations

from typing import Any

from tensorboard_runlens.recording.watched import Watched


class OptimizerSteps:
    """Counts the steps that the framework asked for and those that the optimizer made.

    The gradient scaler calls the optimizer only where all gradients are finite, so the difference
    was skipped.
    """

    def __init__(self, trainer: Any) -> None:
        self._asked = 0
        self._made = 0
        self._optimizer: Any = None
        self._hook: Any = None
        self._watched = Watched(trainer, "optimizer_step", before=self._count_asked)

    def begin(self, trainer: Any) -> None:
        """Counts from 0. The optimizer may be another one after an epoch that ran out of memory."""
        (self._asked, self._made) = (0, 0)
        if trainer.optimizer is self._optimizer:
            return
        self._unhook()
        self._optimizer = trainer.optimizer
        if countable(trainer.optimizer):
            self._hook = trainer.optimizer.register_step_post_hook(self._count_made)

    def taken(self) -> dict[str, int]:
        """Since ``begin``; empty where it cannot be known."""
        if self._hook is None:
            return {}
        return {"steps": self._asked, "skipped_steps": self._asked - self._made}

    def end(self) -> None:
        """Leaves trainer and optimizer as they were."""
        self._watched.stop()
        self._unhook()

    def _count_asked(self) -> None:
        self._asked += 1

    def _count_made(self, *_: Any) -> None:
        self._made += 1

    def _unhook(self) -> None:
        if self._hook is not None:
            self._hook.remove()
            self._hook = None


def countable(optimizer: Any) -> bool:
    """PyTorch has the hook from 2.0 on; fused optimizers are called always and skip by themselves."""
    fused = any(group.get("fused") for group in optimizer.param_groups)
    return hasattr(optimizer, "register_step_post_hook") and not fused
