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
from tensorboard_runlens.dataset.label_checks import check_labels, empty_split
from tensorboard_runlens.dataset.repeats import Repeats
from tensorboard_runlens.run import ClassMetrics, RecordedImages, Run, Scanned
from tensorboard_runlens.signals.classes import by_name
from tensorboard_runlens.statistics.assess import FEW_IMAGES, VERY_FEW_IMAGES
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
    def n_val_instances(self) -> Optional[int]:
        """Validated objects: of the data set, as recorded, or of all classes together where each one's are stated."""
        if self._dataset is not None:
            return self._dataset.splits["val"].instances if "val" in self._dataset.splits else None
        recorded = self._run.recorded
        if recorded is not None and recorded.class_counts is not None:
            return int(recorded.class_counts.val.sum())
        stated = [line.instances for line in self.classes]
        known = [number for number in stated if number is not None]
        return sum(known) if known and len(known) == len(stated) else None

    @cached_property
    def trained(self) -> dict[str, int]:
        """Training instances by class name: of the data set, or as recorded; empty where not known."""
        if self._dataset is not None:
            split = self._dataset.splits.get("train")
            return by_name(self._dataset.classes, split.per_class.tolist()) if split else {}
        counts = self._run.recorded.class_counts if self._run.recorded else None
        return by_name(counts.names, counts.train.tolist()) if counts else {}

    @cached_property
    def small_share(self) -> Optional[float]:
        """Share of small objects (COCO: below 32 x 32 pixels) among the training boxes of the data set."""
        split = self._dataset.splits.get("train") if self._dataset is not None else None
        return split.areas.small if split is not None and split.areas is not None else None

    @cached_property
    def certainty(self) -> str:
        """How sure a difference between two of its metrics can be: low, moderate or high, by validation images."""
        images = self.n_val_images
        if images is None:
            return "moderate"
        return "low" if images < VERY_FEW_IMAGES else "moderate" if images < FEW_IMAGES else "high"

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
        if recorded.n_train is not None and recorded.n_val is not None:
            found += empty_split(recorded.n_train, recorded.n_val)
        found += check_labels(recorded.labels, self._run.task)
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
        counts = by_name(data.classes, split.per_class.tolist()) if data and split else {}
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
