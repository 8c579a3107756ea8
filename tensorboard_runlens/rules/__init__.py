"""The diagnoses, a file each. A module of this package with a ``RULE`` is a rule; nothing else has
to be touched.

A rule's page in docs/rules/ is made from its file: the docstring (what it says, why it matters, how
it decides, source) and the sentence beside each limit.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Callable, Optional, Union

from tensorboard_runlens.dataset.fault import Fault
from tensorboard_runlens.signals import Signals

Scalar = Union[None, bool, int, float, str]
Value = Union[Scalar, list[Union[int, float, str]]]
Limits = Mapping[str, float]


@dataclass(frozen=True)
class Limit:
    """A threshold that users may change in runlens.yaml: its value and where that comes from.

    Below ``least`` it would change nothing, since what the rule is told is never smaller, or would ask for a verdict
    on less than a verdict needs.
    """

    value: float
    why: str
    least: float = 0.0

    def in_force(self, wanted: float) -> float:
        """What holds where a user wants another value."""
        return max(wanted, self.least)

    @property
    def explained(self) -> str:
        """Where it comes from, and how far it can be changed."""
        return f"{self.why} Not below {self.least:g}." if self.least else self.why


@dataclass(frozen=True)
class Advice:
    """What to do. ``change`` is (argument, from, to); ``command`` a line to copy."""

    key: str
    text: str
    change: Optional[tuple[str, Scalar, Scalar]] = None
    command: Optional[str] = None


@dataclass(frozen=True)
class Finding:
    """What a rule has found.

    ``severity`` (info, warning, critical) is the size of the effect, ``confidence`` (low, moderate,
    high) how sure it is. ``clause`` says it in a few words for the headline; ``span`` holds the
    first and last row of the evidence. ``rule`` is the id of its rule, filled in by the analysis.
    """

    severity: str
    confidence: str
    summary: str
    clause: str
    evidence: dict[str, Value]
    span: Optional[tuple[int, int]] = None
    advice: list[Advice] = field(default_factory=list)
    rule: str = ""


def finding_of(fault: Optional[Fault]) -> Optional[Finding]:
    """A fault of the run's data set as a finding of the run."""
    if fault is None:
        return None
    return Finding(
        severity=fault.severity,
        confidence="high",
        summary=fault.summary,
        clause=fault.summary.partition(":")[0].rstrip("."),
        evidence=dict(fault.evidence),
        advice=[Advice(fault.kind, fault.advice)],
    )


@dataclass(frozen=True)
class Rule:
    """A diagnosis: ``check`` gets the signals and the limits in force, and returns a finding or None.

    ``rank`` orders equally weighty findings: what explains others comes first. ``withdrawn_by`` are the rules whose
    finding explains the same evidence better: beside one that is as sure and as severe this rule's is not shown.
    """

    id: str
    check: Callable[[Signals, Limits], Optional[Finding]]
    limits: Mapping[str, Limit] = field(default_factory=dict)
    rank: int = 5
    withdrawn_by: tuple[str, ...] = ()
    documentation: str = ""

    @property
    def title(self) -> str:
        """The first line of its documentation."""
        return self.documentation.strip().splitlines()[0]

    def page(self) -> str:
        """Its documentation page in Markdown."""
        (_, _, text) = self.documentation.strip().partition("\n")
        limits = [
            f"| `{name}` | {limit.value:g} | {limit.explained} |"
            for (name, limit) in self.limits.items()
        ]
        table = [
            "",
            "## Limits",
            "Change them in `runlens.yaml`:",
            "",
            "| name | default | why |",
            "|---|---|---|",
            *limits,
        ]
        explained = ", ".join(f"`{rule}`" for rule in self.withdrawn_by)
        of_any = " (`too-short`: of any severity)" if "too-short" in self.withdrawn_by else ""
        withdrawn = [
            "",
            "## Withdrawn by",
            f"Not shown beside a finding of {explained} that is as sure and as severe{of_any}, and says more.",
        ]
        parts = [*(withdrawn if explained else []), *(table if limits else [])]
        return "\n".join([f"# {self.id}", "", self.title, text, *parts]) + "\n"

    def limits_in_force(self, wanted: Mapping[str, float]) -> dict[str, float]:
        """The limits with a user's own in place of the defaults."""
        return {
            name: limit.in_force(wanted.get(name, limit.value))
            for (name, limit) in self.limits.items()
        }


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule in this package: what explains others first, then by id."""
    modules = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    rules = [
        replace(module.RULE, documentation=module.__doc__)
        for module in modules
        if hasattr(module, "RULE")
    ]
    return tuple(sorted(rules, key=lambda rule: (rule.rank, rule.id)))
