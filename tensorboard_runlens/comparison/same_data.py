"""Whether two trainings validated the same images, as far as that is known, and how the images differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.validated import apart, other_images
from tensorboard_runlens.data_groups import data_of
from tensorboard_runlens.dataset.keys import ImageKey
from tensorboard_runlens.dataset.overlap import overlap
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.words import count

MAX_SHOWN = 80
"""Cap of a data file's name in a sentence: a line of a terminal."""

UNKNOWN = "whether both validated the same images is not known"


@dataclass(frozen=True)
class Sameness:
    """How the validation data of two runs differ (``apart``), what is to be said where nothing proves them to be the
    same (``doubt``); both None where they are."""

    apart: Optional[str]
    doubt: Optional[str] = None


def sameness(baseline: Contender, other: Contender) -> Sameness:
    """Of two trainings, whatever was validated later."""
    (known, data) = (one.analysis.signals.data for one in (baseline, other))
    other_fingerprint = other_images(known.val_fingerprint, data.val_fingerprint)
    if other_fingerprint:
        return Sameness(_images_apart(baseline, other) or other_fingerprint)
    if baseline.validations and other.validations:
        return Sameness(apart(baseline.validations[-1], other.validations[-1]))
    if known.val_fingerprint and data.val_fingerprint:
        return Sameness(None)
    if data.n_val_images and known.n_val_images and data.n_val_images != known.n_val_images:
        return Sameness(
            f"{count(data.n_val_images, 'validation image')} against {known.n_val_images}"
        )
    if data.n_classes and known.n_classes and data.n_classes != known.n_classes:
        return Sameness(f"{count(data.n_classes, 'class', 'classes')} against {known.n_classes}")
    (old, new) = (_data(one) for one in (baseline, other))
    return Sameness(None, UNKNOWN if old == new else f"data {new} against {old}: {UNKNOWN}")


def sameness_by_tables(baseline: Contender, other: Contender) -> Sameness:
    """The same where thousands are told at once: no file is opened, how many images are equal is not counted, and
    those are apart that the table does not rank against each other."""
    (first, second) = (data_of(one.analysis) for one in (baseline, other))
    differ = other_images(first.fingerprint, second.fingerprint)
    if differ:
        return Sameness(differ)
    same = sameness(baseline, other)
    return same if first == second else Sameness(same.apart or same.doubt)


def images_of(contender: Contender, split: str) -> Sequence[ImageKey]:
    """What tells a split's images apart: of the data set that the user pointed out, else as recorded; empty where
    neither is known."""
    dataset = contender.analysis.surroundings.dataset
    if dataset is not None and split in dataset.splits:
        return dataset.splits[split].keys
    return contender.splits.get(split, ())


def _images_apart(baseline: Contender, other: Contender) -> Optional[str]:
    """How many images are equal, None where not all of them are known one by one."""
    (before, here) = (images_of(one, "val") for one in (baseline, other))
    if not before or not here:
        return None
    return f"the validation data differ: {overlap(before, here).sentence}"


def _data(contender: Contender) -> str:
    said = contender.analysis.run.arguments.get("data")
    return without_absolute_paths(str(said))[:MAX_SHOWN] if said else "not stated"
