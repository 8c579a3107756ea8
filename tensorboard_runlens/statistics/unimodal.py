"""Monotone and unimodal least squares: does a curve only fall, or fall and then rise?

Pool-adjacent-violators over growing prefixes (Ayer et al. 1955; prefix form as in Stout 2008) gives
the error of the best non-increasing fit to every beginning and of the best non-decreasing fit to
every end, in O(n) together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tensorboard_runlens.run import Floats


@dataclass(frozen=True)
class Unimodal:
    """The best "falls, then rises" fit to n values.

    ``split`` in 0..n: values before it fall, from it on they rise; n says that the curve only
    falls. ``errors`` (n + 1,) are the squared errors for each split. ``fit`` (n,) are the fitted
    values.
    """

    split: int
    errors: Floats
    fit: Floats

    @property
    def gain(self) -> float:
        """Squared error that the rise explains: that of the falling fit alone less that of the best split."""
        return float(self.errors[-1] - self.errors[self.split])


def falling_errors(values: list[float]) -> list[float]:
    """Squared error of the best non-increasing fit to each prefix: item k belongs to the first k + 1 values."""
    sums: list[float] = []
    counts: list[int] = []
    squares: list[float] = []
    errors: list[float] = []
    total = 0.0
    for value in values:
        (block, count, square) = (value, 1, value * value)
        while sums and block * counts[-1] > sums[-1] * count:
            total -= squares[-1] - sums[-1] * sums[-1] / counts[-1]
            block += sums.pop()
            count += counts.pop()
            square += squares.pop()
        if count > 1:
            total += square - block * block / count
        sums.append(block)
        counts.append(count)
        squares.append(square)
        errors.append(max(total, 0.0))
    return errors


def falling_fit(values: list[float]) -> Floats:
    """The best non-increasing fit, shape (n,)."""
    blocks: list[list[float]] = []
    for value in values:
        block = [value, 1.0]
        while blocks and block[0] * blocks[-1][1] > blocks[-1][0] * block[1]:
            (total, count) = blocks.pop()
            block = [block[0] + total, block[1] + count]
        blocks.append(block)
    return np.repeat(
        [total / count for (total, count) in blocks], [int(count) for (_, count) in blocks]
    )


def fit_unimodal(values: Floats) -> Unimodal:
    """The best split of ``values`` (n >= 1, finite) into a falling and a rising part."""
    centred = (values - values.mean()).tolist()
    before = np.array([0.0, *falling_errors(centred)])
    after = np.array([0.0, *falling_errors(centred[::-1])])[::-1]
    errors = before + after
    split = int(np.argmin(errors))
    listed = values.tolist()
    fit = np.concatenate([falling_fit(listed[:split]), falling_fit(listed[split:][::-1])[::-1]])
    return Unimodal(split, errors, fit)
