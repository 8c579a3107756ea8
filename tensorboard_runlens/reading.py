"""From one folder's listing to the runs that lie in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

from tensorboard_runlens.belonging import files_of_parts
from tensorboard_runlens.folder import MAX_ENTRIES, Entry, Folder, times
from tensorboard_runlens.formats import SOURCES, Format, results_txt, self_training, tables_in
from tensorboard_runlens.formats.arguments import ARGUMENT_FILES, argument_files, read_arguments
from tensorboard_runlens.formats.checkpoint import LFS_MARK
from tensorboard_runlens.formats.class_metrics import SavedMetrics, saved_metrics
from tensorboard_runlens.formats.console import consoles
from tensorboard_runlens.formats.event_files import is_event_file
from tensorboard_runlens.formats.recorded import recorded
from tensorboard_runlens.formats.recorded_agreement import incomplete, of_another_training
from tensorboard_runlens.formats.results_csv import NO_EPOCHS, stated_task
from tensorboard_runlens.formats.roles import files_by_role
from tensorboard_runlens.naming import natural
from tensorboard_runlens.partinet import staged
from tensorboard_runlens.recording.layout import FOLDER, MANIFEST
from tensorboard_runlens.releases.versions import version_of
from tensorboard_runlens.run import (
    NAMELESS,
    RECORDED,
    ClassMetrics,
    Console,
    Files,
    Logged,
    Problem,
    Recorded,
    Run,
    Version,
    empty_history,
)

STANDARD_TABLES = ("results.csv", "results.txt", self_training.TABLE)
"""The tables that are the run of their folder; every other one beside is a run of its own."""

RELEASE = re.compile(r"\d{1,3}\.\d{1,4}\.\d{1,4}")
MAX_TABLES = 100
"""Result tables of one folder that are read: a comparison of models keeps some thirty logs together."""

LFS_POINTER_BYTES = 1024
"""A pointer has some 130 bytes; the specification allows fewer than 1024."""

Table = tuple[str, Format]


def read_folder(folder: Folder) -> tuple[list[Run], list[str]]:
    """(runs in this folder, reasons why what looks like one could not be read)."""
    by_source = _tables(folder)
    tables = next(iter(by_source), [])
    own = _own_table(tables)
    runs: list[Run] = []
    reasons: list[str] = []
    if own or (not tables and _has_arguments(folder)):
        run = _read_own(folder, own, by_source[1:])
        if len(run.history) or _has_begun(run):
            runs.append(run)
        else:
            reasons.append(_reason(run))
    if len(tables) > MAX_TABLES:
        reasons.append(
            f"{len(tables):,} result tables in one folder; the first {MAX_TABLES} are read"
        )
    for table in tables[:MAX_TABLES]:
        if table == own:
            continue
        run = _read_run(folder, table, f"{folder.name}@{table[0]}")
        if len(run.history):
            runs.append(run)
        else:
            reasons.append(f"{table[0]}: {_reason(run)}")
    return (runs, reasons)


def _tables(folder: Folder) -> list[list[Table]]:
    """The result tables of the folder by source, the best first; in each standard names first."""
    found = sorted(
        tables_in(folder), key=lambda one: (one[0] not in STANDARD_TABLES, natural(one[0]))
    )
    by_source = [[one for one in found if one[1].source == source] for source in SOURCES]
    return [tables for tables in by_source if tables]


def _own_table(tables: Sequence[Table]) -> Optional[Table]:
    """The table that is the folder's run: a standard name, or the only one there is."""
    if not tables:
        return None
    standard = tables[0][0] in STANDARD_TABLES
    return tables[0] if standard or len(tables) == 1 else None


def _has_arguments(folder: Folder) -> bool:
    return any(name in folder.files for name in ARGUMENT_FILES[:2])


def _has_begun(run: Run) -> bool:
    """Whether a run without epochs is one: its arguments are there, or a table with a header only."""
    if any(problem.kind == NO_EPOCHS for problem in run.problems):
        return False
    return "epochs" in run.arguments or (not run.problems and "results" in run.files.by_role)


