"""What was seen in 1,107 real runs and is tested nowhere else; docs/oddities.md lists every oddity with its test."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tensorboard_runlens.signals import Signals
from tests.builders import (
    BOX,
    CLASSIFY,
    DETECT,
    DETECT_WITHOUT_TIME,
    MASK,
    OBB,
    POSE,
    POSE_COLUMNS,
    SEGMENT,
    SEMANTIC,
    YOLOV5,
    YOLOV5_BOX,
    YOLOV5_CLS,
    YOLOV5_OBB,
    YOLOV5_SEG,
    YOLOV9,
    csv_text,
    kinds,
    losses,
    rows_of,
    scalars_of,
    set_times,
    ultralytics,
    value,
    write,
    write_args,
    write_csv,
    write_detect,
    write_events,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "oddities.md"
NOW = 1_800_000_000.0

YOLOV10_LOSSES = tuple(f"{part}_{head}" for head in ("om", "oo") for part in ("box", "cls", "dfl"))
YOLOV10_FORK = (
    "epoch",
    *(f"train/{name}" for name in YOLOV10_LOSSES),
    *BOX,
    *(f"val/{name}" for name in YOLOV10_LOSSES),
    "lr/pg0",
    "lr/pg1",
    "lr/pg2",
)
"""The YOLOv10 authors' own fork: one-to-many and one-to-one losses, none called box_loss."""

AT_FORTY = ("metrics/precision@0.4(B)", "metrics/recall@0.4(B)")
PIXEL = ("metrics/IOU(pixel)", "metrics/PA(pixel)")
EIGHT_RATES = tuple(f"lr/pg{group}" for group in range(3, 8))
HOME_MADE = (
    "epoch",
    *(f"{side}{name}_loss" for side in ("", "val_") for name in ("box", "cls", "dfl")),
    "lr",
    "mAP50",
)


def with_columns(columns: Sequence[str], after: str, *more: str) -> tuple[str, ...]:
    """The columns with others set in the middle."""
    place = columns.index(after) + 1
    return (*columns[:place], *more, *columns[place:])


@dataclass(frozen=True)
class Header:
    """A header that was seen, and what it tells. ``parts`` are the losses of both sides."""

    columns: tuple[str, ...]
    framework: str
    task: str
    parts: str
    groups: str = "box"
    rates: int = 3
    other: tuple[str, ...] = ()


