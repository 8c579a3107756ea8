"""Trains the runs that ``runlens demo`` shows: tensorboard_runlens/samples/.

    python tools/train_samples.py [--out DIR] [--only NAME]

They are real trainings by Ultralytics, small ones, on pictures of shapes drawn by
tests/training/shapes.py: what the tab shows is what Ultralytics wrote. All five took 25 minutes on
two shared CPU cores; the same releases give the same numbers again, except for times. Kept of each
run are its table, its arguments and the scalars of its event file, of those that RunLens recorded
also the recording and a few pictures; no weights, and no name of the machine or of its folders.

Needs the extra ``ultralytics``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.record_writer import RecordWriter

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ROOT / "tests" / "training" / "shapes.py"
SAMPLES = ROOT / "tensorboard_runlens" / "samples"

START = "start.pt"
CURVES = ("BoxF1_curve.png",)
PICTURES = (*CURVES, "val_batch0_labels.jpg", "val_batch0_pred.jpg", "train_batch0.jpg")
RECORDING = "runlens"
WORST_KEPT = 4
"""Pictures of worst images that the samples have: enough to look through."""

POLL_SECONDS = 0.1

STEADY: dict[str, Any] = {"optimizer": "AdamW", "lr0": 0.001, "batch": 8, "nbs": 8}
"""A step after every batch: with the default, once in 64 images, small data sets see too few steps."""

SLOW = {**STEADY, "lr0": 0.0005}

NO_AUGMENTATION = dict.fromkeys(
    (
        "mosaic",
        "close_mosaic",
        "hsv_h",
        "hsv_s",
        "hsv_v",
        "translate",
        "scale",
        "fliplr",
        "erasing",
    ),
    0,
)


@dataclass(frozen=True)
class Sample:
    """One training; ``arguments`` are those of shapes.py and of Ultralytics."""

    images: tuple[int, int]
    arguments: dict[str, Any]
    model: str = "yolo11n.yaml"
    before: dict[str, Any] = field(
        default_factory=dict
    )  # another training, to start from its weights
    killed_after: Optional[int] = None  # epochs
    pictures: tuple[str, ...] = ()


SAMPLES_BY_NAME = {
    "detect/healthy": Sample(
        (300, 100), {**STEADY, "epochs": 60, "recorded": True}, pictures=PICTURES
    ),
    # The same validation images, so that both can be compared image by image.
    "detect/few images": Sample(
        (80, 100), {**STEADY, "epochs": 60, "recorded": True}, pictures=PICTURES
    ),
    # It starts, like most trainings, from a model that finds objects but knows none of the classes.
    # There is little to learn those from, half of it is labelled by lot, and nothing stops the model
    # from learning it by heart.
    "detect/overfitted": Sample(
        (40, 100),
        {
            **STEADY,
            **NO_AUGMENTATION,
            "epochs": 80,
            "patience": 0,
            "batch": 4,
            "nbs": 4,
            "lr0": 0.0005,
            "lrf": 1.0,
            "weight_decay": 0.0,
            "warmup_bias_lr": 0.0,
            "pretrained": True,
            "single_cls": False,  # or it would be taken over from the weights
            "mislabelled": 0.5,
        },
        model=START,
        before={**STEADY, "images": (300, 100), "epochs": 30, "single_cls": True},
    ),
    "detect/interrupted": Sample((300, 100), {**SLOW, "epochs": 60}, killed_after=23),
    "segment/healthy": Sample((250, 100), {**STEADY, "epochs": 36}, model="yolo11n-seg.yaml"),
}


def start(folder: Path, **job: Any) -> subprocess.Popen[bytes]:
    """Starts shapes.py on the job, in a process of its own."""
    return subprocess.Popen([sys.executable, str(SHAPES), str(folder), json.dumps(job)])


def finish(training: subprocess.Popen[bytes]) -> None:
    if training.wait() != 0:
        raise SystemExit(f"the training ended with exit code {training.returncode}")


def prepare_weights(folder: Path, job: dict[str, Any]) -> None:
    """Trains what the sample starts from and leaves it as ``folder/START``."""
    with tempfile.TemporaryDirectory() as other:
        finish(start(Path(other), model="yolo11n.yaml", name="start", val=False, **job))
        shutil.copyfile(Path(other, "runs/detect/start/weights/last.pt"), folder / START)


def kill_after(training: subprocess.Popen[bytes], epochs: int, table: Path) -> None:
    """Kills the training, as a power cut would, once its table has that many rows."""
    while training.poll() is None:
        if table.exists() and table.read_bytes().count(b"\n") > epochs:
            training.kill()
            training.wait()
            return
        time.sleep(POLL_SECONDS)
    raise SystemExit("the training ended before it could be killed")


def train(name: str, sample: Sample, folder: Path) -> Path:
    """Trains in ``folder`` and returns the run folder."""
    run = folder / "runs" / name
    if sample.before:
        prepare_weights(folder, sample.before)
    training = start(
        folder, model=sample.model, images=sample.images, name=run.name, **sample.arguments
    )
    if sample.killed_after is None:
        finish(training)
    else:
        kill_after(training, sample.killed_after, run / "results.csv")
    return run


def scalar_events(path: Path) -> Iterator[bytes]:
    """The records of an event file without the model's graph, which would be most of its bytes."""
    for record in RawEventFileLoader(str(path)).Load():
        if Event.FromString(record).WhichOneof("what") in ("file_version", "summary"):
            yield record


