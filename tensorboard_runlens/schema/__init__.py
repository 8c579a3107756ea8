"""The JSON that RunLens speaks, as typed structs: the one place where its fields are named.

Command line and HTTP send exactly these. ``docs/schema.json`` and the frontend's TypeScript types
are generated from this file (``python -m tensorboard_runlens.schema``) and a test holds them
against it.

Units: metrics, precision, recall and F1 are fractions 0..1; times are seconds, ``updated`` counts
from 1970; every epoch is the number the framework wrote, never a row index. A missing number is
``None`` (null), never zero.
"""

from __future__ import annotations

from typing import Literal, Optional, Union

import msgspec

SCHEMA_VERSION = 1

Framework = Literal[
    "ultralytics", "yolov5", "yolov7", "selftraining", "recorded", "events", "unknown"
]
Task = Literal["detect", "segment", "pose", "obb", "classify", "semantic", "unknown"]
State = Literal[
    "running", "stale", "finished", "early_stopped", "interrupted", "diverged", "empty", "unknown"
]
Severity = Literal["info", "warning", "critical"]
HealthLevel = Literal["ok", "info", "warning", "critical", "no_verdict"]
Confidence = Literal["low", "moderate", "high"]
Quality = Literal["better", "same", "worse", "unknown"]
Verdict = Literal[
    "none",
    "loss_only",
    "quality_unchanged",
    "quality_unknown",
    "overfitting",
    "past_best",
    "never_generalised",
    "mosaic_step",
    "too_short",
    "unknown",
]
ErrorCode = Literal[
    "bad_request",
    "unknown_run",
    "not_found",
    "method_not_allowed",
    "too_large",
    "unreadable",
    "internal",
]
Number = Optional[float]
Span = tuple[int, int]
Evidence = Union[None, bool, int, float, str, list[Union[int, float, str]]]


class Health(msgspec.Struct, frozen=True):
    """The worst of the findings, or why there is no verdict."""

    level: HealthLevel
    rule: Optional[str]


class Weights(msgspec.Struct, frozen=True):
    """The checkpoint to deploy, as a path relative to the run."""

    use: Optional[str]
    why: str


class Version(msgspec.Struct, frozen=True):
    """What wrote the run: the releases that its files allow, both ends included."""

    min: Optional[str]
    max: Optional[str]
    source: str


class Dataset(msgspec.Struct, frozen=True):
    """Facts about the data, each null where no file tells."""

    fingerprint: Optional[str] = None
    n_train: Optional[int] = None
    n_val: Optional[int] = None
    n_classes: Optional[int] = None


class Time(msgspec.Struct, frozen=True):
    """Training time in all, median of one epoch, and the newest file's time, in seconds."""

    seconds: Number
    per_epoch: Number
    updated: Number


class Epochs(msgspec.Struct, frozen=True):
    """How far the run came; ``planned`` is a count, the others are the framework's epoch numbers or counts of rows."""

    rows: int
    logged: int
    first: Optional[int]
    last: Optional[int]
    planned: Optional[int]
    best: Optional[int]
    best_by: Optional[str]
    segments: list[Span]


class Overfitting(msgspec.Struct, frozen=True):
    """The two-axis verdict. ``excess`` .06 says the validation loss ends 6 % above its minimum."""

    verdict: Verdict
    loss_overfits: Optional[bool]
    quality: Quality
    component: Optional[str]
    onset: Optional[Span]
    confidence: Optional[Confidence]
    excess: Number


class OperatingPoint(msgspec.Struct, frozen=True):
    """The confidence to deploy with and what it gives, as far as the run's files can tell."""

    confidence: Number
    f1: Number
    precision: Number
    recall: Number
    interval: Optional[tuple[float, float]]
    plateau: Optional[tuple[float, float]]
    source: Literal["detections", "curves", "picture", "results", "none"]
    status: Literal["exact", "approximate", "unreadable", "unknown"]


