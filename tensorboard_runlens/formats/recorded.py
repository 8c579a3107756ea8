"""RUN/runlens/: what RunLens' own callback recorded while the run trained (docs/recorded_data.md).

Written by recording/, and still anybody's file: every field is checked, a line that is damaged costs
itself only, and a last line without its end is one that is being written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional, TypeVar

import msgspec
import numpy as np

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, MAX_TABLE_BYTES, FileRefused, Folder
from tensorboard_runlens.formats.recorded_end import recorded_end
from tensorboard_runlens.formats.recorded_fields import (
    NULL,
    Final,
    Group,
    Head,
    Line,
    Manifest,
    Measured,
    SplitKinds,
    Stated,
    StoppedThere,
    Thinned,
    Wrong,
)
from tensorboard_runlens.formats.recorded_images import recorded_images
from tensorboard_runlens.formats.recorded_machine import Gradients, MachineLine, Work, machine_of
from tensorboard_runlens.formats.table import MAX_SAID
from tensorboard_runlens.naming import shown
from tensorboard_runlens.recording.layout import (
    EPOCHS,
    FINAL_METRICS,
    FOLDER,
    FORMAT_NUMBER,
    GROUPS,
    MANIFEST,
    MAX_WORST,
    THINNED,
)
from tensorboard_runlens.run import (
    RECORDED,
    ClassCounts,
    ClassMetrics,
    Curves,
    Problem,
    Process,
    Recorded,
    RecordedEpoch,
    SplitLabels,
    Stopped,
    Validated,
    WorstImage,
)

MAX_FINAL_BYTES = 16 * 2**20
"""Cap of best.pt's own metrics: 80 classes with masks have 20 kB, 21,841 classes 5 MB."""

MAX_LINES = 50_000
"""Of epochs.jsonl: the longest real training has 5,000 epochs, and resumes repeat a few."""

MAX_LINE_BYTES = MAX_FINAL_BYTES
"""A line holds a validation as final.json does."""


METRIC_OF_FIELD = {
    "precision": "precision",
    "recall": "recall",
    "f1": "f1",
    "ap50": "map50",
    "ap50_95": "map50_95",
    "iou": "iou",
}
"""Average precisions of one class, under the names that run.py has for means of them."""


Kind = TypeVar("Kind")
Numbered = tuple[int, bytes]
"""A line of the file and its number, from 1."""

Problems = list[Problem]


def recorded(folder: Folder) -> tuple[Optional[Recorded], Problems]:
    """(what was recorded of the run in this folder or None, problems). Never raises for what lies there."""
    below = folder.below(FOLDER)
    problems: Problems = []
    if below is None or not {MANIFEST, EPOCHS} & below.files.keys():
        return (None, problems)
    manifest = manifest_of(below, problems)
    if manifest is None:
        return (None, problems)
    heads = _heads(below, problems)
    final = _final(below, problems)
    found = replace(
        _recorded(manifest, heads, problems),
        final=validated(final, manifest.names, (FINAL_METRICS, None), problems),
        worst=_worst(final, manifest.names, problems),
        images=recorded_images(below, problems),
        ended=recorded_end(below, problems),
        written=max(below.files[name].mtime for name in {MANIFEST, EPOCHS} & below.files.keys()),
    )
    return (found, problems)


