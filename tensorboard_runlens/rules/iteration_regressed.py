"""A round of self-training made the model worse.

## What it says
An iteration is worse than one before it, so pseudo-labels have taught it errors. The model of the
best iteration is named.

## Why it matters
Each iteration starts from the labels of the one before: errors that enter once stay and spread.
``final_model.pt`` is the last iteration's model, not the best one's.

## How it decides
The main metric of the last iteration is below the best one's by at least the limit. With a handful
of iterations no noise can be estimated from them, so the confidence is low below two limits.

## Source
Guide 003 expects each iteration to gain one to two points of F1.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "drop_min": Limit(
        0.01, "One point: what guide 003 expects an iteration to gain at least, lost instead."
    )
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a last iteration that is worse than the best one."""
    (metric, best) = (signals.metric, signals.best_row)
    if signals.run.axis != "iteration" or metric is None or best is None:
        return None
    last = signals.rows - 1
    drop = float(metric[best] - metric[last])
    if not drop >= limits["drop_min"]:
        return None
    (group, name) = (signals.metric_name or "").split()
    (now, then) = (signals.epoch(last), signals.epoch(best))
    return Finding(
        severity="warning",
        confidence="moderate" if drop >= 2 * limits["drop_min"] else "low",
        summary=(
            f"Iteration {now} has {metric_words(group, name)} {metric[last]:.3f}, {points(drop)} less than"
            f" iteration {then}: use the model of iteration {then}."
        ),
        clause=f"Iteration {now} is worse than iteration {then}",
        evidence={"drop": drop, "best_iteration": then, "last_iteration": now},
        span=(best, last),
        advice=[
            Advice("use-best-iteration", f"Use the model of iteration {then}, not the last one."),
            advise(signals, "pseudo-label-decay"),
        ],
    )


RULE = Rule("iteration-regressed", check, LIMITS)
