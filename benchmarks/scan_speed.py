"""How long a first scan takes, beside other ways to read the same tables, in one run.

    python benchmarks/scan_speed.py LOGDIR

Every figure is the median of five rounds, the ways taking turns; quote the ratios, not the seconds.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from statistics import median
from typing import Callable

import yaml

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog

ROUNDS = 5


def tables(logdir: Path) -> list[Path]:
    return sorted(logdir.rglob("results.csv"))


def dict_reader(logdir: Path) -> None:
    """What a script would do: csv.DictReader and float, and PyYAML's pure Python loader."""
    for path in tables(logdir):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                [float(cell) for cell in row.values() if isinstance(cell, str) and cell.strip()]
        arguments = path.with_name("args.yaml")
        if arguments.exists():
            try:
                yaml.safe_load(arguments.read_text(errors="replace"))
            except yaml.YAMLError:
                continue


def read_only(logdir: Path) -> None:
    """The floor: the bytes of the same files."""
    for path in tables(logdir):
        path.read_bytes()


def runlens(logdir: Path) -> None:
    """Walk, read, judge."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    for run in catalog.runs.values():
        analyse(run)


WAYS: dict[str, Callable[[Path], None]] = {
    "bytes only": read_only,
    "csv.DictReader + yaml.safe_load": dict_reader,
    "RunLens: walk, read and judge": runlens,
}


def main() -> None:
    logdir = Path(sys.argv[1])
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            start = time.process_time()
            way(logdir)
            taken[name].append(time.process_time() - start)
    base = median(taken["RunLens: walk, read and judge"])
    for name, times in taken.items():
        print(f"{name:34} {median(times):7.3f} s CPU  {median(times) / base:6.2f} x RunLens")


if __name__ == "__main__":
    main()
