"""What the terminal shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.class_intervals import intervals_of, unreliable
from tensorboard_runlens.commands import deploy
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.questions import questions_of
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.releases.consequences import consequences
from tensorboard_runlens.report.own_words import own_words, tags_and_note
from tensorboard_runlens.rules import Advice
from tensorboard_runlens.run import Console, Run
from tensorboard_runlens.signals.machine import MachineSignals
from tensorboard_runlens.thresholds.of_run.curve_pictures import whose
from tensorboard_runlens.words import count, metric_words, percent, release_words

SHAPE = {"ok": "●", "info": "●", "warning": "▲", "critical": "■", "no_verdict": "◌"}
"""Health is told by shape and word, so that it needs no colour."""


DETECTION_TASKS = ("detect", "segment", "pose", "obb")
CONFIDENCE = "confidence to deploy with: "
UNKNOWN = "unknown, no detections or curves were recorded"
"""Result tables give precision and recall at the best confidence and do not name it."""


def printable(text: str) -> str:
    """Text without control and direction characters: names come from strangers, and terminals obey them."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else "�" for sign in text)


def scan(
    analyses: Sequence[Analysis], unreadable: Sequence[Unreadable], notes: Sequence[str]
) -> str:
    """A line a run, its headline and the user's own words on it, best first."""
    width = max((len(printable(analysis.run.name)) for analysis in analyses), default=0)
    lines: list[str] = []
    for analysis in analyses:
        name = printable(analysis.run.name).ljust(width)
        lines.append(
            f"{SHAPE[analysis.health.level]} {name}  {_value(analysis):>6}  {_state(analysis)}"
        )
        own = (analysis.headline, *tags_and_note(analysis))
        lines += [f"    {printable(one)}" for one in own]
    lines += [
        f"could not be read: {printable(one.path)}: {printable(one.reason)}" for one in unreadable
    ]
    lines += [f"note: {printable(note)}" for note in notes]
    return "\n".join(lines)


def _state(analysis: Analysis) -> str:
    """Where it stands, and why it broke off, if it did."""
    why = analysis.signals.ended
    return f"{analysis.state}: {why.replace('_', ' ')}" if why else analysis.state


def show(analysis: Analysis, details: Details = NO_DETAILS, notes: Sequence[str] = ()) -> str:
    """One run in full, and notes on the settings it was judged by."""
    run = analysis.run
    lines = [
        f"{SHAPE[analysis.health.level]} {printable(run.name)}: {_kind(run)}, {_state(analysis)}",
        printable(analysis.headline),
        f"weights: {printable(analysis.weights.use or 'none in this folder')} ({analysis.weights.why})",
    ]
    for group, named in analysis.signals.best_metrics.items():
        values = [
            f"{metric_words('box', name)} {_number(value)}" for (name, value) in named.items()
        ]
        lines.append(f"{group}: {', '.join(values)}")
    lines += map(printable, own_words(analysis))
    lines += _class_lines(analysis)
    lines += _confidence_lines(analysis)
    lines += [f"use it: {printable(command)}" for command in _commands(analysis)]
    lines += _pseudo_label_lines(analysis)
    lines += _data_lines(analysis)
    lines += _machine_lines(analysis.signals.machine)
    lines += _console_lines(run.console)
    lines += _relation_lines(analysis.surroundings.relations)
    for finding in analysis.findings:
        lines.append(
            f"[{finding.severity}, {finding.confidence} confidence] {printable(finding.summary)} ({finding.rule})"
        )
        lines += [f"    {line}" for one in finding.advice for line in _advice_lines(one)]
    lines += _question_lines(analysis)
    lines += _origin_lines(analysis, details)
    lines += [f"rule {one.rule} failed: {printable(one.error)}" for one in analysis.failed_rules]
    for problem in run.problems:
        where = f" line {problem.line}" if problem.line else ""
        lines.append(f"problem: {printable(problem.file)}{where}: {printable(problem.problem)}")
    lines += [f"note: {printable(note)}" for note in notes]
    return "\n".join(lines)


def _advice_lines(advice: Advice) -> list[str]:
    """What to do with what to copy; entries of a file are a line each and stand below."""
    copied = _to_copy(advice).split("\n")
    if len(copied) == 1:
        return [printable("  ".join(part for part in (advice.text, *copied) if part))]
    return [printable(advice.text), *(f"  {printable(line)}" for line in copied)]


def _to_copy(advice: Advice) -> str:
    """The command, or where there is none the argument to change."""
    if advice.command:
        return advice.command
    return f"{advice.change[0]}: {advice.change[1]} -> {advice.change[2]}" if advice.change else ""


def _question_lines(analysis: Analysis) -> list[str]:
    return [printable(f"{one.question} {one.answer}") for one in questions_of(analysis)]


def _kind(run: Run) -> str:
    return ", ".join(part for part in (run.task, run.framework, run.stage) if part)


def _confidence_lines(analysis: Analysis) -> list[str]:
    """Where F1 is best, whose validation says so, and what is as good."""
    point = analysis.operating_point
    if point.confidence is None:
        why = point.reason or UNKNOWN
        return [f"{CONFIDENCE}{printable(why)}"] if analysis.run.task in DETECTION_TASKS else []
    numbers = ", ".join(
        f"{name} {_number(value)}"
        for (name, value) in (
            ("F1", point.f1),
            ("precision", point.precision),
            ("recall", point.recall),
        )
    )
    means = ": means over the classes" if len(analysis.signals.data.classes) > 1 else ""
    doubt = f"; {printable(point.reason)}" if point.reason else ""
    said = f"{CONFIDENCE}{point.confidence:.3g} ({numbers}{means}), {_validating(analysis)}{doubt}"
    if point.interval is None or point.plateau is None:
        return [said]
    return [
        said,
        f"    on other images {_span(point.interval)}; as good here: {_span(point.plateau)}",
    ]


