"""How the runs of a logdir belong together, told by what they hold and never by their names alone.

continues    YOLOv7 and PartiNet resume into a new folder whose table begins with a copy of the old
             rows; YOLOv5 may go on with the next epoch. The continued run is then counted once, in
             the folder that continues it. Equal rows alone prove nothing where trainings are
             deterministic: Ultralytics repeats itself to the last digit, but not the clock.
duplicates   the same training at two places: a copied or moved folder, or the notebook that ran it.
starts_from  the run whose checkpoint the training arguments name. The path is only compared with
             names of runs, and never opened.
repeats      runs with the same arguments but for the seed.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.naming import natural
from tensorboard_runlens.run import Floats, History, Run

WEIGHT_ARGUMENTS = ("resume_ckpt", "resume", "weight", "weights", "model", "pretrained")
"""Arguments that may name the checkpoint a training starts from: PartiNet, YOLOv5 and YOLOv7, Ultralytics."""

CHECKPOINT = re.compile(r"^(?P<run>.+?)[\\/](?:weights[\\/])?[^\\/]+\.pt$")

SEED = "seed"
OF_THE_PLACE = (
    *("name", "project", "save_dir", "exist_ok", "resume", "verbose", "plots"),
    *("device", "workers", "local_rank", "global_rank"),
)
"""Arguments that say where and on what a training ran, not what was trained."""

LOST_ROWS = 2
"""A killed run may have written this many rows more than the checkpoint that was resumed knew of."""

TEXT_TABLE = ".txt"
"""results.txt is written by programs that put the old rows into a new folder, and is never deterministic."""

TELLING_ROWS = 3
"""So many equal rows are a copy even where not all are equal."""


@dataclass(frozen=True)
class Relations:
    """What other runs are to one run, by their names; empty where nothing is known."""

    starts_from: Optional[str] = None
    continues: Optional[str] = None
    continued_by: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()


UNRELATED = Relations()


TELLING_PARTS = 2
"""Last parts of a path that name a run: "train" is the name of every second one, "segment/train" is not."""


def relate(runs: Mapping[str, Run]) -> dict[str, Relations]:
    """name -> relations, for the runs that have any."""
    ordered = dict(sorted(runs.items(), key=lambda one: natural(one[0])))
    duplicates = {
        **_groups({name: _content(run) for (name, run) in ordered.items()}),
        **_printed_elsewhere(ordered),
    }
    namesakes: dict[str, list[str]] = defaultdict(list)
    for name in ordered:
        namesakes["".join(_parts(name)[-1:])].append(name)
    sources = {name: _source(name, run, namesakes) for (name, run) in ordered.items()}
    continues = _continued(ordered, duplicates, sources)
    later: dict[str, list[str]] = defaultdict(list)
    for name, before in continues.items():
        later[before].append(name)
    repeats = _groups({name: _recipe(run) for (name, run) in ordered.items()})
    related = {
        name: Relations(
            starts_from=sources[name],
            continues=continues.get(name),
            continued_by=tuple(later.get(name, ())),
            duplicates=duplicates.get(name, ()),
            repeats=_other_seeds(name, repeats.get(name, ()), ordered),
        )
        for name in ordered
    }
    return {name: one for (name, one) in related.items() if one != UNRELATED}


def _printed_elsewhere(runs: Mapping[str, Run]) -> dict[str, tuple[str, ...]]:
    """Trainings of which only the console's output was read, and the run folder that it names; both ways."""
    found: dict[str, tuple[str, ...]] = {}
    for name, run in runs.items():
        console = run.console
        if console is None or not console.save_dir or console.file not in _results(run):
            continue
        others = (other for other in runs if other != name and not runs[other].console)
        folder = _best_match(_parts(console.save_dir), others)
        if folder and _same_length(run, runs[folder]):
            found[name] = (folder,)
            found[folder] = (name,)
    return found


def _results(run: Run) -> Sequence[str]:
    return run.files.by_role.get("results", ())


def _same_length(one: Run, other: Run) -> bool:
    return len(one.history) == len(other.history) > 0


def _groups(keys: Mapping[str, Optional[bytes]]) -> dict[str, tuple[str, ...]]:
    """name -> the other names with the same key."""
    members: dict[bytes, list[str]] = defaultdict(list)
    for name, key in keys.items():
        if key is not None:
            members[key].append(name)
    return {
        name: tuple(other for other in group if other != name)
        for group in members.values()
        for name in group
        if len(group) > 1
    }


def _columns(history: History) -> list[tuple[str, Floats]]:
    """Every measured column under a name of its own, in a fixed order."""
    metrics = [
        (f"{group} {name}", values)
        for (group, named) in history.metrics.items()
        for (name, values) in named.items()
    ]
    sides = [
        (f"{side} {name}", values)
        for (side, losses) in (("train", history.train), ("val", history.val))
        for (name, values) in losses.items()
    ]
    return sorted([*metrics, *sides], key=lambda one: one[0])


def _content(run: Run) -> Optional[bytes]:
    """A fingerprint of everything measured and of the place it was written to; None for a run too empty to tell.

    The place is the one that the arguments state, which a copy keeps and a repetition does not share.
    """
    rows = _rows(run.history, len(run.history))
    if rows is None:
        return None
    place = [str(run.arguments.get(name)) for name in ("project", "name", "save_dir")]
    return hashlib.sha256(rows + "\n".join(place).encode("utf-8", "replace")).digest()


