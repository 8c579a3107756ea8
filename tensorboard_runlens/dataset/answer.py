"""A data set and its faults as the JSON structs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from tensorboard_runlens import schema
from tensorboard_runlens.dataset.facts import Areas, Dataset, Split
from tensorboard_runlens.dataset.fault import Fault
from tensorboard_runlens.dataset.overlap import Overlap
from tensorboard_runlens.dataset.repeats import Repeats
from tensorboard_runlens.plain_values import rounded, without_absolute_paths
from tensorboard_runlens.run import Problem


def data_answer(
    dataset: Dataset,
    faults: Sequence[Fault],
    other: Optional[Dataset] = None,
    shared: Optional[Mapping[str, Overlap]] = None,
) -> schema.DataAnswer:
    """One data set, and what it shares with another where one was given."""
    against = None
    if other is not None and shared is not None:
        splits = {name: _shared(overlap) for (name, overlap) in shared.items()}
        against = schema.DataOverlap(other.name, splits)
    return schema.DataAnswer(True, schema.SCHEMA_VERSION, data_set(dataset, faults), against)


def data_set(dataset: Dataset, faults: Sequence[Fault]) -> schema.DataSet:
    """The data set with its faults."""
    return schema.DataSet(
        name=dataset.name,
        task=dataset.task,  # type: ignore[arg-type]
        classes=[without_absolute_paths(name) for name in dataset.classes],
        splits={name: _split(split) for (name, split) in dataset.splits.items()},
        repeats=None if dataset.repeats is None else _repeats(dataset.repeats),
        faults=[_fault(one) for one in faults],
        problems=_problems(dataset.problems),
    )


def _split(split: Split) -> schema.DataSplit:
    return schema.DataSplit(
        images=split.images,
        backgrounds=split.backgrounds,
        empty_labels=split.empty_labels,
        missing_labels=split.missing_labels,
        corrupt_images=split.corrupt_images,
        corrupt_labels=split.corrupt_labels,
        instances=split.instances,
        per_class=split.per_class.tolist(),
        areas=None if split.areas is None else _areas(split.areas),
        fingerprint=split.fingerprint,
        problems=_problems(split.problems),
    )


def _areas(areas: Areas) -> schema.DataAreas:
    return schema.DataAreas(
        quantiles=[rounded(value) for value in areas.quantiles],
        small=rounded(areas.small),
        medium=rounded(areas.medium),
        large=rounded(areas.large),
        measured=areas.measured,
    )


def _repeats(repeats: Repeats) -> schema.DataRepeats:
    return schema.DataRepeats(repeats.same, repeats.alike, repeats.compared, list(repeats.pairs))


def _fault(fault: Fault) -> schema.DataFault:
    return schema.DataFault(
        fault.kind,
        fault.severity,  # type: ignore[arg-type]
        without_absolute_paths(fault.summary),
        {key: _plain(value) for (key, value) in fault.evidence.items()},
        fault.advice,
    )


def _plain(value: Any) -> Any:
    """Evidence as JSON holds it: rounded, and class names that look like paths cut."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return rounded(value)
    return without_absolute_paths(value) if isinstance(value, str) else value


def _shared(overlap: Overlap) -> schema.DataShared:
    return schema.DataShared(
        overlap.first,
        overlap.second,
        overlap.equal,
        overlap.renamed,
        overlap.relabelled,
        overlap.sentence,
    )


def _problems(problems: Iterable[Problem]) -> list[schema.Problem]:
    return [schema.Problem(one.file, one.line, one.kind, one.problem) for one in problems]
