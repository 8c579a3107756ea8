"""What is known about a run beyond its own files: its relatives, the data set that the user pointed out, and the
user's own words on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

from tensorboard_runlens.relations import UNRELATED, Relations

if TYPE_CHECKING:
    from tensorboard_runlens.dataset.facts import Dataset


@dataclass(frozen=True)
class Surroundings:
    """The relations of a run to others, and facts about its data; None where nobody said which it is, or
    where it is still being counted (``counting``). ``note`` and ``tags`` are the user's own, ``hours`` what the user
    gives the training to take."""

    relations: Relations = UNRELATED
    dataset: Optional[Dataset] = None
    counting: bool = False
    note: Optional[str] = None
    tags: tuple[str, ...] = ()
    hours: Optional[float] = None

    def same_as(self, other: Surroundings) -> bool:
        """Whether nothing has changed: data sets are kept, so that the same one is the same object."""
        return (
            self.relations == other.relations
            and self.dataset is other.dataset
            and self.counting == other.counting
            and (self.note, self.tags, self.hours) == (other.note, other.tags, other.hours)
        )


ALONE = Surroundings()
