"""How often "undertrained" and "plateau" agree with people who looked at how real runs end.

    python -m benchmarks.end_by_eye ../shared/corpus ../shared/labelled/yolo_by_eye_dev.jsonl

The labels are those of verdict_by_eye.py. Runs that were cut off are left out: of them it is known why they are short.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.verdict_by_eye import LATER, OWN, analysed, report
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.signals.progress import ENDED

IMPROVING = ("still_improving", "improving")
UNCLEAR = "unclear"


def label(one: dict[str, Any]) -> str:
    """Whether a run was still improving: yes, no or unclear."""
    if one["end_state"] == UNCLEAR:
        return UNCLEAR
    return "yes" if one["end_state"] in IMPROVING else "no"


def says(analysis: Analysis, rule: str) -> bool:
    return any(finding.rule == rule for finding in analysis.findings)


def main() -> None:
    (corpus, *others) = map(Path, sys.argv[1:])
    for labels in (OWN, LATER, *others):
        runs = [(one, a) for (one, a) in analysed(corpus, labels) if a.state in ENDED]
        print(labels.name)
        pairs = [(label(one), says(a, "undertrained"), one["run_id"]) for (one, a) in runs]
        report("  still improving", pairs)
        levelled = Counter(one["end_state"] for (one, a) in runs if says(a, "plateau"))
        print("  plateau is said of", dict(levelled))


if __name__ == "__main__":
    main()
