"""Whether to go on with a run, decided once: the headline and the question "should I continue?" both say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals import Signals

USELESS = ("not-learning", "never-generalised", "unused-loss")
"""Rules after which, when critical, no epoch is worth deploying."""

TOO_SHORT = "too-short"
NON_FINITE = "non-finite"

HARMED = ("diverged", "overfitting", "past-best", "never-generalised", "iteration-regressed")
"""Rules whose warning says that more epochs, as they are, make the model worse; that of "non-finite" is for losses from
which the training recovered."""

LEVELLED = ("plateau", "capacity-limited")
"""Rules that say that more epochs bring nothing."""

LONGER_KEYS = ("train-longer", "more-patience")
"""The remedies of findings after which a new and longer training is likely to gain."""

NOTHING, MEND, CONTINUED, HARM, SHORT = "nothing", "mend", "continued", "harm", "short"
LEVEL, RUNNING, CUT_OFF, LONGER, DONE = "level", "running", "cut_off", "longer", "done"


IMPLIED = {
    MEND: "check-labels",
    HARM: "stop-earlier",
    LEVEL: "stop-earlier",
    SHORT: "keep-going",
    RUNNING: "keep-going",
    CUT_OFF: "keep-going",
    LONGER: "keep-going",
}
"""The key of the remedy that a step amounts to: no advice may contradict it."""


@dataclass(frozen=True)
class NextStep:
    """One of the words above, and the findings it rests on, the weightiest first."""

    kind: str
    because: tuple[Finding, ...] = ()

    @property
    def implied(self) -> tuple[str, ...]:
        """The keys of remedies that the step amounts to."""
        return (IMPLIED[self.kind],) if self.kind in IMPLIED else ()


def next_step(signals: Signals, findings: Sequence[Finding]) -> NextStep:
    """Decides by the findings that are sure enough; they come the weightiest first."""
    sure = [one for one in findings if one.confidence != "low"]
    useless = [one for one in sure if one.rule in USELESS and one.severity == "critical"]
    harm = [one for one in sure if _harms(one, signals.state == "running")]
    if not signals.rows:
        return NextStep(NOTHING)
    if useless:
        return NextStep(MEND, tuple(useless))
    if signals.surroundings.relations.continued_by:
        return NextStep(CONTINUED)
    if harm:
        return NextStep(HARM, tuple(harm))
    return _by_progress(signals, sure)


def _harms(finding: Finding, running: bool) -> bool:
    """Whether it says to train no further. While a training runs only what is critical does: the learning rate has
    still to come down, which mends smaller losses."""
    if running or finding.rule == NON_FINITE:
        return finding.rule in (*HARMED, NON_FINITE) and finding.severity == "critical"
    return finding.rule in HARMED and finding.severity != "info"


def _by_progress(signals: Signals, sure: Sequence[Finding]) -> NextStep:
    """Of a training that nothing is wrong with."""
    (short, level, rising) = (_of(sure, TOO_SHORT), _of(sure, *LEVELLED), asks_for_more(sure))
    if short:
        return NextStep(SHORT, short)
    if level and not rising:
        return NextStep(LEVEL, level)
    if signals.state == "running":
        return NextStep(RUNNING)
    if signals.state in ("interrupted", "stale"):
        return NextStep(CUT_OFF, _of(sure, "interrupted"))
    if rising:
        return NextStep(LONGER, rising)
    return NextStep(DONE, _of(sure, "early-stopped"))


def asks_for_more(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that advise a longer training."""
    return tuple(one for one in findings if _keys(one) & set(LONGER_KEYS))


def _keys(finding: Finding) -> set[str]:
    return {advice.key for advice in finding.advice}


def _of(findings: Sequence[Finding], *rules: str) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.rule in rules)
