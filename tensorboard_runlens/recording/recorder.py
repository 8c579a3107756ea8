"""``Recorder(run_dir)``: the recording of any training loop, a call an epoch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

import numpy as np

from tensorboard_runlens.recording.ending import Ending
from tensorboard_runlens.recording.environment import rank
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import BEST, ENDED, GROUPS
from tensorboard_runlens.recording.loop import earlier
from tensorboard_runlens.recording.loop.description import class_names, description
from tensorboard_runlens.recording.loop.line import epoch_line
from tensorboard_runlens.recording.loop.validation import (
    CLASSES,
    CONFIDENCES,
    DETECTIONS,
    Measured,
    Validation,
)
from tensorboard_runlens.recording.loop.values import whole
from tensorboard_runlens.recording.process import this_process
from tensorboard_runlens.recording.store import Store

FIRST = (-1, 0)
"""RANK without several processes, and that of the first of them."""


class Nothing(Guard):
    """Where nothing is recorded: in all processes of a training but the first."""

    def run(self, part: str, body: Callable[..., object], *arguments: object) -> None:
        """Leaves ``body`` alone."""

    attempt = run


def _usable(run_dir: Union[str, os.PathLike[str]]) -> bool:
    """Whether this process is the one that records. Raises TypeError for what is no path."""
    os.fspath(run_dir)
    return rank() in FIRST


class Recorder:
    """Records one training into its run folder, which is made where it is missing.

    What ``log_classes``, ``log_detections`` and ``log_confidences`` are given belongs to the epoch that
    ``log_epoch`` closes next. Values may be numpy's or torch's; metrics are fractions 0 to 1, and
    what is not finite is written as null. No method raises an Exception: what fails is said once and
    costs its epoch only. In a training by several processes the first one records.
    """

    def __init__(self, run_dir: Union[str, os.PathLike[str]]) -> None:
        usable = Guard().run("this training is", _usable, run_dir)
        self._run_dir = run_dir if usable else os.curdir
        self._store = Store(self._run_dir)
        self._ending = Ending(self._store, self)
        self._guard = Guard() if usable else Nothing()
        self._validation = Validation()
        self._fitness: Optional[earlier.Fitness] = None
        self._last: Optional[int] = None
        self._facts: dict[str, Any] = {}
        self._named = 0
        self._guard.run("this training is", self._begin)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], _: object
    ) -> None:
        """A training that broke off is not finished; what ended it is recorded."""
        if kind is None:
            self.finish()
        else:
            self._guard.run(ENDED, self._ending.broke_off, error)

    def start_over(self) -> None:
        """Forgets the epochs of an earlier training in the same folder; a resumed training keeps them."""
        self._guard.run("epochs", self._forget)

    def describe(self, **facts: Any) -> None:
        """Writes the manifest, in place of an earlier one (all fields: docs/recorded_data.md).

        ``task`` is detect, segment, pose, obb, classify or semantic; ``names`` the class names in order
        of their numbers; ``images`` is ``{"train": n, "val": n}``; ``axis`` "epoch" or "iteration";
        ``epochs`` how many of them are planned; ``fitness`` what the best epoch is chosen by, in words;
        ``arguments``, ``optimizer`` (also torch's own) and ``device`` are shown as they are.
        """
        self._guard.attempt("manifest", self._describe, facts)

    def log_epoch(
        self,
        epoch: int,
        seconds: Optional[float] = None,
        fitness: Optional[float] = None,
        train: Optional[Mapping[str, float]] = None,
        val: Optional[Mapping[str, float]] = None,
        metrics: Optional[Mapping[str, Mapping[str, float]]] = None,
        lr: Union[float, Mapping[str, float], None] = None,
        **fields: Any,
    ) -> None:
        """Appends an epoch; one that is logged again, or an earlier one, replaces those from it on.

        ``seconds`` is its wall time, ``train`` and ``val`` are losses by name, ``metrics`` group -> name
        -> fraction, as in ``{"box": {"precision": 0.8, "map50_95": 0.5}}``; groups are box, mask, pose,
        classify and pixel. ``fitness`` is what the best epoch is chosen by, the highest being the
        best; without it the task's main metric is. Other numbers, as in ``train_loss=0.3, val_iou=0.6``, are
        understood by their names as those of a home-made table are; other ``fields`` are written as they are.
        """
        given = {
            "seconds": seconds,
            "fitness": fitness,
            "train": train,
            "val": val,
            "metrics": metrics,
            "lr": lr,
            **fields,
        }
        self._guard.attempt("an epoch", self._log, epoch, given)
        self._validation = Validation()

    def log_classes(
        self, classes: Mapping[Union[int, str], Mapping[str, float]], group: str = "box"
    ) -> None:
        """Metrics by class name or number: precision, recall, f1, ap50, ap50_95, iou; and counts: images,
        instances."""
        self._take(CLASSES, self._add_classes, classes, group)

    def log_detections(
        self, boxes: Any, scores: Any, classes: Any, true_boxes: Any, true_classes: Any
    ) -> None:
        """The detections of one validation image, and its objects; call it for every image, also for empty ones.

        Boxes are (n, 4) x1, y1, x2, y2 in one unit, ``scores`` and ``classes`` (n,), scores 0 to 1.
        Keep detections down to a confidence of 0.001: curves and average precision need them.
        """
        detected = self._validation.detected
        self._take(DETECTIONS, detected.add, boxes, scores, classes, true_boxes, true_classes)

    def log_confidences(self, scores: Any, labels: Any) -> None:
        """Scores 0 to 1 and labels 0 or 1 of a two-class problem, of any shape and in as many calls as you like.

        They are counted, not kept: 160 kB however many pixels there are.
        """
        self._take(CONFIDENCES, self._validation.confidences.add, scores, labels)

    def finish(self) -> None:
        """Says that the training came to its end, also where fewer epochs than planned were needed."""
        self._guard.run("manifest", lambda: self._write_manifest(finished=self._last))
        self._guard.run(ENDED, self._ending.over)

    def _take(self, part: str, add: Callable[..., None], *values: Any) -> None:
        """A validation of which something could not be taken is not measured in half: the next one is again."""
        self._guard.attempt(part, self._validation.take, part, add, *values)

    def _begin(self) -> None:
        os.makedirs(self._run_dir, exist_ok=True)
        self._facts = earlier.manifest(self._run_dir)

    def _forget(self) -> None:
        self._ending.forget()
        self._store.clear()
        (self._facts, self._fitness, self._last) = ({}, None, None)

    def _describe(self, facts: Mapping[str, Any]) -> None:
        self._facts = description(facts, self._guard)
        self._write_manifest()
        self._guard.run(ENDED, self._ending.begin)

    def _write_manifest(self, **more: Any) -> None:
        facts = self._facts or description({}, self._guard)
        self._facts = {**facts, **more, "process": this_process()}
        self._store.describe(self._facts)

    def _add_classes(
        self, classes: Mapping[Union[int, str], Mapping[str, float]], group: str
    ) -> None:
        if group not in GROUPS:
            raise ValueError(f"group is {', '.join(GROUPS)}, not {group!r}")
        for name, measured in classes.items():
            self._validation.by_class.add(group, self._number(name), measured)

    def _number(self, name: Union[int, str]) -> int:
        """The number of a class. Where no names were described, those that come are numbered as they come."""
        if not isinstance(name, str):
            return whole("a class", name)
        names = class_names(self._facts.get("names") or ())
        if name in names:
            return names.index(name)
        if len(names) > self._named:
            raise ValueError(f"{name!r} is none of the classes {', '.join(names)}")
        (names, self._named) = ([*names, name], len(names) + 1)
        self._write_manifest(names=names)
        return len(names) - 1

    def _log(self, epoch: int, given: Mapping[str, Any]) -> None:
        number = whole("an epoch", epoch)
        if self._fitness is None:
            self._fitness = earlier.Fitness(self._run_dir)
        measured = self._validation.measured(self._guard)
        line = epoch_line(number, given, measured, self._guard)
        self._store.append(line)
        if self._last is None:
            self._guard.run("manifest", self._write_manifest)
        self._guard.run(ENDED, self._ending.begin)
        self._last = self._ending.epoch = number
        if self._fitness.best is not None and self._fitness.best >= number:
            self._guard.attempt("curves", self._store.remove, BEST)  # of an epoch that is void
        if self._fitness.add(number, line["fitness"]):
            self._guard.attempt("curves", self._write_curves, number, measured)

    def _write_curves(self, epoch: int, measured: Measured) -> None:
        arrays = measured.arrays()
        if arrays:
            self._store.write_archive(BEST, {"epoch": np.array(epoch), **arrays})
