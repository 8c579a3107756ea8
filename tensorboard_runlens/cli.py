"""The command line, one command after the other; what it says is what the tab says.

Exit codes: 0 done, 1 findings reached --fail-on, 2 the call or the data was unusable (one line on
stderr says why).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn, Optional, Union

import msgspec

from tensorboard_runlens import __version__, answers, schema
from tensorboard_runlens.analysis import SEVERITIES, Analysis, analyse, level_of
from tensorboard_runlens.catalog import Catalog, NotARun, open_run, relations_of
from tensorboard_runlens.closer import closer
from tensorboard_runlens.comparison.asked import CannotCompare
from tensorboard_runlens.comparison.names import names_of
from tensorboard_runlens.dataset.answer import data_answer
from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.dataset.facts import Dataset, read_dataset
from tensorboard_runlens.dataset.overlap import compare
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import UnknownGroup, UnknownObjective, study
from tensorboard_runlens.details import Details, closer_run, look_closer
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.naming import name_below, shown
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.pointed_out import Shelf, dataset_of
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.report import data as data_report
from tensorboard_runlens.report import text
from tensorboard_runlens.report import threshold as threshold_report
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.run import Run
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.settings import Settings, load, nearest
from tensorboard_runlens.settings_notes import notes_on
from tensorboard_runlens.surroundings import Surroundings
from tensorboard_runlens.thresholds.of_run.validations import GROUPS

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_UNUSABLE = 2

MAX_NAMED = 10
"""Classes that are named to somebody who named another."""


class Unusable(Exception):
    """The call or the data cannot be used: an error code of the schema and a sentence."""

    def __init__(self, code: schema.ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """Reports a wrong call like any other error, so that --json answers in JSON then too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise Unusable("bad_request", f"{message} (runlens --help)")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # names come in every script, terminals do not
    try:
        return _dispatch(_parser().parse_args(given))
    except Unusable as error:
        return _refuse(given, error)
    except BrokenPipeError:
        # The reader of a pipe has gone (| head): nothing is wrong. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    except Exception as error:  # a bug of ours, said in one line like any other failure
        return _refuse(
            given, Unusable("internal", f"RunLens failed: {type(error).__name__}: {error}")
        )


