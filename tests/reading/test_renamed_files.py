"""Saved models under names of people's own: recognised by content, and the better of several sources."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.arguments import argument_files, read_arguments
from tests.builders import (
    DETECT,
    kinds,
    rows_of,
    scalars_of,
    value,
    write,
    write_args,
    write_csv,
    write_detect,
    write_events,
)

CONFIG = "epochs: 80\npatience: 15\nbatch: 8\nimgsz: 640\nlr0: 0.0001\n"
IN_SECTIONS = "training:\n  epochs: 80\n  batch: 8\naugmentation:\n  mosaic: 0.2\nseed: 3\n"
DATA = "path: ../data\ntrain: images/train\nval: images/val\nnames: [a, b]\nnc: 2\n"


def arguments_in(folder):
    (arguments, origin, problems) = read_arguments(Folder(str(folder)))
    assert problems == []
    return (arguments, origin)


def test_a_saved_model_with_renamed_files_is_a_run(tmp_path):
    folder = tmp_path / "saved_models" / "best"
    write_csv(folder, DETECT, rows_of(DETECT, range(1, 6)), "training_results.csv")
    write(folder / "training_config.yaml", f"task: detect\nmode: train\n{CONFIG}")
    write(folder / "per_class_metrics.json", json.dumps({"a": {"map50": 0.5}, "b": {"map50": 0.7}}))
    write(folder / "best.pt", b"")
    write(folder / "REPRODUCTION_GUIDE.md", "# How to train again\nepochs: 3\nbatch: 4\nlr0: 1\n")
    run = open_run(str(folder))
    assert (run.name, run.framework, run.task) == ("best", "ultralytics", "detect")
    assert run.history.epoch.tolist() == [1, 2, 3, 4, 5]
    assert (run.arguments["epochs"], run.argument_file["epochs"]) == (80, "training_config.yaml")
    assert run.files.by_role["results"] == ("training_results.csv",)
    assert run.files.by_role["args"] == ("training_config.yaml",)
    assert run.files.by_role["weights"] == ("best.pt",)
    assert [line.name for line in run.classes] == ["a", "b"]
    assert run.logged.final == {"box": {"map50": pytest.approx(0.6)}}
    assert run.problems == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("training_config.yaml", CONFIG),
        ("hparams.yaml", CONFIG),
        ("config.yaml", CONFIG),
        ("my settings.yml", CONFIG),
        ("config.json", json.dumps({"epochs": 80, "batch": 8, "lr0": 0.0001, "name": "x"})),
        ("train_args.json", json.dumps({"num_epochs": 80, "batch_size": 8, "learning_rate": 1e-4})),
        ("training_config.yaml", IN_SECTIONS),
        ("config.json", json.dumps({"train": {"epochs": 80, "batch": 8}, "optim": {"lr": 1e-4}})),
    ],
)
def test_arguments_are_recognised_by_what_they_say(tmp_path, name, text):
    write(tmp_path / name, text)
    (arguments, origin) = arguments_in(tmp_path)
    epochs = arguments.get("epochs", arguments.get("num_epochs"))
    assert (epochs, type(epochs)) == (80, int)
    assert arguments.get("batch", arguments.get("batch_size")) == 8
    assert set(origin.values()) == {name}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.yaml", DATA),
        ("config.yaml", DATA),
        ("dataset.yaml", f"{DATA}epochs: 3\n"),
        ("docker.yaml", "services: {web: {image: x}}\ndevice: 3\nmodel: y\nseed: 1\n"),
        ("config.json", json.dumps({"model": "x", "data": "y", "device": 0})),
        ("notes.txt", CONFIG),
        ("package.json", json.dumps({"epochs": 3, "batch": 8, "lr0": 1})),
        ("config.yaml", bytes(range(256)) * 4),
        ("config.yaml", ""),
    ],
)
def test_other_files_hold_no_arguments(tmp_path, name, text):
    write(tmp_path / name, text)
    assert arguments_in(tmp_path) == ({}, {})
    with pytest.raises(NotARun):
        open_run(str(tmp_path))


def test_files_of_the_frameworks_are_the_only_ones_where_they_lie(tmp_path):
    write(tmp_path / "training_config.yaml", CONFIG)
    write(tmp_path / "args.yaml", "epochs: 3\n")
    assert argument_files(Folder(str(tmp_path))) == ["args.yaml"]


def test_of_several_the_one_with_the_telling_name_is_asked_first(tmp_path):
    for name in ("a.yaml", "config.json", "training_config.yaml"):
        write(
            tmp_path / name,
            CONFIG if name.endswith("yaml") else json.dumps({"epochs": 1, "lr": 1, "seed": 1}),
        )
    assert argument_files(Folder(str(tmp_path))) == ["training_config.yaml"]


def test_what_stands_above_the_sections_comes_first(tmp_path):
    write(tmp_path / "config.yaml", f"epochs: 10\n{IN_SECTIONS}other:\n  mosaic: 0.9\n")
    (arguments, _) = arguments_in(tmp_path)
    assert (arguments["epochs"], arguments["mosaic"], arguments["seed"]) == (10, 0.2, 3)
    assert "training" not in arguments


def test_sections_of_the_frameworks_own_files_are_left_as_they_are(tmp_path):
    write(tmp_path / "args.yaml", IN_SECTIONS)
    (arguments, _) = arguments_in(tmp_path)
    assert arguments["training"] == {"epochs": 80, "batch": 8}
    assert "mosaic" not in arguments


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "3", '{"epochs": 80, "batch": 8, "lr0": ', "{" * 5000, '{"epochs": NaN, "batch": Infinity, "lr": 1}'],
)  # fmt: skip
def test_damaged_json_costs_nothing_else(tmp_path, text):
    write_detect(tmp_path)
    write(tmp_path / "config.json", text)
    run = open_run(str(tmp_path))
    assert len(run.history) == 5
    assert kinds(run.problems) in ([], ["damaged"])


def test_a_whole_number_of_any_length_is_survived(tmp_path):
    write_detect(tmp_path)
    digits = "9" * 500_000
    write(tmp_path / "config.json", f'{{"batch": 8, "lr": 1, "epochs": 1{digits}}}')
    started = time.perf_counter()
    run = open_run(str(tmp_path))
    assert time.perf_counter() - started < 2
    assert len(run.history) == 5
    assert run.arguments["epochs"] == np.inf


keys = st.sampled_from(
    ["epochs", "batch", "lr0", "seed", "training", "task", "mode", "time", "patience"]
)
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
nested = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(keys, nested, min_size=3, max_size=6))
def test_any_arguments_are_survived(tmp_path_factory, document):
    from tensorboard_runlens import answers
    from tensorboard_runlens.analysis import analyse

    folder = write_detect(tmp_path_factory.mktemp("run"))
    write(folder / "config.json", json.dumps(document))
    analysis = analyse(open_run(str(folder)), now=0.0)
    assert analysis.failed_rules == []
    answer = json.loads(answers.encode(answers.show_answer(analysis)))
    assert answer["run"]["epochs"]["logged"] == 5


# Several sources in one folder


def printed(last):
    """A console's output of these epochs, one metric other than in the table."""
    lines = ["Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cpu CPU (Intel)"]
    lines += [
        "engine/trainer: task=detect, mode=train, model=yolo11s.pt, data=config.yaml, epochs=3, batch=4"
    ]
    lines += [f"Starting training for {last} epochs..."]
    for epoch in range(1, last + 1):
        lines += ["      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size"]
        lines += [
            f"        {epoch}/{last}         0G       1.03      2.892       1.36         39        640"
        ]
        lines += [
            "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95)"
        ]
        lines += [
            "                   all         74         98      0.707      0.642      0.672      0.111"
        ]
    return "\n".join([*lines, f"{last} epochs completed in 0.088 hours.", ""])


