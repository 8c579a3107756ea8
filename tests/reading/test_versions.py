"""Which releases can have written a run: by arguments, columns, pictures, event files and the clock."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.plain.png_text import matplotlib_version
from tensorboard_runlens.releases import ultralytics as releases_ultralytics
from tensorboard_runlens.releases import yolov5 as releases_yolov5
from tensorboard_runlens.releases import yolov7 as releases_yolov7
from tensorboard_runlens.releases.dates import BUILT, by_start
from tensorboard_runlens.releases.evidence import (
    Evidence,
    agreed,
    of_checkpoint,
    of_version,
    release,
    span,
)
from tensorboard_runlens.run import Version
from tests.builders import (
    YOLOV5,
    YOLOV5_CLS,
    YOLOV5_SEG,
    YOLOV9,
    rows_of,
    txt_row,
    write,
    write_csv,
)

OF_7_0 = [
    *("weights", "cfg", "data", "hyp", "epochs", "batch_size", "imgsz", "rect", "resume", "nosave"),
    *("noval", "noautoanchor", "noplots", "evolve", "bucket", "cache", "image_weights", "device"),
    *("multi_scale", "single_cls", "optimizer", "sync_bn", "workers", "project", "name"),
    *("exist_ok", "quad", "cos_lr", "label_smoothing", "patience", "freeze", "save_period", "seed"),
    *("local_rank", "entity", "upload_dataset", "bbox_interval", "artifact_alias", "save_dir"),
]
"""opt.yaml of YOLOv5 7.0."""

HYPERPARAMETERS = ["lr0", "lrf", "anchor_t", "box", "cls", "obj", "fl_gamma", "mixup", "copy_paste"]


def without(names, *gone):
    return [name for name in names if name not in gone]


OF_6_1 = without(OF_7_0, "seed", "noplots")
OF_6_0 = [*without(OF_6_1, "optimizer", "cos_lr"), "adam", "linear_lr"]
OF_5_0 = [
    *without(OF_6_0, "imgsz", "noval", "cache", "freeze", "patience"),
    *("img_size", "notest", "cache_images", "total_batch_size", "global_rank", "world_size"),
]
OF_4_0 = [
    *without(OF_5_0, "entity", "upload_dataset", "bbox_interval", "artifact_alias", "linear_lr"),
    *("log_imgs", "log_artifacts"),
]
OF_3_1 = [*without(OF_4_0, "project", "exist_ok", "log_artifacts"), "logdir"]
AFTER_7_0 = [*OF_7_0, "evolve_population", "resume_evolve", "ndjson_console", "ndjson_file"]


def write_names(folder, file, names):
    write(folder / file, "".join(f"{name}: 0\n" for name in names))


def yolov5(folder, options, hyperparameters=HYPERPARAMETERS, columns=YOLOV5):
    write_names(folder, "opt.yaml", options)
    write_names(folder, "hyp.yaml", hyperparameters)
    write_csv(folder, columns, rows_of(columns, range(3)))
    return open_run(str(folder)).version


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (AFTER_7_0, ("7.0", None)),
        (OF_7_0, ("6.1", "7.0")),
        ([*OF_6_1, "noplots"], ("6.1", "6.1")),
        (OF_6_1, ("6.0", "6.1")),
        (OF_6_0, ("5.0", "6.0")),
        (without(OF_6_0, "patience"), ("5.0", "5.0")),
    ],
)
def test_a_state_of_yolov5_is_named_after_the_release_before_it(tmp_path, options, expected):
    version = yolov5(tmp_path, options)
    assert (version.min, version.max) == expected
    assert version.source == "argument names and columns"


@pytest.mark.parametrize(
    ("options", "expected"),
    [(OF_5_0, ("4.0", "5.0")), (OF_4_0, ("3.1", "4.0")), (OF_3_1, (None, "3.1"))],
)
def test_old_states_of_yolov5_write_a_table_without_header(tmp_path, options, expected):
    write_names(tmp_path, "opt.yaml", options)
    write_names(tmp_path, "hyp.yaml", without(HYPERPARAMETERS, "copy_paste"))
    cells = (0.1, 0.2, 0.3, 0.6, 5, 640, 0.5, 0.5, 0.5, 0.3, 0.1, 0.2, 0.3)
    write(tmp_path / "results.txt", "".join(txt_row(epoch, 2, cells) + "\n" for epoch in range(3)))
    version = open_run(str(tmp_path)).version
    assert (version.min, version.max) == expected


def test_a_table_without_header_and_arguments_may_be_yolov7s(tmp_path):
    cells = (0.1, 0.2, 0.3, 0.6, 5, 640, 0.5, 0.5, 0.5, 0.3, 0.1, 0.2, 0.3)
    write(tmp_path / "results.txt", txt_row(0, 2, cells) + "\n")
    assert open_run(str(tmp_path)).version is None


def test_a_shortened_opt_yaml_proves_nothing_by_what_it_leaves_out(tmp_path):
    version = yolov5(tmp_path, ["epochs", "cos_lr"], hyperparameters=["lr0"])
    assert (version.min, version.max) == ("6.0", None)


def test_segmentation_of_yolov5_has_fewer_arguments(tmp_path):
    weights_and_biases = ("entity", "upload_dataset", "bbox_interval", "artifact_alias")
    options = [*without(OF_7_0, *weights_and_biases), "mask_ratio"]
    version = yolov5(tmp_path, options, columns=YOLOV5_SEG)
    assert (version.min, version.max) == ("6.2", None)


def test_the_columns_alone_tell_the_first_state_that_had_them(tmp_path):
    for name, columns, first in (
        ("a", YOLOV5, "5.0"),
        ("b", YOLOV5_SEG, "6.2"),
        ("c", YOLOV5_CLS, "6.1"),
    ):
        write_csv(tmp_path / name, columns, rows_of(columns, range(3)))
        version = open_run(str(tmp_path / name)).version
        assert (version.min, version.max, version.source) == (first, None, "columns")


def test_yolov9_is_no_release_of_yolov5(tmp_path):
    assert yolov5(tmp_path / "a", [*OF_7_0, "min_items", "close_mosaic"], columns=YOLOV9) is None
    write_csv(tmp_path / "b", YOLOV9, rows_of(YOLOV9, range(3)))
    assert open_run(str(tmp_path / "b")).version is None


def test_arguments_of_two_states_prove_nothing(tmp_path):
    assert yolov5(tmp_path, [*OF_7_0, "adam", "log_imgs"]) is None


def test_yolov7_has_one_release():
    assert releases_yolov7.by_arguments({"loss_ota": 1}).bounds == (("0.1", None),)
    assert releases_yolov7.by_arguments({"epochs": 1}).bounds == ()


# Pictures, event files, the clock


@pytest.mark.parametrize(
    ("task", "files", "bounds"),
    [
        ("detect", ["BoxF1_curve.png"], (("8.3.162", None),)),
        ("obb", ["F1_curve.png"], ((None, "8.3.161"),)),
        ("detect", ["BoxF1_curve.png", "F1_curve.png"], ()),
        ("detect", [], ()),
        ("segment", ["BoxF1_curve.png"], ()),
    ],
)
def test_names_of_pictures(task, files, bounds):
    assert releases_ultralytics.by_pictures(task, files).bounds == bounds


TRAIN = {"train/box_loss": [1.0]}
RATE = {"lr/pg0": [0.1]}
METRIC = {"metrics/mAP50(B)": [0.5]}
TWICE = {"metrics/mAP50(B)": [0.5, 0.6]}
VAL = {"val/box_loss": [1.0]}


@pytest.mark.parametrize(
    ("steps", "bounds"),
    [
        ({1: {**TRAIN, **RATE, **METRIC, **VAL}, 2: METRIC}, (("8.0.222", None), ("8.4.52", None))),
        ({1: {**TRAIN, **RATE, **TWICE, **VAL}}, (("8.0.222", None), (None, "8.4.51"))),
        ({1: {**TRAIN, **RATE, **METRIC, **VAL}}, (("8.0.222", None),)),
        ({1: {**TRAIN, **METRIC, **VAL}}, ((None, "8.0.221"),)),
        ({1: TRAIN}, ()),
        ({1: {"loss": [1.0]}}, ()),
        ({}, ()),
    ],
)
def test_tags_and_steps_of_event_files(steps, bounds):
    assert releases_ultralytics.by_steps(steps).bounds == bounds


def test_a_run_is_not_older_than_its_release():
    assert by_start(["events.out.tfevents.1726000000.host.1.0"]).bounds == ((None, "8.2.103"),)
    assert by_start(["events.out.tfevents.1728000000.host.1.0"]).bounds == ((None, "8.3.8"),)


def test_of_several_event_files_the_newest_counts():
    names = ["events.out.tfevents.1726000000.a.1.0", "events.out.tfevents.1728000000.a.1.0"]
    assert by_start(names).bounds == ((None, "8.3.8"),)


@pytest.mark.parametrize(
    "name",
    ["events.out.tfevents.9999999999.a", "events.out.tfevents.x.a", "results.csv", ""],
)
def test_a_run_of_today_and_other_names_are_not_bounded_by_the_clock(name):
    assert by_start([name]).bounds == ()


def test_a_day_of_difference_between_clocks_is_forgiven():
    days = [f"events.out.tfevents.{1_728_432_000 + 86_400 * day}.a" for day in (-3, -1, 0)]
    bounds = [by_start([day]).bounds[0][1] for day in days]  # 8.3.9 was built on the last
    assert bounds == ["8.3.8", "8.3.49", "8.3.49"]


def test_the_dates_are_in_order():
    assert list(BUILT) == sorted(BUILT, key=release)
    assert list(BUILT.values()) == sorted(BUILT.values())


# Evidence together


def test_weaker_evidence_that_contradicts_is_left_out():
    known = Version("8.3.38", "8.3.104", "argument names")
    copied = Evidence("picture names", (("8.3.162", None),))
    clock = Evidence("clock", ((None, "8.3.60"),))
    assert agreed([of_version(known), copied, clock]) == Version(
        "8.3.38", "8.3.60", "argument names and clock"
    )


def test_a_checkpoint_is_exact():
    known = of_version(Version("8.3.38", "8.3.104", "argument names"))
    assert agreed([of_checkpoint("8.3.79"), known]) == Version(
        "8.3.79", "8.3.79", "checkpoint and argument names"
    )
    assert agreed([of_checkpoint("8.4.2"), known]) == Version("8.4.2", "8.4.2", "checkpoint")
    assert agreed([of_checkpoint(None), known]) is not None


def test_no_evidence_is_no_version():
    assert agreed([]) is None
    assert agreed([of_version(None), of_checkpoint(None), Evidence("columns", ())]) is None


numbers = st.integers(0, 300)
releases = st.builds("8.{}.{}".format, st.integers(0, 4), numbers)
bounds = st.tuples(st.none() | releases, st.none() | releases)


@given(st.lists(bounds, max_size=5), releases)
def test_a_span_holds_exactly_the_releases_that_every_bound_allows(given_bounds, candidate):
    found = span(given_bounds)
    allowed = all(_within(candidate, bound) for bound in given_bounds)
    assert allowed == (found is not None and _within(candidate, found))


def _within(candidate, bound):
    (low, high) = bound
    at = release(candidate)
    return (low is None or release(low) <= at) and (high is None or at <= release(high))


# Which arguments a release knows


@pytest.mark.parametrize(
    ("argument", "low", "high", "known"),
    [
        ("cls_pw", "8.4.37", None, True),
        ("cls_pw", "8.3.9", "8.4.36", False),
        ("cls_pw", "8.4.30", "8.4.40", None),
        ("cls_pw", None, None, None),
        ("label_smoothing", None, "8.3.37", True),
        ("label_smoothing", "8.3.38", None, False),
        ("end2end", "8.4.8", "8.4.141", True),
        ("end2end", "8.4.8", None, None),
        ("end2end", "8.4.142", None, False),
        ("lr0", None, None, True),
        ("learning_rate", "8.3.0", "8.3.50", False),
        ("learning_rate", "8.3.0", "8.9.0", None),
        ("learning_rate", "8.3.0", None, None),
        ("image_weights", "8.0.50", "8.0.60", None),
    ],
)
def test_arguments_of_an_ultralytics_release(argument, low, high, known):
    assert releases_ultralytics.legal(argument, Version(low, high, "")) is known


@pytest.mark.parametrize(
    ("argument", "low", "high", "known"),
    [
        ("seed", "6.2", None, True),
        ("seed", "6.1", "7.0", None),
        ("seed", None, "6.0", False),
        ("adam", None, "5.0", True),
        ("adam", "6.1", None, False),
        ("adam", "6.0", "6.0", None),
        ("whatever", "6.0", "6.0", None),
    ],
)
def test_arguments_of_a_state_of_yolov5(argument, low, high, known):
    assert releases_yolov5.legal(argument, Version(low, high, "")) is known


def test_without_a_version_nothing_is_known_but_what_always_was():
    assert releases_ultralytics.legal("cutmix", None) is None
    assert releases_ultralytics.legal("epochs", None) is True
    assert releases_yolov5.legal("seed", None) is None


# Who drew a picture


def chunk(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(folder, **words):
    texts = b"".join(chunk(b"tEXt", f"{key}\0{said}".encode()) for (key, said) in words.items())
    size = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    write(folder / "F1_curve.png", b"\x89PNG\r\n\x1a\n" + size + texts + pixels)
    return matplotlib_version(Folder(str(folder)), "F1_curve.png")


def test_a_picture_names_the_matplotlib_that_drew_it(tmp_path):
    said = "Matplotlib version3.9.2, https://matplotlib.org/"
    assert png(tmp_path, Title="x", Software=said) == "3.9.2"


@pytest.mark.parametrize("said", ["Matplotlib version", "Matplotlib version3.9", "Adobe", ""])
def test_other_words_in_a_picture_name_none(tmp_path, said):
    assert png(tmp_path, Software=said) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXtSoftware",
        b"\x89PNG\r\n\x1a\n" + bytes(9000),
    ],
)
def test_what_is_no_whole_picture_names_none(tmp_path, content):
    write(tmp_path / "F1_curve.png", content)
    assert matplotlib_version(Folder(str(tmp_path)), "F1_curve.png") is None
