"""What runs are called side by side: by their own names, and as far as these are the same by the folders above too."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from tensorboard_runlens.naming import shown
from tensorboard_runlens.run import Run


def names_of(runs: Sequence[Run]) -> list[str]:
    """A name for each, all different unless a folder is given twice."""
    folders = [_folders(run) for run in runs]
    most = max((len(parts) for parts in folders), default=0)
    names = [run.name for run in runs]
    for above in range(1, most):
        seen = Counter(names)
        if max(seen.values()) == 1:
            break
        names = [
            "/".join([*parts[-1 - above : -1], run.name]) if seen[name] > 1 else name
            for (run, parts, name) in zip(runs, folders, names)
        ]
    return names


def _folders(run: Run) -> list[str]:
    return [part for part in shown(os.path.abspath(run.path)).split(os.sep) if part]
