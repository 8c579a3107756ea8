"""What the machine did in an epoch: waiting for data and computing, memory, the GPU, mixed precision, repeats."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Any, Callable, Optional

from tensorboard_runlens.recording.machine.gpu import Gpu, NoGpu
from tensorboard_runlens.recording.machine.memory import (
    accelerator_bytes,
    main_memory_used,
    resident_bytes,
)
from tensorboard_runlens.recording.machine.optimizer_steps import OptimizerSteps, countable
from tensorboard_runlens.recording.machine.pace import Pace, Repeats, images
from tensorboard_runlens.recording.machine.watched_gpu import WatchedGpu


class Machine:
    """The field ``machine`` of every epoch; what is not known is left out."""

    name = "machine signals"

    def __init__(self, tracking: Any) -> None:
        self._guarded: Callable[[str, Callable[[], Any]], Any] = tracking.guarded
        self._miss: Callable[[str], None] = tracking.miss
        self._pace = Pace()
        (self.batch_started, self.batch_ended) = (self._pace.batch_started, self._pace.batch_ended)
        self._repeats = Repeats()
        self._memory: dict[str, int] = {}
        self._earlier_peak = 0
        self._gpu: Optional[WatchedGpu] = None
        self._steps: Optional[OptimizerSteps] = None
        self._cpu = 0.0

    def start(self, trainer: Any) -> None:
        """Begins to look at the GPU and to count the optimizer's steps, where there is one and a need."""
        self._earlier_peak = self._part_of_memory(trainer).get("peak", 0)
        self._gpu = self._guarded("GPU utilisation", partial(self._watch, trainer))
        if scaler_of(trainer) is not None:
            self._steps = self._guarded("AMP steps", partial(self._count_steps, trainer))

    def epoch_started(self, trainer: Any) -> None:
        """Begins anew, also where the framework repeats an epoch."""
        self._cpu = time.process_time()
        self._repeats.epoch_started(trainer.epoch)
        if self._steps is not None:
            self._guarded("AMP steps", partial(self._steps.begin, trainer))
        self._pace.epoch_started()

    def trained(self, trainer: Any) -> None:
        """Memory is looked at before the framework empties its cache for the validation."""
        self._repeats.trained()
        self._memory = self._part_of_memory(trainer)

    def epoch(self, trainer: Any) -> dict[str, Any]:
        """The machine's part of the line."""
        found = {
            **self._pace.told(
                self._guarded("images", partial(images, trainer, self._pace.batches))
            ),
            "cpu_seconds": time.process_time() - self._cpu,
            "rss_bytes": self._guarded("process memory", resident_bytes),
            "main_memory_used": self._guarded("main memory", main_memory_used),
            "memory": self._guarded("accelerator memory", partial(self._told_memory, trainer)),
            "gpu": None if self._gpu is None else self._gpu.told(),
            "amp": self._guarded("AMP", partial(self._told_amp, trainer)),
            **self._repeats.told(),
        }
        return {"machine": {name: value for (name, value) in found.items() if known(value)}}

    def end(self, trainer: Any) -> None:
        """Leaves trainer, optimizer and driver alone again."""
        if self._steps is not None:
            self._steps.end()
        if self._gpu is not None:
            self._gpu.end()

    def _part_of_memory(self, trainer: Any) -> dict[str, int]:
        return self._guarded("accelerator memory", partial(accelerator_bytes, trainer.device)) or {}

    def _told_memory(self, trainer: Any) -> dict[str, int]:
        """A peak from before the training, as the search for a batch size leaves one, is none of this training."""
        peak = accelerator_bytes(trainer.device).get("peak", 0)
        found = {name: value for (name, value) in self._memory.items() if name != "peak"}
        return {**found, "peak": peak} if peak > self._earlier_peak else found

    def _told_amp(self, trainer: Any) -> dict[str, Any]:
        scaler = scaler_of(trainer)
        if scaler is None:
            return {}
        steps = {} if self._steps is None else self._steps.taken()
        return {"scale": float(scaler.get_scale()), **steps}

    def _count_steps(self, trainer: Any) -> OptimizerSteps:
        if not countable(trainer.optimizer):
            self._miss(
                "skipped AMP steps: PyTorch 2.0 and an optimizer that is not fused tell them"
            )
        return OptimizerSteps(trainer)

    def _watch(self, trainer: Any) -> Optional[WatchedGpu]:
        if trainer.device.type != "cuda":
            return None
        torch = sys.modules["torch"]
        try:
            if torch.version.hip is not None:
                raise NoGpu("not for AMD")
            properties = torch.cuda.get_device_properties(trainer.device)
            uuid = getattr(properties, "uuid", None)
            return WatchedGpu(Gpu(None if uuid is None else str(uuid)), self._guarded)
        except NoGpu as why:
            self._miss(f"GPU utilisation, power and temperature: {why}")
            return None


def scaler_of(trainer: Any) -> Any:
    """The gradient scaler of mixed precision; None where nothing is scaled."""
    scaler = getattr(trainer, "scaler", None)
    return scaler if scaler is not None and scaler.is_enabled() else None


def known(value: Any) -> bool:
    return value is not None and value != {}
