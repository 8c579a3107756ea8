"""How the runs of a logdir belong together, told by what they hold and never by their names alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.naming import natural
from tensorboard_runlens.relations.continued import chain_after, continued
from tensorboard_runlens.relations.copies import duplicates_of, repeats_of
from tensorboard_runlens.relations.sources import sources_of
from tensorboard_runlens.run import Run


@dataclass(frozen=True)
class Relations:
    """What other runs are to one run, by their names; empty where nothing is known.

    ``continued_by`` are the runs that go on with this one, directly or through others; the last one
    went furthest. ``duplicates`` hold the same training at another place,
    ``repeats`` the same training with another seed.
    """

    starts_from: Optional[str] = None
    continues: Optional[str] = None
    continued_by: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()


UNRELATED = Relations()


def relate(runs: Mapping[str, Run]) -> dict[str, Relations]:
    """name -> relations, for the runs that have any."""
    ordered = dict(sorted(runs.items(), key=lambda one: natural(one[0])))
    duplicates = duplicates_of(ordered)
    repeats = repeats_of(ordered)
    sources = sources_of(ordered)
    continues = continued(ordered, duplicates, sources)
    before = frozenset(continues.values())
    related = {
        name: Relations(
            starts_from=sources.get(name),
            continues=continues.get(name),
            continued_by=_longest_last(chain_after(name, continues), ordered)
            if name in before
            else (),
            duplicates=duplicates.get(name, ()),
            repeats=repeats.get(name, ()),
        )
        for name in ordered
    }
    return {name: one for (name, one) in related.items() if one != UNRELATED}


def _longest_last(names: tuple[str, ...], runs: Mapping[str, Run]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: len(runs[name].history)))