def finest(run):
    return run.history.metrics["box"]["map50_95"].tolist()


COLUMN = "metrics/mAP50-95(B)"


def test_a_table_goes_before_events_and_events_before_the_console(tmp_path):
    write(tmp_path / "train.log", printed(3))
    assert finest(open_run(str(tmp_path))) == [0.111] * 3
    write_events(tmp_path, [(step, tag, 0.222) for (step, tag, _) in scalars_of(DETECT, [1, 2, 3])])
    assert finest(open_run(str(tmp_path))) == [pytest.approx(0.222)] * 3
    write_csv(tmp_path, DETECT, rows_of(DETECT, [1, 2, 3]))
    run = open_run(str(tmp_path))
    assert finest(run) == [value(COLUMN, epoch) for epoch in (1, 2, 3)]
    assert run.console is not None
    assert run.problems == ()


def test_where_the_table_holds_no_epoch_the_next_source_is_asked(tmp_path):
    write(tmp_path / "results.csv", ",".join(DETECT) + "\n")
    write_events(tmp_path, [(step, tag, 0.222) for (step, tag, _) in scalars_of(DETECT, [1, 2])])
    write(tmp_path / "train.log", printed(3))
    run = open_run(str(tmp_path))
    assert finest(run) == [pytest.approx(0.222)] * 2


