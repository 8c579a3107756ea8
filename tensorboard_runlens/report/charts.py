"""The charts of a run's report: losses, metrics, and F1 by confidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens.report.document import Chart, Figure, Line
from tensorboard_runlens.schema import DetailedRun, Number
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.words import METRIC_WORDS, count, metric_words

MARKS = {"mosaic_closed": "mosaic off", "resumed": "resumed"}

USUAL = 0.9
"""Share of the losses that a chart must show well."""

FAR_BEYOND = 5.0
"""Times the highest of these from which on a value leaves the chart: the first epochs may reach thousands."""

MAX_LINES = 7
"""Lines of a chart: as many as there are colours."""


def figures(run: DetailedRun, threshold: ThresholdAnswer) -> Iterator[Figure]:
    """As far as there is anything to draw."""
    for one in (_losses(run), _metrics(run), _f1(threshold)):
        if one is not None:
            yield one


def _losses(run: DetailedRun) -> Optional[Figure]:
    sides = (("training", run.totals.train, False), ("validation", run.totals.val, True))
    lines = tuple(_line(name, run, values, dashed) for (name, values, dashed) in sides if values)
    (drawn, beyond) = _below_top(lines)
    caption = f"Sum of the training and of the validation losses, as logged{beyond}."
    return _over_epochs("losses", caption, "loss", run, drawn)


def _below_top(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], str]:
    """(the lines without values that would flatten all others, how many these are in words)."""
    known = sorted(y for line in lines for (_, y) in line.points if y is not None)
    top = FAR_BEYOND * known[int(USUAL * (len(known) - 1))] if known else 0.0
    above = [y for y in known if y > top]
    if not above:
        return (lines, "")
    kept = tuple(
        Line(
            line.name,
            tuple((x, None if y is not None and y > top else y) for (x, y) in line.points),
            line.dashed,
        )
        for line in lines
    )
    return (kept, f"; {count(len(above), 'value')} above the axis, up to {above[-1]:.4g}")


def _metrics(run: DetailedRun) -> Optional[Figure]:
    lines = [
        _line(metric_words(group, name), run, values, name not in ("map50", "map50_95"))
        for (group, named) in run.series.metrics.items()
        for (name, values) in named.items()
        if name in METRIC_WORDS
    ]
    caption = "Metrics on the validation images."
    return _over_epochs("metrics", caption, "fraction", run, tuple(lines[:MAX_LINES]))


def _over_epochs(
    name: str, caption: str, y: str, run: DetailedRun, lines: tuple[Line, ...]
) -> Optional[Figure]:
    best = () if run.epochs.best is None else ((float(run.epochs.best), "best"),)
    marks = (*best, *((float(one.epoch), MARKS[one.kind]) for one in run.marks))
    drawn = tuple(line for line in lines if any(y is not None for (_, y) in line.points))
    return Figure(name, caption, Chart(run.axis, y, drawn, marks)) if drawn else None


def _line(name: str, run: DetailedRun, values: Sequence[Number], dashed: bool) -> Line:
    return Line(name, tuple(zip(map(float, run.series.epoch), values)), dashed)


def _f1(threshold: ThresholdAnswer) -> Optional[Figure]:
    sweep = threshold.sweep
    if sweep is None:
        return None
    sides = (("F1", sweep.f1), ("precision", sweep.precision), ("recall", sweep.recall))
    lines = tuple(
        Line(name, tuple(zip(sweep.confidence, values)), name != "F1") for (name, values) in sides
    )
    chosen = threshold.operating_point.confidence
    marks = () if chosen is None else ((chosen, f"{chosen:.3g}"),)
    caption = f"F1, precision and recall by confidence, {threshold.validated}."
    return Figure("f1_confidence", caption, Chart("confidence", "fraction", lines, marks))
