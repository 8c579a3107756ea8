"""What a checkpoint tells, and that nothing in it is believed, imported or executed."""

from __future__ import annotations

import argparse
import copyreg
import pickle
import pickletools
import struct
import sys
import zipfile
from pathlib import PurePosixPath, PureWindowsPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import checkpoint
from tensorboard_runlens.formats.checkpoint import read_checkpoint
from tensorboard_runlens.plain import pickled_values, plain_pickle, plain_zip
from tests.builders import kinds, write
from tests.reading.checkpoints import (
    BOX,
    archive,
    metrics_at,
    model,
    pickled,
    table,
    ultralytics,
    write_checkpoint,
)

RISING = table(0.1, 0.3, 0.2)
PROTOCOLS = [2, 3, 4, 5]


def read(folder, content, protocol=2):
    write_checkpoint(folder / "best.pt", content, protocol)
    return read_checkpoint(Folder(str(folder)), "best.pt")


def read_bytes(folder, content):
    write(folder / "best.pt", content)
    return read_checkpoint(Folder(str(folder)), "best.pt")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_finished_training_of_ultralytics(tmp_path, protocol):
    found = read(tmp_path, ultralytics(RISING, 1), protocol)
    assert found.problems == ()
    assert found.size == (tmp_path / "best.pt").stat().st_size
    assert (found.version, found.date) == ("8.3.231", "2025-11-02T10:11:12.131415")
    assert (found.epoch, found.finished, found.task) == (-1, True, "detect")
    assert found.names == ("disc", "ring")
    assert found.arguments["imgsz"] == 640
    assert found.arguments["cfg"] is None
    assert found.metrics["box"]["map50_95"] == 0.3
    assert (found.logged, found.matching, found.epoch_of_weights) == (3, (2,), 2)
    assert (found.best_fitness, found.branch, found.commit) == (None, "main", "abc123")


def test_a_training_that_goes_on_is_not_finished(tmp_path):
    state = {"epoch": 2, "best_fitness": 0.3, "ema": model(names=["disc"]), "model": None}
    found = read(tmp_path, ultralytics(RISING, 2, **state))
    assert (found.epoch, found.finished, found.best_fitness) == (2, False, 0.3)
    assert found.names == ("disc",)
    assert found.epoch_of_weights == 3


@pytest.mark.parametrize("epoch", [float("inf"), float("nan"), -2, 1.5, 10**12, "3"])
def test_an_epoch_that_cannot_be_is_not_known(tmp_path, epoch):
    assert read(tmp_path, ultralytics(RISING, 2, epoch=epoch)).epoch is None


def test_of_equal_epochs_the_last_holds_the_weights(tmp_path):
    tied = table(0.1, 0.3, 0.2, 0.3)
    found = read(tmp_path, ultralytics(tied, 1))
    assert found.matching == (2, 4)
    assert found.epoch_of_weights == 4


def test_validation_losses_tell_epochs_of_equal_metrics_apart(tmp_path):
    zero = table(0.0, 0.0, 0.0)
    zero["val/box_loss"] = [3.0, 2.0, 2.5]
    assert read(tmp_path, ultralytics(zero, 1)).matching == (2,)


def test_a_table_of_five_digits_matches_too(tmp_path):
    rounded = {name: [float(f"{value:.5g}") for value in RISING[name]] for name in RISING}
    measured = {**metrics_at(RISING, 1), "val/box_loss": 12.34567}
    rounded["val/box_loss"] = [12.401, 12.346, 12.302]
    found = read(tmp_path, ultralytics(rounded, 1, train_metrics=measured))
    assert found.matching == (2,)


def test_neighbours_in_the_fifth_decimal_are_not_the_same(tmp_path):
    close = table(0.99998, 0.99999, 1.0)
    assert read(tmp_path, ultralytics(close, 1)).matching == (2,)


def test_metrics_that_are_in_no_row_match_none(tmp_path):
    other = metrics_at(table(0.77), 0)
    found = read(tmp_path, ultralytics(RISING, 1, train_metrics=other))
    assert (found.matching, found.epoch_of_weights, found.logged) == ((), None, 3)


