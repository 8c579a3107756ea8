"""What `runlens watch` tells of real trainings while they run: how often, how early, and how much of it stays true.

    python -m benchmarks.watch_replay ../shared/corpus --runs 200

Trainings are drawn from the corpus and fed into a temporary logdir in step, a row of the result table at a time, with
their arguments beside; file times are those of a running training. After its last row a training falls silent. The
watch that looks is the real one; a told finding stays true where it is still there when the training has ended.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.watching.glance import OF_THE_REST
from tensorboard_runlens.watching.memory import Memory, Training
from tensorboard_runlens.watching.watch import Watch

TABLES = ("results.csv", "results.txt")
ARGUMENTS = ("args.yaml", "opt.yaml", "hyp.yaml", "cfg.yaml")
EPOCHS_MIN = 5
SEED = 8
LEVELS = ("warning", "info")
DAY_S = 86400.0


@dataclass
class Fed:
    """A training that is written row by row: its name, its table, and the rows that are still to come."""

    name: str
    table: Path
    head: list[bytes]
    rows: list[bytes]
    done: int = 0
    final: frozenset[str] = frozenset()

    def grow(self) -> None:
        """Writes the next row."""
        with self.table.open("ab") as file:
            file.writelines([*(self.head if not self.done else ()), self.rows[self.done]])
        self.done += 1

    def fall_silent(self) -> None:
        """Makes its files old."""
        now = time.time()
        for file in self.table.parent.iterdir():
            age = 3 * DAY_S if file == self.table else 4 * DAY_S
            os.utime(file, (now - age, now - age))


@dataclass
class Told:
    """All that a watch of one level told: (event, epochs that were done, training). A table to which another training
    was appended has two of them."""

    memory: Memory
    watch: Watch
    events: list[tuple[WatchEvent, int, Training]] = field(default_factory=list)

    def repeated(self, kind: str) -> int:
        """How many findings of a training were told, or taken back, more than once."""
        times = Counter(
            (id(one), event.rule) for (event, _, one) in self.events if event.event == kind
        )
        return sum(number > 1 for number in times.values())


def drawn(corpus: Path, number: int) -> list[tuple[str, str]]:
    """(run, table) of so many trainings."""
    manifest = [
        json.loads(line) for line in (corpus / "MANIFEST.jsonl").read_text("utf-8").splitlines()
    ]
    found = [
        (line["run_id"], table)
        for line in manifest
        for table in TABLES
        if table in line["files"] and line["epochs_logged"] >= EPOCHS_MIN
    ]
    random.Random(SEED).shuffle(found)
    return found[:number]


def begun(corpus: Path, logdir: Path, run: str, table: str) -> Fed:
    """A training before its first row: its arguments, a day old, and no table yet."""
    folder = logdir / run
    folder.mkdir(parents=True)
    for name in ARGUMENTS:
        if (corpus / run / name).is_file():
            shutil.copyfile(corpus / run / name, folder / name)
            os.utime(folder / name, (time.time() - DAY_S,) * 2)
    lines = (corpus / run / table).read_bytes().splitlines(keepends=True)
    heads = 1 if table.endswith(".csv") else 0
    return Fed(run, folder / table, lines[:heads], lines[heads:])


def steps(trainings: Sequence[Fed]) -> Iterator[list[Fed]]:
    """Feeds all in step, and gives those that have just changed; each is there once more, silent."""
    going = list(trainings)
    while going:
        ended = [one for one in going if one.done == len(one.rows)]
        for one in going:
            if one in ended:
                one.fall_silent()
            else:
                one.grow()
        yield going
        going = [one for one in going if one not in ended]


def replay(trainings: Sequence[Fed], logdir: Path) -> list[Told]:
    """What watches of each level tell; they share the looks."""
    memories = [Memory() for _ in LEVELS]
    every = [
        Told(memory, Watch(str(logdir), level, memory)) for (memory, level) in zip(memories, LEVELS)
    ]
    by_name = {one.name: one for one in trainings}
    for changed in steps(trainings):
        analyses = every[0].watch.look()
        for told in every:
            new = told.watch.new(analyses, time.time())
            known = told.memory.trainings
            told.events += [(event, by_name[event.run].done, known[event.run]) for event in new]
        _note_ends(changed, analyses)
    return every


def _note_ends(changed: Sequence[Fed], analyses: Sequence[Analysis]) -> None:
    at_end = {one.name: one for one in changed if one.done == len(one.rows)}
    for analysis in analyses:
        one = at_end.get(analysis.run.name)
        if one is not None:
            one.final = frozenset(finding.rule for finding in analysis.findings)


def report(told: Told, level: str, trainings: Sequence[Fed]) -> None:
    """Repeats, what was taken back, and by rule how early it was told and whether it stayed true."""
    by_name = {one.name: one for one in trainings}
    live = [
        (event, by_name[event.run], epochs)
        for (event, epochs, _) in told.events
        if event.event == "finding" and event.state == "running"
    ]
    kinds = Counter(event.event for (event, _, _) in told.events)
    back = Counter(event.rule for (event, _, _) in told.events if event.event == "withdrawn")
    print(f"\n--on {level}: {kinds['finding']} findings, {len(live)} while it ran")
    print(f"  told twice: {told.repeated('finding')}")
    print(f"  withdrawn: {kinds['withdrawn']}, more than once: {told.repeated('withdrawn')}")
    judged = [one for one in live if one[0].rule not in OF_THE_REST]
    stayed = sum(event.rule in one.final for (event, one, _) in judged)
    print(f"  still true at the end: {stayed} of {len(judged)}, {stayed / max(len(judged), 1):.2f}")
    print("  rule                    told  stayed  withdrawn  epochs before the end, share of plan")
    for rule in sorted({event.rule for (event, _, _) in live}):
        of_rule = [one for one in live if one[0].rule == rule]
        print(f"  {_line(rule, of_rule, back[rule])}")


def _line(rule: str, told: Sequence[tuple[WatchEvent, Fed, int]], withdrawn: int) -> str:
    left = [len(one.rows) - epochs for (_, one, epochs) in told]
    shares = [_share(event, epochs) for (event, _, epochs) in told]
    known = [share for share in shares if share is not None]
    stayed = sum(event.rule in one.final for (event, one, _) in told)
    early = f"{median(left):8.0f}  {median(known):.2f}" if known else f"{median(left):8.0f}"
    truth = "     -" if rule in OF_THE_REST else f"{stayed:6}"
    return f"{rule:22}  {len(told):4}  {truth}  {withdrawn:9}  {early}"


def _share(event: WatchEvent, epochs: int) -> Optional[float]:
    """Epochs of the plan that were left when it was told."""
    return (event.planned - epochs) / event.planned if event.planned else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    call = parser.parse_args()
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(folder)
        chosen = drawn(call.corpus, call.runs)
        trainings = [begun(call.corpus, logdir, run, table) for (run, table) in chosen]
        every = replay(trainings, logdir)
    epochs = sum(len(one.rows) for one in trainings)
    print(f"{len(trainings)} trainings, {epochs} epochs, {time.process_time() - started:.0f} s CPU")
    for told, level in zip(every, LEVELS):
        report(told, level, trainings)


if __name__ == "__main__":
    main()
