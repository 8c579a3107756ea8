"""How much two data sets have in common, split by split: whether runs on them can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tensorboard_runlens.dataset.description import SPLITS
from tensorboard_runlens.dataset.facts import Dataset
from tensorboard_runlens.dataset.keys import ImageKey
from tensorboard_runlens.words import count


@dataclass(frozen=True)
class Overlap:
    """The same split of two data sets with ``first`` and ``second`` images.

    ``equal`` images have the same bytes by count and the same labels, with the same name or, where
    they have labels to tell them by, another (``renamed`` of them). ``relabelled`` are those with
    name and bytes alike whose labels differ.
    """

    first: int
    second: int
    equal: int
    renamed: int
    relabelled: int

    @property
    def identical(self) -> bool:
        """Whether metrics measured on the two can be compared without reserve."""
        return self.equal == self.first == self.second

    @property
    def sentence(self) -> str:
        """42 of 45 images equal."""
        if self.identical:
            return f"all {count(self.first, 'image')} equal"
        parts = [f"{self.equal:,} of {self.first:,} images equal"]
        if self.second != self.first:
            parts.append(f"the other has {self.second:,}")
        if self.relabelled:
            parts.append(f"{self.relabelled:,} with other labels")
        return ", ".join(parts)


def compare(first: Dataset, second: Dataset) -> Mapping[str, Overlap]:
    """The overlap of each split that both data sets have."""
    return {
        split: overlap(first.splits[split].keys, second.splits[split].keys)
        for split in SPLITS
        if split in first.splits and split in second.splits
    }


def overlap(first: Sequence[ImageKey], second: Sequence[ImageKey]) -> Overlap:
    """Matches images by name, bytes and labels, the rest by bytes and labels, the rest by name and bytes."""
    same = Counter(one.key for one in first) & Counter(one.key for one in second)
    (rest, other_rest) = (_without(first, same), _without(second, same))
    contents = Counter(one[0] for one in rest if one[0])
    renamed = contents & Counter(one[0] for one in other_rest if one[0])
    pictures = _pictures(rest, renamed) & _pictures(other_rest, renamed)
    return Overlap(
        first=len(first),
        second=len(second),
        equal=sum(same.values()) + sum(renamed.values()),
        renamed=sum(renamed.values()),
        relabelled=sum(pictures.values()),
    )


def _without(keys: Sequence[ImageKey], matched: Counter[str]) -> list[tuple[str, str]]:
    """(content, picture) of the images that are not matched by key."""
    left = Counter(matched)
    rest = []
    for one in keys:
        if left[one.key]:
            left[one.key] -= 1
        else:
            rest.append((one.content, one.picture))
    return rest


def _pictures(rest: list[tuple[str, str]], matched: Counter[str]) -> Counter[str]:
    """Pictures of the images that are not matched by content either."""
    left = Counter(matched)
    pictures: Counter[str] = Counter()
    for content, picture in rest:
        if left[content]:
            left[content] -= 1
        else:
            pictures[picture] += 1
    return pictures