def test_without_metrics_no_row_matches(tmp_path):
    losses = {"epoch": [1, 2], "val/box_loss": [1.0, 1.0]}
    found = read(
        tmp_path, ultralytics(RISING, 0, train_results=losses, train_metrics={"val/box_loss": 1.0})
    )
    assert found.matching == ()


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        ("ultralytics.nn.tasks.SegmentationModel", "segment"),
        ("ultralytics.nn.tasks.OBBModel", "obb"),
        ("models.yolo.ClassificationModel", "classify"),
        ("models.yolo.Model", None),
    ],
)
def test_the_model_tells_the_task_where_the_arguments_do_not(tmp_path, kind, task):
    found = read(tmp_path, ultralytics(RISING, 0, model=model(kind), train_args={"epochs": 3}))
    assert found.task == task


def test_a_checkpoint_of_yolov5(tmp_path):
    content = {
        "epoch": 41,
        "best_fitness": np.array([0.512]),
        "model": model("models.yolo.SegmentationModel", names=["pallet"]),
        "ema": None,
        "opt": {"weights": "yolov5s.pt", "imgsz": 640, "seed": 0},
        "git": {"remote": "origin", "branch": "master", "commit": "915bbf2"},
        "date": "2023-01-22T10:11:12.131415",
    }
    found = read(tmp_path, content)
    assert (found.epoch, found.finished, found.version) == (41, False, None)
    assert (found.task, found.names, found.commit) == ("segment", ("pallet",), "915bbf2")
    assert found.best_fitness == pytest.approx(0.512)
    assert found.arguments["seed"] == 0
    assert found.logged is None


def test_a_checkpoint_of_yolov7(tmp_path):
    text = "      0/299     10.3G    0.08\n      1/299     10.3G    0.07\n"
    content = {
        "epoch": 1,
        "best_fitness": np.array([0.1], np.float32),
        "training_results": text,
        "model": model("models.yolo.Model", names=["a", "b"]),
        "wandb_id": None,
    }
    found = read(tmp_path, content)
    assert (found.logged, found.names, found.task) == (2, ("a", "b"), None)
    assert found.best_fitness == pytest.approx(0.1)


def test_arguments_kept_in_a_namespace_are_read(tmp_path):
    options = argparse.Namespace(task="pose", epochs=3)
    found = read(tmp_path, ultralytics(RISING, 0, train_args=options))
    assert (found.task, found.arguments) == ("pose", {"task": "pose", "epochs": 3})


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "number",
    [
        np.float64(0.25),
        np.float32(0.25),
        np.float16(0.25),
        np.int64(-7),
        np.uint8(7),
        np.bool_(True),
        np.array([0.25]),
        np.array(3, ">i4"),
        0.25,
        3,
    ],
)
def test_numbers_of_numpy_are_numbers(number, protocol):
    value = plain_pickle.load(pickle.dumps(number, protocol))
    assert pickled_values.number(value) == float(np.asarray(number).reshape(-1)[0])


@pytest.mark.parametrize(
    "value",
    [np.array([1.0, 2.0]), np.str_("x"), np.complex128(1), "3", None, True, 10**30, float("nan")],
)
def test_what_is_no_single_number_is_none(value):
    assert pickled_values.number(plain_pickle.load(pickle.dumps(value, 2))) is None


def test_numbers_with_too_few_bytes_are_none():
    program = pickle.dumps(np.float64(0.25), 3)
    (whole,) = [
        argument for (op, argument, _) in pickletools.genops(program) if "BINBYTES" in op.name
    ]
    short = program.replace(b"C\x08" + whole, b"C\x07" + whole[:7])
    assert short != program
    assert pickled_values.number(plain_pickle.load(short)) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PurePosixPath("/data/shapes"), "/data/shapes"),
        (PurePosixPath("runs/train"), "runs/train"),
        (PureWindowsPath("C:\\data\\x"), "C:\\/data/x"),
    ],
)
def test_paths_are_text(path, text):
    value = plain_pickle.load(pickle.dumps(path, 2))
    assert pickled_values.plain(value) == text


def test_arguments_are_plain_and_bounded(tmp_path):
    arguments = {
        "task": "detect",
        "classes": [0, 1],
        "long": "x" * 10_000,
        "huge": 10**100,
        "object": model("torch.nn.Linear"),
        "nested": {"a": {"b": {"c": {"d": {"e": 1}}}}},
    }
    with_model = ultralytics(RISING, 0, train_args=arguments, model=arguments["object"])
    found = read(tmp_path, with_model)
    assert found.arguments["classes"] == [0, 1]
    assert len(found.arguments["long"]) == pickled_values.MAX_TEXT
    assert "huge" not in found.arguments
    assert "object" not in found.arguments
    assert found.arguments["nested"] == {"a": {"b": {"c": {}}}}


