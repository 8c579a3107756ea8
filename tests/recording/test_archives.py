"""Archives of a recording as the reader finds them: whole, stale, damaged, hostile; and what a run shows of them."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens import Recorder, answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_archive import CURVES, evidence
from tensorboard_runlens.formats.recorded_detections import MAX_CELLS, MAX_IMAGES
from tensorboard_runlens.report import text
from tests.builders import kinds, write, write_args
from tests.recording.archives import (
    BEST_EPOCH,
    NAMES,
    OPTIMUM,
    best_arrays,
    curve_arrays,
    curves,
    detection_arrays,
    final_arrays,
    packed,
    write_recording,
)

ARCHIVE = "runlens/curves_best.npz"
EPOCHS = "runlens/epochs.jsonl"


def looked(run):
    """(the evidence, the problems) of the archives, as the run page reads them."""
    opened = open_run(str(run))
    assert opened.problems == ()
    return evidence(Folder(str(run)), opened.recorded)


def shown(run):
    """What ``runlens show --json`` says."""
    (opened, details) = look_closer(open_run(str(run)))
    return answers.detailed_run_of(analyse(opened), details)


def changed(**arrays):
    """curves_best.npz with other arrays; None removes one."""
    every = {**best_arrays(), **arrays}
    return {name: array for (name, array) in every.items() if array is not None}


def test_an_archive_is_read(tmp_path):
    (found, problems) = looked(write_recording(tmp_path / "train", best_arrays()))
    assert problems == []
    assert (found.epoch, found.matrix, found.classified) == (BEST_EPOCH, None, None)
    (confidence, precision, recall, f1) = curves()
    box = found.curves["box"]
    assert box.confidence == pytest.approx(confidence, abs=1e-7)
    for name, values in (("precision", precision), ("recall", recall), ("f1", f1)):
        assert getattr(box, name) == pytest.approx(values.mean(0), abs=1e-6)
        assert getattr(box.classes, name)[2, 50] == pytest.approx(values[2, 500], abs=1e-3)
    assert box.classes.numbers.tolist() == [0, 1, 2]


def test_detections_are_those_that_were_written(tmp_path):
    (found, _) = looked(write_recording(tmp_path / "train", best_arrays()))
    detections = found.detections
    assert detections.confidence.tolist() == [0.25, 0.25, 0.5, np.float32(0.9)]
    assert detections.image.tolist() == [0, 2, 2, 0]
    assert detections.class_number.tolist() == [0, 1, 1, 2]
    assert detections.hits["box"].tolist() == [0, 1, 1023, 513]
    truth = zip(detections.truth_image, detections.truth_class, detections.truth_count)
    assert [tuple(map(int, one)) for one in truth] == [(0, 0, 1), (0, 2, 1), (2, 1, 2)]
    assert detections.images == 3


CONFIDENCES = st.floats(0, 1, width=32).map(abs)


@given(st.lists(st.tuples(CONFIDENCES, st.integers(0, 9), st.integers(0, 2), st.integers(0, 1023))))
@settings(max_examples=60)
def test_any_detections_come_back_bit_for_bit(tmp_path_factory, rows):
    rows.sort()
    (confidence, image, number, hits) = (
        (list(column) for column in zip(*rows)) if rows else [[]] * 4
    )
    arrays = changed(**detection_arrays(confidence, image, number, hits, 10))
    (found, problems) = looked(write_recording(tmp_path_factory.mktemp("any"), arrays))
    assert problems == []
    written = np.asarray(confidence, np.float32).view(np.uint32)
    assert found.detections.confidence.view(np.uint32).tolist() == written.tolist()
    assert found.detections.hits["box"].tolist() == hits


def test_what_best_pt_measured_after_training_counts_before_its_epoch(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    (found, problems) = looked(run)
    assert (found.epoch, problems) == (None, [])
    assert found.matrix.confidence == pytest.approx([0.001, 0.05])
    assert found.matrix.cells.tolist() == [[0, 0, 0], [0, 3, 2], [1, 1, 3]]
    assert found.matrix.count.tolist() == [7, 2, 1]


def test_of_a_classification_images_are_read(tmp_path):
    arrays = {
        "epoch": np.int64(BEST_EPOCH),
        "top1_class": np.array([0, 2, 1], np.uint8),
        "true_class": np.array([0, 1, 1], np.uint8),
        "top1_confidence": np.array([0.9, 0.5, 0.7], np.float32),
    }
    (found, problems) = looked(write_recording(tmp_path / "train", arrays))
    assert (problems, dict(found.curves), found.detections) == ([], {}, None)
    assert found.classified.top1.tolist() == [0, 2, 1]
    assert found.classified.true.tolist() == [0, 1, 1]
    assert found.classified.confidence == pytest.approx([0.9, 0.5, 0.7])


def float32(*values):
    return np.array(values, np.float32)


IMPOSSIBLE = {
    "no epoch": {"epoch": None},
    "an epoch below zero": {"epoch": np.int64(-1)},
    "an epoch that is a list": {"epoch": np.array([2])},
    "an epoch that is a fraction": {"epoch": np.float64(2)},
    "no confidence": {"confidence": None},
    "confidence that falls": {"confidence": np.linspace(1, 0, 1000).astype(np.float32)},
    "confidence above 1": {"confidence": np.linspace(0, 2, 1000).astype(np.float32)},
    "one point": {
        "confidence": float32(0),
        **{f"box_{name}": float32(0.5) for name in ("precision", "recall", "f1")},
    },
    "too many points": curve_arrays(points=10_001),
    "a curve that is missing": {"box_recall": None},
    "a curve that is shorter": {"box_recall": np.zeros(999, np.float32)},
    "a curve of NaN": {"box_recall": np.full(1000, np.nan, np.float32)},
    "a curve in percent": {"box_recall": np.full(1000, 90, np.float32)},
    "a curve of integers": {"box_recall": np.ones(1000, np.int64)},
    "class curves of other classes": {"box_class_f1": np.zeros((4, 101), np.uint16)},
    "class curves of floats": {"box_class_f1": np.zeros((3, 101), np.float32)},
    "a class twice": {"classes": np.array([0, 1, 1], np.int32)},
    "a class that has no name": {"classes": np.array([0, 1, 3], np.int32)},
    "a negative class": {"classes": np.array([0, 1, -1], np.int32)},
    "a confidence that wraps around": {"detection_step": np.full(4, 2**31, np.uint32)},
    "a confidence above one": {"detection_step": np.array([0x3F800001, 0, 0, 0], np.uint32)},
    "steps to above one": {"detection_step": np.full(4, 0x3F000000, np.uint32)},
    "a negative step": {"detection_step": np.array([5, -1, 0, 0], np.int64)},
    "fewer images than detections": {"detection_image": np.zeros(3, np.uint16)},
    "an image that was not validated": {"detection_image": np.array([0, 1, 2, 3], np.uint16)},
    "a detected class without name": {"detection_class": np.array([0, 1, 2, 3], np.uint8)},
    "hits at an eleventh IoU": {"box_hits": np.array([0, 0, 0, 1024], np.uint16)},
    "more hits than objects": {"truth_count": np.array([1, 1, 1], np.uint32), "box_hits": np.ones(4, np.uint16)},
    "an object in no image": {"truth_image": np.array([0, 0, 3], np.uint16)},
    "a pair twice": {"truth_class": np.array([0, 0, 1], np.uint16)},
    "a pair without object": {"truth_count": np.array([1, 0, 2], np.uint32)},
    "no number of images": {"images": None},
    "objects instead of numbers": {"box_f1": np.array([None] * 1000)},
    "text": {"box_f1": np.array(["0.5"] * 1000)},
    "complex numbers": {"box_f1": np.zeros(1000, np.complex128)},
    "three dimensions": {"box_f1": np.zeros((10, 10, 10), np.float32)},
}  # fmt: skip


@pytest.mark.parametrize("arrays", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_said_and_not_used(tmp_path, arrays):
    (found, (problem,)) = looked(write_recording(tmp_path / "train", changed(**arrays)))
    assert found is None
    assert (problem.file, problem.kind) == (ARCHIVE, "damaged")


@pytest.mark.parametrize(
    "arrays",
    [
        {"matrix_confidence": float32(0.05, 0.001)},
        {"matrix_nonzero": np.array([[0, 0, 0], [0, 0, 0], [1, 1, 3]], np.uint16)},
        {"matrix_nonzero": np.array([[2, 0, 0], [0, 3, 2], [1, 1, 3]], np.uint16)},
        {"matrix_nonzero": np.array([[0, 4, 0], [0, 3, 2], [1, 1, 3]], np.uint16)},
        {"matrix_nonzero": np.array([[0, 0], [0, 3], [1, 1]], np.uint16)},
        {"matrix_count": np.array([7, 2], np.uint32)},
        {"matrix_count": np.array([7, 2, -1], np.int64)},
    ],
)
def test_a_matrix_that_cannot_be_is_said_and_the_best_epoch_stands_in(tmp_path, arrays):
    run = write_recording(tmp_path / "train", best_arrays(), {**final_arrays(), **arrays})
    (found, (problem,)) = looked(run)
    assert found.epoch == BEST_EPOCH
    assert (problem.file, problem.kind) == ("runlens/final.npz", "damaged")


def npy(header: str, content: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """An .npy file with this header."""
    text = header.encode() + b"\n"
    length = struct.pack("<H" if version == b"\x01\x00" else "<I", len(text))
    return b"\x93NUMPY" + version + length + text + content


def zipped(members, compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", compression) as archive:
        warnings.simplefilter("ignore")  # a name may be given twice
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


FLOATS = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }"
OBJECT = "{'descr': '|O', 'fortran_order': False, 'shape': (), }"
RECORD = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"
HOSTILE = {
    "nothing": b"",
    "no zip": b"weights",
    "a zip cut off": packed(best_arrays())[:-100],
    "a terabyte announced": zipped([("epoch.npy", npy(FLOATS % 2**38, b"\0" * 16))]),
    "a negative length": zipped([("epoch.npy", npy(FLOATS % -1))]),
    "endless dimensions": zipped([("epoch.npy", npy(FLOATS % ("0," * 300)))]),
    "a header that calls": zipped([("epoch.npy", npy("__import__('os').getcwd()"))]),
    "a header that nests": zipped([("epoch.npy", npy("(" * 900))]),
    "a header that is long": zipped([("epoch.npy", npy(FLOATS % 1 + " " * 60_000, b"\0" * 4))]),
    "a later version": zipped([("epoch.npy", npy(FLOATS % 1, b"\0" * 4, b"\x02\x00"))]),
    "a pickle": zipped([("epoch.npy", npy(OBJECT, b"cos\n"))]),
    "a record": zipped([("epoch.npy", npy(RECORD, b"\0" * 4))]),
    "a file that is no array": zipped([("epoch.txt", b"2")]),
    "an array twice": zipped([("a.npy", b"")] * 2),
    "compressed at length": zipped([("a.npy", b"")], zipfile.ZIP_LZMA),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_said_and_costs_itself_only(tmp_path, content):
    run = write_recording(tmp_path / "train", best_arrays())
    write(run / ARCHIVE, content)
    (found, (problem,)) = looked(run)
    assert (found, problem.file) == (None, ARCHIVE)
    assert problem.kind in ("damaged", "truncated")
    assert [line.name for line in open_run(str(run)).classes] == ["disc", "square", "ring"]


def test_an_archive_of_many_files_is_refused(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays())
    write(run / ARCHIVE, zipped((f"{number}.npy", b"") for number in range(65)))
    assert kinds(looked(run)[1]) == ["too_large"]


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tensorboard_runlens.formats.recorded_archive.MAX_UNPACKED_BYTES", 2**20)
    run = write_recording(tmp_path / "train", changed(detection_step=np.zeros(2**18, np.uint32)))
    assert kinds(looked(run)[1]) == ["too_large"]


def test_a_large_archive_is_not_opened(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays())
    with open(run / ARCHIVE, "ab") as file:
        file.truncate(64 * 2**20 + 1)
    assert kinds(looked(run)[1]) == ["refused"]


def test_a_link_that_leaves_the_run_is_not_followed(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays())
    (run / ARCHIVE).rename(tmp_path / "elsewhere.npz")
    (run / ARCHIVE).symlink_to(tmp_path / "elsewhere.npz")
    (found, problems) = looked(run)
    assert (found, kinds(problems)) == (None, ["refused"])
    assert str(tmp_path) not in problems[0].problem


WHOLE = packed(final_arrays())


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
@settings(max_examples=60)
def test_changed_bytes_never_raise(tmp_path_factory, changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    run = write_recording(tmp_path_factory.mktemp("mutated"), best_arrays(), final_arrays())
    write(run / "runlens" / "final.npz", bytes(content))
    (found, problems) = looked(run)
    assert found is not None
    assert (found.epoch == BEST_EPOCH) == bool(problems)


NUMBERS = st.binary(max_size=64)


@given(st.dictionaries(st.sampled_from(sorted(final_arrays())), NUMBERS, min_size=1, max_size=4))
@settings(max_examples=60)
def test_any_numbers_are_survived(tmp_path_factory, contents):
    arrays = final_arrays()
    for name, content in contents.items():
        array = np.array(arrays[name])
        filled = np.resize(np.frombuffer(content, np.uint8), max(array.nbytes, 1))[: array.nbytes]
        arrays[name] = filled.tobytes() and np.frombuffer(filled.tobytes(), array.dtype).reshape(
            array.shape
        )
    run = write_recording(tmp_path_factory.mktemp("numbers"), best_arrays(), final_arrays())
    write(run / "runlens" / "final.npz", packed(arrays))
    (found, problems) = looked(run)
    assert (found.epoch == BEST_EPOCH) == bool(problems)


def test_an_archive_of_another_epoch_is_said_and_not_used(tmp_path):
    (found, (problem,)) = looked(write_recording(tmp_path / "train", best_arrays(epoch=7)))
    assert (found, problem.kind) == (None, "disagreement")
    assert "epoch 7" in problem.problem


def test_objects_that_disagree_with_the_measured_ones_are_said(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    more = {**final_arrays(), "truth_count": final_arrays()["truth_count"] * 7}
    write(run / "runlens" / "final.npz", packed(more))
    (found, (problem,)) = looked(run)
    assert (found.epoch, problem.kind) == (BEST_EPOCH, "disagreement")
    assert problem.file == "runlens/final.npz"
    assert "truth_count sums up to 28 objects where 4 instances were measured" in problem.problem


def test_an_archive_of_another_validation_is_said_and_not_used(tmp_path):
    arrays = changed(box_f1=np.full(1000, 0.2, np.float32))
    (found, (problem,)) = looked(write_recording(tmp_path / "train", arrays))
    assert (found, problem.kind) == (None, "disagreement")


def test_final_detections_without_their_metrics_are_said_and_not_used(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    (run / "runlens" / "final.json").unlink()
    (found, problems) = looked(run)
    assert (found.epoch, kinds(problems)) == (BEST_EPOCH, ["disagreement"])


def test_an_archive_that_is_about_to_be_replaced_is_no_problem(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays())
    lines = (run / EPOCHS).read_text().splitlines()
    newest = {**json.loads(lines[2]), "fitness": 0.9}
    write(run / EPOCHS, "\n".join([*lines[:2], json.dumps(newest)]) + "\n")
    assert looked(run) == (None, [])


def test_a_scan_opens_no_archive(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    write(run / ARCHIVE, b"damaged")
    write(run / "runlens" / "final.npz", b"damaged")
    assert open_run(str(run)).problems == ()
    (opened, details) = look_closer(open_run(str(run)))
    assert kinds(opened.problems) == ["truncated", "truncated"]
    assert details.curves is None


def test_the_operating_point_is_the_frameworks_own(tmp_path):
    (confidence, precision, recall, f1) = curves()
    run = write_recording(tmp_path / "train")
    point = answers.run_of(analyse(open_run(str(run)))).operating_point
    assert (point.source, point.status) == ("curves", "exact")
    assert point.confidence == pytest.approx(confidence[OPTIMUM], rel=1e-5)
    assert point.f1 == pytest.approx(f1[:, OPTIMUM].mean(), rel=1e-5)
    assert point.precision == pytest.approx(precision[:, OPTIMUM].mean(), rel=1e-5)
    assert point.recall == pytest.approx(recall[:, OPTIMUM].mean(), rel=1e-5)
    assert (point.interval, point.plateau) == (None, None)


def test_the_operating_point_after_training_counts_before_that_of_the_epoch(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    fields = json.loads((run / "runlens" / "final.json").read_text())
    fields["box"]["optimum"]["confidence"] = 0.44
    write(run / "runlens" / "final.json", json.dumps(fields))
    assert answers.run_of(analyse(open_run(str(run)))).operating_point.confidence == 0.44


def test_masks_are_judged_before_their_boxes(tmp_path):
    groups = ("box", "mask")
    run = write_recording(tmp_path / "train", best_arrays(groups=groups), groups=groups)
    found = shown(run)
    assert set(found.curves) == {"box", "mask"}
    optimum = found.curves["mask"].optimum
    point = found.operating_point
    assert (point.confidence, point.f1) == (optimum.confidence, pytest.approx(optimum.f1, rel=1e-5))
    assert point.f1 < found.curves["box"].optimum.f1


def test_a_raised_conf_makes_the_optimum_at_the_cut_an_approximation(tmp_path):
    run = write_args(
        write_recording(tmp_path / "train", best_arrays()), task="detect", mode="train", conf=0.5
    )
    found = shown(run)
    assert found.operating_point.status == "approximate"
    assert found.curves["box"].cut == 0.5
    assert "nothing below conf=0.5 was validated" in text.show(analyse(open_run(str(run))))


def test_the_answer_has_the_curves(tmp_path):
    found = shown(write_recording(tmp_path / "train", best_arrays(), final_arrays()))
    assert msgspec.json.decode(msgspec.json.encode(found), type=schema.DetailedRun) == found
    (confidence, _, _, f1) = curves()
    box = found.curves["box"]
    assert (box.epoch, box.cut, len(box.confidence)) == (None, None, 1000)
    assert box.confidence == pytest.approx(confidence.tolist(), rel=2e-6)
    assert box.f1 == pytest.approx(f1.mean(0).tolist(), rel=2e-6)
    assert (box.optimum.confidence, box.optimum.f1) == (box.confidence[OPTIMUM], box.f1[OPTIMUM])
    assert (box.optimum.precision, box.optimum.recall) == (
        box.precision[OPTIMUM],
        box.recall[OPTIMUM],
    )


def test_without_archives_the_curves_of_the_epoch_are_shown(tmp_path):
    found = shown(write_recording(tmp_path / "train", thinned=True))
    box = found.curves["box"]
    assert (box.epoch, len(box.confidence)) == (BEST_EPOCH, 101)
    assert box.optimum.confidence == 0.43
    assert box.f1[43] == pytest.approx(found.operating_point.f1, abs=1e-3)


def test_a_longer_curve_is_thinned(tmp_path):
    found = shown(write_recording(tmp_path / "train", changed(**curve_arrays(points=5000))))
    box = found.curves["box"]
    assert (len(box.confidence), box.confidence[0], box.confidence[-1]) == (1000, 0, 1)


def test_the_answer_tells_how_the_run_was_trained(tmp_path):
    found = shown(write_recording(tmp_path / "train")).recorded
    assert (found.epochs, found.optimizer, found.learning_rates) == (3, "AdamW", [0.001429] * 2)
    assert (found.fitness, found.torch, found.devices) == ("mAP50-95", "2.13.0", ["NVIDIA H100"])


def test_a_model_that_finds_nothing_has_no_confidence_to_copy(tmp_path):
    run = write_recording(tmp_path / "train")
    lines = [json.loads(line) for line in (run / EPOCHS).read_text().splitlines()]
    lines[1]["box"]["optimum"] = {"confidence": 0.0, "f1": 0.002}
    write(run / EPOCHS, "".join(f"{json.dumps(line)}\n" for line in lines))
    write(run / "weights" / "best.pt", "")
    found = shown(run)
    assert (found.operating_point.confidence, found.operating_point.f1) == (0, 0.002)
    assert "conf=CONF" in found.commands[0]


def test_what_recorder_writes_of_pixels_is_shown(tmp_path):
    recorder = Recorder(tmp_path / "unet")
    recorder.describe(task="semantic", names=["crack"], axis="iteration")
    scores = np.arange(1000) / 1000
    recorder.log_confidences(scores, scores >= 0.6)
    recorder.log_epoch(0, train={"loss": 1.0})
    found = shown(tmp_path / "unet")
    assert found.problems == []
    (curve, point) = (found.curves["pixel"], found.operating_point)
    assert (curve.epoch, len(curve.confidence)) == (0, 1000)
    assert point.confidence == pytest.approx(0.6, abs=0.002)
    assert (point.f1, point.precision, point.recall) == (1, 1, 1)
    assert curve.precision[300] == pytest.approx(400 / 700, abs=0.002)


def test_what_recorder_writes_of_detections_is_read(tmp_path):
    recorder = Recorder(tmp_path / "mine")
    recorder.describe(task="detect", names=NAMES)
    box = [[0, 0, 10, 10]]
    for score, number in ((0.9, 0), (0.7, 1), (0.4, 0)):
        recorder.log_detections(box, [score], [number], box, [0])
    recorder.log_epoch(1, train={"loss": 1.0})
    (found, problems) = looked(tmp_path / "mine")
    assert problems == []
    assert found.detections.confidence.tolist() == pytest.approx([0.4, 0.7, 0.9])
    assert found.detections.class_number.tolist() == [0, 1, 0]
    assert found.detections.hits["box"].tolist() == [1023, 0, 1023]
    assert (found.detections.images, found.detections.truth_count.tolist()) == (3, [1, 1, 1])


def test_the_terminal_names_the_confidence_and_the_line_to_copy(tmp_path):
    run = write_recording(tmp_path / "train", best_arrays(), final_arrays())
    write(run / "weights" / "best.pt", "")
    printed = text.show(analyse(open_run(str(run))))
    assert "confidence to deploy with: 0.43 (F1 0.640, precision 0.773" in printed
    assert "validating best.pt after training" in printed
    assert "conf=0.43" in printed


@pytest.mark.parametrize("kind", [np.uint8, np.int8])
def test_hits_of_a_narrow_type_are_read(tmp_path, kind):
    """They hold no higher IoU: nothing may overflow looking for it."""
    arrays = changed(box_hits=np.array([0, 1, 3, 3], kind))
    (found, problems) = looked(write_recording(tmp_path / "train", arrays))
    assert problems == []
    assert found.detections.hits["box"].tolist() == [0, 1, 3, 3]


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (
            {
                "class_confidence": np.linspace(0, 1, 200_000),
                **{f"box_class_{name}": np.zeros((3, 200_000), np.uint8) for name in CURVES},
            },
            "class_confidence has the shape (200000,)",
        ),
        (
            {
                "true_class": np.zeros(MAX_IMAGES + 1, np.uint8),
                "top1_class": np.zeros(MAX_IMAGES + 1, np.uint8),
            },
            "true_class has 10,000,001 images",
        ),
        (
            {
                "matrix_confidence": np.linspace(0, 1, 20),
                "matrix_nonzero": np.zeros((MAX_CELLS + 1, 3), np.uint8),
                "matrix_count": np.zeros(MAX_CELLS + 1, np.uint8),
            },
            "matrix_nonzero has 5,000,001 rows",
        ),
    ],
)
def test_zeros_that_pack_to_nothing_are_not_blown_up(tmp_path, arrays, said):
    """Each takes a few kilobytes on disk, and eight times its bytes as float64 or keys."""
    (found, problems) = looked(write_recording(tmp_path / "train", changed(**arrays)))
    assert found is None
    assert problems[0].problem.startswith(said)
