"""Console output saved beside a run, and notebooks: what was printed and is written nowhere else.

The version, the size of the model, images without objects, metrics by class, speed, and why a
training broke off. Where no results file is left, the printed epochs are the run.
"""

from __future__ import annotations

from dataclasses import replace

from tensorboard_runlens.console.outputs import Output, located, outputs
from tensorboard_runlens.console.table import fill, planned
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Arguments, Format, results_csv, results_txt
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.run import Console, Problem


def find(folder: Folder) -> list[str]:
    """Files in which epochs were printed."""
    return [name for (name, output) in outputs(folder).items() if output.has_epochs]


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The printed epochs as a table, and their history."""
    output = outputs(folder)[name]
    table = Table(name, {}, [], 0)
    if output.training is None:
        table.problems = list(output.problems)
        return (table, build(table))
    fill(table, output.training)
    if not table.rows:
        table.say(None, "empty", "no epoch that was trained to its end")
    reading = build(table, planned(output.training))
    table.problems = [*output.problems, *located(name, table.problems)]
    final = output.training.tables.final
    return (table, replace(reading, logged=replace(reading.logged, final=final)))


def consoles(folder: Folder) -> list[tuple[str, Console, tuple[Problem, ...]]]:
    """What every console output in the folder states, as (file, facts, problems): those that were
    refused, then the others, the newest last."""
    told = [
        (output.training is not None, folder.files[name].mtime, name, output)
        for (name, output) in outputs(folder).items()
    ]
    return [
        (name, _facts(folder, name, output), output.problems)
        for (_, _, name, output) in sorted(told, key=lambda one: one[:3])
        if output.training is None or output.training.understood
    ]


def _facts(folder: Folder, name: str, output: Output) -> Console:
    """How it ended is of the training that began last: one that was resumed and has no epoch yet may go on."""
    (training, newest) = (output.training, output.newest)
    if training is None or newest is None:
        return Console(name)
    return Console(
        file=name,
        arguments=output.arguments,
        classes=tuple(training.tables.classes),
        final=training.tables.final,
        ended=newest.ended,
        error=newest.error,
        written=folder.files[name].mtime,
        **training.facts,
    )


def framework(table: Table, arguments: Arguments) -> str:
    """Who printed the epochs: ultralytics, yolov5, yolov7 or unknown."""
    known = results_csv.framework(table, arguments)
    return results_txt.stated(arguments) if known == "yolov5" else known


FORMAT = Format("console", 80, find, read, framework, results_csv.task, source="console")