def test_a_structure_that_holds_itself_thousands_of_times_is_cut(tmp_path):
    laughs = ["ha"]
    for _ in range(30):
        laughs = [laughs, laughs, laughs, laughs]
    cycle = {"a": 1}
    cycle["itself"] = cycle
    names = dict.fromkeys(range(3 * pickled_values.MAX_VALUES), "x")
    content = ultralytics(
        RISING, 0, train_args={"laughs": laughs}, git=cycle, model=model(names=names)
    )
    found = read(tmp_path, content)
    assert found.problems == ()
    assert len(found.names) < pickled_values.MAX_VALUES
    assert found.branch is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "lfs_pointer"),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "legacy"),
        (b"no checkpoint", "not_a_checkpoint"),
        (b"PK\x03\x04 and no more", "truncated"),
        (archive(pickled(ultralytics(RISING, 0)))[:-80], "truncated"),
        (archive(b"\x80\x02}q\x00"), "damaged"),
        (archive(b"garbage"), "damaged"),
        (archive(pickled([1, 2])), "not_a_checkpoint"),
        (archive(pickled({"state_dict": 1})), "not_a_checkpoint"),
    ],
)
def test_what_is_no_whole_checkpoint_is_said(tmp_path, content, kind):
    found = read_bytes(tmp_path, content)
    assert kinds(found.problems) == [kind]
    assert (found.epoch, found.version, found.finished) == (None, None, None)
    assert str(tmp_path) not in found.problems[0].problem


def test_an_archive_of_something_else_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "best.pt", "w") as other:
        other.writestr("word/document.xml", "x")
    found = read_checkpoint(Folder(str(tmp_path)), "best.pt")
    assert kinds(found.problems) == ["not_a_checkpoint"]


def test_an_archive_that_needs_a_password_is_said(tmp_path):
    data = bytearray(archive(pickled(ultralytics(RISING, 0))))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert kinds(read_bytes(tmp_path, bytes(data)).problems) == ["truncated"]


def test_a_link_out_of_the_run_is_not_followed(tmp_path):
    write_checkpoint(tmp_path / "elsewhere" / "best.pt", ultralytics(RISING, 0))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "best.pt").symlink_to(tmp_path / "elsewhere" / "best.pt")
    found = read_checkpoint(Folder(str(tmp_path / "run")), "best.pt")
    assert kinds(found.problems) == ["refused"]


def test_strange_values_in_known_places_are_left_out(tmp_path):
    strange = {
        "version": "8.3.231; rm -rf",
        "date": "yesterday",
        "epoch": 1.5,
        "git": ["main"],
        "train_metrics": {BOX[3]: "high", 5: 1.0},
        "train_results": {"epoch": [1, "two", None], BOX[3]: 7},
        "train_args": "all of them",
        "model": model(names={0: 1}),
        "best_fitness": "good",
    }
    found = read(tmp_path, ultralytics(RISING, 0, **strange))
    assert found.problems == ()
    assert (found.version, found.date, found.epoch, found.finished) == (None, None, None, None)
    assert (found.names, found.metrics, found.arguments) == ((), {}, {})
    assert (found.logged, found.matching, found.best_fitness) == (3, (), None)


# Hostile pickles. Each asks for a command to be run that leaves a file behind.


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def hostile(command: str) -> dict[str, bytes]:
    given = text(command)
    name = b"cos\nsystem\n"
    stacked = text("os") + text("system") + b"\x93"
    built = b"ctensorboard_runlens.folder\nFolder\n)\x81"
    state = b"}" + text("__class__") + name + text("__setstate__") + name + b"ss"
    return {
        "REDUCE": name + b"(" + given + b"tR.",
        "INST": b"(" + given + b"ios\nsystem\n.",
        "OBJ": b"(" + name + given + b"o.",
        "NEWOBJ": name + given + b"\x85\x81.",
        "NEWOBJ_EX": b"\x80\x04" + name + given + b"\x85}\x92.",
        "STACK_GLOBAL": b"\x80\x04" + stacked + given + b"\x85R.",
        "eval": b"cbuiltins\neval\n(" + text(f"__import__('os').system({command!r})") + b"tR.",
        "our own class": built + text(command) + b"b.",
        "state": built + state + b"b.",
        "a call of a call": b"cbuiltins\ngetattr\n(cos\n__dict__\n"
        + text("x")
        + b"tR"
        + given
        + b"\x85R.",
        "PERSID": b"P" + command.encode() + b"\n.",
        "BINPERSID": given + b"Q.",
        "EXT1": b"\x82\x01" + given + b"\x85R.",
        "EXT4": b"\x84\xf0\x00\x00\x00" + given + b"\x85R.",
    }


