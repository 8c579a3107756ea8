"""The vocabulary: what a training run is, as facts and without judgement.

run       one training, one folder. Several result tables in one folder are several runs.
epoch     the number that the framework wrote (Ultralytics counts from 1, YOLOv5 and YOLOv7 from 0); never a row index.
row       a line of the result table that was read; History arrays are indexed by row, in order of epoch.
iteration a round of self-training; where a run's axis is "iteration" it stands for "epoch" everywhere.
segment   an uninterrupted stretch of epochs. A run appended to the file of another begins a new segment; a resumed run
          goes on in the same one. A History holds the last segment only.
missing   a value that was not measured (column absent, validation not run, loss unused): NaN here,
null in JSON, never 0.
group     what a metric is measured on: box, mask, pose (detections), classify, pixel (segmentation maps).
stage     one of several trainings that a program needs, e.g. PartiNet's step 1 and step 2.
role      what a file is for: results, args, events, weights, curve ...
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """Something in a file that could not be read, or was read otherwise than it stands there."""

    file: str
    line: Optional[int]
    kind: str
    problem: str


@dataclass(frozen=True)
class History:
    """What was logged at each epoch of the last segment; every array has shape (rows,), float64,
    NaN where missing.

    ``train`` and ``val`` are losses by component name, without prefix and "_loss", gains untouched.
    ``metrics`` is group -> name -> fraction 0..1. ``lr`` is by parameter group. ``seconds`` is
    training time so far, running on where a resumed process began to count from zero again.
    ``other`` holds numeric columns that RunLens has no word for.
    """

    epoch: Integers
    train: Mapping[str, Floats]
    val: Mapping[str, Floats]
    metrics: Mapping[str, Mapping[str, Floats]]
    lr: Mapping[str, Floats]
    seconds: Optional[Floats]
    other: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.epoch)


@dataclass(frozen=True)
class Logged:
    """How the rows of the result table became a History.

    ``rows`` counts complete lines of the table, used or not. ``segments`` are (first, last) epoch
    numbers in file order. ``resumed`` are the epochs at which a process started again within the
    last segment. ``final`` are the metrics that the framework logged once more for best.pt after
    training, group -> name -> value: they belong to no epoch. ``planned`` is the number of epochs
    that the table itself announces. ``zero`` are the losses that the table has and that are 0 in every row, as
    "train box", and ``nan`` those that are no number in any: both are left out of the History.
    """

    rows: int
    segments: tuple[tuple[int, int], ...]
    resumed: tuple[int, ...] = ()
    final: Optional[Mapping[str, Mapping[str, float]]] = None
    planned: Optional[int] = None
    zero: tuple[str, ...] = ()
    nan: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassMetrics:
    """What was measured for one class on the validation images: group -> name -> fraction, and counts."""

    name: str
    metrics: Mapping[str, Mapping[str, float]]
    images: Optional[int] = None
    instances: Optional[int] = None


@dataclass(frozen=True)
class Scanned:
    """A split as the framework counted it before training: images, those without objects, unreadable ones."""

    images: int
    backgrounds: int
    corrupt: int


@dataclass(frozen=True)
class Console:
    """What a saved console output or notebook tells of a training; None or empty where it does not say.

    ``file`` is relative to the run. ``speed_ms`` is milliseconds an image by stage. ``transferred``
    are (weights taken over, weights of the model). ``ended`` says why a training broke off:
    out_of_memory, killed, disk_full, stopped_by_user or error, ``error`` the exception with its message, where one
    was printed; ``written`` is when the file was, seconds since 1970. ``save_dir`` is other people's path: text, never
    opened. ``classes`` and ``final`` are those of the last table that names classes.
    """

    file: str
    version: Optional[str] = None
    python: Optional[str] = None
    torch: Optional[str] = None
    device: Optional[str] = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    model: Optional[str] = None
    layers: Optional[int] = None
    parameters: Optional[int] = None
    gflops: Optional[float] = None
    transferred: Optional[tuple[int, int]] = None
    frozen: tuple[str, ...] = ()
    train: Optional[Scanned] = None
    val: Optional[Scanned] = None
    epochs_completed: Optional[int] = None
    hours: Optional[float] = None
    speed_ms: Mapping[str, float] = field(default_factory=dict)
    classes: tuple[ClassMetrics, ...] = ()
    final: Optional[Mapping[str, Mapping[str, float]]] = None
    ended: Optional[str] = None
    error: Optional[str] = None
    written: Optional[float] = None
    save_dir: Optional[str] = None


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """Curves of single classes, shape (classes, m): row i is of class ``numbers[i]``; ``confidence`` is (m,)."""

    numbers: Integers
    confidence: Floats
    precision: Floats
    recall: Floats
    f1: Floats


@dataclass(frozen=True, eq=False)
class Curves:
    """Precision, recall and F1, means over the classes, by confidence; every array has shape (n,), fractions 0..1,
    ``confidence`` ascends."""

    confidence: Floats
    precision: Floats
    recall: Floats
    f1: Floats
    classes: Optional[ClassCurves] = None

    def nearest(self, confidence: float) -> int:
        """The index of the point nearest to a confidence: points are not interpolated."""
        return int(np.abs(self.confidence - confidence).argmin())


@dataclass(frozen=True, eq=False)
class Detections:
    """Every detection of a validation, by ascending ``confidence``; arrays have shape (detections,).

    ``image`` counts validated images in their order, of which there are ``images``. ``hits`` is group -> bits: bit k is
    set where the detection is a true positive at IoU 0.5 + 0.05 k. The ground truth has ``truth_count`` instances of
    class ``truth_class`` in image ``truth_image``, each pair once, shape (pairs,).
    """

    confidence: npt.NDArray[np.float32]
    image: npt.NDArray[Any]
    class_number: npt.NDArray[Any]
    hits: Mapping[str, npt.NDArray[Any]]
    truth_image: npt.NDArray[Any]
    truth_class: npt.NDArray[Any]
    truth_count: npt.NDArray[Any]
    images: int


@dataclass(frozen=True, eq=False)
class Classified:
    """The likeliest class of every validated image and the true one, shape (images,), and how likely it was held."""

    top1: npt.NDArray[Any]
    true: npt.NDArray[Any]
    confidence: Optional[npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """Counts by predicted and true class at each ``confidence`` (m,).

    ``count[i]`` is that of ``cells[i]``: (index of the confidence, predicted, true). The number after
    the last class is background.
    """

    confidence: Floats
    cells: npt.NDArray[Any]
    count: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Evidence:
    """One validation of best.pt in full: ``epoch`` is its epoch, None where it was validated again after training."""

    epoch: Optional[int]
    curves: Mapping[str, Curves]
    detections: Optional[Detections] = None
    classified: Optional[Classified] = None
    matrix: Optional[ConfusionMatrix] = None


@dataclass(frozen=True)
class Validated:
    """What one validation measured: classes, and by group where their mean F1 is best, as (confidence, F1), and the
    curves of the means."""

    classes: tuple[ClassMetrics, ...]
    optimum: Mapping[str, tuple[float, float]]
    curves: Mapping[str, Curves]


@dataclass(frozen=True)
class RecordedEpoch(Validated):
    """An epoch that RunLens' own callback recorded, by its number."""

    epoch: int