POSE_LOSSES = ("box", "pose", "kobj", "cls", "dfl")
HEADERS = {
    "detect": Header(DETECT, "ultralytics", "detect", "box cls dfl"),
    "detect without time": Header(DETECT_WITHOUT_TIME, "ultralytics", "detect", "box cls dfl"),
    "detect with wandb": Header(
        (*DETECT_WITHOUT_TIME, "_timestamp", "_runtime"),
        "ultralytics",
        "detect",
        "box cls dfl",
        other=("_timestamp", "_runtime"),
    ),
    "detect at confidence 0.4": Header(
        with_columns(
            with_columns(DETECT, BOX[1], *AT_FORTY),
            "val/dfl_loss",
            "best_epoch",
        ),
        "ultralytics",
        "detect",
        "box cls dfl",
        other=(*AT_FORTY, "best_epoch"),
    ),
    "detect with recall50": Header(
        with_columns(DETECT, BOX[1], "metrics/recall50(B)"),
        "ultralytics",
        "detect",
        "box cls dfl",
        other=("metrics/recall50(B)",),
    ),
    "detect by MuSGD": Header(
        (*DETECT, *EIGHT_RATES), "ultralytics", "detect", "box cls dfl", rates=8
    ),
    "YOLOv10 fork": Header(YOLOV10_FORK, "ultralytics", "detect", " ".join(YOLOV10_LOSSES)),
    "RT-DETR": Header(ultralytics("giou", "cls", "l1"), "ultralytics", "detect", "giou cls l1"),
    "RT-DETR without time": Header(
        ultralytics("giou", "cls", "l1", time=False), "ultralytics", "detect", "giou cls l1"
    ),
    "segment": Header(SEGMENT, "ultralytics", "segment", "box seg cls dfl", "box mask"),
    "segment without time": Header(
        ultralytics("box", "seg", "cls", "dfl", metrics=(*BOX, *MASK), time=False),
        "ultralytics",
        "segment",
        "box seg cls dfl",
        "box mask",
    ),
    "segment of YOLO26": Header(
        ultralytics("box", "seg", "cls", "dfl", "sem", metrics=(*BOX, *MASK)),
        "ultralytics",
        "segment",
        "box seg cls dfl sem",
        "box mask",
    ),
    "segment with pixel scores": Header(
        ultralytics("box", "seg", "cls", "dfl", metrics=(*BOX, *MASK, *PIXEL), time=False),
        "ultralytics",
        "segment",
        "box seg cls dfl",
        "box mask",
        other=PIXEL,
    ),
    "pose": Header(POSE_COLUMNS, "ultralytics", "pose", "box pose kobj cls dfl", "box pose"),
    "pose without time": Header(
        ultralytics(*POSE_LOSSES, metrics=(*BOX, *POSE), time=False),
        "ultralytics",
        "pose",
        "box pose kobj cls dfl",
        "box pose",
    ),
    "pose of YOLO26": Header(
        ultralytics(*POSE_LOSSES, "rle", metrics=(*BOX, *POSE)),
        "ultralytics",
        "pose",
        "box pose kobj cls dfl rle",
        "box pose",
    ),
    "pose of YOLO26 by MuSGD": Header(
        (*ultralytics(*POSE_LOSSES, "rle", metrics=(*BOX, *POSE)), *EIGHT_RATES),
        "ultralytics",
        "pose",
        "box pose kobj cls dfl rle",
        "box pose",
        rates=8,
    ),
    "obb": Header(OBB, "ultralytics", "obb", "box cls dfl angle"),
    "classify": Header(CLASSIFY, "ultralytics", "classify", "loss", "classify"),
    "classify without time": Header(
        tuple(name for name in CLASSIFY if name != "time"),
        "ultralytics",
        "classify",
        "loss",
        "classify",
    ),
    "semantic": Header(SEMANTIC, "ultralytics", "semantic", "ce dice aux", "pixel"),
    "YOLOv5": Header(YOLOV5, "yolov5", "detect", "box obj cls"),
    "YOLOv5-seg": Header(YOLOV5_SEG, "yolov5", "segment", "box seg obj cls", "box mask"),
    "YOLOv5-cls": Header(YOLOV5_CLS, "yolov5", "classify", "loss", "classify", rates=1),
    "yolov5-obb": Header(YOLOV5_OBB, "yolov5", "obb", "box obj cls theta"),
    "YOLOv9": Header(YOLOV9, "yolov5", "detect", "box cls dfl"),
    "home-made": Header(HOME_MADE, "unknown", "detect", "box cls dfl", rates=1),
    "losses alone": Header(
        ("epoch", "train/loss", "val/loss"), "unknown", "unknown", "loss", groups="", rates=0
    ),
}


@pytest.mark.parametrize("padded", [False, True], ids=["plain", "padded"])
@pytest.mark.parametrize("header", HEADERS.values(), ids=list(HEADERS))
def test_every_header_that_was_seen_is_understood(tmp_path, header, padded):
    rows = rows_of(header.columns, [1, 2, 3], mAP50=0.5)
    run = open_run(str(write_csv(tmp_path, header.columns, rows, padded=padded)))
    history = run.history
    assert (run.framework, run.task) == (header.framework, header.task)
    assert set(history.train) == set(history.val) == set(header.parts.split())
    assert set(history.metrics) == set(header.groups.split())
    assert len(history.lr) == header.rates
    assert set(history.other) == set(header.other)
    assert (history.seconds is not None) == ("time" in header.columns)
    assert run.problems == ()


def test_pixel_scores_beside_masks_make_no_semantic_run_and_are_no_miou(tmp_path):
    header = HEADERS["segment with pixel scores"]
    history = open_run(
        str(write_csv(tmp_path, header.columns, rows_of(header.columns, [1, 2])))
    ).history
    assert history.other[PIXEL[0]].tolist() == [value(PIXEL[0], n) for n in (1, 2)]
    assert history.metrics["mask"]["map50_95"].tolist() == [value(MASK[3], n) for n in (1, 2)]


