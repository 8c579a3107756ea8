"""What a confidence is chosen for: the best balance of precision and recall, enough of one of them, or the least cost.

f1, f0.5, f2, f<beta>   F-beta: recall counts beta times as much as precision (van Rijsbergen 1979)
precision@P             the most recall among confidences with a precision of P
recall@R                the highest confidence with a recall of R
cost@A:B                the least cost, a wrong detection costing A and a missed object B
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal, Optional

import numpy as np

from tensorboard_runlens.recording.loop.average_precision import EPSILON
from tensorboard_runlens.run import Floats

Kind = Literal["f", "precision", "recall", "cost"]

MAX_BETA = 10.0
"""With it recall counts 100 times as much as precision does; beyond, the confidence is always the lowest."""

ACCEPTED = (
    f"an objective is f1, f0.5, f2 (any f<beta> with beta above 0 and up to {MAX_BETA:g}), precision@P or recall@R "
    "with a fraction between 0 and 1, or cost@A:B with what a wrong detection and a missed object cost"
)

NUMBER = r"(\d+(?:\.\d*)?|\.\d+)"
FORMS = tuple(
    re.compile(form)
    for form in (rf"(f){NUMBER}", rf"(precision|recall)@{NUMBER}", rf"(cost)@{NUMBER}:{NUMBER}")
)


@dataclass(frozen=True)
class Objective:
    """``parameters`` are (beta,) of f, (least,) of precision and recall, (wrong, missed) of cost."""

    kind: Kind
    parameters: tuple[float, ...]

    @property
    def name(self) -> str:
        """As it is written: f1, f0.5, precision@0.9, cost@1:5."""
        numbers = ":".join(map(_written, self.parameters))
        return f"f{numbers}" if self.kind == "f" else f"{self.kind}@{numbers}"

    @property
    def text(self) -> str:
        """One plain phrase, which completes "the confidence with"."""
        first = f"{self.parameters[0]:g}"
        if self.kind == "f":
            return _text_of_f(self.parameters[0])
        if self.kind == "cost":
            return (
                f"the least cost, where a wrong detection costs {first} "
                f"and a missed object {self.parameters[1]:g}"
            )
        other = "recall" if self.kind == "precision" else "precision"
        return f"the most {other} where {self.kind} is surely at least {first}"

    def of_counts(self, right: Any, found: Any, instances: Any) -> Floats:
        """The objective, higher being better: F-beta, precision, recall, or minus the cost per object.

        ``right`` true positives of ``found`` detections of ``instances`` objects are arrays that broadcast. Never NaN:
        F-beta and recall are 0 where there is nothing to divide by, precision is 1, as in the frameworks' curves, and
        the cost where there are no objects is not divided.
        """
        (right, found, instances) = (
            np.asarray(one, np.float64) for one in (right, found, instances)
        )
        if self.kind == "precision":
            return precision_of(right, found)
        if self.kind == "recall":
            return recall_of(right, instances)
        if self.kind == "f":
            square = self.parameters[0] ** 2
            return _divided((1 + square) * right, square * instances + found, 0.0)
        (wrong, missed) = self.parameters
        cost = wrong * (found - right) + missed * (instances - right)
        return np.asarray(-cost / np.maximum(instances, 1))

    def of_rates(self, precision: Floats, recall: Floats) -> Floats:
        """F-beta of precision and recall, as the frameworks compute it: 0 where both are 0. Raises ValueError for
        another objective, which needs counts."""
        if self.kind != "f":
            raise ValueError(f"{self.name} is about counts")
        square = self.parameters[0] ** 2
        sums = square * precision + recall + EPSILON
        return np.asarray((1 + square) * precision * recall / sums, np.float64)

    def best(self, values: Floats) -> Optional[int]:
        """The index of the best cut, ``values`` (n,) being the objective by falling confidence; None where none reaches
        what is asked for. Of equally good cuts the first counts, but of those precise enough the last."""
        if not len(values):
            return None
        if self.kind in ("f", "cost"):
            return int(values.argmax())
        reached = np.flatnonzero(values >= self.parameters[0])
        if not len(reached):
            return None
        return int(reached[-1] if self.kind == "precision" else reached[0])


F1 = Objective("f", (1.0,))


def parse(text: str) -> Objective:
    """The objective of a text such as "f1" or "precision@0.9". Raises ValueError naming what is accepted."""
    for form in FORMS:
        found = form.fullmatch(text.strip().lower()) if len(text) < 100 else None
        if found:
            return _checked(found[1], tuple(map(float, found.groups()[1:])))
    raise ValueError(f"{text[:100]!r} is no objective: {ACCEPTED}")


def precision_of(right: Any, found: Any) -> Floats:
    """1 where nothing passes: what does not pass cannot be wrong, as in the frameworks' curves."""
    return _divided(right, found, 1.0)


def recall_of(right: Any, instances: Any) -> Floats:
    """0 where there are no objects."""
    return _divided(right, instances, 0.0)


def _checked(kind: Any, parameters: tuple[float, ...]) -> Objective:
    objective = Objective(kind, parameters)
    positive = all(0 < number < math.inf for number in parameters)
    largest = {"f": MAX_BETA, "cost": math.inf}.get(kind, 1.0)
    if not positive or max(parameters) > largest or (largest == 1.0 and parameters[0] == 1.0):
        raise ValueError(f"{objective.name!r} is out of range: {ACCEPTED}")
    return objective


def _written(number: float) -> str:
    """Up to 15 digits and no exponent, which is not accepted."""
    return np.format_float_positional(float(f"{number:.15g}"), trim="-")


def _text_of_f(beta: float) -> str:
    if beta == 1:
        return "the best F1"
    (more, less) = ("recall", "precision") if beta > 1 else ("precision", "recall")
    times = beta if beta > 1 else 1 / beta
    return f"the best F{beta:g}, {more} counting {times:.3g} times as much as {less}"


def _divided(part: Any, whole: Any, otherwise: float) -> Floats:
    """part / whole, and ``otherwise`` where the whole is 0."""
    (part, whole) = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    share = np.full(part.shape, otherwise)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