def _reason(run: Run) -> str:
    return (
        "; ".join(problem.problem for problem in run.problems)
        or "no epoch logged, and no arguments of a training"
    )


def _read_own(folder: Folder, own: Optional[Table], others: Sequence[Sequence[Table]]) -> Run:
    """The folder's run; where its table holds no epoch, event files and the console's output are asked."""
    run = _read_run(folder, own, folder.name)
    for tables in others:
        if len(run.history):
            break
        second = _read_run(folder, tables[0], folder.name)
        if len(second.history):
            problems = dict.fromkeys((*run.problems, *second.problems))
            run = replace(second, problems=tuple(problems))
    return _with_recording(run, folder)


def _read_run(folder: Folder, table: Optional[Table], name: str) -> Run:
    (arguments, origin, problems) = read_arguments(folder)
    beside = table is not None and name != folder.name
    saved = None if beside else saved_metrics(folder)
    (console, said) = (None, ()) if beside else _console(folder)
    for key, value in console.arguments.items() if console else ():
        if key not in arguments:
            arguments[key] = value
            origin[key] = console.file if console else ""
    results = table[1].files(folder, table[0]) if table else ()
    files = files_by_role(folder, results, argument_files(folder))
    listed = _all_files(folder)
    (written, first) = times(_only(listed, results))
    (newest, oldest) = (written, first) if beside else times(listed)
    run = Run(
        path=folder.path,
        name=name,
        framework=_stated_framework(arguments),
        task=stated_task(arguments) or _usual_task(arguments),
        history=empty_history(),
        logged=Logged(0, ()),
        arguments=arguments,
        argument_file=origin,
        files=Files(files, newest, oldest, written),
        problems=(
            *problems,
            *said,
            *(saved.problems if saved else ()),
            *_empty_event_files(folder),
            *_left_out(folder),
        ),
        classes=_classes(saved, console),
        console=console,
    )
    if table is None:
        return staged(run)
    run = _with_table(run, folder, table)
    final = (saved.final if saved else None) or (console.final if console else None)
    if run.logged.final is None and final:
        run = replace(run, logged=replace(run.logged, final=final))
    return run


def _stated_framework(arguments: Mapping[str, Any]) -> str:
    """Who began a run of which only the arguments are there."""
    if "mode" in arguments and "task" in arguments:
        return "ultralytics"
    if "hyp" in arguments and ("weights" in arguments or "weight" in arguments):
        return results_txt.stated(arguments)
    return "unknown"


def _usual_task(arguments: Mapping[str, Any]) -> str:
    """YOLOv5 and YOLOv7 do not state their task: what train.py trains is a detector."""
    detector = _stated_framework(arguments) in ("yolov5", "yolov7")
    return results_txt.stated_task(arguments) if detector else "unknown"


def _console(folder: Folder) -> tuple[Optional[Console], tuple[Problem, ...]]:
    """The newest console output in the folder that tells something, and the problems of all."""
    told = consoles(folder)
    problems = tuple(problem for (_, _, found) in told for problem in found)
    return (told[-1][1] if told else None, problems)


def _classes(saved: Optional[SavedMetrics], console: Optional[Console]) -> tuple[ClassMetrics, ...]:
    """Metrics by class: as saved, with the counts that the console printed; else as printed."""
    printed = {line.name: line for line in console.classes} if console else {}
    if not saved or not saved.classes:
        return tuple(printed.values())
    return tuple(
        replace(
            line,
            images=line.images if line.images is not None else printed[line.name].images,
            instances=line.instances
            if line.instances is not None
            else printed[line.name].instances,
        )
        if line.name in printed
        else line
        for line in saved.classes
    )