def test_conflict_marks_in_a_table_are_no_epochs_and_are_said(tmp_path):
    (header, *lines) = csv_text(DETECT, rows_of(DETECT, range(1, 5))).splitlines()
    marked = [header, *lines[:2], "<<<<<<< HEAD", lines[2], "=======", lines[3], ">>>>>>> 1a2b"]
    write(tmp_path / "results.csv", "\n".join(marked) + "\n")
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2, 3, 4]
    assert [one.line for one in run.problems] == [4, 6, 8]
    assert lifecycle.planned_epochs(run) is None


def test_bytes_that_are_not_utf8_cost_only_their_cell(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3])
    text = csv_text(DETECT, rows).replace("val/dfl_loss", "höhe").encode("latin-1")
    second = text.split(b"\n")[2]
    cells = second.split(b",")
    cells[2] = b"\xe9\xe8"
    write(tmp_path / "results.csv", text.replace(second, b",".join(cells)))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [1, 2, 3]
    assert np.isnan(run.history.train["box"]).tolist() == [False, True, False]
    assert run.history.metrics["box"]["map50"].tolist() == [value(BOX[2], n) for n in (1, 2, 3)]
    assert [(one.kind, one.line) for one in run.problems] == [("not_a_number", 3)]


def test_one_batch_of_infinite_loss_is_no_divergence(tmp_path):
    rows = rows_of(DETECT, range(1, 41))
    rows[20]["train/box_loss"] = "inf"
    analysis = analyse(open_run(str(write_csv(write_args(tmp_path, epochs=40), DETECT, rows))))
    assert analysis.state == "finished"
    assert not analysis.signals.diverged
    assert analysis.signals.train_not_finite_rows == [20]
    assert "non-finite" in [finding.rule for finding in analysis.findings]


def test_validation_losses_that_are_nan_throughout_leave_the_metrics_and_the_best_epoch(tmp_path):
    nan = dict.fromkeys(losses("val", "box", "cls", "dfl"), "nan")
    rows = rows_of(DETECT, range(1, 21), **nan)
    analysis = analyse(open_run(str(write_csv(tmp_path, DETECT, rows))))
    assert analysis.run.history.val == {}
    assert analysis.signals.best_row == 19
    assert analysis.overfitting.loss_overfits is False
    assert analysis.failed_rules == []


def test_validation_losses_that_are_zero_in_one_row_were_not_measured_there(tmp_path):
    rows = rows_of(DETECT, range(1, 21))
    rows[9].update(dict.fromkeys(losses("val", "box", "cls", "dfl"), 0))
    history = open_run(str(write_csv(tmp_path, DETECT, rows))).history
    assert np.isnan(history.val["box"]).tolist() == [row == 9 for row in range(20)]
    assert history.metrics["box"]["map50"][9] == value(BOX[2], 10)


def test_copies_of_the_last_validation_are_no_evidence(tmp_path):
    measured = (*BOX, *losses("val", "box", "cls", "dfl"))
    rows = rows_of(DETECT, range(1, 25))
    for index, row in enumerate(rows):
        start = index - index % 4
        row.update({name: rows[start][name] for name in measured})
    signals = Signals(open_run(str(write_csv(tmp_path, DETECT, rows))), NOW)
    assert signals.copied_rows.tolist() == [index % 4 != 0 for index in range(24)]
    assert signals.overfitting.verdict == "too_short"


def test_a_model_that_finds_everything_and_nothing_right_is_shown_as_it_is(tmp_path):
    degenerate = dict(zip(YOLOV5_BOX, (0.003, 1.0, 0.02, 0.005)))
    rows = rows_of(YOLOV5, range(157), **degenerate)
    analysis = analyse(open_run(str(write_csv(tmp_path, YOLOV5, rows))))
    box = analysis.run.history.metrics["box"]
    assert set(box["recall"].tolist()) == {1.0}
    assert set(box["precision"].tolist()) == {0.003}
    assert analysis.signals.best_row == 156
    assert analysis.failed_rules == []


