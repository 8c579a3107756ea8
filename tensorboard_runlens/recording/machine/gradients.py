"""Gradient norms and sizes of updates, kept on the device until somebody asks: no step waits for it.

PyTorch is imported where it is used: who trains has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tensorboard_runlens.run import Floats

MAX_ELEMENTS = 2**20
"""Weights of a parameter group that updates are measured on, 4 MB to copy: a large model has 60 times as many,
and the layers left out are spread over its depth."""

CLIP_LIMIT = 10.0
"""Ultralytics scales gradients of a larger norm down to this one."""

TOGETHER = 256
"""Single numbers on the device that are put into one array there, since each takes half a kilobyte."""

QUANTILES = {"p5": 0.05, "p50": 0.5, "p95": 0.95, "max": 1.0}


class Numbers:
    """Numbers that lie on a device, fetched together."""

    def __init__(self) -> None:
        self._single: list[Any] = []
        self._arrays: list[Any] = []

    def add(self, number: Any) -> None:
        """``number`` is a tensor without dimensions."""
        self._single.append(number)
        if len(self._single) == TOGETHER:
            self._pack()

    def take(self) -> Floats:
        """All since the last call, float64 (n,), in one transfer."""
        self._pack()
        (arrays, self._arrays) = (self._arrays, [])
        if not arrays:
            return np.empty(0)
        import torch

        taken: Floats = torch.cat(arrays).float().cpu().numpy().astype(np.float64)
        return taken

    def _pack(self) -> None:
        import torch

        (single, self._single) = (self._single, [])
        if single:
            self._arrays.append(torch.stack(single))


class Updates:
    """How far a step moves the weights of each parameter group, as a share of their own size."""

    def __init__(self, optimizer: Any) -> None:
        groups = {
            f"pg{n}": chosen(group["params"]) for (n, group) in enumerate(optimizer.param_groups)
        }
        self._weights = {name: weights for (name, weights) in groups.items() if weights}
        self._ratios = {name: Numbers() for name in self._weights}
        self._earlier: dict[str, list[Any]] = {}

    def before(self) -> None:
        """Copies the weights."""
        self._earlier = {
            name: [weight.detach().clone() for weight in weights]
            for (name, weights) in self._weights.items()
        }

    def after(self) -> None:
        """Compares them with what they have become; nothing where ``before`` was not called."""
        (earlier, self._earlier) = (self._earlier, {})
        for name, copies in earlier.items():
            moves = [weight.detach() - copy for (weight, copy) in zip(self._weights[name], copies)]
            self._ratios[name].add(total_norm(moves) / total_norm(copies))

    def take(self) -> dict[str, Floats]:
        """The ratios of each group since the last call."""
        return {name: ratios.take() for (name, ratios) in self._ratios.items()}


def chosen(weights: Sequence[Any]) -> list[Any]:
    """Trained weights, every n-th tensor so that there are at most MAX_ELEMENTS (or one tensor)."""
    trained = [weight for weight in weights if weight.requires_grad]
    for step in range(1, len(trained)):
        some = trained[::step]
        if sum(weight.numel() for weight in some) <= MAX_ELEMENTS:
            return some
    return trained[:1]


def gradient_norm(optimizer: Any, scaler: Any) -> Any:
    """The norm of all gradients together, as a tensor; unscaled, where mixed precision scales them. None where
    there is no gradient."""
    gradients = [
        weight.grad
        for group in optimizer.param_groups
        for weight in group["params"]
        if weight.grad is not None
    ]
    if not gradients:
        return None
    norm = total_norm(gradients)
    return norm if scaler is None else norm / scaler.scale(norm.new_ones(()))


def total_norm(tensors: Sequence[Any]) -> Any:
    """The norm of all elements of all tensors, as a tensor on their device."""
    import torch

    with torch.no_grad():
        if hasattr(
            torch.nn.utils, "get_total_norm"
        ):  # from PyTorch 2.6 on; in a few calls for all tensors
            return torch.nn.utils.get_total_norm(tensors)
        return torch.linalg.vector_norm(
            torch.stack([torch.linalg.vector_norm(one) for one in tensors])
        )


def described(norms: Floats, ratios: Mapping[str, Floats]) -> dict[str, Any]:
    """The field ``gradients`` of an epoch (docs/recorded_data.md)."""
    finite = norms[np.isfinite(norms)]
    return {
        "steps": len(norms),
        "norm": quantiles(finite),
        "clipped": float((finite > CLIP_LIMIT).mean()) if finite.size else None,
        "not_finite": len(norms) - len(finite),
        "update_ratio": {name: median(values) for (name, values) in ratios.items()},
    }


def quantiles(values: Floats) -> Any:
    """QUANTILES by name; None without a value."""
    if not values.size:
        return None
    return dict(zip(QUANTILES, np.quantile(values, list(QUANTILES.values())).tolist()))


def median(values: Floats) -> Any:
    """Of what is finite: weights that are all 0 have no ratio."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else None