@dataclass(frozen=True)
class WorstImage:
    """A validation image with errors of best.pt: the picture drawn of it, and how many objects have no counterpart
    (``missed``) and how many detections have none (``false``). ``image`` is its name, None where that is unknown;
    ``classes`` are the names of those mistaken, the true one first, empty where that is unknown."""

    picture: str
    image: Optional[str]
    missed: int
    false: int
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """Instances by class in train and val, (classes,) int64 each, zero for a split that is not there."""

    names: Sequence[str]
    train: Integers
    val: Integers


@dataclass(frozen=True)
class SplitLabels:
    """The labels of a split as a training loaded them: its images, their objects, and how many of these are outlined
    by a polygon."""

    images: int
    instances: int
    polygons: int


@dataclass(frozen=True)
class RecordedImages:
    """The images that a training loaded: how many, a fingerprint of each split, and how many validation images are in
    train too, byte for byte (``not_compared`` were not looked at, there being too many of their size)."""

    train_fingerprint: Optional[str]
    val_fingerprint: Optional[str]
    n_train: int
    n_val: int
    shared: int
    not_compared: int = 0


@dataclass(frozen=True, eq=False)
class Machine:
    """What training asked of the machine: ``epoch`` numbers in order, and values by name, all of shape (epochs,).

    Values are float64, NaN where missing; times in seconds, memory in bytes, shares 0..1. ``seconds``
    is the whole epoch; ``data_seconds`` (waiting for batches) and ``compute_seconds`` its training,
    with ``batches``, ``images`` and ``images_per_second``; ``cpu_seconds`` and ``rss_bytes`` are the
    process's, ``main_memory_used`` is the share of the machine's memory that all together had. Of the
    accelerator: ``memory_allocated``, ``_reserved``, ``_peak`` (so far), ``_total``,
    the most ``gpu_memory_used``, and means of ``gpu_utilisation``, ``gpu_power_watts``,
    ``gpu_temperature_celsius``. Of mixed precision: ``amp_scale``, ``amp_steps``,
    ``amp_skipped_steps``. Recoveries: ``out_of_memory_retries``, ``nan_recoveries``. Gradient norms
    before clipping: ``gradient_steps``, ``gradient_p5``, ``_p50``, ``_p95``, ``_max``,
    ``gradient_clipped`` (share), ``gradient_not_finite`` (steps); ``update_ratio_pg0`` ... are
    update by weight of each parameter group.
    """

    epoch: Integers
    values: Mapping[str, Floats]


