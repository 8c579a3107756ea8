"""Answers for the Runs page that are made up: as many runs as wanted, of several data sets and in every state."""

from __future__ import annotations

from typing import Any, Optional

import msgspec

from tensorboard_runlens import schema

NOW = 1_760_000_000.0

STANDING = schema.Standing(
    12, 0.021, 0.86, "likely", "+2.1 points against the baseline at epoch 12; likely to beat it"
)


def row(name: str, **changes: Any) -> schema.TableRow:
    """A healthy run of the first data set."""
    made = schema.TableRow(
        name=name,
        headline=f"Best mAP50-95 of {name}.",
        step="Train on",
        health=schema.Health("ok", None),
        framework="ultralytics",
        task="detect",
        state="finished",
        ended=None,
        stage=None,
        axis="epoch",
        model="yolo11n",
        data=0,
        logged=50,
        planned=50,
        best=40,
        main_metric=schema.MainMetric("box", "map50_95", 0.5),
        precision=0.9,
        recall=0.8,
        f1=0.847,
        f1_best=0.85,
        confidence=0.4,
        interval=(0.31, 0.55),
        to_95=20,
        unrest=0.01,
        seconds=600.0,
        per_epoch=12.0,
        left=None,
        updated=NOW,
        continued_by=[],
        duplicates=[],
        repeats=0,
        target=None,
        grade=None,
        note=None,
        tags=[],
        sparkline=[0.1, 0.3, 0.5],
        latest=False,
    )
    return msgspec.structs.replace(made, **changes)


def metric(value: float, name: str = "map50_95") -> schema.MainMetric:
    return schema.MainMetric("box", name, value)


DATA = [
    schema.DataGroup("lanes.yaml", "images", "f1", 96, 3),
    schema.DataGroup("coco8.yaml", "named", None, 4, 80),
    schema.DataGroup("data unknown", "unknown", None, None, None),
]


def answer(rows: list[schema.TableRow], baseline: Optional[str] = None) -> str:
    """The JSON of the route ``table``."""
    made = schema.TableAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        logdir="made_up",
        progress=schema.Progress(len(rows), len(rows), True),
        notes=[],
        baseline=baseline,
        data=DATA,
        rows=rows,
        unreadable=[],
    )
    return msgspec.json.encode(made).decode()


def against(baseline: str, runs: list[schema.Against]) -> str:
    """The JSON of the route ``against``."""
    made = schema.AgainstAnswer(True, schema.SCHEMA_VERSION, baseline, runs)
    return msgspec.json.encode(made).decode()


def serve(page: Any, route: str, text: str) -> None:
    """Answers a question of the page with this from now on."""
    address = f"**/data/plugin/runlens/{route}**"
    page.unroute(address)
    page.route(address, lambda asked: asked.fulfill(body=text, content_type="application/json"))