def _with_table(run: Run, folder: Folder, table: Table) -> Run:
    (file, form) = table
    (read, reading) = form.read(folder, file)
    framework = form.framework(read, run.arguments)
    task = form.task(read, run.arguments)
    if not len(reading.history) and framework in NAMELESS and run.framework not in NAMELESS:
        (framework, task) = (run.framework, run.task)  # an event file without scalars tells less
    return staged(
        replace(
            run,
            framework=framework,
            task=task,
            history=reading.history,
            logged=reading.logged,
            problems=tuple(dict.fromkeys((*read.problems, *run.problems))),
            version=_printed_version(run.console, framework)
            or version_of(framework, read, run.arguments, task, folder.files),
            axis=form.axis,
        )
    )


def _with_recording(run: Run, folder: Folder) -> Run:
    """The run with what the callback recorded of it, unless the folder's last training was not recorded."""
    (found, problems) = recorded(folder)
    if run.framework == RECORDED:
        return _as_recorded(run, found, problems)
    other = of_another_training(found, run.history) if found else None
    doubt = other or (incomplete(found, run.history) if found else None)
    run = replace(run, problems=(*run.problems, *problems, *([doubt] if doubt else ())))
    if found is None or other:
        return run
    return _recorded_facts(run, found)


def _as_recorded(run: Run, found: Optional[Recorded], problems: Sequence[Problem]) -> Run:
    """A run that is known from its recording only: what its arguments are and what it counts stands there, too."""
    run = replace(run, problems=tuple(dict.fromkeys((*run.problems, *problems))))
    if found is None:
        return run
    new = {name: value for (name, value) in found.arguments.items() if name not in run.arguments}
    run = replace(
        run,
        task=stated_task({"task": found.task}) or run.task,
        axis=found.axis or run.axis,
        arguments={**run.arguments, **new},
        argument_file={**run.argument_file, **dict.fromkeys(new, f"{FOLDER}/{MANIFEST}")},
    )
    return _recorded_facts(run, found)


def _recorded_facts(run: Run, found: Recorded) -> Run:
    epoch = found.best or found.last
    return replace(
        run,
        recorded=found,
        classes=epoch.classes if epoch and epoch.classes else run.classes,
        version=_recorded_version(found, run.framework) or run.version,
    )


def _recorded_version(found: Recorded, framework: str) -> Optional[Version]:
    """The release that the process itself named."""
    if found.framework != framework or not RELEASE.fullmatch(found.version or ""):
        return None
    return Version(found.version, found.version, "recording")


def _printed_version(console: Optional[Console], framework: str) -> Optional[Version]:
    """The release as the console's first line names it."""
    if (
        console is None
        or framework != "ultralytics"
        or not RELEASE.fullmatch(console.version or "")
    ):
        return None
    return Version(console.version, console.version, "console output")


def _all_files(folder: Folder) -> Mapping[str, Entry]:
    return {**folder.files, **files_of_parts(folder)}


def _only(files: Mapping[str, Entry], results: Sequence[str]) -> Mapping[str, Entry]:
    """The files that a history was read from: of a table beside the folder's run they are all that tell its time."""
    return {name: entry for (name, entry) in files.items() if name in results}


def _empty_event_files(folder: Folder) -> Iterator[Problem]:
    for name, entry in folder.files.items():
        if not is_event_file(name):
            continue
        if not entry.size:
            yield Problem(name, None, "empty", "0 bytes: TensorBoard shows nothing of this file")
        elif entry.size < LFS_POINTER_BYTES and folder.head(name).startswith(LFS_MARK):
            yield Problem(
                name, None, "pointer", "a Git LFS pointer: the file itself was not fetched"
            )


def _left_out(folder: Folder) -> Iterator[Problem]:
    if folder.nameless:
        said = f"files with names that are not UTF-8: {folder.nameless}; they are left out"
        yield Problem(".", None, "unreadable_name", said)
    if folder.truncated:
        said = f"more than {MAX_ENTRIES:,} files: the rest of this folder was not looked at"
        yield Problem(".", None, "too_many_files", said)
