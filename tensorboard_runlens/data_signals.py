"""What the rules may ask of a run's data: images, classes and their faults, each possibly unknown (None).

The data set that the user pointed out is asked first, then what the callback recorded and the
console printed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Optional

from tensorboard_runlens.dataset.checks import check_dataset, check_overlap, worst_first
from tensorboard_runlens.dataset.class_checks import check_classes
from tensorboard_runlens.dataset.fault import Fault
from tensorboard_runlens.dataset.repeats import Repeats
from tensorboard_runlens.run import ClassMetrics, RecordedImages, Run, Scanned
from tensorboard_runlens.surroundings import Surroundings


class DataSignals:
    """The quantities of one run's data."""

    def __init__(self, run: Run, surroundings: Surroundings) -> None:
        self._run = run
        self._dataset = surroundings.dataset

    @cached_property
    def n_val_images(self) -> Optional[int]:
        """Validation images, None where no data set, recording or console's output tells."""
        recorded = self._run.recorded
        return self._images("val", recorded.n_val if recorded else None)

    @cached_property
    def n_train_images(self) -> Optional[int]:
        """Training images, None likewise."""
        recorded = self._run.recorded
        return self._images("train", recorded.n_train if recorded else None)

    def _images(self, split: str, recorded: Optional[int]) -> Optional[int]:
        data = self._dataset
        if data is not None and split in data.splits:
            return data.splits[split].images
        if recorded is not None:
            return recorded
        console = self._run.console
        scanned: Optional[Scanned] = getattr(console, split) if console else None
        return scanned.images if scanned else None

    @cached_property
    def n_classes(self) -> Optional[int]:
        """Classes: of the data set, as recorded, of the metrics by class, or as an argument states them."""
        data = self._dataset
        if data is not None:
            return len(data.classes)
        if self._run.recorded and self._run.recorded.names:
            return len(self._run.recorded.names)
        stated = self._run.arguments.get("nc")
        known = isinstance(stated, int) and not isinstance(stated, bool) and stated > 0
        return len(self.classes) or (stated if known else None)

    @cached_property
    def val_fingerprint(self) -> Optional[str]:
        """Fingerprint of the validation images: runs with the same one can be ranked against each other."""
        data = self._dataset
        if data is not None:
            return data.splits["val"].fingerprint if "val" in data.splits else None
        recorded = self._run.recorded
        return recorded.images.val_fingerprint if recorded and recorded.images else None

    @cached_property
    def faults(self) -> list[Fault]:
        """What is wrong with the run's data set, the worst first; empty where it is not known."""
        if self._dataset is not None:
            return check_dataset(self._dataset, self._run.task)
        return self._recorded_faults

    @cached_property
    def _recorded_faults(self) -> list[Fault]:
        """What the callback's counts tell, where no data set was pointed out."""
        recorded = self._run.recorded
        if recorded is None:
            return []
        found: list[Fault] = []
        if recorded.images is not None:
            found += check_overlap(_repeats(recorded.images))
        if recorded.class_counts is not None:
            found += check_classes(recorded.class_counts)
        return worst_first(found)

    def fault(self, kind: str) -> Optional[Fault]:
        """The worst fault of a kind."""
        return next((fault for fault in self.faults if fault.kind == kind), None)

    @cached_property
    def classes(self) -> tuple[ClassMetrics, ...]:
        """Metrics by class, with the number of validation instances where the data set tells it."""
        lines = self._run.classes or (self._run.console.classes if self._run.console else ())
        data = self._dataset
        split = data.splits.get("val") if data is not None else None
        counts = dict(zip(data.classes, split.per_class.tolist())) if data and split else {}
        return tuple(
            replace(line, instances=counts.get(line.name)) if line.instances is None else line
            for line in lines
        )


def _repeats(images: RecordedImages) -> Repeats:
    """A training looks at bytes only, never at pixels. Of which split images were left out is not known: at least
    ``compared`` were looked at."""
    return Repeats(
        same=images.shared,
        alike=0,
        train=images.n_train,
        val=images.n_val,
        compared=(
            max(images.n_train - images.not_compared, 0),
            max(images.n_val - images.not_compared, 0),
        ),
        pairs=(),
    )
