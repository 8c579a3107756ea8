"""How often the overfitting verdict is right, beside other rules, on labelled histories.

    python -m benchmarks.verdict_accuracy ../shared/labelled [CORPUS]

Prints a table for each set: F1 and macro-F1 with 95 % intervals from programs drawn again, false-positive rate and AUC
of ``loss_overfits``. With the corpus also for real trainings that two raters labelled by eye. docs/accuracy.md explains
them. The histories stay outside this repository.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.labelled import OWN_LABELS, SETS, History, by_eye, histories
from benchmarks.measures import Answers, auc, f1, false_positive_rate, interval, macro_f1
from benchmarks.rivals import RIVALS, Rival
from tensorboard_runlens.rules.overfitting import assess

MANY_SAMPLES = 250
"""More validation samples than this hardly blur the truth."""


def ours(chosen: Sequence[History]) -> Answers:
    """What RunLens says, of the losses alone."""
    verdicts = [assess(one.train, one.val, close_mosaic_row=one.close_mosaic_row) for one in chosen]
    return _answers(chosen, [v.loss_overfits for v in verdicts], [v.score for v in verdicts])


def others(rival: Rival, chosen: Sequence[History]) -> Answers:
    """What another rule says."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = [rival.score(one.train, one.val) for one in chosen]
    return _answers(chosen, [score > rival.limit for score in scores], scores)


def _answers(chosen: Sequence[History], said: Sequence[bool], scores: Sequence[float]) -> Answers:
    truth = np.array([one.overfits for one in chosen])
    return Answers(truth, np.array(said), np.array(scores), [one.program for one in chosen])


def line(name: str, answers: Answers) -> str:
    """A row of the table."""
    ((low, high), (low_macro, high_macro)) = (interval(answers, one) for one in (f1, macro_f1))
    return (
        f"| {name} | {f1(answers):.3f} [{low:.2f}, {high:.2f}]"
        f" | {macro_f1(answers):.3f} [{low_macro:.2f}, {high_macro:.2f}]"
        f" | {false_positive_rate(answers):.3f} | {auc(answers):.3f} |"
    )


def table(name: str, chosen: Sequence[History]) -> str:
    """All detectors on one set, as Markdown."""
    positive = sum(one.overfits for one in chosen)
    rows = [line(rival.name, others(rival, chosen)) for rival in RIVALS]
    return "\n".join(
        [
            f"### {name}: {len(chosen)} histories, {positive} overfit",
            "",
            "| detector | F1 | macro-F1 | false-positive rate | AUC |",
            "|---|---|---|---|---|",
            *rows,
            line("**RunLens**", ours(chosen)),
            "",
        ]
    )


def sets(folder: Path) -> dict[str, list[History]]:
    """Every set of labelled histories by its name."""
    found = {name: histories(folder, name) for name in SETS}
    many = [one for one in found["sgd_runs_dev"] if (one.n_val or 0) > MANY_SAMPLES]
    return {**found, f"sgd_runs_dev, more than {MANY_SAMPLES} validation samples": many}


def main() -> None:
    (folder, *corpus) = map(Path, sys.argv[1:])
    for name, chosen in sets(folder).items():
        print(table(name, chosen))
    for labels in (OWN_LABELS, *sorted(folder.glob("*by_eye*.jsonl"))) if corpus else ():
        print(table(f"by eye, {labels.name}", list(by_eye(corpus[0], labels))))


if __name__ == "__main__":
    main()