def seg_run(folder: Path, final: str) -> Path:
    """YOLOv5-seg with its best at epoch 10 of 0 to 20, patience 10, and perhaps the short last row."""
    metrics = [name for name in YOLOV5_SEG if name.startswith("metrics/")]
    rows = rows_of(YOLOV5_SEG, range(21), **dict.fromkeys(metrics, 0.3))
    rows[10].update(dict.fromkeys(metrics, 0.5))
    write(folder / "results.csv", csv_text(YOLOV5_SEG, rows, padded=True) + final)
    return write_args(folder, "opt.yaml", epochs=1000, patience=10)


def test_the_number_of_the_short_last_row_is_no_epoch_after_an_early_stop(tmp_path):
    final = ",".join(["1000", *["0.5"] * 12]) + "\n"
    analysis = analyse(open_run(str(seg_run(tmp_path, final))), now=NOW)
    assert analysis.run.history.epoch[-1] == 20
    assert analysis.run.logged.rows == 22
    assert lifecycle.planned_epochs(analysis.run) == 1000
    assert analysis.state == "early_stopped"


def test_an_interrupted_yolov5_seg_run_has_no_short_last_row(tmp_path):
    run = open_run(str(seg_run(tmp_path, "")))
    assert run.history.epoch[-1] == 20
    assert run.logged.rows == 21
    assert run.problems == ()


def test_more_rows_than_planned_are_no_finished_run(tmp_path):
    write_csv(tmp_path, YOLOV5_OBB, rows_of(YOLOV5_OBB, [*range(10), 0, 0]))
    write_args(tmp_path, "opt.yaml", epochs=10)
    set_times(tmp_path, newest=NOW - 9e6, spread=0)
    analysis = analyse(open_run(str(tmp_path)), now=NOW)
    assert analysis.run.logged.rows == 12
    assert analysis.run.logged.segments == ((0, 9), (0, 0), (0, 0))
    assert analysis.state == "interrupted"


def test_a_run_resumed_twice_at_the_same_epoch_counts_it_once(tmp_path):
    rows = rows_of(DETECT, [*range(76, 81), 79, 79, *range(80, 86)])
    for row, seconds in zip(rows[5:], (12, 11, *range(20, 80, 10))):
        row["time"] = seconds
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    assert run.history.epoch.tolist() == list(range(76, 86))
    assert run.logged.segments == ((76, 85),)
    assert run.logged.rows == 13
    assert run.logged.resumed == (79,)
    assert run.history.seconds is not None
    assert (np.diff(run.history.seconds) > 0).all()


@pytest.mark.parametrize("save_dir", ["/content/runs/detect/train3", "C:\\runs\\detect\\train3"])
def test_a_run_that_was_moved_is_named_by_its_place(tmp_path, save_dir):
    write_detect(tmp_path / "kept" / "first", save_dir=save_dir, project="elsewhere")
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert list(catalog.runs) == ["kept/first"]
    assert catalog.runs["kept/first"].arguments["save_dir"] == save_dir


def test_a_notebooks_copy_of_the_table_is_no_run(tmp_path):
    write_detect(tmp_path / "exp", range(1, 9))
    write_csv(
        tmp_path / "exp" / ".ipynb_checkpoints",
        DETECT,
        rows_of(DETECT, [1, 2]),
        name="results-checkpoint.csv",
    )
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert {name: len(run.history) for (name, run) in catalog.runs.items()} == {"exp": 8}


@pytest.mark.parametrize(
    "name", ["F1_curve.png", "BoxF1_curve.png", "MaskF1_curve.png", "PoseF1_curve.png"]
)
def test_f1_curves_are_known_by_their_old_and_new_names(tmp_path, name):
    write(write_detect(tmp_path) / name, b"\x89PNG")
    assert open_run(str(tmp_path)).files.by_role["curve"] == (name,)


def test_a_picture_of_0_bytes_costs_nothing(tmp_path):
    write(write_detect(tmp_path, epochs=5) / "F1_curve.png", b"")
    write(tmp_path / "confusion_matrix.png", b"")
    analysis = analyse(open_run(str(tmp_path)), now=NOW)
    assert len(analysis.run.history) == 5
    assert (analysis.state, analysis.failed_rules) == ("finished", [])


