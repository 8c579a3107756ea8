"""A Lightning callback that records a training for RunLens, and a small training with it.

    python examples/lightning_callback.py [RUN_DIR]

Needs Lightning (``pip install lightning``, or ``pytorch_lightning``). Copy the callback: it records
what the module logs with ``self.log`` under names such as train_loss, val_loss and val_acc.
"""

from __future__ import annotations

import sys
import time

import torch

from tensorboard_runlens import Recorder

try:
    import lightning.pytorch as lightning
except ImportError:
    import pytorch_lightning as lightning

EPOCHS = 12


class RunLensCallback(lightning.Callback):
    """Records what is logged by epoch. ``metrics`` maps logged names to (group, metric) of RunLens."""

    def __init__(self, run_dir: str, metrics: dict[str, tuple[str, str]], **facts) -> None:
        self.recorder = Recorder(run_dir)
        self.metrics = metrics
        self.facts = facts
        self.start = time.perf_counter()

    def on_fit_start(self, trainer, module) -> None:
        if trainer.is_global_zero:  # in a training on several GPUs one process records
            self.recorder.describe(
                epochs=trainer.max_epochs,
                optimizer=trainer.optimizers[0],
                device=trainer.strategy.root_device,
                arguments=dict(module.hparams),
                **self.facts,
            )

    def on_train_epoch_start(self, trainer, module) -> None:
        self.start = time.perf_counter()

    def on_train_epoch_end(self, trainer, module) -> None:
        """Lightning validates within the training epoch, so that both sides are there now."""
        if not trainer.is_global_zero:
            return
        logged = trainer.callback_metrics
        metrics: dict[str, dict[str, float]] = {}
        for name, (group, metric) in self.metrics.items():
            if name in logged:
                metrics.setdefault(group, {})[metric] = logged[name]
        self.recorder.log_epoch(
            trainer.current_epoch + 1,
            seconds=time.perf_counter() - self.start,
            train={"loss": logged["train_loss"]} if "train_loss" in logged else None,
            val={"loss": logged["val_loss"]} if "val_loss" in logged else None,
            metrics=metrics,
            lr=trainer.optimizers[0].param_groups[0]["lr"],
        )

    def on_fit_end(self, trainer, module) -> None:
        if trainer.is_global_zero:
            self.recorder.finish()


class Classifier(lightning.LightningModule):
    """Tells which of two halves of a square a point lies in."""

    def __init__(self, rate: float = 1.0) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(2, 2)

    def training_step(self, batch, _):
        loss = torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch, _):
        output = self.layer(batch[0])
        self.log("val_loss", torch.nn.functional.cross_entropy(output, batch[1]))
        self.log("val_acc", (output.argmax(1) == batch[1]).float().mean())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.hparams.rate)


def points(count: int, seed: int) -> torch.utils.data.DataLoader:
    found = torch.rand(count, 2, generator=torch.Generator().manual_seed(seed))
    data = torch.utils.data.TensorDataset(found, (found.sum(1) > 1).long())
    return torch.utils.data.DataLoader(data, batch_size=32)


def main(run_dir: str) -> None:
    torch.manual_seed(0)
    callback = RunLensCallback(
        run_dir,
        {"val_acc": ("classify", "top1")},
        task="classify",
        names=["below", "above"],
        images={"train": 256, "val": 64},
    )
    trainer = lightning.Trainer(
        max_epochs=EPOCHS,
        accelerator="cpu",
        callbacks=[callback],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    trainer.fit(Classifier(), points(256, seed=1), points(64, seed=2))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/lightning")