def test_a_damaged_table_is_said_though_another_source_is_read(tmp_path):
    write(tmp_path / "results.csv", bytes(range(256)) * 10)
    write(tmp_path / "train.log", printed(3))
    run = open_run(str(tmp_path))
    assert finest(run) == [0.111] * 3
    assert [one.file for one in run.problems] == ["results.csv"]


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
EVENTS = "events.out.tfevents.1700000000.host.1.0"


@pytest.mark.parametrize(("content", "kind"), [(POINTER, "pointer"), (b"", "empty")])
def test_an_event_file_without_events_beside_a_table_is_said(tmp_path, content, kind):
    write_detect(tmp_path)
    write(tmp_path / EVENTS, content)
    run = open_run(str(tmp_path))
    assert len(run.history) == 5
    assert [(one.file, one.kind) for one in run.problems] == [(EVENTS, kind)]


# Validation losses that were not written


def test_a_validation_loss_of_zero_beside_measured_metrics_is_missing(tmp_path):
    rows = rows_of(DETECT, range(1, 9))
    for row in rows[:5]:
        row.update({f"val/{name}_loss": 0.0 for name in ("box", "cls", "dfl")})
    history = open_run(str(write_csv(tmp_path, DETECT, rows))).history
    for values in history.val.values():
        assert np.isnan(values[:5]).all()
        assert np.isfinite(values[5:]).all()
    assert np.isfinite(history.metrics["box"]["map50"]).all()


def test_one_component_of_zero_is_measured(tmp_path):
    rows = rows_of(DETECT, range(1, 5))
    rows[1]["val/dfl_loss"] = 0.0
    history = open_run(str(write_csv(tmp_path, DETECT, rows))).history
    assert history.val["dfl"][1] == 0.0


def test_validation_losses_that_are_never_written_are_no_losses(tmp_path):
    zero = {f"val/{name}_loss": 0.0 for name in ("box", "cls", "dfl")}
    history = open_run(
        str(write_csv(tmp_path, DETECT, rows_of(DETECT, range(1, 5), **zero)))
    ).history
    assert history.val == {}
    assert np.isfinite(history.metrics["box"]["map50"]).all()


def test_a_table_as_a_document_prints_it(tmp_path):
    """Headers for people and cells with a percent sign, and the arguments of an Ultralytics training beside."""
    lines = ["Epoch,mAP@0.5,mAP@[0.5:0.95],Precision,Recall,Train Loss,Val Loss,Time (s)"]
    for epoch in range(1, 22):
        best = 6 - abs(epoch - 6) / 10
        cells = (80 + best, 50 + best, 80, 79, 2 - epoch / 50, 2, 29.0 * epoch)
        (map50, fine, precision, recall, train, val, seconds) = cells
        shown = f"{map50:.2f}%,{fine:.2f}%,{precision:.2f}%,{recall:.2f}%"
        lines.append(f"{epoch},{shown},{train:g},{val:g},{seconds:g}")
    write(tmp_path / "training_results.csv", "\n".join(lines) + "\n")
    write_args(
        tmp_path, "training_config.yaml",
        epochs=80, patience=15, imgsz=640, lr0=0.0001, close_mosaic=20, conf=0.25, batch=8,
    )  # fmt: skip
    analysis = analyse(open_run(str(tmp_path)))
    assert (analysis.run.framework, analysis.state) == ("ultralytics", "early_stopped")
    assert analysis.signals.best_metrics["box"]["map50"] == pytest.approx(0.86)
    assert analysis.run.history.seconds[-1] == 29.0 * 21
    assert "conf-raised" in [one.rule for one in analysis.findings]
