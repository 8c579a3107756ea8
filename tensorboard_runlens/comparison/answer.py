"""A comparison as the JSON structs."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.commands import image_size
from tensorboard_runlens.comparison import Comparison
from tensorboard_runlens.comparison.checklist import Item, checklist
from tensorboard_runlens.comparison.configuration import configuration
from tensorboard_runlens.comparison.contender import Contender, Difference
from tensorboard_runlens.comparison.facts import Facts, facts_of
from tensorboard_runlens.comparison.losses import why_losses_apart
from tensorboard_runlens.comparison.ranking import ranking
from tensorboard_runlens.comparison.sentences import Said, repeats, said
from tensorboard_runlens.comparison.warnings import warnings
from tensorboard_runlens.plain_values import as_text, number, range_of, without_absolute_paths
from tensorboard_runlens.schema import compare
from tensorboard_runlens.statistics.level import Level


def compare_answer(comparison: Comparison) -> compare.CompareAnswer:
    """All that there is to say."""
    contenders = comparison.contenders
    facts = [facts_of(one) for one in contenders]
    (sentences, notes) = said(comparison)
    return compare.CompareAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        baseline=comparison.baseline,
        runs=[one.name for one in contenders],
        differences=[_difference(one) for one in comparison.differences],
        ranking=[
            compare.Place(one.run, one.rank, list(one.ahead_of), list(one.behind))
            for one in ranking(contenders, comparison.pairs)
        ],
        facts=[_facts(*pair) for pair in zip(contenders, facts)],
        config=[
            compare.Argument(key, list(values))
            for (key, values) in configuration([one.analysis.run for one in contenders])
        ],
        checklist=[_item(one) for one in checklist(contenders, facts, comparison.pairs)],
        said=[_said(one) for one in sentences],
        notes=list(map(without_absolute_paths, notes)),
        repeats=[
            compare.Repeats(list(one.runs), *one.metric, number(one.mean), number(one.deviation))
            for one in repeats(contenders)
        ],
        warnings=list(map(without_absolute_paths, warnings(comparison))),
        losses_apart=why_losses_apart([one.analysis for one in contenders]),
    )


def _said(one: Said) -> compare.Said:
    return compare.Said(
        one.run,
        list(map(without_absolute_paths, one.sentences)),
        list(map(without_absolute_paths, one.notes)),
    )


def _difference(one: Difference) -> compare.Difference:
    return compare.Difference(
        run=one.run,
        group=one.group,
        metric=one.metric,
        delta=number(one.delta),
        interval=range_of(one.interval),
        verdict=one.verdict,  # type: ignore[arg-type]
        caveats=[without_absolute_paths(caveat) for caveat in one.caveats],
        reason=without_absolute_paths(one.reason),
        at=one.at,  # type: ignore[arg-type]
        after=one.after,
        detectable=number(one.detectable),
        sampling=number(one.sampling),
    )


def _facts(contender: Contender, facts: Facts) -> compare.Facts:
    (analysis, run) = (contender.analysis, contender.analysis.run)
    (group, metric) = contender.main or (None, None)
    at_best = analysis.signals.best_metrics.get(group or "", {})
    best_row = analysis.signals.best_row
    seconds = run.history.seconds
    model = run.arguments.get("model", run.arguments.get("weights"))
    return compare.Facts(
        run=contender.name,
        state=analysis.state,  # type: ignore[arg-type]
        task=run.task,  # type: ignore[arg-type]
        model=as_text(model) if model else None,
        n_train=analysis.signals.data.n_train_images,
        n_val=analysis.signals.data.n_val_images,
        imgsz=image_size(run.arguments),
        epochs=len(run.history),
        best_epoch=None if best_row is None else analysis.signals.epoch(best_row),
        group=group,
        metric=metric,
        value=number(at_best.get(metric or "")),
        level=number(facts.level.mean) if facts.level else None,
        sigma=number(facts.shaking),
        precision=number(at_best.get("precision")),
        recall=number(at_best.get("recall")),
        f1=number(at_best.get("f1")),
        f1_best=number(facts.f1_best[0]) if facts.f1_best else None,
        f1_best_epoch=facts.f1_best[1] if facts.f1_best else None,
        confidence=number(analysis.confidence),
        epochs_to_95=facts.converged,
        seconds_to_95=number(facts.converged_seconds),
        train_loss=_end(facts.train_loss),
        val_loss=_end(facts.val_loss),
        seconds_per_epoch=number(facts.seconds_per_epoch),
        seconds=None if seconds is None or not len(seconds) else number(float(seconds[-1])),
    )


def _end(level: Optional[Level]) -> Optional[compare.EndOfLoss]:
    if level is None:
        return None
    return compare.EndOfLoss(number(level.mean), number(level.sigma) if level.seen else None)


def _item(one: Item) -> compare.ChecklistItem:
    return compare.ChecklistItem(one.item, list(one.values), one.ahead, one.why)
