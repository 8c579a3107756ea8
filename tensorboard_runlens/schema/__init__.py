"""The JSON that RunLens speaks, as typed structs: the one place where its fields are named.

Command line and HTTP send exactly these. ``docs/schema.json`` and the frontend's TypeScript types
are generated from these files (``tools/generate.py``) and a test holds them against each other.

Units: metrics, precision, recall and F1 are fractions 0..1; times are seconds, ``updated`` counts
from 1970; every epoch is the number the framework wrote, never a row index. A missing number is
``None`` (null), never zero.
"""

from __future__ import annotations

from tensorboard_runlens.schema.course import Extreme, Forecast, Series, Statistic, Totals, Trend
from tensorboard_runlens.schema.curves import Curve, CurvePoint
from tensorboard_runlens.schema.data import (
    DataAnswer,
    DataAreas,
    DataFault,
    DataOverlap,
    DataRepeats,
    DataSet,
    DataShared,
    DataSplit,
)
from tensorboard_runlens.schema.detailed_run import ClassLine, DetailedRun, PseudoLabels
from tensorboard_runlens.schema.files import (
    Checkpoint,
    Consequence,
    Console,
    Picture,
    Recorded,
    Setting,
    ShownImage,
    Split,
)
from tensorboard_runlens.schema.finding import Advice, Change, FailedRule, Finding, Problem
from tensorboard_runlens.schema.guide import LossSize, Question
from tensorboard_runlens.schema.run import (
    Dataset,
    Epochs,
    Grade,
    Health,
    MainMetric,
    Mark,
    OperatingPoint,
    Overfitting,
    Relations,
    Run,
    Target,
    Time,
    Version,
    Weights,
)
from tensorboard_runlens.schema.runs import (
    ErrorAnswer,
    Failure,
    Progress,
    ScanAnswer,
    ShowAnswer,
    TableAnswer,
    TableRow,
    Unreadable,
)
from tensorboard_runlens.schema.terms import (
    SCHEMA_VERSION,
    Confidence,
    ErrorCode,
    Evidence,
    Framework,
    HealthLevel,
    Number,
    Quality,
    Severity,
    Span,
    State,
    Task,
    Verdict,
)

__all__ = [
    "SCHEMA_VERSION",
    "Advice",
    "Change",
    "Checkpoint",
    "ClassLine",
    "Confidence",
    "Consequence",
    "Console",
    "Curve",
    "CurvePoint",
    "DataAnswer",
    "DataAreas",
    "DataFault",
    "DataOverlap",
    "DataRepeats",
    "DataSet",
    "DataShared",
    "DataSplit",
    "Dataset",
    "DetailedRun",
    "Epochs",
    "ErrorAnswer",
    "ErrorCode",
    "Evidence",
    "Extreme",
    "FailedRule",
    "Failure",
    "Finding",
    "Forecast",
    "Framework",
    "Grade",
    "Health",
    "HealthLevel",
    "LossSize",
    "MainMetric",
    "Mark",
    "Number",
    "OperatingPoint",
    "Overfitting",
    "Picture",
    "Problem",
    "Progress",
    "PseudoLabels",
    "Quality",
    "Question",
    "Recorded",
    "Relations",
    "Run",
    "ScanAnswer",
    "Series",
    "Setting",
    "Severity",
    "ShowAnswer",
    "ShownImage",
    "Span",
    "Split",
    "State",
    "Statistic",
    "TableAnswer",
    "TableRow",
    "Target",
    "Task",
    "Time",
    "Totals",
    "Trend",
    "Unreadable",
    "Verdict",
    "Version",
    "Weights",
]