def _recorded(
    manifest: Manifest, heads: Mapping[int, tuple[Head, Numbered]], problems: Problems
) -> Recorded:
    newest = heads.get(max(heads, default=-1))
    best = _epoch(heads.get(_best(heads)), manifest.names, problems)
    last = _epoch(newest, manifest.names, problems)
    return Recorded(
        framework=manifest.framework,
        version=manifest.version,
        torch=manifest.torch,
        python=manifest.python,
        task=manifest.task,
        names=tuple(map(shown, manifest.names)),
        n_train=manifest.images.train,
        n_val=manifest.images.val,
        optimizer=manifest.optimizer.name if manifest.optimizer else None,
        learning_rates=tuple(manifest.optimizer.lr) if manifest.optimizer else (),
        device=manifest.device,
        fitness=manifest.fitness,
        epochs=len(heads),
        best=best,
        last=last,
        planned=manifest.epochs,
        close_mosaic_epoch=manifest.close_mosaic_epoch,
        devices=tuple(map(shown, manifest.devices or ())),
        world_size=manifest.world_size,
        missing=tuple(map(shown, manifest.missing or ())),
        machine=machine_of([_machine_line(one, problems) for one in heads.values()]),
        axis=manifest.axis,
        arguments=_arguments(manifest, problems),
        class_counts=_class_counts(manifest),
        stopped=_stopped(newest, problems),
        labels=_labels(manifest),
        hours=manifest.hours,
        accelerator=manifest.accelerator,
        newest=max(heads, default=None),
        process=_process(manifest),
        started=manifest.started,
        finished=manifest.finished is not None and manifest.finished == max(heads, default=-1),
    )


def _class_counts(manifest: Manifest) -> Optional[ClassCounts]:
    """None where a split was not counted, or counts and names do not fit."""
    counts = manifest.class_counts
    if counts is None or counts.train is None or counts.val is None:
        return None
    (train, val) = (counts.train.instances, counts.val.instances)
    if not len(train) == len(val) == len(manifest.names):
        return None
    names = tuple(map(shown, manifest.names))
    return ClassCounts(names, np.array(train, np.int64), np.array(val, np.int64))


def _process(manifest: Manifest) -> Optional[Process]:
    one = manifest.process
    return None if one is None else Process(one.pid, one.started, one.place)


def _labels(manifest: Manifest) -> dict[str, SplitLabels]:
    """By split; more polygons than objects are none of one data set."""
    counted = manifest.labels or SplitKinds()
    found = {"train": counted.train, "val": counted.val}
    return {
        split: SplitLabels(kinds.images, kinds.instances, kinds.polygons)
        for (split, kinds) in found.items()
        if kinds is not None and kinds.polygons <= kinds.instances
    }


def manifest_of(below: Folder, problems: Problems) -> Optional[Manifest]:
    """The manifest, an empty one where it cannot be used, None where a later RunLens wrote it."""
    if MANIFEST not in below.files:
        return Manifest()
    text = content(below, MANIFEST, MAX_CONFIG_BYTES, problems)
    stated = None if text is None else decoded(text, Stated, MANIFEST, None, problems)
    if text is None or stated is None:
        return Manifest()
    if stated.format > FORMAT_NUMBER:
        said = f"format {stated.format} of a later RunLens; this one reads up to {FORMAT_NUMBER}"
        problems.append(_problem(MANIFEST, None, "newer_format", said))
        return None
    return decoded(text, Manifest, MANIFEST, None, problems) or Manifest()


def _arguments(manifest: Manifest, problems: Problems) -> dict[str, Any]:
    """Those of any training loop; Ultralytics' lie in its args.yaml."""
    if manifest.framework != RECORDED or bytes(manifest.arguments) == NULL:
        return {}
    return decoded(bytes(manifest.arguments), dict[str, Any], MANIFEST, None, problems) or {}


def rows_of(below: Folder, kind: type[Kind], problems: Problems) -> Iterator[tuple[int, Kind]]:
    """Every line that counts as ``kind``, after its number in the file, in order of epoch."""
    for _, (number, line) in _heads(below, problems).values():
        row = decoded(line, kind, EPOCHS, number, problems)
        if row is not None:
            yield (number, row)


def _heads(below: Folder, problems: Problems) -> dict[int, tuple[Head, Numbered]]:
    """The epochs that count, by number: a line makes those before it with its number or a later one void, since a
    training was resumed there."""
    heads: dict[int, tuple[Head, Numbered]] = {}
    for number, line in _lines(below, problems):
        head = decoded(line, Head, EPOCHS, number, problems)
        if head is None:
            continue
        while heads and next(reversed(heads)) >= head.epoch:
            heads.popitem()
        heads[head.epoch] = (head, (number, line))
    return heads


