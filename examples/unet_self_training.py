"""Self-training of a small U-Net that RunLens shows: iterations in place of epochs, a threshold for every one.

    python examples/unet_self_training.py [RUN_DIR]

Iteration 0 learns from a few labelled images. Each later one labels the other images with the model
of the one before, keeps the pixels it is sure of, and trains on. Takes some seconds on a CPU and
downloads nothing. Lines that are there for RunLens are marked.
"""

from __future__ import annotations

import sys
import time

import torch
from torch import nn

from tensorboard_runlens import Recorder

SIZE = 32
ITERATIONS = 2
STEPS = 60
POSITIVE = 0.9
NEGATIVE = 0.1
IGNORED = -1.0


def scenes(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Noisy images (count, 1, SIZE, SIZE) with some discs, and masks of the same shape, 0 or 1."""
    random = torch.Generator().manual_seed(seed)
    (down, right) = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    masks = torch.zeros(count, SIZE, SIZE, dtype=torch.bool)
    for _ in range(3):
        centre = torch.randint(SIZE, (2, count, 1, 1), generator=random)
        radius = torch.randint(2, 6, (count, 1, 1), generator=random)
        masks |= (down - centre[0]).square() + (right - centre[1]).square() <= radius.square()
    noise = 0.6 * torch.randn(masks.shape, generator=random)
    return (masks + noise).unsqueeze(1), masks.float().unsqueeze(1)


class UNet(nn.Module):
    """One step down and up again."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
        self.deep = nn.Sequential(
            nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)
        )
        self.up = nn.Sequential(nn.Conv2d(24, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        fine = self.down(images)
        return self.up(torch.cat([fine, self.deep(fine)], 1))


def masked_loss(output: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over the pixels that have a label."""
    known = masks != IGNORED
    return nn.functional.binary_cross_entropy_with_logits(output[known], masks[known])


def train(model: nn.Module, optimizer: torch.optim.Optimizer, images, masks) -> float:
    """The mean loss over all steps."""
    total = 0.0
    for _ in range(STEPS):
        batch = torch.randint(len(images), (16,))
        loss = masked_loss(model(images[batch]), masks[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / STEPS


@torch.no_grad()
def pseudo_labels(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """1 and 0 where the model is sure, IGNORED elsewhere."""
    scores = model(images).sigmoid()
    labels = torch.full_like(scores, IGNORED)
    labels[scores >= POSITIVE] = 1
    labels[scores <= NEGATIVE] = 0
    return labels


@torch.no_grad()
def validate(model: nn.Module, images, masks, recorder: Recorder) -> float:
    """The loss; the scores of all pixels go to the recorder, which finds the best threshold."""
    losses = []
    for image, mask in zip(images.split(8), masks.split(8)):
        output = model(image)
        losses.append(masked_loss(output, mask).item())
        recorder.log_confidences(output.sigmoid(), mask)  # RunLens
    return sum(losses) / len(losses)


def main(run_dir: str) -> None:
    torch.manual_seed(0)
    (labelled, masks) = scenes(8, seed=1)
    (unlabelled, _) = scenes(56, seed=2)
    (val_images, val_masks) = scenes(32, seed=3)
    model = UNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

    with Recorder(run_dir) as recorder:  # RunLens
        recorder.describe(  # RunLens
            task="semantic",
            axis="iteration",
            epochs=ITERATIONS + 1,
            images={"train": len(labelled) + len(unlabelled), "val": len(val_images)},
            optimizer=optimizer,
            arguments={
                "positive_threshold": POSITIVE,
                "negative_threshold": NEGATIVE,
                "threshold_decay": 0.0,
            },
        )
        (images, targets) = (labelled, masks)
        for iteration in range(ITERATIONS + 1):
            start = time.perf_counter()
            if iteration:
                images = torch.cat([labelled, unlabelled])
                targets = torch.cat([masks, pseudo_labels(model, unlabelled)])
            train_loss = train(model, optimizer, images, targets)
            val_loss = validate(model, val_images, val_masks, recorder)
            recorder.log_epoch(  # RunLens
                iteration,
                seconds=time.perf_counter() - start,
                train={"loss": train_loss},
                val={"loss": val_loss},
            )
            print(f"iteration {iteration}: loss {train_loss:.3f}, validation {val_loss:.3f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/unet_self_training")