def _refuse(given: Sequence[str], error: Unusable) -> int:
    if "--json" in given:
        _print_json(answers.error_answer(error.code, str(error)))
    print(f"runlens: {text.printable(str(error))}", file=sys.stderr)
    return EXIT_UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="runlens", description="Reads training runs and says what is wrong with them."
    )
    parser.add_argument("--version", action="version", version=f"runlens {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    scan = commands.add_parser("scan", help="every run under a logdir, best first, with its health")
    scan.add_argument("logdir", metavar="LOGDIR")
    scan.add_argument("--json", action="store_true", help="the answer as JSON")
    scan.add_argument(
        "--fail-on", choices=SEVERITIES, help="exit 1 when a finding is at least this severe"
    )
    show = commands.add_parser("show", help="one run: state, numbers, findings")
    show.add_argument("run", metavar="RUN_DIR")
    show.add_argument("--json", action="store_true", help="the answer as JSON")
    _add_evaluate(commands)
    _add_threshold(commands)
    _add_compare(commands)
    _add_report(commands)
    data = commands.add_parser("data", help="a data set: images, labels, classes, and their faults")
    data.add_argument("data", metavar="DATA_YAML")
    data.add_argument("--against", metavar="OTHER_YAML", help="say what another one shares with it")
    data.add_argument("--json", action="store_true", help="the answer as JSON")
    rules = commands.add_parser("rules", help="every diagnosis: what, why, limits, source")
    rules.add_argument("rule", metavar="RULE", nargs="?")
    demo = commands.add_parser(
        "demo", help="sample runs in a temporary folder, and TensorBoard on them"
    )
    demo.add_argument(
        "--port", type=int, default=6006, help="TensorBoard's port; 0 takes a free one"
    )
    return parser


def _add_evaluate(commands: Any) -> None:
    evaluate = commands.add_parser(
        "evaluate", help="validates best.pt again and keeps every detection (needs ultralytics)"
    )
    evaluate.add_argument("run", metavar="RUN_DIR")
    evaluate.add_argument(
        "--data", metavar="DATA_YAML", help="the data set; otherwise runlens.yaml or the run says"
    )
    evaluate.add_argument(
        "--split", choices=("val", "test"), help="otherwise val, and test where there is one"
    )
    evaluate.add_argument("--device", help="cpu, 0, mps ... as Ultralytics takes it")
    evaluate.add_argument("--json", action="store_true", help="the answer as JSON")


def _add_threshold(commands: Any) -> None:
    threshold = commands.add_parser(
        "threshold", help="the confidence to deploy with, and how sure that is"
    )
    threshold.add_argument("run", metavar="RUN_DIR")
    threshold.add_argument(
        "--objective",
        default="f1",
        metavar="NAME",
        help="f1 (default), f0.5, f2, precision@P, recall@R, cost@A:B (a wrong one : a missed one)",
    )
    threshold.add_argument("--class", dest="class_name", metavar="NAME", help="one class only")
    threshold.add_argument(
        "--group", choices=GROUPS, help="default: masks and keypoints before boxes"
    )
    threshold.add_argument("--json", action="store_true", help="the answer as JSON")


def _add_compare(commands: Any) -> None:
    compared = commands.add_parser(
        "compare", help="which run is better, by how much, and whether that can be said at all"
    )
    compared.add_argument("runs", metavar="RUN_DIR", nargs="+", help="the first is the baseline")
    compared.add_argument(
        "--baseline", metavar="NAME", help="numbers from runlens.yaml to compare with instead"
    )
    compared.add_argument("--json", action="store_true", help="the answer as JSON")


def _add_report(commands: Any) -> None:
    report = commands.add_parser(
        "report", help="a run, a logdir or a comparison as a file: md, html, json, csv, tex"
    )
    report.add_argument("paths", metavar="RUN_DIR|LOGDIR", nargs="+")
    report.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="its suffix says the format; - is stdout",
    )
    report.add_argument(
        "--kind",
        choices=("run", "paper", "reproduction"),
        default="run",
        help="run (default): all there is to say; paper: what a paper needs; reproduction: how to train it again",
    )
    report.add_argument(
        "--recipe", metavar="RUN_DIR|YAML", help="verify a reproduction against it, item by item"
    )


def _dispatch(call: argparse.Namespace) -> int:
    if call.command == "scan":
        return _scan(call.logdir, call.json, call.fail_on)
    if call.command == "show":
        return _show(call.run, call.json)
    if call.command == "threshold":
        return _threshold(call)
    if call.command == "compare":
        return _compare(call.runs, call.baseline, call.json)
    if call.command == "report":
        return _report(call)
    if call.command == "data":
        return _data(call.data, call.against, call.json)
    if call.command == "evaluate":
        return _evaluate(call)
    if call.command == "rules":
        return _rules(call.rule)
    from tensorboard_runlens import demo

    return demo.serve(call.port)


def _scan(logdir: str, as_json: bool, fail_on: Optional[str]) -> int:
    (analyses, unreadable, notes) = _scanned(logdir)
    if as_json:
        _print_json(answers.scan_answer(analyses, unreadable))
    else:
        print(text.scan(answers.best_first(analyses), unreadable, notes))
    return EXIT_FINDINGS if fail_on and _reaches(analyses, fail_on) else EXIT_DONE


def _scanned(logdir: str) -> tuple[list[Analysis], list[Unreadable], list[str]]:
    """(every run judged, what could not be read, notes on the settings)."""
    if not os.path.isdir(logdir):
        raise Unusable("not_found", f"no such folder: {_name(logdir)}")
    catalog = Catalog([("", logdir)])
    catalog.refresh()
    if not catalog.runs:
        raise Unusable("unreadable", f"no training run under {_name(logdir)}{_why(catalog)}")
    settings = load(logdir)
    shelf = Shelf()
    (analyses, failed) = _judged(catalog, settings, shelf)
    notes = [*notes_on(settings, catalog.runs), *shelf.notes]
    return (analyses, [*catalog.unreadable, *failed], notes)


def _judged(
    catalog: Catalog, settings: Settings, shelf: Shelf
) -> tuple[list[Analysis], list[Unreadable]]:
    """Every run judged, and those where that failed: one run must not hide the others."""
    answers_or_failures = [
        _judge(
            run, settings, _surroundings(run, run.name, settings, catalog.related(run.name), shelf)
        )
        for run in catalog.runs.values()
    ]
    return (
        [one for one in answers_or_failures if isinstance(one, Analysis)],
        [one for one in answers_or_failures if isinstance(one, Unreadable)],
    )


