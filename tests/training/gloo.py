"""Two processes on the CPU where Ultralytics wants GPUs: trainers, and the test-only patches that this takes.

Everything else is the framework's: it starts the processes with its own command, and each of them
imports this module, by its name, with the class of the trainer.
"""

from __future__ import annotations

import json
import os
import sys
from types import SimpleNamespace
from typing import Any

import past_best
from old_releases import patch as patch_old_releases
from shapes import make_torchvision_work

if "torchvision" not in sys.modules:
    patch_old_releases()
    make_torchvision_work()

import numpy as np
import torch
import torch.distributed as dist
import ultralytics.engine.trainer as training
import ultralytics.engine.validator as validation
from ultralytics.models.yolo.detect import DetectionTrainer

from tensorboard_runlens import RunLensTrainer

if os.environ.get("TOLD"):
    past_best.tell()

PROCESSES = 2
CPU = torch.device("cpu")


class PlainTrainer(DetectionTrainer):
    """Believes in two devices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.world_size = PROCESSES
        if not hasattr(self, "ddp"):  # up to some 8.3, counted by the device when training begins
            del self.world_size
            self.args.device = ",".join(map(str, range(PROCESSES)))
        self.ddp = "LOCAL_RANK" not in os.environ

    def _setup_ddp(self, *world_size: int) -> None:
        rank = int(os.environ["RANK"])
        dist.init_process_group("gloo", rank=rank, world_size=PROCESSES)


class OnCPU(torch.nn.parallel.DistributedDataParallel):
    """A model whose gradients are averaged, on no device of a number."""

    def __init__(self, model: Any, device_ids: Any, **arguments: Any) -> None:
        super().__init__(model, **arguments)


class RecordingTrainer(RunLensTrainer, PlainTrainer):
    """Records whatever becomes of the callbacks."""


def witness(trainer: Any) -> None:
    """Writes down what a process knows of a recording."""
    known = {
        name: type(getattr(holder, "_runlens", None)).__name__
        for (name, holder) in (("trainer", trainer), ("validator", trainer.validator))
    }
    path = trainer.save_dir.with_name(f"{trainer.save_dir.name}_rank_{os.environ['RANK']}.json")
    path.write_text(json.dumps(known), encoding="utf-8")


def keep_matrix(trainer: Any) -> None:
    """Writes down the framework's matrix, rows predicted, columns true."""
    path = trainer.save_dir.with_name(f"{trainer.save_dir.name}_matrix.npy")
    np.save(path, trainer.validator.confusion_matrix.matrix)


def patch() -> None:
    """What a CPU and gloo cannot do, done otherwise: devices by number, means over processes."""
    backend = validation.AutoBackend
    reduce = dist.reduce

    def backend_on_cpu(device: Any, **arguments: Any) -> Any:
        return backend(device=CPU, **arguments)

    def reduce_mean(tensor: Any, dst: int, op: Any = dist.ReduceOp.SUM) -> None:
        if op == dist.ReduceOp.AVG:
            tensor /= dist.get_world_size()
        reduce(tensor, dst, dist.ReduceOp.SUM)

    torch.nn.parallel.DistributedDataParallel = OnCPU
    training.select_device = validation.select_device = lambda *asked, **options: CPU
    dist.reduce = reduce_mean
    validation.AutoBackend = backend_on_cpu
    validation.get_torch_device_backend = lambda device: SimpleNamespace(current_device=lambda: 0)


patch()