def _lines(below: Folder, problems: Problems) -> Iterator[Numbered]:
    """The complete lines; a few bytes a line would make millions of them, and a single one fill the memory."""
    text = content(below, EPOCHS, MAX_TABLE_BYTES, problems) if EPOCHS in below.files else None
    *complete, rest = (text or b"").split(b"\n", MAX_LINES)
    for number, line in enumerate(complete, 1):
        if len(line) > MAX_LINE_BYTES:
            said = f"{len(line):,} bytes, more than the {MAX_LINE_BYTES:,} that RunLens reads; left out"
            _say(problems, _problem(EPOCHS, number, "too_large", said))
        elif line.strip():
            yield (number, line)
    if b"\n" in rest:
        said = f"more than {MAX_LINES:,} lines; the first are read"
        _say(problems, _problem(EPOCHS, None, "too_large", said))


def _best(heads: Mapping[int, tuple[Head, Numbered]]) -> int:
    """The last epoch of the highest fitness, as the framework keeps best.pt; -1 without any."""
    rated = [(head.fitness, epoch) for (epoch, (head, _)) in heads.items() if _is_number(head)]
    return max(rated, default=(0.0, -1))[1]


def _is_number(head: Head) -> bool:
    return head.fitness is not None and math.isfinite(head.fitness)


def _machine_line(found: tuple[Head, Numbered], problems: Problems) -> MachineLine:
    """What a line says of the machine: damage there costs nothing else of the line."""
    (head, (number, _)) = found
    work = _part(head.machine, Work, number, problems)
    gradients = _part(head.gradients, Gradients, number, problems)
    return MachineLine(head.epoch, head.seconds, work, gradients)


def _stopped(newest: Optional[tuple[Head, Numbered]], problems: Problems) -> Optional[Stopped]:
    """Why RunLens ended the training; None where it did not, or where it went on."""
    if newest is None:
        return None
    (head, (number, _)) = newest
    why = _part(head.stopped, StoppedThere, number, problems)
    if why is None:
        return None
    return Stopped(
        epoch=head.epoch,
        metric=shown(why.metric),
        best_epoch=why.best_epoch,
        best=min(why.best, 1.0),
        chance=min(why.chance, 1.0),
        drop=why.drop,
        excess=why.excess,
    )


def _part(raw: msgspec.Raw, kind: type[Kind], line: int, problems: Problems) -> Optional[Kind]:
    """A field of a line by itself, None where the line does not have it."""
    text = bytes(raw)
    return None if text == NULL else decoded(text, kind, EPOCHS, line, problems)


def _epoch(
    found: Optional[tuple[Head, Numbered]], names: Sequence[str], problems: Problems
) -> Optional[RecordedEpoch]:
    """An epoch with its classes; None where it was not validated or its columns do not fit."""
    if found is None:
        return None
    (_, (number, text)) = found
    line = decoded(text, Line, EPOCHS, number, problems)
    if line is None:
        return None
    measured = validated(line, names, (EPOCHS, number), problems)
    if measured is None:
        return None
    return RecordedEpoch(measured.classes, measured.optimum, measured.curves, line.epoch)


def _final(below: Folder, problems: Problems) -> Final:
    """What best.pt measured after training, nothing where it was not validated."""
    if FINAL_METRICS not in below.files:
        return Final()
    text = content(below, FINAL_METRICS, MAX_FINAL_BYTES, problems)
    found = None if text is None else decoded(text, Final, FINAL_METRICS, None, problems)
    return found or Final()


def _worst(final: Final, names: Sequence[str], problems: Problems) -> tuple[WorstImage, ...]:
    """The images with the most errors: damage there costs nothing else."""
    text = bytes(final.worst)
    found = None if text == NULL else decoded(text, list[Wrong], FINAL_METRICS, None, problems)
    return tuple(
        WorstImage(
            picture=f"{FOLDER}/{one.file}",
            image=one.image and shown(one.image),
            missed=one.missed,
            false=one.false,
            classes=_mistaken(one, names),
        )
        for one in (found or [])[:MAX_WORST]
    )