def keep_scalars(run: Path, target: Path) -> None:
    """Writes the run's scalars into an event file whose name tells its time, but not the machine."""
    (source,) = run.glob("events.out.tfevents.*")
    records = list(scalar_events(source))
    began = int(Event.FromString(records[0]).wall_time)
    with open(target / f"events.out.tfevents.{began}.sample.1.0", "wb") as file:
        writer = RecordWriter(file)
        for record in records:
            writer.write(record)


def keep_picture(source: Path, target: Path) -> None:
    """A photograph as it is; a drawing with 256 colours, which a drawn curve does not exceed by much."""
    from PIL import Image

    if source.suffix == ".jpg":
        shutil.copyfile(source, target)
        return
    with Image.open(source) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def keep_text(source: Path, target: Path, folder: Path) -> None:
    """A file of text without the training's folder."""
    text = source.read_text(encoding="utf-8")
    target.write_text(text.replace(f"{folder}{os.sep}", ""), encoding="utf-8")


def keep_recording(source: Path, target: Path, folder: Path) -> None:
    """What RunLens recorded, with the first of the worst images only."""
    target.mkdir()
    worst = [f"worst_{number:02}.jpg" for number in range(1, WORST_KEPT + 1)]
    for path in sorted(source.iterdir()):
        if path.suffix in (".json", ".jsonl"):
            keep_text(path, target / path.name, folder)
        elif path.suffix == ".npz" or path.name in worst:
            shutil.copyfile(path, target / path.name)


def keep(run: Path, target: Path, folder: Path, pictures: tuple[str, ...]) -> None:
    """Copies what the package needs of the run, with paths relative to the training's folder."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copyfile(run / "results.csv", target / "results.csv")
    keep_text(run / "args.yaml", target / "args.yaml", folder)
    keep_scalars(run, target)
    if (run / RECORDING).is_dir():
        keep_recording(run / RECORDING, target / RECORDING, folder)
    for name in pictures:
        keep_picture(run / name, target / name)


def main() -> None:
    parser = argparse.ArgumentParser(description="trains the sample runs of runlens demo")
    parser.add_argument("--out", type=Path, default=SAMPLES)
    parser.add_argument("--only", choices=SAMPLES_BY_NAME, metavar="NAME")
    options = parser.parse_args()
    for name in [options.only] if options.only else SAMPLES_BY_NAME:
        sample = SAMPLES_BY_NAME[name]
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary).resolve()
            keep(train(name, sample, folder), options.out / name, folder, sample.pictures)


if __name__ == "__main__":
    main()
