"""The trainings that broke off or fell silent: where, why, and how to go on with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens import ended
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.digest.trained import Trained
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules.interrupted import RULE as INTERRUPTED
from tensorboard_runlens.schema.digest import Died
from tensorboard_runlens.signals import Signals


def died(trainings: Sequence[Trained]) -> list[Died]:
    """Those of these that nobody has gone on with, the latest first."""
    broken = [one for one in trainings if one.analysis.signals.cut_off and not _continued(one)]
    return [_died(one) for one in sorted(broken, key=lambda one: -one.end)]


def _continued(one: Trained) -> bool:
    return bool(one.analysis.surroundings.relations.continued_by)


def _died(one: Trained) -> Died:
    signals = one.analysis.signals
    epoch = signals.last_epoch
    return Died(
        run=one.name,
        state=signals.state,  # type: ignore[arg-type]
        at=round(one.end, 3),
        epoch=epoch,
        planned=planned_epochs(signals.run),
        why=signals.ended,  # type: ignore[arg-type]
        command=_resume(one.analysis),
        said=_said(signals, epoch),
    )


def _said(signals: Signals, epoch: Optional[int]) -> str:
    reason = ended.reason(signals.run, signals.ended)
    why = f": {reason}" if reason else ""
    if epoch is None:
        word = "Silent" if signals.silent else "Broke off"
        return f"{word} before its first {signals.unit} was done{why}."
    planned = planned_epochs(signals.run)
    whole = "" if planned is None else f" of {planned}"
    word = "Silent since" if signals.silent else "Broke off after"
    return f"{word} {signals.unit} {epoch}{whole}{why}."


def _resume(analysis: Analysis) -> Optional[str]:
    """As the finding advises, which knows whether the process is still there."""
    of_finding = (one.advice for one in analysis.findings if one.rule == INTERRUPTED.id)
    return next((one.command for advice in of_finding for one in advice if one.command), None)