def _judge(run: Run, settings: Settings, surroundings: Surroundings) -> Union[Analysis, Unreadable]:
    try:
        return analyse(run, settings, surroundings=surroundings)
    except Exception as error:  # a bug of ours
        return Unreadable(run.name, f"RunLens failed: {type(error).__name__}")


def _surroundings(
    run: Run, name: str, settings: Settings, relations: Relations, shelf: Shelf
) -> Surroundings:
    path = dataset_of(run, name, settings.datasets)
    return Surroundings(
        relations,
        None if path is None else shelf.get(path),
        note=settings.run_notes.get(name),
        tags=settings.run_tags.get(name, ()),
    )


def _name(path: str) -> str:
    """The last part of a path: answers name no other part of a machine."""
    return shown(os.path.basename(os.path.abspath(path))) or "/"


def _why(catalog: Catalog) -> str:
    return "".join(f"; {one.path}: {one.reason}" for one in catalog.unreadable[:3])


def _reaches(analyses: list[Analysis], level: str) -> bool:
    """Whether any finding is at least this severe; those of low confidence do not count."""
    return any(
        finding.confidence != "low" and level_of(finding) >= SEVERITIES.index(level)
        for analysis in analyses
        for finding in analysis.findings
    )


def _opened(path: str) -> Run:
    try:
        return open_run(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such folder: {_name(path)}") from error
    except NotARun as error:
        raise Unusable("unreadable", f"{_name(path)}: {error}") from error


def _show(path: str, as_json: bool) -> int:
    (analysis, details, notes) = _looked_at(path)
    if as_json:
        _print_json(answers.show_answer(analysis, details))
    else:
        print(text.show(analysis, details, notes))
    return EXIT_DONE


def _looked_at(path: str) -> tuple[Analysis, Details, list[str]]:
    """(a run judged with all that its files tell, details, notes on the settings)."""
    (run, details) = look_closer(_opened(path))
    settings = nearest(path)
    name = _name_below(settings, run)
    shelf = Shelf()
    surroundings = _surroundings(run, name, settings, relations_of(run), shelf)
    judged = analyse(run, settings, surroundings=surroundings)
    analysis = replace(judged, closer_point=details.operating_point)
    return (analysis, details, [*notes_on(settings), *shelf.notes])


def _evaluate(call: argparse.Namespace) -> int:
    from tensorboard_runlens import evaluation

    try:
        found = evaluation.evaluate(call.run, call.data, call.split, call.device)
    except evaluation.NotThere as error:
        raise Unusable("not_found", str(error)) from error
    except evaluation.CannotEvaluate as error:
        raise Unusable("unreadable", str(error)) from error
    except KeyboardInterrupt as error:
        raise Unusable("internal", "interrupted") from error
    if call.json:
        _print_json(evaluation.answer(*found))
    else:
        print("\n".join(map(text.printable, evaluation.lines(found[1], call.run))))
    return EXIT_DONE


def _compare(paths: Sequence[str], baseline: Optional[str], as_json: bool) -> int:
    from tensorboard_runlens.comparison.answer import compare_answer
    from tensorboard_runlens.comparison.asked import asked
    from tensorboard_runlens.report import comparison as comparison_report

    settings = nearest(paths[0])
    try:
        wanted = asked([os.path.abspath(path) for path in paths], baseline, settings)
        first = [] if wanted.run is None else [os.path.join(settings.folder, wanted.run)]
        analyses = [_looked_at(path)[0] for path in (*first, *paths)]
        names = names_of([analysis.run for analysis in analyses])
        if len(set(names)) < len(names):
            raise CannotCompare("a run is named twice")
        answer = compare_answer(wanted.compare(dict(zip(names, analyses))))
    except CannotCompare as error:
        raise Unusable("bad_request", str(error)) from error
    if as_json:
        _print_json(answer)
    else:
        print(comparison_report.comparison(answer))
    return EXIT_DONE


def _report(call: argparse.Namespace) -> int:
    from tensorboard_runlens.report import kinds, output, recipe

    try:
        form = output.format_of(call.output)
        output.check(call.output)
        (subject, names) = _subject(call.paths)
        made = kinds.report(
            call.kind, subject, names, recipe.read_recipe(call.recipe) if call.recipe else None
        )
        written = output.write(made, call.output, form)
    except (output.CannotWrite, kinds.NoSuchReport, recipe.NotARecipe, CannotCompare) as error:
        raise Unusable("bad_request", str(error)) from error
    for path in written:
        print(text.printable(shown(path)))
    return EXIT_DONE


def _subject(paths: Sequence[str]) -> tuple[Subject, list[str]]:
    """(what a report is about, the runs that were named): several runs, one, or all of a logdir."""
    if len(paths) == 1 and not _is_run(paths[0]):
        return (_of_logdir(paths[0]), [])
    looked = [_looked_at(path)[:2] for path in paths]
    names = names_of([analysis.run for (analysis, _) in looked])
    named = [
        replace(analysis, run=replace(analysis.run, name=name))
        for (name, (analysis, _)) in zip(names, looked)
    ]
    details = {name: one[1] for (name, one) in zip(names, looked)}
    return (
        Subject(_name(paths[0]), named, lambda one: (one, details[one.run.name])),
        list(names),
    )


def _is_run(path: str) -> bool:
    try:
        open_run(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such folder: {_name(path)}") from error
    except NotARun:
        return False
    return True


def _of_logdir(logdir: str) -> Subject:
    (analyses, unreadable, notes) = _scanned(logdir)
    settings = load(logdir)
    return Subject(
        _name(logdir),
        answers.best_first(analyses),
        lambda one: closer(one, settings),
        unreadable,
        notes,
        settings.baseline,
        lambda rule: settings.limits.get(rule, {}),
    )


def _name_below(settings: Settings, run: Run) -> str:
    """What a run is called in the logdir that runlens.yaml lies in."""
    return name_below(settings.folder, run.path, run.name) if settings.folder else run.name


def _threshold(call: argparse.Namespace) -> int:
    analysis = analyse(closer_run(_opened(call.run)), nearest(call.run))
    try:
        answer = threshold_answer(analysis, study(analysis, call.objective, call.group))
    except (UnknownObjective, UnknownGroup) as error:
        raise Unusable("bad_request", str(error)) from error
    if call.class_name is not None:
        answer = _of_class(answer, call.class_name)
    if call.json:
        _print_json(answer)
    else:
        print(threshold_report.threshold(answer))
    return EXIT_DONE


def _of_class(answer: ThresholdAnswer, wanted: str) -> ThresholdAnswer:
    """The answer with the lines of one class only."""
    lines = [line for line in answer.classes if line.name == without_absolute_paths(wanted)]
    if not lines:
        raise Unusable("bad_request", f"no class called {wanted[:100]}: {_known_classes(answer)}")
    return msgspec.structs.replace(answer, classes=lines)


def _known_classes(answer: ThresholdAnswer) -> str:
    names = [line.name for line in answer.classes]
    if not names:
        return "nothing is known of this run's single classes"
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"there are {', '.join(names[:MAX_NAMED])}{more}"


def _data(path: str, against: Optional[str], as_json: bool) -> int:
    dataset = _read_dataset(path)
    other = None if against is None else _read_dataset(against)
    shared = None if other is None else compare(dataset, other)
    faults = check_dataset(dataset)
    if as_json:
        _print_json(data_answer(dataset, faults, other, shared))
    else:
        print(data_report.data(dataset, faults, other, shared))
    return EXIT_DONE


def _read_dataset(path: str) -> Dataset:
    try:
        return read_dataset(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such file: {_name(path)}") from error
    except NotADataset as error:
        raise Unusable("unreadable", f"{_name(path)}: {error}") from error


def _rules(wanted: Optional[str]) -> int:
    rules = {rule.id: rule for rule in all_rules()}
    if wanted is None:
        print("\n".join(f"{rule.id:22} {rule.title}" for rule in rules.values()))
        return EXIT_DONE
    if wanted not in rules:
        raise Unusable("not_found", f"no rule called {wanted} (runlens rules lists them)")
    print(rules[wanted].page())
    return EXIT_DONE


def _print_json(answer: msgspec.Struct) -> None:
    """As UTF-8, whatever the terminal's own encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(answers.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