class Change(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One training argument to change."""

    arg: str
    before: Union[bool, int, float, str, None]
    after: Union[bool, int, float, str, None]


class Advice(msgspec.Struct, frozen=True):
    """What to do: a sentence, and where there is one the argument to change or the line to copy."""

    key: str
    text: str
    change: Optional[Change] = None
    command: Optional[str] = None


class Finding(msgspec.Struct, frozen=True):
    """One diagnosis: how much it matters (severity), how sure it is (confidence), and where to see it (span)."""

    rule: str
    severity: Severity
    confidence: Confidence
    summary: str
    evidence: dict[str, Evidence]
    span: Optional[Span]
    advice: list[Advice]


class FailedRule(msgspec.Struct, frozen=True):
    """A rule that raised: named, so that nobody takes its silence for health."""

    rule: str
    error: str


class Problem(msgspec.Struct, frozen=True):
    """What could not be read, or was read otherwise than it stands there. ``file`` is relative to the run."""

    file: str
    line: Optional[int]
    kind: str
    problem: str


class MainMetric(msgspec.Struct, frozen=True):
    """The number that ranks runs of this task, at the best epoch, e.g. box map50_95."""

    group: str
    name: str
    value: Number


class Target(msgspec.Struct, frozen=True, rename={"class_name": "class"}):
    """What the user wants the run to reach, of the model or (``class``) of one of its classes. ``target`` is the least
    that is wanted; above ``upper``, the same number where the user named one only, it is exceeded. ``margin`` is value
    less target. ``interval`` are the 95 % that the number of validated instances allows."""

    metric: str
    class_name: Optional[str]
    target: float
    upper: float
    value: Number
    status: Literal["met", "missed", "exceeded", "unknown"]
    margin: Number
    interval: Optional[tuple[float, float]]


class Grade(msgspec.Struct, frozen=True):
    """A word for mAP50 at the best epoch, and who says so: guide 001, or the user in runlens.yaml. It is no verdict."""

    name: str
    value: float
    source: Literal["guide 001", "runlens.yaml"]


class Mark(msgspec.Struct, frozen=True):
    """A known event on the epoch axis: mosaic_closed, resumed."""

    epoch: int
    kind: Literal["mosaic_closed", "resumed"]


class Relations(msgspec.Struct, frozen=True):
    """Other runs of the logdir by name: whose weights it started from, which it continues, which continue it,
    copies of it, and the same training with other seeds."""

    starts_from: Optional[str] = None
    continues: Optional[str] = None
    continued_by: list[str] = []
    duplicates: list[str] = []
    repeats: list[str] = []


class Run(msgspec.Struct, frozen=True):
    """One training run: facts, verdicts and what to do.

    ``stage`` is one of several trainings that a program needs (PartiNet: step1, step2). ``targets``, ``note`` and
    ``tags`` are the user's own, from runlens.yaml.
    """

    name: str
    headline: str
    health: Health
    weights: Weights
    framework: Framework
    task: Task
    version: Optional[Version]
    dataset: Dataset
    state: State
    time: Time
    axis: Literal["epoch", "iteration"]
    epochs: Epochs
    metrics: dict[str, dict[str, Number]]
    main_metric: Optional[MainMetric]
    overfitting: Overfitting
    operating_point: OperatingPoint
    findings: list[Finding]
    failed_rules: list[FailedRule]
    problems: list[Problem]
    files: dict[str, list[str]]
    marks: list[Mark]
    stage: Optional[str]
    relations: Relations
    targets: list[Target]
    grade: Optional[Grade]
    note: Optional[str]
    tags: list[str]


class Series(msgspec.Struct, frozen=True):
    """One value an epoch of the last segment, gaps null; ``seconds`` is training time so far.

    ``machine`` is what the callback recorded of the machine, by the names of docs/recorded_data.md joined by "_"
    (data_seconds, memory_peak, gpu_utilisation, amp_scale, gradient_p50, update_ratio_pg0 ...): seconds, bytes, shares
    0..1. ``wait_share`` is that of waiting in the training time, ``other_seconds`` are validation and saving.
    """

    epoch: list[int]
    train: dict[str, list[Number]]
    val: dict[str, list[Number]]
    metrics: dict[str, dict[str, list[Number]]]
    lr: dict[str, list[Number]]
    seconds: Optional[list[Number]]
    machine: dict[str, list[Number]] = {}


class Extreme(msgspec.Struct, frozen=True):
    """A value and the epoch that has it."""

    value: Number
    epoch: Optional[int]


class Statistic(msgspec.Struct, frozen=True):
    """A line of the best/worst/mean/now table; ``group`` is train, val, box, mask, pose, pixel, classify."""

    group: str
    name: str
    better: Literal["higher", "lower"]
    best: Extreme
    worst: Extreme
    mean: Number
    now: Extreme


class Trend(msgspec.Struct, frozen=True):
    """How a loss or a metric moved in its last quarter, from epoch ``since`` on: ``change`` in its own unit by the
    median slope, with the 90 % ``interval``. ``group`` as in Statistic; losses by component."""

    group: str
    name: str
    change: Number
    interval: tuple[Number, Number]
    since: int


class Setting(msgspec.Struct, frozen=True):
    """One training argument as its file states it; absolute paths are shortened to their last two parts."""

    key: str
    value: str
    file: str


class Totals(msgspec.Struct, frozen=True):
    """Sum of the loss components that are in use, one value an epoch, null where a component is missing."""

    train: Optional[list[Number]]
    val: Optional[list[Number]]


class ClassLine(msgspec.Struct, frozen=True):
    """What was measured for one class; ``intervals`` are 95 % intervals that its number of instances allows.
    ``unreliable`` says that they are too few for the metrics to mean much."""

    name: str
    images: Optional[int]
    instances: Optional[int]
    metrics: dict[str, dict[str, Number]]
    intervals: dict[str, dict[str, tuple[float, float]]]
    unreliable: bool


class Split(msgspec.Struct, frozen=True):
    """A split as the framework counted it before training."""

    images: int
    backgrounds: int
    corrupt: int


class Console(msgspec.Struct, frozen=True):
    """What the saved console output says; times in hours and in milliseconds an image."""

    file: str
    version: Optional[str]
    python: Optional[str]
    torch: Optional[str]
    device: Optional[str]
    model: Optional[str]
    layers: Optional[int]
    parameters: Optional[int]
    gflops: Number
    transferred: Optional[tuple[int, int]]
    frozen: list[str]
    train: Optional[Split]
    val: Optional[Split]
    epochs_completed: Optional[int]
    hours: Number
    speed_ms: dict[str, Number]
    fps: Number
    ended: Optional[str]


class Checkpoint(msgspec.Struct, frozen=True):
    """What a checkpoint says of itself. ``epoch`` is the epoch whose weights it holds, null where that is not told;
    ``finished`` whether the training came to its end; ``bytes`` its size."""

    file: str
    bytes: int
    version: Optional[str]
    date: Optional[str]
    epoch: Optional[int]
    finished: Optional[bool]
    logged: Optional[int]
    metrics: dict[str, dict[str, Number]]
    problem: Optional[str]


class Consequence(msgspec.Struct, frozen=True):
    """How the release that wrote the run measures: one possible form means that it is known."""

    name: str
    possible: list[str]


class ShownImage(msgspec.Struct, frozen=True):
    """A validation image by its name, with the objects that best.pt ``missed`` there and its ``false`` detections."""

    image: str
    missed: int
    false: int


class Picture(msgspec.Struct, frozen=True):
    """A picture in the run's folder; ``id`` is what the route ``image`` takes, ``shows`` what is seen in it."""

    id: str
    role: str
    shows: Optional[ShownImage]


class PseudoLabels(msgspec.Struct, frozen=True):
    """Scores from which a self-training iteration takes pixels as labels, recomputed from its arguments."""

    iteration: int
    positive: float
    negative: float


class Forecast(msgspec.Struct, frozen=True):
    """The main metric (group and name, as "box map50_95") when the plan's remaining ``epochs_left`` are done.

    ``now`` is the highest level so far, ``expected`` that of the end, ``interval`` holds it in four of five such
    trainings; levels are medians of five epochs. ``gain``: whether one point (.01) more will come."""

    metric: str
    now: float
    expected: float
    interval: tuple[float, float]
    gain: Literal["likely", "open", "unlikely"]
    epochs_left: int


class CurvePoint(msgspec.Struct, frozen=True):
    """The mean over the classes at one confidence."""

    confidence: float
    f1: float
    precision: float
    recall: float


class Curve(msgspec.Struct, frozen=True):
    """Means over the classes by confidence, as best.pt was validated: after training, or at ``epoch`` while that has
    not happened. ``optimum`` is where the framework found F1 best, ``cut`` the confidence below which ``conf=`` kept
    detections from being validated."""

    epoch: Optional[int]
    confidence: list[float]
    f1: list[float]
    precision: list[float]
    recall: list[float]
    optimum: Optional[CurvePoint]
    cut: Number


class Recorded(msgspec.Struct, frozen=True):
    """What the callback recorded of how the run was trained. ``epochs`` counts those recorded; ``optimizer`` is the
    one that trained, with the initial ``learning_rates`` of its parameter groups; best.pt is chosen by ``fitness``."""

    epochs: int
    optimizer: Optional[str]
    learning_rates: list[Number]
    fitness: Optional[str]
    torch: Optional[str]
    python: Optional[str]
    devices: list[str]
    missing: list[str]


class Question(msgspec.Struct, frozen=True):
    """One of the six questions that guide 001 asks of every training: a sentence, and the rules it rests on."""

    id: Literal["learning", "overfitting", "threshold", "classes", "going_on", "others"]
    question: str
    answer: str
    level: Literal["ok", "info", "warning", "critical", "unknown"]
    rules: list[str]


class LossSize(msgspec.Struct, frozen=True):
    """What guide 001 says of the size of a validation loss at the best epoch; it is no verdict.

    ``value`` is as logged, with its ``gain`` in it. The guide's limits ``low`` (null: there is none) and ``high`` are
    scaled to that gain. ``said`` is good or high where there is no lower limit, else low, typical or high."""

    component: str
    value: float
    gain: float
    low: Optional[float]
    high: float
    said: Literal["good", "typical", "high", "low"]
    source: Literal["guide 001"]


class DetailedRun(Run, frozen=True):
    """A run with all that its page draws. While ``data_counting``, its data set is known and not counted yet."""

    series: Series
    totals: Totals
    final: Optional[dict[str, dict[str, Number]]]
    statistics: list[Statistic]
    trends: list[Trend]
    config: list[Setting]
    classes: list[ClassLine]
    console: Optional[Console]
    commands: list[str]
    checkpoints: list[Checkpoint]
    drawn_by: Optional[str]
    consequences: list[Consequence]
    data: Optional[DataSet]
    data_counting: bool
    pictures: list[Picture]
    pseudo_labels: list[PseudoLabels]
    forecast: Optional[Forecast]
    curves: dict[str, Curve]
    recorded: Optional[Recorded]
    questions: list[Question]
    loss_sizes: list[LossSize]


class DataAreas(msgspec.Struct, frozen=True):
    """Box areas: 5, 25, 50, 75, 95 % quantiles as share of the image, and COCO's sizes in pixels of the stored images:
    small below 32 x 32, medium below 96 x 96. The shares are of the ``measured`` boxes, whose image's size is known."""

    quantiles: list[Number]
    small: Number
    medium: Number
    large: Number
    measured: int


class DataSplit(msgspec.Struct, frozen=True):
    """Train, val or test. ``backgrounds`` are the images with a missing or empty label file; ``per_class`` counts
    instances by class id. Images that a training ignores are in ``corrupt_images`` or ``corrupt_labels``."""

    images: int
    backgrounds: int
    empty_labels: int
    missing_labels: int
    corrupt_images: int
    corrupt_labels: int
    instances: int
    per_class: list[int]
    areas: Optional[DataAreas]
    fingerprint: Optional[str]
    problems: list[Problem]


class DataRepeats(msgspec.Struct, frozen=True):
    """Validation images that are in train byte for byte (``same``) or look like one there (``alike``). ``compared``
    says of how many (train, val) the pixels were compared, ``pairs`` names examples (val, train)."""

    same: int
    alike: int
    compared: tuple[int, int]
    pairs: list[tuple[str, str]]


class DataFault(msgspec.Struct, frozen=True):
    """Something wrong with a data set, and what to do about it."""

    kind: str
    severity: Severity
    summary: str
    evidence: dict[str, Evidence]
    advice: str


class DataSet(msgspec.Struct, frozen=True):
    """What a data set holds; ``splits`` are train, val, test where the file names them."""

    name: str
    task: Task
    classes: list[str]
    splits: dict[str, DataSplit]
    repeats: Optional[DataRepeats]
    faults: list[DataFault]
    problems: list[Problem]


class DataShared(msgspec.Struct, frozen=True):
    """The same split of two data sets: ``equal`` images have bytes and labels alike (``renamed`` of them under another
    name), ``relabelled`` only name and bytes."""

    first: int
    second: int
    equal: int
    renamed: int
    relabelled: int
    sentence: str


class DataOverlap(msgspec.Struct, frozen=True):
    """How much a data set shares with another, split by split."""

    name: str
    splits: dict[str, DataShared]


class DataAnswer(msgspec.Struct, frozen=True):
    """``runlens data --json``."""

    ok: Literal[True]
    schema: int
    data: DataSet
    against: Optional[DataOverlap]


class Unreadable(msgspec.Struct, frozen=True):
    """A folder that looks like a run and could not be read as one."""

    path: str
    reason: str


class Failure(msgspec.Struct, frozen=True):
    """Why there is no answer; the message is one sentence for a person."""

    code: ErrorCode
    message: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    ok: Literal[False]
    schema: int
    error: Failure


class ScanAnswer(msgspec.Struct, frozen=True):
    """``runlens scan --json`` and HTTP ``runs``: every run, best first."""

    ok: Literal[True]
    schema: int
    runs: list[Run]
    unreadable: list[Unreadable]


class ShowAnswer(msgspec.Struct, frozen=True):
    """``runlens show --json`` and HTTP ``run?run=NAME``."""

    ok: Literal[True]
    schema: int
    run: DetailedRun


class TableRow(msgspec.Struct, frozen=True):
    """A row of the Runs page: the run, at most 40 points of its main metric, and whether it is the newest."""

    run: Run
    sparkline: list[Number]
    latest: bool


class Progress(msgspec.Struct, frozen=True):
    """How far the scan has come; ``total`` is null while folders are still being found."""

    read: int
    total: Optional[int]
    complete: bool


class TableAnswer(msgspec.Struct, frozen=True):
    """The Runs page's own route ``table``, private to the tab."""

    ok: Literal[True]
    schema: int
    logdir: str
    progress: Progress
    notes: list[str]
    rows: list[TableRow]
    unreadable: list[Unreadable]