def test_a_git_lfs_pointer_in_place_of_an_event_file_leaves_the_table(tmp_path):
    write_detect(tmp_path)
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    write(tmp_path / "events.out.tfevents.1700000000.host.1.0", pointer)
    assert open_run(str(tmp_path)).history.epoch.tolist() == [1, 2, 3, 4, 5]


def write_other_events(folder: Path) -> Path:
    """An event file with a graph, an image and a histogram, and not one scalar."""
    from tensorboard.compat.proto import event_pb2, histogram_pb2, summary_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    writer = EventFileWriter(str(folder))
    writer.add_event(event_pb2.Event(graph_def=b"\x0a\x00"))
    image = summary_pb2.Summary.Image(height=1, width=1, colorspace=3, encoded_image_string=b"x")
    histogram = histogram_pb2.HistogramProto(min=0, max=1, num=2)
    values = [
        summary_pb2.Summary.Value(tag="results", image=image),
        summary_pb2.Summary.Value(tag="classes", histo=histogram),
    ]
    writer.add_event(event_pb2.Event(step=0, summary=summary_pb2.Summary(value=values)))
    writer.close()
    (written,) = set(folder.iterdir()) - before
    return written.rename(folder / "events.out.tfevents.1600000000.host.1.0")


def test_an_event_file_with_a_graph_and_pictures_alone_is_no_run(tmp_path):
    write_other_events(tmp_path)
    with pytest.raises(NotARun, match="no scalars"):
        open_run(str(tmp_path))


def test_graphs_pictures_and_histograms_are_passed_over_beside_scalars(tmp_path):
    write_other_events(tmp_path)
    write_events(tmp_path, scalars_of(YOLOV5, range(3)))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [0, 1, 2]
    assert run.problems == ()


def test_the_tags_of_2020_are_read(tmp_path):
    tags = (
        "epoch",
        *losses("train", "giou", "obj", "cls"),
        *YOLOV5_BOX,
        *losses("val", "giou", "obj", "cls"),
    )
    write_events(tmp_path, scalars_of(tags, range(3)))
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "detect")
    assert set(run.history.train) == set(run.history.val) == {"giou", "obj", "cls"}
    assert run.history.lr == {}


def test_eleven_event_files_of_nine_runs_beside_the_table_change_nothing(tmp_path):
    for number in range(11):
        write_events(tmp_path, scalars_of(DETECT, [1, 2, 3]), started=1_700_000_000 + number)
    alone = open_run(str(tmp_path))
    assert alone.logged.segments == ((1, 3),) * 11
    write_detect(tmp_path, [*range(1, 4)] * 9)
    run = open_run(str(tmp_path))
    assert run.logged.segments == ((1, 3),) * 9
    assert len(run.files.by_role["events"]) == 11
    assert kinds(run.problems) == ["appended_runs"]


def test_a_run_of_one_epoch_is_a_run_without_a_verdict(tmp_path):
    write_detect(tmp_path, [1], epochs=1)
    analysis = analyse(open_run(str(tmp_path)), now=NOW)
    assert analysis.state == "finished"
    assert analysis.health.level == "no_verdict"
    assert analysis.signals.best_row == 0


NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows_of_the_page() -> list[str]:
    """The lines of the tables below their headings."""
    lines = PAGE.read_text("utf-8").splitlines()
    return [line for line in lines if re.match(r"\| (?!seen )[^-]", line)]


def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_oddity_names_its_test():
    rows = rows_of_the_page()
    assert len(rows) >= 50
    assert [row for row in rows if not NAMED_TEST.search(row)] == []


def test_every_test_named_for_an_oddity_exists():
    named = {found for row in rows_of_the_page() for found in NAMED_TEST.findall(row)}
    known = {path: functions_of(path) for path in {path for (path, _) in named}}
    assert [f"{path}::{name}" for (path, name) in sorted(named) if name not in known[path]] == []


def test_every_test_of_this_file_belongs_to_an_oddity():
    here = Path(__file__).relative_to(ROOT).as_posix()
    named = {name for row in rows_of_the_page() for (path, name) in NAMED_TEST.findall(row)}
    tests = {name for name in functions_of(here) if name.startswith("test_")}
    assert {name for name in tests - named if "oddity" not in name} == set()
