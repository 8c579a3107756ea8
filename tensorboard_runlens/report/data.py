"""What the terminal shows of a data set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Optional

from tensorboard_runlens.dataset.facts import Areas, Dataset, Split
from tensorboard_runlens.dataset.fault import Fault
from tensorboard_runlens.dataset.overlap import Overlap
from tensorboard_runlens.dataset.repeats import Repeats
from tensorboard_runlens.report.text import SHAPE, printable
from tensorboard_runlens.run import Problem
from tensorboard_runlens.words import count, percent

MAX_CLASS_LINES = 100
"""Classes whose numbers are listed; COCO has 80."""


def data(
    dataset: Dataset,
    faults: Sequence[Fault],
    other: Optional[Dataset] = None,
    shared: Optional[Mapping[str, Overlap]] = None,
) -> str:
    """The data set in full: splits, classes, faults, problems, and what it shares with another."""
    lines = [_first_line(dataset, faults)]
    lines += [_split(name, split) for (name, split) in dataset.splits.items()]
    lines += _class_table(dataset)
    for name, split in dataset.splits.items():
        if split.areas is not None:
            lines.append(_areas(name, split.areas))
    if dataset.repeats is not None:
        lines.append(_repeats(dataset.repeats))
    for fault in faults:
        lines.append(f"[{fault.severity}] {printable(fault.summary)} ({fault.kind})")
        lines.append(f"    {printable(fault.advice)}")
    if dataset.repeats is not None:
        lines += [
            f"    {printable(val)} in val, {printable(train)} in train"
            for (val, train) in dataset.repeats.pairs
        ]
    lines += [_problem("", problem) for problem in dataset.problems]
    for name, split in dataset.splits.items():
        lines += [_problem(f"{name}/", problem) for problem in split.problems]
    if other is not None and shared is not None:
        lines += _against(other, shared)
    return "\n".join(lines)


def _first_line(dataset: Dataset, faults: Sequence[Fault]) -> str:
    images = sum(split.images for split in dataset.splits.values())
    classes = count(len(dataset.classes), "class", "classes")
    shape = SHAPE[faults[0].severity if faults else "ok"]
    return f"{shape} {printable(dataset.name)}: {dataset.task}, {classes}, {count(images, 'image')}"


def _split(name: str, split: Split) -> str:
    parts = [
        count(split.images, "image"),
        f"{count(split.backgrounds, 'background')} "
        f"({split.missing_labels} without a label file, {split.empty_labels} with an empty one)",
        f"{split.ignored} corrupt",
        count(split.instances, "instance"),
        f"fingerprint {split.fingerprint or 'none'}",
    ]
    return f"{name}: {', '.join(parts)}"


def _class_table(dataset: Dataset) -> Iterator[str]:
    """A line for each class: instances in each split and their share there."""
    names = [printable(name) for name in dataset.classes[:MAX_CLASS_LINES]]
    width = max(map(len, [*names, "instances"]), default=0)
    yield "  ".join(["instances".ljust(width), *(f"{split:>14}" for split in dataset.splits)])
    for number, name in enumerate(names):
        cells = [_cell(split, number) for split in dataset.splits.values()]
        yield "  ".join([name.ljust(width), *(f"{cell:>14}" for cell in cells)])
    if len(dataset.classes) > MAX_CLASS_LINES:
        yield f"and {len(dataset.classes) - MAX_CLASS_LINES:,} more classes (--json has them all)"


def _cell(split: Split, number: int) -> str:
    if number >= len(split.per_class) or not split.instances:
        return "0"
    instances = int(split.per_class[number])
    return f"{instances:,} ({percent(instances / split.instances)})"


def _areas(name: str, areas: Areas) -> str:
    (low, _, middle, _, high) = areas.quantiles
    said = f"{name} box area: median {percent(middle)} of the image, 5 to 95 %: {percent(low)} to {percent(high)}"
    if not areas.measured:
        return said
    return (
        f"{said}; {percent(areas.small)} small (below 32 x 32 pixels), "
        f"{percent(areas.medium)} medium (below 96 x 96), {percent(areas.large)} large"
    )


def _repeats(repeats: Repeats) -> str:
    (train, val) = repeats.compared
    return (
        f"in train and val: {count(repeats.same, 'image')} the same, {repeats.alike} alike "
        f"({train:,} of {repeats.train:,} train and {val:,} of {repeats.val:,} val images compared)"
    )


def _problem(split: str, problem: Problem) -> str:
    where = f" line {problem.line}" if problem.line else ""
    return f"problem: {split}{printable(problem.file)}{where}: {printable(problem.problem)}"


def _against(other: Dataset, shared: Mapping[str, Overlap]) -> Iterator[str]:
    for name, overlap in shared.items():
        yield f"against {printable(other.name)}, {name}: {overlap.sentence}"
    if not shared:
        yield f"against {printable(other.name)}: no split in common"
