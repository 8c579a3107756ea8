"""How often the overfitting verdict agrees with people who looked at the curves of real runs.

    python benchmarks/verdict_by_eye.py ../shared/corpus ../shared/labelled/yolo_by_eye_dev.jsonl

Two raters judged each run of ``labels/by_eye.jsonl`` blind, from plots without names; what they did not agree on is
"unclear" and left out (kappa: loss .88, metric decline .88, end .77, unstable .66). ``labels/by_eye_later.jsonl`` was
labelled likewise by two others when the limits were already set, and nothing was changed by it (kappa .90, .77, .71,
.71). Label files named after the corpus are reported, too. The runs themselves stay outside this repository.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run

OWN = Path(__file__).parent / "labels" / "by_eye.jsonl"
LATER = OWN.with_name("by_eye_later.jsonl")
DECLINED = ("overfitting", "past_best")
"""Verdicts that say that the metric declined."""


def analysed(corpus: Path, labels: Path) -> Iterator[tuple[dict[str, Any], Analysis]]:
    """Each labelled run with what RunLens says of it."""
    for line in labels.read_text("utf-8").splitlines():
        label = json.loads(line)
        yield (label, analyse(open_run(str(corpus / label["run_id"]))))


def report(name: str, pairs: list[tuple[str, bool, str]]) -> None:
    """One line of figures, then the runs where the two differ; pairs are (label, said, run)."""
    clear = [(label == "yes", said, run) for (label, said, run) in pairs if label in ("yes", "no")]
    hits = sum(label and said for (label, said, _) in clear)
    positive = sum(label for (label, _, _) in clear)
    flagged = sum(said for (_, said, _) in clear)
    f1 = 2 * hits / (positive + flagged) if positive + flagged else 1.0
    print(
        f"{name:28} n {len(clear):4}  yes {positive:3}  found {hits:3}  false {flagged - hits:3}  F1 {f1:.3f}"
    )
    for label, said, run in clear:
        if label != said:
            print(f"    {'missed' if label else 'false '}  {run}")


def main() -> None:
    (corpus, *others) = map(Path, sys.argv[1:])
    for labels in (OWN, LATER, *others):
        runs = list(analysed(corpus, labels))
        print(labels.name)
        report(
            "  validation loss overfits",
            [
                (one["loss_overfit"], bool(a.overfitting.loss_overfits), one["run_id"])
                for (one, a) in runs
            ],
        )
        report(
            "  metric declines",
            [
                (one["metric_decline"], a.overfitting.verdict in DECLINED, one["run_id"])
                for (one, a) in runs
            ],
        )
        report(
            "  unstable",
            [
                (one["unstable"], any(f.rule == "unstable" for f in a.findings), one["run_id"])
                for (one, a) in runs
            ],
        )


if __name__ == "__main__":
    main()
