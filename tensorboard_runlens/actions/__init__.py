"""What can be done about a finding: a catalogue, so that one remedy has one name and one wording everywhere.

A change of an argument is offered only where the run states the argument and its release knows it, and then with a
line to copy in the program's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.actions.catalogue import ACTIONS
from tensorboard_runlens.actions.changes import Change
from tensorboard_runlens.actions.learning_rate import AUTO_IGNORES, chosen_by_itself
from tensorboard_runlens.actions.lines import retrain
from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.rules import Advice, Scalar
from tensorboard_runlens.run import Run
from tensorboard_runlens.signals import Signals

__all__ = ["ACTIONS", "advise"]


def advise(
    signals: Signals,
    key: str,
    what: str = "",
    change: Optional[tuple[str, Scalar, Scalar]] = None,
    command: Optional[str] = None,
) -> Advice:
    """The remedy of this key for a run.

    ``what`` fills its sentence, where the catalogue's own words do not say enough. ``change`` is (argument, from, to)
    and ``command`` a line to copy; without them the catalogue's are taken, computed from the run's arguments.
    """
    action = ACTIONS[key]
    run = signals.run
    by_itself = chosen_by_itself(run)
    given = change is not None and not (change[0] == "lr0" and by_itself)
    wanted = [change] if change and given else action.changes(run)
    changes = [one for one in wanted if _known(one[0], run)]
    text = action.text.format(what=what or action.what(signals))
    if action.of_rate and by_itself:
        text = f"{text} {AUTO_IGNORES}"
    return Advice(key, text, changes[0] if changes else None, command or _line(run, changes))


def _known(argument: str, run: Run) -> bool:
    """Whether the program that wrote the run takes this argument; where that is open the run must have it."""
    lawful = legal(argument, run)
    return argument in run.arguments if lawful is None else lawful


def _line(run: Run, changes: Sequence[Change]) -> Optional[str]:
    return retrain(run, changes) if changes else None