@pytest.mark.parametrize("name", hostile(""))
def test_nothing_is_executed(tmp_path, name):
    left = tmp_path / "executed"
    copyreg.add_extension("os", "system", 240)
    try:
        program = hostile(f"touch {left}")[name]
        found = read_bytes(tmp_path, archive(program))
    finally:
        copyreg.remove_extension("os", "system", 240)
    assert kinds(found.problems) in (["not_a_checkpoint"], ["damaged"])
    assert not left.exists()


def test_the_hostile_pickles_would_be_executed_by_pickle(tmp_path):
    left = tmp_path / "executed"
    pickle.loads(hostile(f"touch {left}")["REDUCE"])  # noqa: S301 - ours
    assert left.exists()


def test_nothing_is_imported():
    assert "antigravity" not in sys.modules
    value = plain_pickle.load(b"cantigravity\ngeohash\n.")
    assert value.name == "antigravity.geohash"
    assert "antigravity" not in sys.modules


# Pickles that would cost time or memory.


@pytest.mark.parametrize(
    "program",
    [
        b"\x8e" + struct.pack("<Q", 2**62) + b".",  # BINBYTES8
        b"\x96" + struct.pack("<Q", 2**62) + b".",  # BYTEARRAY8
        b"\x8d" + struct.pack("<Q", 2**63) + b".",  # BINUNICODE8
        b"\x8b\xff\xff\xff\x7f1.",  # LONG4
        b"\x95" + struct.pack("<Q", 2**62) + b"(.",  # FRAME, and no value
        b"L" + b"9" * 2_000_000 + b"L\n.",
        b"I" + b"9" * 2_000_000 + b"\n.",
        b"Np" + b"9" * 900 + b"\n.",
        b"\x97.",  # NEXT_BUFFER
        b"g5\n.",
        b"(.",
        b"0.",
        b"\x85.",
        b"\x87.",
        b"R.",
        b"s.",
        b"(((((((.",
        b"",
        b"N",
    ],
)
def test_lengths_and_places_are_not_believed(program):
    with pytest.raises(plain_pickle.Damaged):
        plain_pickle.load(program)


def test_a_far_place_in_the_memo_costs_nothing():
    assert plain_pickle.load(b"]r\xff\xff\xff\xff0j\xff\xff\xff\xff.") == []


def test_instructions_are_counted():
    program = b"N0" * 50 + b"N."
    assert plain_pickle.load(program, max_steps=102) is None
    with pytest.raises(plain_pickle.Damaged, match="more than 101"):
        plain_pickle.load(program, max_steps=101)


@pytest.mark.parametrize(
    ("inner", "outer"), [(b"]", b"a"), (b")", b"\x85"), (b"cm\nn\n", b"\x85R"), (b"cm\nn\n", b"b")]
)
def test_depth_costs_no_recursion(inner, outer):
    depth = 100_000
    program = {
        b"a": b"]" * depth + b"a" * (depth - 1),
        b"b": b"cm\nn\n)\x81" * depth + b"b" * (depth - 1),
        b"\x85": b")" + b"\x85" * depth,
        b"\x85R": b"cm\nn\n" * depth + b")" + b"\x85R" * depth,
    }[outer]
    value = plain_pickle.load(program + b".")
    assert value is not None
    assert pickled_values.plain(value) is pickled_values.NOTHING or value


def test_keys_that_would_be_hashed_for_ever_are_left_out():
    nested = b")" + b"2\x86" * 60  # a tuple that holds the empty one 2**60 times
    assert plain_pickle.load(b"}" + nested + b"Ns" + text("a") + b"Ns.") == {"a": None}


def test_keys_chosen_to_collide_are_left_out():
    colliding = {(2**61 - 1) * step: None for step in range(1, 50)}
    assert plain_pickle.load(pickle.dumps({**colliding, 7: None, -7: None}, 2)) == {
        7: None,
        -7: None,
    }


