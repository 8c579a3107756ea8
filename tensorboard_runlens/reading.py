"""From one folder's listing to the runs that lie in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Optional

from tensorboard_runlens.folder import MAX_ENTRIES, Entry, Folder, times
from tensorboard_runlens.formats import Format, all_formats
from tensorboard_runlens.formats.arguments import ARGUMENT_FILES, read_arguments
from tensorboard_runlens.formats.event_files import is_event_file
from tensorboard_runlens.formats.results_csv import NO_EPOCHS, stated_task
from tensorboard_runlens.formats.roles import files_by_role
from tensorboard_runlens.formats.versions import version_of
from tensorboard_runlens.naming import natural
from tensorboard_runlens.run import Files, Logged, Problem, Run, empty_history

STANDARD_TABLES = ("results.csv", "results.txt")
"""The tables that are the run of their folder; every other one beside is a run of its own."""


def read_folder(folder: Folder) -> tuple[list[Run], list[str]]:
    """(runs in this folder, reasons why what looks like one could not be read)."""
    tables = _tables(folder)
    own = _own_table(tables)
    runs: list[Run] = []
    reasons: list[str] = []
    if own or (not tables and _has_arguments(folder)):
        run = _read_own(folder, own, tables)
        if len(run.history) or _has_begun(run):
            runs.append(run)
        else:
            reasons.append(_reason(run))
    for table in tables:
        if table == own or is_event_file(table[0]):
            continue
        run = _read_run(folder, table, f"{folder.name}@{table[0]}")
        if len(run.history):
            runs.append(run)
        else:
            reasons.append(f"{table[0]}: {_reason(run)}")
    return (runs, reasons)


def _tables(folder: Folder) -> list[tuple[str, Format]]:
    """Every result table of the folder with the format that recognises it, standard names first, event files last."""
    found: list[tuple[str, Format]] = []
    for name in sorted(folder.files, key=natural):
        form = next((form for form in all_formats() if form.recognise(folder, name)), None)
        if form:
            found.append((name, form))
    return sorted(found, key=lambda one: (is_event_file(one[0]), one[0] not in STANDARD_TABLES))


def _own_table(tables: Sequence[tuple[str, Format]]) -> Optional[tuple[str, Format]]:
    """The table that is the folder's run: a standard name, or the only one there is."""
    if tables and (tables[0][0] in STANDARD_TABLES or is_event_file(tables[0][0])):
        return tables[0]
    written = [table for table in tables if not is_event_file(table[0])]
    return written[0] if len(written) == 1 else None


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


def _read_own(
    folder: Folder, own: Optional[tuple[str, Format]], tables: Sequence[tuple[str, Format]]
) -> Run:
    """The folder's run; where its table holds no epoch, the event files are asked."""
    run = _read_run(folder, own, folder.name)
    events = next((table for table in tables if is_event_file(table[0])), None)
    if len(run.history) or events is None or events == own:
        return run
    second = _read_run(folder, events, folder.name)
    if not len(second.history):
        return run
    return replace(second, problems=(*run.problems, *second.problems))


def _read_run(folder: Folder, table: Optional[tuple[str, Format]], name: str) -> Run:
    (arguments, origin, problems) = read_arguments(folder)
    files = files_by_role(folder, None if table is None else table[0])
    (newest, oldest) = times(_own_files(folder, table, name))
    run = Run(
        path=folder.path,
        name=name,
        framework="ultralytics" if "mode" in arguments and "task" in arguments else "unknown",
        task=stated_task(arguments) or "unknown",
        history=empty_history(),
        logged=Logged(0, ()),
        arguments=arguments,
        argument_file=origin,
        files=Files(files, newest, oldest),
        problems=(*problems, *_empty_event_files(folder), *_left_out(folder)),
    )
    if table is None:
        return run
    (file, form) = table
    (read, reading) = form.read(folder, file)
    framework = form.framework(read, arguments)
    return replace(
        run,
        framework=framework,
        task=form.task(read, arguments),
        history=reading.history,
        logged=reading.logged,
        problems=(*read.problems, *run.problems),
        version=version_of(framework, read, arguments),
    )


def _own_files(
    folder: Folder, table: Optional[tuple[str, Format]], name: str
) -> Mapping[str, Entry]:
    """The files whose times tell of this run: of a table beside the folder's run only itself."""
    if table is None or name == folder.name:
        return folder.files
    return {table[0]: folder.files[table[0]]}


def _empty_event_files(folder: Folder) -> Iterator[Problem]:
    for name, entry in folder.files.items():
        if is_event_file(name) and not entry.size:
            yield Problem(name, None, "empty", "0 bytes: TensorBoard shows nothing of this file")


def _left_out(folder: Folder) -> Iterator[Problem]:
    if folder.nameless:
        said = f"files with names that are not UTF-8: {folder.nameless}; they are left out"
        yield Problem(".", None, "unreadable_name", said)
    if folder.truncated:
        said = f"more than {MAX_ENTRIES:,} files: the rest of this folder was not looked at"
        yield Problem(".", None, "too_many_files", said)
