"""RUN/runlens/ as the reader finds it: whole, half written, damaged, hostile, of another training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import Recorder
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded import MAX_LINE_BYTES, MAX_LINES, recorded
from tensorboard_runlens.formats.recorded_table import MAX_CELLS
from tensorboard_runlens.run import ClassMetrics, Version
from tensorboard_runlens.signals import Signals
from tests.builders import DETECT, kinds, rows_of, write, write_csv, write_detect

NAMES = ["disc", "square", "ring"]
EPOCHS = "runlens/epochs.jsonl"
MANIFEST = "runlens/manifest.json"
ENDED = "runlens/ended.json"
MAP = "metrics/mAP50-95(B)"


def describe(run: Path) -> Recorder:
    recorder = Recorder(run)
    recorder.describe(
        framework="ultralytics",
        version="8.4.190",
        task="detect",
        names=NAMES,
        images={"train": 40, "val": 10},
        optimizer={"name": "AdamW", "lr": [0.001]},
        device="cpu",
    )
    return recorder


def log(recorder: Recorder, epoch: int, fitness: float) -> None:
    """An epoch with the classes 0 and 2, whose mAP50-95 is the fitness."""
    recorder.log_epoch(
        epoch,
        seconds=2.0,
        fitness=fitness,
        classes=[0, 2],
        images=[3, 4],
        instances=[5, 7],
        box={
            "precision": [0.5, None],
            "ap50_95": [fitness - 0.1, fitness + 0.1],
            "optimum": {"confidence": 0.4, "f1": 0.7},
        },
    )


def read(run: Path):
    return recorded(Folder(str(run)))


def add(run: Path, name: str, content) -> None:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content) + "\n"
    before = (run / name).read_bytes() if (run / name).exists() else b""
    write(run / name, before + (text if isinstance(text, bytes) else text.encode()))


@pytest.fixture
def run(tmp_path):
    """A recording of three epochs; epoch 2 is the last of the two best ones."""
    folder = tmp_path / "train"
    folder.mkdir()
    recorder = describe(folder)
    for epoch, fitness in ((1, 0.4), (2, 0.4), (3, 0.3)):
        log(recorder, epoch, fitness)
    return folder


def test_a_recording_is_read(run):
    (found, problems) = read(run)
    assert problems == []
    assert (found.framework, found.version, found.task) == ("ultralytics", "8.4.190", "detect")
    assert (found.names, found.n_train, found.n_val) == (tuple(NAMES), 40, 10)
    assert (found.optimizer, found.device, found.epochs) == ("AdamW", "cpu", 3)
    assert (found.best.epoch, found.last.epoch) == (2, 3)
    assert found.best.optimum == {"box": (0.4, 0.7)}
    disc = {"precision": 0.5, "map50_95": pytest.approx(0.3)}
    assert found.best.classes == (
        ClassMetrics("disc", {"box": disc}, 3, 5),
        ClassMetrics("ring", {"box": {"map50_95": 0.5}}, 4, 7),
    )


def test_a_folder_without_recording_says_nothing(tmp_path):
    assert read(tmp_path) == (None, [])


def test_a_half_last_line_is_one_being_written(run):
    add(run, EPOCHS, '{"epoch":4,"fitness":0.9')
    (found, problems) = read(run)
    assert (found.epochs, problems) == (3, [])


def test_a_resumed_training_replaces_what_it_repeats(run):
    log(Recorder(run), 2, 0.1)
    (found, _) = read(run)
    assert (found.epochs, found.best.epoch, found.last.epoch) == (2, 1, 2)


def test_an_epoch_without_validation_has_no_classes(run):
    Recorder(run).log_epoch(4, seconds=2.0)
    (found, problems) = read(run)
    assert (found.epochs, found.best.epoch, found.last, problems) == (4, 2, None, [])


def test_a_later_format_is_said_and_nothing_is_read(run):
    write(run / MANIFEST, '{"format": 2}')
    (found, problems) = read(run)
    assert (found, kinds(problems)) == (None, ["newer_format"])


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"format": -1}',
        b'{"format": 1, "names": ["a", 7]}',
        b'{"format": 1, "images": {"val": -3}}',
        b'{"format": 1, "version": ' + b"[" * 100_000,
    ],
)
def test_a_damaged_manifest_is_said_and_costs_itself_only(run, manifest):
    write(run / MANIFEST, manifest)
    (found, problems) = read(run)
    assert kinds(problems) == ["damaged"]
    assert (found.names, found.version, found.n_val) == ((), None, None)
    assert [line.name for line in found.best.classes] == ["0", "2"]


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        '{"epoch": "5"}',
        '{"epoch": 1e999}',
        '{"epoch": 1' + "0" * 10_000 + "}",
        '{"fitness": 1}',
        "[" * 100_000,
    ],
)
def test_a_damaged_line_is_said_and_costs_itself_only(run, line):
    add(run, EPOCHS, line + "\n")
    (found, problems) = read(run)
    assert [(one.file, one.line, one.kind) for one in problems] == [(EPOCHS, 4, "damaged")]
    assert (found.epochs, found.best.epoch, found.last.epoch) == (3, 2, 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"classes": [0, 1], "box": {"recall": [0.5]}},
        {"classes": [1, 1], "box": {"recall": [0.5, 0.5]}},
        {"classes": [0], "instances": [1, 2]},
        {"classes": [-1], "box": {"recall": [0.5]}},
        {"classes": [0], "box": {"recall": [50.0]}},
        {"classes": [0], "box": {"recall": ["0.5"]}},
        {"classes": "all"},
    ],
)
def test_numbers_that_cannot_be_are_said_and_not_shown(run, fields):
    add(run, EPOCHS, {"epoch": 4, "fitness": 0.9, **fields})
    (found, problems) = read(run)
    assert (found.best, found.last) == (None, None)
    assert [(one.line, one.kind) for one in problems] == [(4, "damaged")]


def test_many_damaged_lines_do_not_flood_the_page(run):
    add(run, EPOCHS, "x\n" * 1000)
    (found, problems) = read(run)
    assert found.epochs == 3
    assert len(problems) == 20


def test_a_file_beyond_the_cap_is_refused(run):
    with open(run / MANIFEST, "ab") as file:
        file.truncate(2**20 + 1)
    (found, problems) = read(run)
    assert kinds(problems) == ["refused"]
    assert found.epochs == 3


def test_a_linked_folder_is_not_followed(run, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "runlens").symlink_to(run / "runlens")
    assert read(tmp_path / "other") == (None, [])


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_are_survived(tmp_path_factory, manifest, epochs):
    run = tmp_path_factory.mktemp("any")
    write(run / MANIFEST, manifest)
    write(run / EPOCHS, epochs)
    (found, problems) = read(run)
    assert found is None or found.epochs <= epochs.count(b"\n")
    assert problems


FRACTIONS = st.lists(st.floats(0, 1), min_size=3, max_size=3)


@given(st.lists(st.tuples(st.integers(0, 9), FRACTIONS), min_size=1, max_size=8))
def test_what_was_recorded_is_what_is_read(tmp_path_factory, epochs):
    run = tmp_path_factory.mktemp("round")
    recorder = describe(run)
    for epoch, values in epochs:
        recorder.log_epoch(epoch, fitness=values[0], classes=[0, 1, 2], box={"ap50": values})
    (found, problems) = read(run)
    (last, values) = epochs[-1]
    assert problems == []
    assert found.last.epoch == last
    assert [line.metrics["box"]["map50"] for line in found.last.classes] == values


def write_table(run: Path) -> None:
    """The result table of the same training."""
    rows = rows_of(DETECT, (1, 2, 3))
    for row, value in zip(rows, (0.4, 0.4, 0.3)):
        row[MAP] = value
    write_csv(run, DETECT, rows)


def test_a_run_shows_what_was_recorded_of_it(run):
    write_table(run)
    opened = open_run(str(run))
    data = analyse(opened).signals.data
    assert opened.problems == ()
    assert [(line.name, line.instances) for line in opened.classes] == [("disc", 5), ("ring", 7)]
    assert opened.version == Version("8.4.190", "8.4.190", "recording")
    assert (data.n_train_images, data.n_val_images, data.n_classes) == (40, 10, 3)
    assert opened.files.by_role["recorded"] == (ENDED, EPOCHS, MANIFEST)


def test_a_recording_of_another_training_is_said_and_not_used(run):
    write_detect(run, range(1, 4))
    opened = open_run(str(run))
    assert kinds(opened.problems) == ["disagreement"]
    assert "epoch 2" in opened.problems[0].problem
    assert (opened.recorded, opened.classes) == (None, ())


def test_a_recording_of_epochs_that_the_table_has_not_is_of_another_training(run):
    write_detect(run, range(5, 9))
    opened = open_run(str(run))
    assert kinds(opened.problems) == ["disagreement"]
    assert opened.recorded is None


def test_a_recording_far_ahead_of_the_table_is_of_another_training(run):
    """Trained again in the same folder without the callback, and not yet as far."""
    for epoch in range(4, 9):
        log(Recorder(run), epoch, 0.5)
    write_detect(run, range(1, 4))
    opened = open_run(str(run))
    assert kinds(opened.problems) == ["disagreement"]
    assert (opened.recorded, opened.classes) == (None, ())


def test_epochs_that_were_not_recorded_are_said(run):
    rows = rows_of(DETECT, range(1, 6))
    for row, value in zip(rows, (0.4, 0.4, 0.3, 0.2, 0.1)):
        row[MAP] = value
    write_csv(run, DETECT, rows)
    opened = open_run(str(run))
    assert kinds(opened.problems) == ["not_recorded"]
    assert "3 of 5 epochs" in opened.problems[0].problem
    assert [line.name for line in opened.classes] == ["disc", "ring"]


def test_a_recorded_epoch_ahead_of_the_table_is_waited_for(run):
    write_detect(run, range(1, 2))
    assert open_run(str(run)).problems == ()


def test_an_epoch_that_is_recorded_makes_the_catalog_look_again(tmp_path):
    run = tmp_path / "train"
    write_detect(run, range(1, 4))
    recorder = describe(run)
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert list(catalog.runs) == ["train"]
    recorder.log_epoch(1, classes=[0], box={"ap50": [0.5]})
    catalog.refresh()
    assert [line.name for line in catalog.runs["train"].classes] == ["disc"]


SPLIT = {"images": 40, "fingerprint": "0123456789ab"}


def findings(run: Path):
    return {finding.rule: finding for finding in analyse(open_run(str(run))).findings}


def test_images_that_both_splits_have_are_said(run):
    write_table(run)
    add(run, "runlens/images.json", {"train": SPLIT, "val": {**SPLIT, "images": 10}, "shared": 3})
    data = Signals(open_run(str(run))).data
    assert data.val_fingerprint == "0123456789ab"
    assert "3 of 10 validation images" in findings(run)["data-overlap"].summary


@pytest.mark.parametrize(
    "content", ["{", {"train": SPLIT}, {"train": SPLIT, "val": SPLIT, "shared": -1}]
)
def test_damaged_image_facts_cost_themselves_only(run, content):
    add(run, "runlens/images.json", content)
    (found, problems) = read(run)
    assert found.images is None
    assert [problem.file for problem in problems] == ["runlens/images.json"]


def test_classes_without_validation_objects_are_said(run):
    write_table(run)
    counts = {"train": {"instances": [50, 50, 50]}, "val": {"instances": [20, 0, 20]}}
    Recorder(run).describe(names=NAMES, class_counts=counts)
    assert "square" in findings(run)["missing-class"].summary


def test_counts_that_do_not_fit_the_names_are_not_used(run):
    counts = {"train": {"instances": [50]}, "val": {"instances": [20]}}
    Recorder(run).describe(names=NAMES, class_counts=counts)
    assert read(run)[0].class_counts is None


def test_of_very_many_lines_the_first_are_read(tmp_path):
    lines = b"".join(b'{"epoch":%d}\n' % epoch for epoch in range(1, MAX_LINES + 3))
    write(tmp_path / "train" / EPOCHS, lines)
    (found, problems) = read(tmp_path / "train")
    assert found.epochs == MAX_LINES
    assert kinds(problems) == ["too_large"]
    assert problems[0].problem == "more than 50,000 lines; the first are read"


def test_as_many_lines_as_are_read_are_no_problem(tmp_path):
    write(tmp_path / "train" / EPOCHS, b'{"epoch":1}\n' * MAX_LINES)
    (found, problems) = read(tmp_path / "train")
    assert (found.epochs, problems) == (1, [])


def test_a_line_of_many_megabytes_costs_itself_only(run):
    add(run, EPOCHS, '{"epoch":4,"x":"' + "x" * MAX_LINE_BYTES + '"}\n{"epoch":5}\n')
    (found, problems) = read(run)
    assert (found.epochs, found.last) == (4, None)
    assert [(one.file, one.line, one.kind) for one in problems] == [(EPOCHS, 4, "too_large")]


def test_of_very_many_losses_the_first_epochs_are_read(tmp_path):
    losses = ",".join(f'"{number}":1' for number in range(400))
    lines = "".join(f'{{"epoch":{epoch},"train":{{{losses}}}}}\n' for epoch in range(1, 2603))
    write(tmp_path / "train" / EPOCHS, lines)
    found = open_run(str(tmp_path / "train"))
    assert len(found.history) == MAX_CELLS // 400
    assert kinds(found.problems) == ["too_large"]


@pytest.mark.filterwarnings("error")
def test_seconds_that_nothing_can_take_are_read_without_a_warning(tmp_path):
    lines = [{"epoch": epoch, "seconds": 1e308, "train": {"box": 1.0}} for epoch in (1, 2, 3)]
    write(tmp_path / "train" / EPOCHS, "".join(f"{json.dumps(line)}\n" for line in lines))
    assert len(open_run(str(tmp_path / "train")).history) == 3
