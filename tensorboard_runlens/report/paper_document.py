"""The paper pack: an ablation table with n and intervals, verdicts against a baseline, a methods paragraph, what may
not be claimed, and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens import answers
from tensorboard_runlens.comparison.configuration import Row as Argument
from tensorboard_runlens.comparison.configuration import configuration
from tensorboard_runlens.comparison.sentences import said
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import study as threshold_study
from tensorboard_runlens.report.charts import MAX_LINES, figures
from tensorboard_runlens.report.comparison import VERDICTS, signed
from tensorboard_runlens.report.comparison_document import interval_in_points
from tensorboard_runlens.report.document import (
    Bullets,
    Chart,
    Figure,
    Line,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.report.document_answer import document_answer
from tensorboard_runlens.report.paper.claims import claims
from tensorboard_runlens.report.paper.methods import methods
from tensorboard_runlens.report.paper.study import MIXED, PaperStudy, Variant, study
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.run import main_metric
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.words import count, metric_words

MAX_ARGUMENTS = 4
"""Arguments that are columns of the ablation table; a table of their own has them all."""

NO_COLUMN = ("seed", "data")
"""Seeds are counted; the data are the same, whatever the file is called."""

COLUMNS = (
    *("run", "seeds", "runs", "metric", "mean", "sd", "n_val", "delta", "low", "high", "verdict"),
)
"""Of the flat table."""

NOTHING = "None of these runs measured anything."
SAID_OF = {**VERDICTS, MIXED: "seeds disagree"}


def paper_report(subject: Subject, names: Sequence[str]) -> Report:
    """On the runs that are named, else on the largest group of runs of the same data."""
    paper = study(subject, names)
    title = f"Paper pack of {subject.name}"
    if paper is None:
        empty = document(title, [section("Results", Paragraph(NOTHING))])
        return Report(empty, Table(("run",), ()), document_answer(empty))
    threshold = threshold_answer(paper.best, threshold_study(paper.best, "f1", None))
    made = document(title, _sections(paper, threshold))
    return Report(made, _flat(paper), document_answer(made))


def _sections(paper: PaperStudy, threshold: ThresholdAnswer) -> Iterator[Section]:
    arguments = configuration([one[0].run for one in paper.looked.values()])
    yield section("Results", _ablation(paper, arguments), Bullets(tuple(_verdicts(paper))))
    yield section("What may not be claimed", Bullets(tuple(claims(paper, threshold))))
    yield section("Methods", Paragraph(methods(paper, threshold)))
    yield section("Figures", *_figures(paper, threshold))
    yield section("Settings that differ", _settings(paper, arguments))


def _metric(paper: PaperStudy) -> tuple[str, str]:
    found = main_metric(paper.looked[paper.baseline][0].run.history.metrics)
    return found or ("", "")


def _ablation(paper: PaperStudy, arguments: Sequence[Argument]) -> Table:
    """What differs, what came of it, from how much."""
    names = list(paper.looked)
    changed = [one for one in arguments if one[0] not in NO_COLUMN][:MAX_ARGUMENTS]
    metric = metric_words(*_metric(paper))
    columns = (
        *("run", *(key for (key, _) in changed), f"{metric} (%)", "seeds", "validation images"),
        *("difference (points)", "95 % interval", "verdict"),
    )
    rows = tuple(
        (
            variant.title,
            *(values[names.index(variant.title)] for (_, values) in changed),
            *_result(paper, variant),
        )
        for variant in paper.variants
    )
    return Table(columns, rows, _note(paper))


def _result(paper: PaperStudy, variant: Variant) -> Row:
    images = paper.looked[variant.title][0].signals.data.n_val_images
    delta = None if variant.delta is None else signed(variant.delta)
    verdict = "baseline" if variant.verdict is None else SAID_OF[variant.verdict]
    return (
        _value(variant),
        len(variant.names),
        images,
        delta,
        interval_in_points(variant.interval),
        verdict,
    )


def _value(variant: Variant) -> Optional[str]:
    if variant.mean is None:
        return None
    spread = "" if variant.deviation is None else f" ± {100 * variant.deviation:.1f}"
    return f"{100 * variant.mean:.1f}{spread}"


def _note(paper: PaperStudy) -> str:
    notes = [
        "Values are those of the best epoch; with several seeds mean ± standard deviation (n - 1), and the interval "
        "holds those of all seeds. Intervals are of the difference from the baseline."
    ]
    if paper.left_out:
        notes.append(f"{count(paper.left_out, 'run')} of the same data are left out.")
    if paper.others:
        notes.append(
            f"{count(paper.others, 'run')} of other data or metrics, copies of these, or without results are not in it."
        )
    return " ".join(notes)


def _verdicts(paper: PaperStudy) -> Iterator[str]:
    if paper.comparison is not None:
        for one in said(paper.comparison)[0]:
            yield from one.sentences


def _figures(paper: PaperStudy, threshold: ThresholdAnswer) -> Iterator[Figure]:
    (group, name) = _metric(paper)
    lines = tuple(
        Line(title, tuple(zip(history.epoch.tolist(), history.metrics[group][name].tolist())))
        for title in [one.title for one in paper.variants][:MAX_LINES]
        for history in [paper.looked[title][0].run.history]
        if name in history.metrics.get(group, {})
    )
    metric = metric_words(group, name)
    chart = Chart("epoch", metric, lines)
    yield Figure("comparison", f"{metric} on the validation images by epoch.", chart)
    best = answers.detailed_run_of(paper.best)
    for one in figures(best, threshold):
        yield Figure(one.name, f"{paper.best.run.name}: {one.caption}", one.chart)


def _settings(paper: PaperStudy, arguments: Sequence[Argument]) -> Table:
    return Table(("argument", *paper.looked), tuple((key, *values) for (key, values) in arguments))


def _flat(paper: PaperStudy) -> Table:
    return Table(COLUMNS, tuple(_flat_row(paper, one) for one in paper.variants))


def _flat_row(paper: PaperStudy, variant: Variant) -> Row:
    (low, high) = variant.interval or (None, None)
    images = paper.looked[variant.title][0].signals.data.n_val_images
    metric = "/".join(_metric(paper))
    return (
        *(variant.title, len(variant.names), " ".join(variant.names), metric, variant.mean),
        *(variant.deviation, images, variant.delta, low, high, variant.verdict or "baseline"),
    )