@dataclass(frozen=True)
class RecordedEnd:
    """That a training is over: ``why`` is "over" (it came to its end by itself), out_of_memory, killed, disk_full,
    stopped_by_user or error, None where nobody could tell. ``epoch`` is the last one that had begun, ``error`` the
    exception with its message."""

    why: Optional[str]
    epoch: Optional[int] = None
    error: Optional[str] = None


@dataclass(frozen=True)
class Process:
    """The process that trains, as recording/process.py understands it."""

    pid: int
    started: int
    place: str


@dataclass(frozen=True)
class Stopped:
    """That RunLens ended the training after ``epoch``, as it was past its best: ``metric`` (in words) had been highest,
    ``best``, at ``best_epoch``, had fallen by ``drop`` from its best stretch, or the validation loss had risen by the
    share ``excess`` (None: not surely; both None: the best lay long ago), and one point more would have come with
    ``chance``, all fractions."""

    epoch: int
    metric: str
    best_epoch: int
    best: float
    chance: float
    drop: Optional[float]
    excess: Optional[float]


@dataclass(frozen=True)
class Recorded:
    """What RunLens' own callback recorded in RUN/runlens/; None or empty where it does not say.

    ``names`` are all classes, also those without validation images. ``optimizer`` is the one that
    trained. ``epochs`` counts those recorded; ``best`` is the one that best.pt was saved at, ``last``
    the newest, None where it was not validated; ``final`` is best.pt's own validation after training, and ``worst``
    the images with the most errors there.
    ``learning_rates`` are the initial ones by parameter group, ``fitness`` is what best.pt is chosen by, in words.
    ``planned`` epochs were asked for, and
    ``close_mosaic_epoch`` is the first one without mosaic. ``devices`` are the processes', of which there are
    ``world_size``. ``missing`` says what release or machine could not give. Of other programs than Ultralytics:
    ``axis`` is epoch or iteration, ``arguments`` are the training's, ``finished`` whether it said that it came to its
    end after the last epoch. ``stopped`` is why RunLens ended it.
    ``labels`` are those of each split, ``hours`` what the training may take, and
    ``accelerator`` one that the machine has beside the processor that trains: cuda, mps or nvidia (its driver).
    ``started`` is when its last process began, seconds since 1970. ``newest`` is the number of the newest epoch that
    was recorded, ``written`` is when that was, or when the recording began, seconds since 1970; ``ended`` is None as
    long as the training goes on, for all that ``process`` could write. Whether they still count: ended.py.
    """

    framework: Optional[str] = None
    version: Optional[str] = None
    torch: Optional[str] = None
    python: Optional[str] = None
    task: Optional[str] = None
    names: tuple[str, ...] = ()
    n_train: Optional[int] = None
    n_val: Optional[int] = None
    optimizer: Optional[str] = None
    learning_rates: tuple[float, ...] = ()
    device: Optional[str] = None
    fitness: Optional[str] = None
    epochs: int = 0
    best: Optional[RecordedEpoch] = None
    last: Optional[RecordedEpoch] = None
    final: Optional[Validated] = None
    worst: tuple[WorstImage, ...] = ()
    planned: Optional[int] = None
    close_mosaic_epoch: Optional[int] = None
    devices: tuple[str, ...] = ()
    world_size: Optional[int] = None
    missing: tuple[str, ...] = ()
    machine: Optional[Machine] = None
    images: Optional[RecordedImages] = None
    class_counts: Optional[ClassCounts] = None
    axis: Optional[str] = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    finished: bool = False
    labels: Mapping[str, SplitLabels] = field(default_factory=dict)
    hours: Optional[float] = None
    accelerator: Optional[str] = None
    newest: Optional[int] = None
    written: Optional[float] = None
    ended: Optional[RecordedEnd] = None
    stopped: Optional[Stopped] = None
    process: Optional[Process] = None
    started: Optional[float] = None


