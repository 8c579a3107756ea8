"""Two result tables: the difference of the metrics at their best epochs, without a verdict.

A table has one number an epoch. What it would be on other images, or with another seed, it does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.comparison.contender import Contender, Difference
from tensorboard_runlens.comparison.validated import apart, other_images
from tensorboard_runlens.run import MAIN_METRICS, main_metric
from tensorboard_runlens.words import count, metric_words


def differences(
    baseline: Contender, other: Contender, doubts: tuple[str, ...]
) -> Iterator[Difference]:
    """Of the main metrics at the best epochs; ``doubts`` are the caveats of all of them."""
    (here, there) = (one.analysis.signals.best_metrics for one in (other, baseline))
    both = [
        (group, metric, here.get(group, {}).get(metric), there.get(group, {}).get(metric))
        for group in _judged_by(other)
        for metric in MAIN_METRICS[group]
    ]
    if not any(value is not None and before is not None for (*_, value, before) in both):
        yield _unlike(baseline, other, doubts)
    apart_by = _data_apart(baseline, other)
    for group, metric, value, before in both:
        if value is None or before is None:
            continue
        same = apart_by is None and value == before
        yield Difference(
            run=other.name,
            group=group,
            metric=metric,
            delta=value - before,
            interval=None,
            verdict="tie" if same else "not_comparable",
            caveats=doubts,
            reason="the same number" if same else apart_by or _one_number(baseline, other),
        )


def _judged_by(contender: Contender) -> list[str]:
    """The group that the run is judged by."""
    main = main_metric(contender.analysis.run.history.metrics)
    return [] if main is None else [main[0]]


def _unlike(baseline: Contender, other: Contender, doubts: tuple[str, ...]) -> Difference:
    (here, there) = (main_metric(one.analysis.run.history.metrics) for one in (other, baseline))
    (words, others) = (metric_words(*main) if main else "nothing" for main in (here, there))
    (group, metric) = here or there or (None, "")
    reason = f"{words} was measured here, {others} in the baseline"
    return Difference(other.name, group, metric, None, None, "not_comparable", doubts, reason)


def _data_apart(baseline: Contender, other: Contender) -> Optional[str]:
    """How the validation data of two runs differ, None where nothing says that they do."""
    if baseline.validations and other.validations:
        return apart(baseline.validations[0], other.validations[0])
    (before, data) = (one.analysis.signals.data for one in (baseline, other))
    if other_images(before.val_fingerprint, data.val_fingerprint):
        return other_images(before.val_fingerprint, data.val_fingerprint)
    if data.n_val_images and before.n_val_images and data.n_val_images != before.n_val_images:
        return f"{count(data.n_val_images, 'validation image')} against {before.n_val_images}"
    if data.n_classes and before.n_classes and data.n_classes != before.n_classes:
        return f"{count(data.n_classes, 'class', 'classes')} against {before.n_classes}"
    return None


def _one_number(baseline: Contender, other: Contender) -> str:
    lacking = [one.name for one in (baseline, other) if not one.validations]
    which = "both" if len(lacking) != 1 else lacking[0]
    return f"only one number a run is known: record with track(model) or run runlens evaluate on {which}"
