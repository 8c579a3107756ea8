"""Whatever a file holds: nothing raises, no epoch is invented, and complete rows keep their values."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import all_formats, event_files, results_txt
from tensorboard_runlens.formats.arguments import ARGUMENT_FILES, read_arguments
from tensorboard_runlens.formats.history import build
from tensorboard_runlens.formats.table import parse
from tests.builders import (
    CLASSIFY,
    DETECT,
    YOLOV5_SEG,
    csv_text,
    decoded,
    kinds,
    rows_of,
    scalars_of,
    txt_row,
    value,
    write,
    write_args,
    write_csv,
    write_events,
)

CSV = csv_text(DETECT, rows_of(DETECT, range(1, 6))).encode()
PADDED = csv_text(YOLOV5_SEG, rows_of(YOLOV5_SEG, range(5)), padded=True).encode()
UTF16 = CSV.decode().encode("utf-16")
TXT_CELLS = (0.05, 0.02, 0.01, 0.08, 25, 640, 0.6, 0.5, 0.55, 0.3, 0.04, 0.02, 0.01)
TXT = "".join(txt_row(epoch, 9, TXT_CELLS) + "\n" for epoch in range(5)).encode()

near_csv = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=80).map(lambda tail: CSV + tail),
    st.text(alphabet='epoch,;\t\r\n"01.-+einfa/_\0 ', max_size=200).map(str.encode),
    st.text(max_size=100).map(lambda text: ("epoch,train/box_loss\n" + text).encode()),
)


@given(data=near_csv)
@example(data=b",,,\n1,2,3\n")
@example(data=b'"\n1\n')
@example(data=b"epoch\0,train/loss\n1,2\n")
@example(data=b"epoch,train/loss\r1,2\r")
@example(data=b"epoch,train/loss\n1," + b"9" * 140_000 + b"\n")
@example(data=b'epoch,train/loss\n1,"' + b"x" * 140_000 + b"\n")
@example(data=b"\xff\xfe\x00")
def test_no_bytes_make_the_table_reader_raise(data):
    table = parse("results.csv", data)
    reading = build(table)
    lengths = {len(column) for column in table.columns.values()}
    assert lengths <= {len(table.lines)}
    assert len(reading.history) <= table.rows


@given(cut=st.integers(0, len(CSV)))
def test_a_table_cut_at_any_byte_keeps_its_complete_rows(cut):
    table = parse("results.csv", CSV[:cut])
    history = build(table).history
    complete = max(CSV[:cut].count(b"\n") - 1, 0)
    epochs = history.epoch.tolist()
    assert epochs[:complete] == list(range(1, complete + 1))
    assert len(epochs) <= complete + 1
    assert epochs == list(range(1, len(epochs) + 1))
    for name, column in table.columns.items():
        if complete:
            expected = [value(name, epoch) for epoch in range(1, complete + 1)]
            np.testing.assert_array_equal(column[:complete], expected)


@given(cut=st.integers(0, len(PADDED)))
def test_a_padded_table_cut_at_any_byte_invents_no_epoch(cut):
    epochs = build(parse("results.csv", PADDED[:cut])).history.epoch.tolist()
    complete = max(PADDED[:cut].count(b"\n") - 1, 0)
    assert epochs == list(range(len(epochs)))
    assert complete <= len(epochs) <= complete + 1


@given(cut=st.integers(0, len(UTF16)))
def test_a_utf16_table_cut_at_any_byte_invents_no_epoch(cut):
    epochs = build(parse("results.csv", UTF16[:cut])).history.epoch.tolist()
    assert epochs == list(range(1, len(epochs) + 1))
    assert len(epochs) <= 5


@given(cut=st.integers(0, len(TXT)))
def test_a_results_txt_cut_at_any_byte_keeps_its_complete_rows(cut):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "results.txt"), TXT[:cut])
        (_, reading) = results_txt.read(Folder(folder), "results.txt")
    complete = TXT[:cut].count(b"\n")
    epochs = reading.history.epoch.tolist()
    assert epochs == list(range(len(epochs)))
    assert complete <= len(epochs) <= complete + 1
    if complete:
        assert reading.history.metrics["box"]["map50"][:complete].tolist() == [0.55] * complete


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=60).map(lambda tail: TXT + tail),
        st.text(alphabet="0123456789/ .GgeinfaN\n\r\t\0", max_size=200).map(str.encode),
    )
)
@example(data=b"0/9 " + b"1 " * 12 + b"\n")
@example(data=b"0/9 1 2\n")
@example(data=b"epoch map50\n")
def test_no_bytes_make_the_reader_of_results_txt_raise(data):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "results.txt"), data)
        (table, reading) = results_txt.read(Folder(folder), "results.txt")
    assert len(reading.history) <= table.rows


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="ab:-[]{}&*!?|>%@`'\"#,<= \n\t01.~", max_size=120).map(str.encode),
    )
)
@example(data=b"a: !!bool x\n")
@example(data=b"a: !!int\n")
@example(data=b"a: !!timestamp x\n")
@example(data=b"a: 2020-13-45\nb: [\n")
@example(data=b"a: !!int /home/x\n")
@example(data=b"? [a]\n: b\n")
@example(data=b"? {a: b}\n: c\n")
@example(data=b"&a [*a]\n")
@example(data=b"a: &a {b: *a}\n")
@example(data=b"a: !x &a [*a]\n")
@example(data=b"<<: 1\n")
@example(data=b"a: " + b"9" * 5000 + b"\n")
@example(data=b"a: 1:" + b"9" * 5000 + b"\nb: [\n")
@example(data=b"--- 1\n--- 2\n")
def test_no_bytes_make_the_reader_of_arguments_raise(data):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "args.yaml"), data)
        (arguments, origin, problems) = read_arguments(Folder(folder))
    assert set(arguments) == set(origin)
    assert all(isinstance(key, str) for key in arguments)
    assert all(problem.file == "args.yaml" for problem in problems)


@pytest.fixture(scope="module")
def event_bytes(tmp_path_factory):
    """A valid event file of a detection run."""
    folder = tmp_path_factory.mktemp("events")
    return write_events(folder, scalars_of(DETECT, range(1, 4))).read_bytes()


@given(data=st.data())
def test_no_bytes_make_the_reader_of_event_files_raise(event_bytes, data):
    content = data.draw(
        st.one_of(
            st.binary(max_size=300),
            st.integers(0, len(event_bytes)).map(lambda cut: event_bytes[:cut]),
            st.tuples(st.integers(0, len(event_bytes) - 1), st.integers(1, 255)).map(
                lambda flip: _flipped(event_bytes, *flip)
            ),
        )
    )
    name = "events.out.tfevents.1700000000.host"
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, name), content)
        (_, reading) = event_files.read(Folder(folder), name)
    assert set(reading.history.epoch.tolist()) <= {1, 2, 3}


def _flipped(content, position, mask):
    changed = bytearray(content)
    changed[position] ^= mask
    return bytes(changed)


odd_names = st.sampled_from(
    [
        "results.csv",
        "results.txt",
        "results (1).csv",
        "evolve.csv",
        "opt.yaml",
        "hyp.yaml",
        "args.yaml",
        "cfg.yaml",
        "events.out.tfevents.1.host",
        "train.log",
        "weights",
        "a\nb.csv",
        "\u202e.csv",
    ]
)
odd_contents = st.one_of(
    st.none(),
    st.sampled_from(
        [b"", b"\n", b"\0" * 50, CSV, PADDED, TXT, UTF16, b"epochs: 5\ntask: detect\n"]
    ),
    st.integers(0, len(CSV)).map(lambda cut: CSV[:cut]),
    near_csv,
)


@given(files=st.dictionaries(odd_names, odd_contents, max_size=5))
def test_a_folder_is_a_run_or_not_a_run_and_nothing_else(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            if content is None:
                Path(folder, name).mkdir()
            else:
                write(Path(folder, name), content)
        try:
            run = open_run(folder)
        except NotARun as reason:
            assert str(reason)
        else:
            assert len(run.history) <= run.logged.rows


cells = st.sampled_from(["0", "1", "nan", "inf", "-inf", "3.4e38", "-1e30", "1e5", "0.5", "", "x"])


@settings(max_examples=60)
@given(data=st.data(), columns=st.sampled_from([DETECT, YOLOV5_SEG, CLASSIFY]))
def test_any_numbers_in_a_table_still_give_an_answer(data, columns):
    rows = rows_of(columns, range(data.draw(st.integers(1, 40))))
    for name in data.draw(st.lists(st.sampled_from(columns[1:]), unique=True)):
        same = data.draw(st.one_of(st.none(), cells))
        for row in rows:
            row[name] = data.draw(cells) if same is None else same
    with tempfile.TemporaryDirectory() as folder:
        run = open_run(str(write_csv(Path(folder), columns, rows)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy's, of sums over the largest float
        analysis = analyse(run, now=0.0)
    assert analysis.failed_rules == []
    answer = decoded(answers.encode(answers.show_answer(analysis)), schema.ShowAnswer)
    assert answer.run.epochs.logged == len(rows)


def test_every_format_has_its_own_name_and_place_in_the_order():
    formats = all_formats()
    assert len({one.name for one in formats}) == len(formats) >= 4
    assert [one.rank for one in formats] == sorted({one.rank for one in formats})
    assert ARGUMENT_FILES[0] == "args.yaml"


def test_beside_a_damaged_table_the_arguments_still_tell_who_wrote_the_run(tmp_path):
    write(tmp_path / "results.csv", bytes(range(256)) * 9)
    write_args(tmp_path, task="segment", mode="train", epochs=9)
    run = open_run(str(tmp_path))
    assert (run.framework, run.task, len(run.history)) == ("ultralytics", "segment", 0)
    assert kinds(run.problems) == ["binary"]