def _rows(history: History, count: int) -> Optional[bytes]:
    """A fingerprint of the first ``count`` rows; None where they hold no number but zero."""
    columns = _columns(history)
    values = [column[:count] for (_, column) in columns]
    if not count or not any(np.any(np.nan_to_num(part) != 0) for part in values):
        return None
    digest = hashlib.sha256(np.ascontiguousarray(history.epoch[:count]).tobytes())
    if history.seconds is not None:
        digest.update(np.ascontiguousarray(history.seconds[:count]).tobytes())
    for (name, _), part in zip(columns, values):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.digest()


def _continued(
    runs: Mapping[str, Run],
    duplicates: Mapping[str, Sequence[str]],
    sources: Mapping[str, Optional[str]],
) -> dict[str, str]:
    """name -> the run that it continues."""
    first_rows: dict[bytes, list[str]] = defaultdict(list)
    for name, run in runs.items():
        first = _rows(run.history, 1) if _tells_copies(run) else None
        if first is not None:
            first_rows[first].append(name)
    found: dict[str, str] = {}
    for names in first_rows.values():
        found.update(_chain(names, runs, duplicates))
    for name, run in runs.items():
        before = None if name in found else _picked_up(run, sources[name], runs)
        if before:
            found[name] = before
    return found


def _tells_copies(run: Run) -> bool:
    """Whether equal rows are copied rows: the clock stands among them, or a program that copies wrote them."""
    written = _results(run)
    return run.history.seconds is not None or any(name.endswith(TEXT_TABLE) for name in written)


def _chain(
    names: Sequence[str], runs: Mapping[str, Run], duplicates: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Of runs that begin alike, each continues the longest one whose rows it repeats."""
    found: dict[str, str] = {}
    by_length = sorted(names, key=lambda name: len(runs[name].history))
    for position, name in enumerate(by_length):
        for before in reversed(by_length[:position]):
            if before not in duplicates.get(name, ()) and _repeats(runs[before], runs[name]):
                found[name] = before
                break
    return found


def _repeats(before: Run, after: Run) -> bool:
    """Whether ``after`` begins with the rows of ``before`` (its very last ones may be lost) and goes on."""
    (short, long) = (len(before.history), len(after.history))
    if short >= long or before.framework != after.framework:
        return False
    fewest = max(short - LOST_ROWS, TELLING_ROWS) if before.axis == "epoch" else short
    kept = (short, *range(short - 1, fewest - 1, -1))
    return any(_rows(before.history, n) == _rows(after.history, n) for n in kept)


def _picked_up(run: Run, before: Optional[str], runs: Mapping[str, Run]) -> Optional[str]:
    """The run at whose end this one begins: its arguments name its checkpoint (``before``), and the epochs fit."""
    if not len(run.history) or run.history.epoch[0] < 2:
        return None
    if before is None or not len(runs[before].history):
        return None
    epochs = runs[before].history.epoch
    return before if epochs[0] < run.history.epoch[0] <= epochs[-1] + 1 else None


def _source(name: str, run: Run, namesakes: Mapping[str, Sequence[str]]) -> Optional[str]:
    """The other run whose checkpoint the arguments name, where exactly one fits best.

    ``namesakes`` are the runs by the last part of their names: only those can fit.
    """
    for argument in WEIGHT_ARGUMENTS:
        match = CHECKPOINT.match(str(run.arguments.get(argument, "")))
        if match:
            wanted = _parts(match["run"])
            others = namesakes.get("".join(wanted[-1:]), ())
            return _best_match(wanted, (other for other in others if other != name))
    return None


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"[\\/]+", path) if part not in ("", ".", "..")]


def _best_match(wanted: Sequence[str], names: Iterable[str]) -> Optional[str]:
    """The name that a path ends in, wholly or with its last two parts; None without one, or with several."""
    shared = {name: _shared(wanted, _parts(name)) for name in names}
    fitting = {
        name: count
        for (name, count) in shared.items()
        if count >= TELLING_PARTS or count == len(_parts(name)) > 0
    }
    most = max(fitting.values(), default=0)
    best = [name for (name, count) in fitting.items() if count == most]
    return best[0] if len(best) == 1 else None


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, yours in zip(reversed(one), reversed(other)):
        if mine != yours:
            break
        count += 1
    return count


def _recipe(run: Run) -> Optional[bytes]:
    """A fingerprint of what was trained, seed and place left out; None where no seed is stated."""
    if SEED not in run.arguments or not len(run.history):
        return None
    said = sorted(
        f"{key}={value}"
        for (key, value) in run.arguments.items()
        if key != SEED and key not in OF_THE_PLACE
    )
    return hashlib.sha256(
        "\n".join([run.framework, run.task, *said]).encode("utf-8", "replace")
    ).digest()


def _other_seeds(name: str, group: Sequence[str], runs: Mapping[str, Run]) -> tuple[str, ...]:
    own = runs[name].arguments.get(SEED)
    return tuple(other for other in group if runs[other].arguments.get(SEED) != own)
