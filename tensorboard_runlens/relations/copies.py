"""Which runs hold the same: copies of one training, and the same training with other seeds."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Optional

import numpy as np

from tensorboard_runlens.relations.sources import best_match, parts
from tensorboard_runlens.run import Floats, History, Run, main_metric

SEED = "seed"
OF_THE_PLACE = (
    *("name", "project", "save_dir", "exist_ok", "resume", "verbose", "plots"),
    *("device", "workers", "local_rank", "global_rank"),
)
"""Arguments that say where and on what a training ran, not what was trained."""

PRINTED = 1e-3
"""Rounding of printed metrics, and a little more."""

Groups = Mapping[str, tuple[str, ...]]
"""name -> the other names of its group."""


def duplicates_of(runs: Mapping[str, Run]) -> Groups:
    """The same training at two places: a copied folder, or the notebook that ran it."""
    return {
        **_groups({name: _content(run) for (name, run) in runs.items()}),
        **_printed_elsewhere(runs),
    }


def repeats_of(runs: Mapping[str, Run]) -> Groups:
    """Runs with the same arguments but for the seed."""
    alike = _groups({name: _recipe(run) for (name, run) in runs.items()})
    return {
        name: tuple(
            other
            for other in group
            if runs[other].arguments.get(SEED) != runs[name].arguments.get(SEED)
        )
        for (name, group) in alike.items()
    }


def rows_mark(history: History, count: int) -> Optional[bytes]:
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


def results_of(run: Run) -> Sequence[str]:
    """The files that the run's history was read from."""
    return run.files.by_role.get("results", ())


def _content(run: Run) -> Optional[bytes]:
    """A fingerprint of everything measured; None for a run too empty to tell.

    Trainings repeat themselves to the last digit, but not the clock: without one the place that the
    arguments state must agree, too, which a copy keeps and a repetition does not share.
    """
    rows = rows_mark(run.history, len(run.history))
    if rows is None or run.history.seconds is not None:
        return rows
    place = [str(run.arguments.get(name)) for name in ("project", "name", "save_dir")]
    return hashlib.sha256(rows + "\n".join(place).encode("utf-8", "replace")).digest()


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


def _printed_elsewhere(runs: Mapping[str, Run]) -> Groups:
    """Trainings of which only the console's output was read, and the run folder that it names; both ways."""
    found: dict[str, tuple[str, ...]] = {}
    for name, run in runs.items():
        console = run.console
        if console is None or not console.save_dir or console.file not in results_of(run):
            continue
        others = (other for other in runs if other != name and not _is_printed(runs[other]))
        folder = best_match(parts(console.save_dir), others)
        if folder and _lies_below(folder, name) and _prints_the_same(run, runs[folder]):
            found[name] = (folder,)
            found[folder] = (name,)
    return found


def _lies_below(folder: str, notebook: str) -> bool:
    """Whether a run's folder lies where the notebook or log of this name ran."""
    place = notebook.partition("@")[0]
    return place == "." or folder == place or folder.startswith(f"{place}/")


def _prints_the_same(printed: Run, written: Run) -> bool:
    """Whether the printed epochs are those of the table, within the three digits that are printed."""
    main = main_metric(written.history.metrics)
    if main is None or len(printed.history) != len(written.history):
        return False
    values = printed.history.metrics.get(main[0], {}).get(main[1])
    if values is None:
        return False
    return bool(
        np.allclose(values, written.history.metrics[main[0]][main[1]], atol=PRINTED, equal_nan=True)
    )


def _is_printed(run: Run) -> bool:
    """Whether a run was read from a console's output itself."""
    return run.console is not None and run.console.file in results_of(run)


def _recipe(run: Run) -> Optional[bytes]:
    """A fingerprint of what was trained, seed and place left out; None where no seed is stated."""
    if SEED not in run.arguments or not len(run.history):
        return None
    said = sorted(
        f"{key}={value}"
        for (key, value) in run.arguments.items()
        if key != SEED and key not in OF_THE_PLACE
    )
    text = "\n".join([run.framework, run.task, *said])
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _groups(keys: Mapping[str, Optional[bytes]]) -> dict[str, tuple[str, ...]]:
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