def _mistaken(one: Wrong, names: Sequence[str]) -> tuple[str, ...]:
    """The true class and the one that it was taken for, where both have names."""
    numbers = [number for number in (one.true, one.predicted) if number is not None]
    return tuple(shown(names[number]) for number in numbers if number < len(names))


def validated(
    line: Measured,
    names: Sequence[str],
    place: tuple[str, Optional[int]],
    problems: Problems,
) -> Optional[Validated]:
    """A validation with its classes, None where nothing was measured or its columns do not fit; ``place`` is the file
    and its line."""
    groups = {group: getattr(line, group) for group in GROUPS if getattr(line, group)}
    if not line.classes and not groups:
        return None
    if not _fits(line, groups):
        said = "columns of different lengths, or a class twice; left out"
        _say(problems, _problem(*place, "damaged", said))
        return None
    return Validated(
        classes=tuple(_class(line, groups, names, row) for row in range(len(line.classes))),
        optimum={
            group: (found.optimum.confidence, found.optimum.f1)
            for (group, found) in groups.items()
            if found.optimum
        },
        curves={group: _curves(found.curves) for (group, found) in groups.items() if found.curves},
    )


def _curves(found: Thinned) -> Curves:
    (precision, recall, f1) = (
        np.minimum(values, 1.0) for values in (found.precision, found.recall, found.f1)
    )
    return Curves(np.linspace(0, 1, THINNED), precision, recall, f1)


def _fits(line: Measured, groups: Mapping[str, Group]) -> bool:
    columns: list[Sequence[Any]] = [line.images or (), line.instances or ()]
    columns += [getattr(group, name) for group in groups.values() for name in METRIC_OF_FIELD]
    rows = len(line.classes)
    return len(set(line.classes)) == rows and all(len(column) in (0, rows) for column in columns)


def _class(
    line: Measured, groups: Mapping[str, Group], names: Sequence[str], row: int
) -> ClassMetrics:
    number = line.classes[row]
    return ClassMetrics(
        name=shown(names[number]) if number < len(names) else str(number),
        metrics={name: _metrics(group, row) for (name, group) in groups.items()},
        images=line.images[row] if line.images else None,
        instances=line.instances[row] if line.instances else None,
    )


def _metrics(group: Group, row: int) -> dict[str, float]:
    columns = {metric: getattr(group, name) for (name, metric) in METRIC_OF_FIELD.items()}
    return {
        metric: min(column[row], 1.0)
        for (metric, column) in columns.items()
        if column and column[row] is not None
    }


def content(below: Folder, name: str, cap: int, problems: Problems) -> Optional[bytes]:
    """A file of the recording's folder; None, and a problem, where it is refused."""
    try:
        return below.read(name, cap)
    except FileRefused as refusal:
        problems.append(_problem(name, None, "refused", str(refusal)))
        return None


def decoded(
    text: bytes, kind: type[Kind], name: str, line: Optional[int], problems: Problems
) -> Optional[Kind]:
    """A file or a line of one as ``kind``; None, and a problem that names the field, where it is none."""
    try:
        return msgspec.json.decode(text, type=kind)
    except RecursionError:
        said = "too deeply nested"
    except (msgspec.MsgspecError, ValueError) as error:
        said = str(error)[:120]
    _say(problems, _problem(name, line, "damaged", f"{said}; left out"))
    return None


def _say(problems: Problems, problem: Problem) -> None:
    """Adds a problem once; of many alike only the first are listed."""
    alike = sum(known.kind == problem.kind for known in problems)
    if alike < MAX_SAID and problem not in problems:
        problems.append(problem)


def _problem(name: str, line: Optional[int], kind: str, said: str) -> Problem:
    return Problem(f"{FOLDER}/{name}", line, kind, said)
