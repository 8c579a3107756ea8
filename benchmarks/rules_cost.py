"""What all diagnoses together cost beyond reading, on 1,000 runs shaped like real ones.

    python benchmarks/rules_cost.py ../shared/corpus

The runs of the corpus are read first and taken in turn; CPU seconds of one process, the least of three rounds, and
beside them those of reading the runs.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import cycle, islice
from typing import Callable

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.run import Run
from tensorboard_runlens.signals import Signals

RUNS = 1000
ROUNDS = 3
NOW = 1_800_000_000.0


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def judge(runs: list[Run]) -> None:
    for run in runs:
        analyse(run, now=NOW)


def by_rule(runs: list[Run]) -> Counter[str]:
    """CPU seconds by rule; what several rules ask for counts for the first of them."""
    spent: Counter[str] = Counter()
    rules = all_rules()
    for run in runs:
        signals = Signals(run, NOW)
        for rule in rules:
            limits = rule.limits_in_force({})
            start = time.process_time()
            rule.check(signals, limits)
            spent[rule.id] += time.process_time() - start
    return spent


def main() -> None:
    catalog = Catalog([("", sys.argv[1])])
    reading = seconds(catalog.refresh)
    known = list(catalog.runs.values())
    runs = list(islice(cycle(known), RUNS))
    least = min(seconds(lambda: judge(runs)) for _ in range(ROUNDS))
    each = reading / len(known)
    print(f"reading {len(known)} runs: {reading:.2f} s, {1000 * each:.2f} ms each")
    print(f"judging {RUNS} runs: {least:.2f} s, {least / RUNS / each:.2f} of reading them")
    for rule, spent in by_rule(runs).most_common(8):
        print(f"  {rule:22} {spent:.2f} s")


if __name__ == "__main__":
    main()
