"""What every rule says of the corpus of real runs: a snapshot to look at whenever a rule changes.

python tools/corpus_findings.py CORPUS            prints how often each rule fires, and what differs from the snapshot
python tools/corpus_findings.py CORPUS --write    renews the snapshot, tests/corpus_findings.tsv

Rates are those of runs of thirty epochs and more; the runs of a repository count for six at most, so that none decides
them.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.rules import all_rules

SNAPSHOT = Path(__file__).resolve().parent.parent / "tests" / "corpus_findings.tsv"
NOW = 1_800_000_000.0
"""The moment at which every run is looked at: long after all of them."""

RUNS_OF_A_REPOSITORY = 6
EPOCHS_MIN = 30


def analyses(corpus: Path) -> dict[str, Analysis]:
    """Every run of the corpus by its name, each judged for itself."""
    catalog = Catalog([("", str(corpus))])
    catalog.refresh()
    return {name: analyse(run, now=NOW) for (name, run) in sorted(catalog.runs.items())}


def lines(found: Mapping[str, Analysis]) -> list[str]:
    """A line a run: its name, state and verdict, then each finding as rule:severity:confidence."""
    return [
        "\t".join([name, analysis.state, analysis.overfitting.verdict, *_said(analysis)])
        for (name, analysis) in found.items()
    ]


def _said(analysis: Analysis) -> list[str]:
    findings = [f"{one.rule}:{one.severity}:{one.confidence}" for one in analysis.findings]
    return [*findings, *(f"{one.rule}:failed" for one in analysis.failed_rules)]


def differing(found: Mapping[str, Analysis]) -> list[str]:
    """The lines that the snapshot has (-) and that are found now (+); none where nothing has changed."""
    kept = SNAPSHOT.read_text("utf-8").splitlines() if SNAPSHOT.exists() else []
    compared = difflib.unified_diff(kept, lines(found), lineterm="", n=0)
    return [line for line in compared if not line.startswith(("---", "+++", "@@"))]


def weights(found: Mapping[str, Analysis]) -> dict[str, float]:
    """What each run counts for in a rate: those of a repository with more than six share the weight of six."""
    long = [name for (name, analysis) in found.items() if analysis.signals.rows >= EPOCHS_MIN]
    runs = Counter(map(_repository, long))
    return {name: min(1.0, RUNS_OF_A_REPOSITORY / runs[_repository(name)]) for name in long}


def _repository(run: str) -> str:
    return run.partition("/")[0]


def rates(found: Mapping[str, Analysis]) -> Iterator[str]:
    """How often each rule speaks, warns, and warns while it is sure enough to raise an alarm."""
    weight = weights(found)
    overfits = [name for name in weight if found[name].overfitting.loss_overfits]
    yield f"{len(weight)} runs of {EPOCHS_MIN} epochs and more; loss overfits {_rate(overfits, weight)}"
    for rule in sorted(rule.id for rule in all_rules()):
        own = {name: one for name in weight for one in found[name].findings if one.rule == rule}
        warned = {name: one for (name, one) in own.items() if one.severity != "info"}
        sure = [name for (name, one) in warned.items() if one.confidence != "low"]
        (often, warns, alarms) = (_rate(names, weight) for names in (own, warned, sure))
        yield f"{rule:22} {often}   warns {warns}   and is sure {alarms}"


def _rate(names: Collection[str], weight: Mapping[str, float]) -> str:
    share = sum(weight[name] for name in names) / sum(weight.values())
    return f"{len(names):4} {share:6.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(description="what every rule says of the corpus")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true", help="renew the snapshot")
    call = parser.parse_args()
    found = analyses(call.corpus)
    print("\n".join(rates(found)))
    print("\n".join(differing(found)) or "as in the snapshot")
    if call.write:
        SNAPSHOT.write_text("\n".join(lines(found)) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