def _validating(analysis: Analysis) -> str:
    point = analysis.operating_point
    if point.source == "picture":
        return f"{point.status} from the F1 picture of {whose(analysis.run)}"
    return "validating " + (
        "best.pt after training" if point.epoch is None else f"{analysis.run.axis} {point.epoch}"
    )


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3g} to {interval[1]:.3g}"


def _class_lines(analysis: Analysis) -> list[str]:
    """A line a class: its metrics, with the intervals that its number of instances allows."""
    lines = []
    for line in analysis.signals.data.classes:
        intervals = intervals_of(line)
        values = [
            f"{metric_words(group, name)} {_number(value)}{_interval(intervals.get(group, {}).get(name))}"
            for (group, named) in line.metrics.items()
            for (name, value) in named.items()
        ]
        count = "number of instances unknown" if line.instances is None else f"n = {line.instances}"
        doubt = ": few, so read the interval" if unreliable(line) else ""
        name = printable(without_absolute_paths(line.name))
        lines.append(f"class {name}: {', '.join(values) or 'no metric'} ({count}{doubt})")
    return lines


def _commands(analysis: Analysis) -> list[str]:
    weights = analysis.weights.use
    return deploy(analysis.run, weights, analysis.confidence) if weights else []


def _origin_lines(analysis: Analysis, details: Details) -> list[str]:
    """What wrote the run, and what follows from that where it is known."""
    version = analysis.run.version
    lines = []
    if version:
        words = release_words(version.min, version.max) or "of an unknown release"
        lines.append(f"written by {analysis.run.framework} {words} (told by {version.source})")
    known = [one for one in consequences(analysis.run) if one.known]
    lines += [f"    {one.name}: {one.possible[0]}" for one in known]
    for one in details.checkpoints:
        epoch = "" if one.epoch_of_weights is None else f", weights of epoch {one.epoch_of_weights}"
        date = "" if one.date is None else f", saved {one.date[:16].replace('T', ' ')}"
        if not one.problems:
            lines.append(printable(f"checkpoint {one.file}{epoch}{date}"))
    return lines


def _data_lines(analysis: Analysis) -> list[str]:
    """The size of the data, as far as it is known, and the faults that no rule reports."""
    data = analysis.signals.data
    known = [
        None if data.n_train_images is None else count(data.n_train_images, "training image"),
        None if data.n_val_images is None else count(data.n_val_images, "validation image"),
        None if data.n_classes is None else count(data.n_classes, "class", "classes"),
        None if data.val_fingerprint is None else f"validation fingerprint {data.val_fingerprint}",
    ]
    told = ", ".join(fact for fact in known if fact)
    reported = {finding.rule for finding in analysis.findings}
    faults = [fault for fault in data.faults if fault.kind not in reported]
    lines = [f"data: {told}"] if told else []
    return lines + [f"    [{fault.severity}] {printable(fault.summary)}" for fault in faults]


def _machine_lines(machine: MachineSignals) -> list[str]:
    """Medians over the recorded epochs after the first."""
    speed = machine.typical("images_per_second")
    (wait, memory) = (machine.waiting, machine.memory_share)
    known = [
        None if speed is None else f"{speed:.3g} training images/s",
        None if wait is None else f"{percent(wait)} of the training time waiting for data",
        None if memory is None else f"tensors took {percent(memory)} of the accelerator's memory",
    ]
    told = ", ".join(fact for fact in known if fact)
    return [f"machine: {told}"] if told else []


def _pseudo_label_lines(analysis: Analysis) -> list[str]:
    said = [
        f"{one.positive:g}/{one.negative:g} in iteration {one.iteration}"
        for one in analysis.signals.pseudo_labels
    ]
    return [f"pseudo-labels from scores {', '.join(said)}"] if said else []


def _console_lines(console: Optional[Console]) -> list[str]:
    """What the saved console output adds."""
    if console is None:
        return []
    speed = sum(console.speed_ms.values())
    facts = [
        console.device,
        console.model,
        None if console.parameters is None else f"{console.parameters:,} parameters",
        None
        if console.transferred is None
        else "{} of {} weights transferred".format(*console.transferred),
        f"{speed:.1f} ms an image, {1000 / speed:.1f} images a second" if speed else None,
        None if console.hours is None else f"{console.hours:g} hours",
    ]
    said = ", ".join(without_absolute_paths(fact) for fact in facts if fact)
    return [f"printed in {printable(console.file)}: {printable(said)}"] if said else []


def _interval(interval: Optional[tuple[float, float]]) -> str:
    return f" [{interval[0]:.2f}-{interval[1]:.2f}]" if interval else ""


def _relation_lines(relations: Relations) -> list[str]:
    said = [
        ("continues", [relations.continues] if relations.continues else []),
        ("continued by", relations.continued_by),
        ("started from the weights of", [relations.starts_from] if relations.starts_from else []),
        ("the same run as", relations.duplicates),
        ("repeated with another seed as", relations.repeats),
    ]
    return [f"{words} {printable(', '.join(names))}" for (words, names) in said if names]


def _value(analysis: Analysis) -> str:
    (metric, best) = (analysis.signals.metric, analysis.signals.best_row)
    return _number(None if metric is None or best is None else float(metric[best]))


def _number(value: Optional[float]) -> str:
    return "-" if value is None or value != value else f"{value:.3f}"
