"""From an Analysis to the JSON structs: the same answers for the terminal, for HTTP and for files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.detailed_run import detailed_run_of
from tensorboard_runlens.answers.ranking import best_first
from tensorboard_runlens.answers.reproduction import config_of
from tensorboard_runlens.answers.run import run_of
from tensorboard_runlens.answers.runs_table import SPARKLINE_POINTS, table_answer, table_row
from tensorboard_runlens.answers.unreadable import unreadable_of
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.discovery import Unreadable

__all__ = [
    "SPARKLINE_POINTS",
    "best_first",
    "config_of",
    "detailed_run_of",
    "encode",
    "error_answer",
    "run_of",
    "scan_answer",
    "show_answer",
    "table_answer",
    "table_row",
    "unreadable_of",
]


def encode(answer: msgspec.Struct) -> bytes:
    """The JSON bytes of an answer."""
    return msgspec.json.encode(answer)


def scan_answer(
    analyses: Iterable[Analysis], unreadable: Sequence[Unreadable]
) -> schema.ScanAnswer:
    """Every run, best first, and what could not be read."""
    runs = [run_of(analysis) for analysis in best_first(analyses)]
    return schema.ScanAnswer(True, schema.SCHEMA_VERSION, runs, unreadable_of(unreadable))


def show_answer(
    analysis: Analysis, details: Details = NO_DETAILS, beside: Sequence[Analysis] = ()
) -> schema.ShowAnswer:
    """One run with all that its page draws; ``beside`` are the runs that it is ranked among."""
    run = detailed_run_of(analysis, details, beside)
    return schema.ShowAnswer(True, schema.SCHEMA_VERSION, run)


def error_answer(code: schema.ErrorCode, message: str) -> schema.ErrorAnswer:
    """Why there is no answer."""
    return schema.ErrorAnswer(False, schema.SCHEMA_VERSION, schema.Failure(code, message))
