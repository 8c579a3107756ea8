"""A plain PyTorch training loop that RunLens shows: a classifier of discs, squares and rings.

    python examples/plain_pytorch.py [RUN_DIR]

Takes some seconds on a CPU and downloads nothing. Lines that are there for RunLens are marked.
"""

from __future__ import annotations

import sys
import time

import torch
from torch import nn

from tensorboard_runlens import Recorder

NAMES = ["disc", "square", "ring"]
SIZE = 24
EPOCHS = 15
NOISE = 0.7


def shapes(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Noisy images (count, 1, SIZE, SIZE) and their class numbers (count,)."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.randint(len(NAMES), (count,), generator=random)
    centre = torch.randint(8, SIZE - 8, (2, count, 1, 1), generator=random)
    radius = torch.randint(4, 8, (count, 1, 1), generator=random)
    (down, right) = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    (down, right) = ((down - centre[0]).abs(), (right - centre[1]).abs())
    distance = (down.square() + right.square()).float().sqrt()
    disc = distance <= radius
    square = torch.maximum(down, right) <= radius
    ring = disc & (distance > radius - 2)
    drawn = torch.stack([disc, square, ring])[labels, torch.arange(count)]
    noise = NOISE * torch.randn(drawn.shape, generator=random)
    return (drawn.float() + noise).unsqueeze(1), labels


def network() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(3),
        nn.Flatten(),
        nn.Linear(16 * 9, len(NAMES)),
    )


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, images, labels) -> float:
    """The mean loss over the epoch's batches."""
    model.train()
    total = 0.0
    for batch in torch.randperm(len(images)).split(32):
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(images)


@torch.no_grad()
def validate(model: nn.Module, images, labels) -> tuple[float, torch.Tensor]:
    """The loss, and counts (predicted, true)."""
    model.eval()
    output = model(images)
    counts = torch.zeros(len(NAMES), len(NAMES), dtype=torch.long)
    counts.index_put_((output.argmax(1), labels), torch.tensor(1), accumulate=True)
    return nn.functional.cross_entropy(output, labels).item(), counts


def by_class(counts: torch.Tensor) -> dict[str, dict[str, float]]:
    """Precision and recall of each class that was predicted at all."""
    (right, predicted, there) = (counts.diagonal(), counts.sum(1), counts.sum(0))
    return {
        name: {
            "precision": float(right[number] / predicted[number]) if predicted[number] else None,
            "recall": float(right[number] / there[number]),
            "instances": int(there[number]),
        }
        for (number, name) in enumerate(NAMES)
    }


def main(run_dir: str) -> None:
    torch.manual_seed(0)
    (images, labels) = shapes(512, seed=1)
    (val_images, val_labels) = shapes(128, seed=2)
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)

    with Recorder(run_dir) as recorder:  # RunLens
        recorder.describe(  # RunLens
            task="classify",
            names=NAMES,
            images={"train": len(images), "val": len(val_images)},
            epochs=EPOCHS,
            optimizer=optimizer,
            arguments={"batch": 32, "lr": 0.003},
        )
        for epoch in range(1, EPOCHS + 1):
            start = time.perf_counter()
            train_loss = train_epoch(model, optimizer, images, labels)
            (val_loss, counts) = validate(model, val_images, val_labels)
            top1 = float(counts.diagonal().sum() / counts.sum())
            recorder.log_classes(by_class(counts), group="classify")  # RunLens
            recorder.log_epoch(  # RunLens
                epoch,
                seconds=time.perf_counter() - start,
                train={"loss": train_loss},
                val={"loss": val_loss},
                metrics={"classify": {"top1": top1}},
                lr=optimizer.param_groups[0]["lr"],
            )
            print(
                f"epoch {epoch}: loss {train_loss:.3f}, validation {val_loss:.3f}, top-1 {top1:.3f}"
            )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/plain_pytorch")