@dataclass(frozen=True)
class Files:
    """What lies in the run's folder: role -> paths relative to the run; times are seconds since 1970. ``newest`` and
    ``oldest`` are those of all its files, ``written`` is when the results were last written."""

    by_role: Mapping[str, tuple[str, ...]]
    newest: Optional[float]
    oldest: Optional[float]
    written: Optional[float] = None


@dataclass(frozen=True)
class Version:
    """The releases of the framework that can have written the run, both ends included; None is open."""

    min: Optional[str]
    max: Optional[str]
    source: str


@dataclass(frozen=True)
class Run:
    """One training run as its files tell it.

    ``arguments`` are the training arguments by name, of all argument files together;
    ``argument_file`` says which file each came from. Paths among them are other people's and are
    never opened.
    """

    path: str
    name: str
    framework: str
    task: str
    history: History
    logged: Logged
    arguments: Mapping[str, Any]
    argument_file: Mapping[str, str]
    files: Files
    problems: tuple[Problem, ...]
    version: Optional[Version] = None
    growing: bool = False
    axis: str = "epoch"
    stage: Optional[str] = None
    classes: tuple[ClassMetrics, ...] = ()
    console: Optional[Console] = None
    recorded: Optional[Recorded] = None


RECORDED = "recorded"
"""The framework of a run that is known from its recording only: any training loop with a Recorder."""

NAMELESS = ("unknown", "events")
"""Frameworks that no program's name stands for."""


def rows_from(history: History, first: int) -> History:
    """The history from a row on."""

    def cut(named: Mapping[str, Floats]) -> dict[str, Floats]:
        return {name: values[first:] for (name, values) in named.items()}

    return History(
        epoch=history.epoch[first:],
        train=cut(history.train),
        val=cut(history.val),
        metrics={group: cut(named) for (group, named) in history.metrics.items()},
        lr=cut(history.lr),
        seconds=None if history.seconds is None else history.seconds[first:],
        other=cut(history.other),
    )


def empty_history() -> History:
    """A run of which no epoch could be read."""
    return History(np.empty(0, np.int64), {}, {}, {}, {}, None)


def main_group(metrics: Mapping[str, Any]) -> Optional[str]:
    """The group that a run is judged by: masks and keypoints before their boxes."""
    for group in ("mask", "pose", "box", "classify", "pixel"):
        if group in metrics:
            return group
    return None


MAIN_METRICS: dict[str, tuple[str, ...]] = {
    "box": ("map50_95", "map50"),
    "mask": ("map50_95", "map50"),
    "pose": ("map50_95", "map50"),
    "classify": ("top1",),
    "pixel": ("miou", "f1", "iou"),
}
"""What ranks runs of a group, the most telling first (mAP50-95 is the field's primary metric, guide 001)."""


def main_metric(metrics: Mapping[str, Mapping[str, Any]]) -> Optional[tuple[str, str]]:
    """(group, name) of the metric that ranks this run, or None where nothing of the kind was logged."""
    group = main_group(metrics)
    if group is None:
        return None
    for name in MAIN_METRICS[group]:
        if name in metrics[group]:
            return (group, name)
    return None
