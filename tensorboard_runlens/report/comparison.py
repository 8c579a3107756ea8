"""What the terminal shows of runs compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens.report.text import printable
from tensorboard_runlens.schema.compare import CompareAnswer, Difference, Facts
from tensorboard_runlens.words import SECONDS_AN_HOUR, count, duration, metric_words

VERDICTS = {"better": "better", "worse": "worse", "tie": "tie", "not_comparable": "no verdict"}
HEAD = ("run", "metric", "at", "difference", "95 % interval", "verdict")
AT = {"best": "best.pt", "end": "the end", "equal_epoch": "after {} each"}

MAX_WIDTH = 40
"""Characters of a cell; the JSON has all of it."""

SEVERAL = 3
"""Runs from which on places say more than verdicts."""


def comparison(answer: CompareAnswer) -> str:
    """Who is better and what else may be the reason; the differences in numbers; then facts, checklist and
    configuration."""
    lines = [*_places(answer), *_verdicts(answer)]
    lines += ["", *_aligned([HEAD, *map(_row, answer.differences)])]
    lines += ["", *_aligned([("", *map(printable, answer.runs)), *_facts(answer.facts)])]
    lines += ["", "checklist:", *_checklist(answer)] if len(answer.runs) > 1 else []
    lines += _configuration(answer)
    return "\n".join(lines)


def _verdicts(answer: CompareAnswer) -> Iterator[str]:
    """A sentence for each run with its notes; what holds of all runs stands once, at the end."""
    yield from map(printable, answer.warnings)
    for one in answer.said:
        yield from map(printable, one.sentences)
        yield from (f"    note: {printable(note)}" for note in one.notes)
    yield from (f"    note on all: {printable(note)}" for note in answer.notes)


def _row(one: Difference) -> tuple[str, ...]:
    metric = metric_words(one.group or "", one.metric)
    interval = "" if one.interval is None else "{} to {}".format(*map(signed, one.interval))
    delta = "-" if one.delta is None else f"{signed(one.delta)} points"
    at = AT[one.at].format(one.after)
    return (printable(one.run), metric, at, delta, interval, VERDICTS[one.verdict])


def _places(answer: CompareAnswer) -> Iterator[str]:
    if len(answer.runs) < SEVERAL:
        return
    ranked = [f"{one.rank}. {one.run}" for one in answer.ranking if one.rank is not None]
    others = [one.run for one in answer.ranking if one.rank is None]
    if ranked:
        yield printable(
            f"places, shared by those that all pairs together do not tell apart: {', '.join(ranked)}"
        )
    if others:
        yield printable(f"no place, since not comparable with the others: {', '.join(others)}")
    yield ""


def _facts(facts: Sequence[Facts]) -> Iterator[tuple[str, ...]]:
    """A line each, as far as any run has it."""
    lines: dict[str, list[Optional[str]]] = {
        "state": [str(one.state) for one in facts],
        "model": [one.model for one in facts],
        "training images": [_whole(one.n_train) for one in facts],
        "validation images": [_whole(one.n_val) for one in facts],
        "image size": [_whole(one.imgsz) for one in facts],
        "epochs": [_whole(one.epochs) for one in facts],
        "best epoch": [_whole(one.best_epoch) for one in facts],
        "metric at the best epoch": [_main(one) for one in facts],
        "F1 there": [_fraction(one.f1) for one in facts],
        "confidence to deploy with": [_fraction(one.confidence) for one in facts],
        "epochs to 95 % of its best": [_whole(one.epochs_to_95) for one in facts],
        "training loss at the end": [
            _loss(one.train_loss.mean if one.train_loss else None) for one in facts
        ],
        "validation loss at the end": [
            _loss(one.val_loss.mean if one.val_loss else None) for one in facts
        ],
        "time per epoch": [_time(one.seconds_per_epoch) for one in facts],
        "time in all": [_time(one.seconds) for one in facts],
    }
    for name, values in lines.items():
        if any(values):
            yield (name, *(printable(value or "-") for value in values))


def _checklist(answer: CompareAnswer) -> Iterator[str]:
    for one in answer.checklist:
        said = f"{one.ahead} ({one.why})" if one.ahead else one.why
        yield f"    {one.item}: {printable(said)}"
        if any(one.values):
            yield f"        {printable(' | '.join(value or '-' for value in one.values))}"


def _configuration(answer: CompareAnswer) -> list[str]:
    """What every run states that states anything; a framework or release states much that another does not know."""
    bare = [not any(column) for column in zip(*(one.values for one in answer.config))]
    stated = [
        one
        for one in answer.config
        if all(value is not None or none for (value, none) in zip(one.values, bare))
    ]
    lines = [""] if answer.config else []
    if stated:
        cells = [tuple(printable(cell or "-") for cell in (one.key, *one.values)) for one in stated]
        head = ("", *map(printable, answer.runs))
        lines += ["arguments that differ:", *_aligned([head, *cells])]
    left = len(answer.config) - len(stated)
    said = f"{count(left, 'argument')} more that not every run states: see --json"
    return [*lines, said] if left else lines


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    short = [tuple(map(_short, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*short)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in short]


def _short(cell: str) -> str:
    """Names and paths differ at their ends."""
    return cell if len(cell) <= MAX_WIDTH else "…" + cell[1 - MAX_WIDTH :]


def _main(facts: Facts) -> Optional[str]:
    if facts.value is None:
        return None
    return f"{metric_words(facts.group or '', facts.metric or '')} {facts.value:.3f}"


def _fraction(value: Optional[float]) -> Optional[str]:
    return None if value is None else f"{value:.3f}"


def _whole(value: Optional[int]) -> Optional[str]:
    return None if value is None else str(value)


def _loss(value: Optional[float]) -> Optional[str]:
    return None if value is None else f"{value:.4g}"


def _time(seconds: Optional[float]) -> Optional[str]:
    return None if seconds is None else duration(seconds / SECONDS_AN_HOUR)


def signed(difference: float) -> str:
    """In percentage points: .0234 -> "+2.3"."""
    said = f"{100 * difference:+.1f}"
    return "0.0" if said in ("+0.0", "-0.0") else said