def test_a_description_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "MAX_PICKLE_BYTES", 100_000)
    bomb = archive(bytes(10**6), zipfile.ZIP_DEFLATED)
    assert len(bomb) < 10_000
    assert kinds(read_bytes(tmp_path, bomb).problems) == ["too_large"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_compress_that_unpack_a_gigabyte_at_once_are_refused(tmp_path, method):
    found = read_bytes(tmp_path, archive(pickled(ultralytics(RISING, 0)), method))
    assert kinds(found.problems) == ["not_a_checkpoint"]
    assert found.version is None


def test_a_deflated_checkpoint_is_read(tmp_path):
    found = read_bytes(tmp_path, archive(pickled(ultralytics(RISING, 1)), zipfile.ZIP_DEFLATED))
    assert found.matching == (2,)


def test_a_list_that_is_every_column_is_not_read_a_thousand_times(tmp_path):
    shared = [0.5] * 3000
    columns = {f"metrics/{number}": shared for number in range(400)}
    state = ultralytics(RISING, 0, train_results={"epoch": shared, **columns})
    found = read(tmp_path, state)
    assert len(shared) * len(columns) > checkpoint.MAX_CELLS
    assert (found.version, found.logged, found.matching) == ("8.3.231", None, ())


def test_megabytes_that_stand_for_a_number_are_no_number():
    dtype = plain_pickle.Made("numpy.dtype", ("f8",))
    for content in (bytes(10**6), plain_pickle.Made("_codecs.encode", ("\0" * 10**6,))):
        made = plain_pickle.Made("numpy.core.multiarray.scalar", (dtype, content))
        assert pickled_values.number(made) is None


def test_names_of_megabytes_are_cut_before_they_are_joined():
    long = plain_pickle._named("m" * 10**6, "n" * 10**6)
    assert long.name == "m" * plain_pickle.MAX_NAME


def test_a_directory_of_too_many_entries_is_not_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "best.pt", "w") as many:
        for number in range(plain_zip.MAX_READ // 200):
            many.writestr(f"{'folder' * 30}/{number}", b"")
        many.writestr("best/data.pkl", pickled(ultralytics(RISING, 0)))
    assert (tmp_path / "best.pt").stat().st_size > 2 * plain_zip.MAX_READ
    found = read_checkpoint(Folder(str(tmp_path)), "best.pt")
    assert kinds(found.problems) == ["too_large"]


def test_nothing_is_read_beyond_the_bound(tmp_path):
    path = write(tmp_path / "x", bytes(3 * plain_zip.MAX_READ))
    with plain_zip._Bounded(open(path, "rb", buffering=0)) as file:
        assert len(file.read(plain_zip.MAX_READ)) == plain_zip.MAX_READ
        assert file.read(0) == b""
        for size in (plain_zip.MAX_READ + 1, 2**62, -1, None):
            file.seek(0)
            with pytest.raises(plain_zip.Refused):
                file.read(size)


# Any content at all.

scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
leaves = scalars | st.text() | st.binary()
plain_values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(-(2**31), 2**31), inner)
    ),
    max_leaves=20,
)


@given(plain_values, st.sampled_from([0, 1, *PROTOCOLS]))
def test_plain_values_are_read_as_pickle_reads_them(value, protocol):
    read_back = plain_pickle.load(pickle.dumps(value, protocol))
    if protocol >= 3:  # before, bytes were text in disguise
        assert read_back == value
    else:
        assert type(read_back) is type(value) or isinstance(value, bytes)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_damaged(data):
    try:
        value = plain_pickle.load(data)
    except plain_pickle.Damaged:
        return
    pickled_values.plain(value)
    pickled_values.number(value)


CONTENT = pickled(ultralytics(RISING, 1, best_fitness=np.float64(0.3)))
WHOLE = archive(CONTENT)


@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 255))
def test_a_changed_byte_in_the_description_never_raises(tmp_path_factory, position, byte):
    changed = bytearray(CONTENT)
    changed[position] = byte
    found = read_bytes(tmp_path_factory.mktemp("changed"), archive(bytes(changed)))
    assert found.problems or found.epoch is None or isinstance(found.epoch, int)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_changed_byte_in_the_archive_never_raises(tmp_path_factory, position, byte):
    changed = bytearray(WHOLE)
    changed[position] = byte
    found = read_bytes(tmp_path_factory.mktemp("changed"), bytes(changed))
    assert found.size == len(WHOLE)
    assert len(found.problems) <= 1
