"""Which evidence of a run's folder the threshold comes from, and what is known then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens import details
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.deployment.study import Study, UnknownGroup, UnknownObjective, study
from tensorboard_runlens.details import closer_run, look_closer
from tensorboard_runlens.thresholds import operating_point
from tests.builders import write, write_detect
from tests.recording.archives import final_arrays, write_recording
from tests.thresholds.runs import (
    a_validation,
    arrays_of,
    write_evaluated,
    write_run,
    write_tracked,
)

SAMPLE = Path(__file__).parents[2] / "tensorboard_runlens/samples/detect/healthy/BoxF1_curve.png"
PRINTED = (0.448, 0.95)
"""Confidence and F1 in the legend of the sample's picture."""


def studied(run: Path, *asked: str, **named: str) -> Study:
    return study(analyse(open_run(str(run))), *asked, **named)


def with_picture(run: Path, name: str = "BoxF1_curve.png") -> Path:
    shutil.copy(SAMPLE, run / name)
    return run


def test_recorded_detections_are_counted(tmp_path):
    found = a_validation()
    known = studied(write_tracked(tmp_path / "train", found))
    assert known.point == operating_point(found, "f1", group="box")
    assert known.point.interval is not None
    assert (known.point.source, known.point.status) == ("detections", "exact")
    assert known.validated == "best.pt after training on 60 images of val"
    assert known.groups == ("box",)


def test_an_evaluation_counts_before_the_recording(tmp_path):
    (before, after) = (a_validation(), a_validation(seed=5))
    run = write_evaluated(write_tracked(tmp_path / "train", before), after)
    known = studied(run)
    assert known.point == operating_point(after, "f1", group="box")
    assert known.validated == "best.pt validated again on 60 images of val"


def test_an_evaluation_makes_up_for_a_recording_that_there_is_not(tmp_path):
    run = write_evaluated(write_run(tmp_path / "train"), a_validation())
    assert studied(run).point.source == "detections"
    (_, details) = look_closer(open_run(str(run)))
    assert details.operating_point == studied(run).point
    assert set(details.curves.curves) == {"box"}


def test_the_test_split_never_chooses(tmp_path):
    run = write_evaluated(write_run(tmp_path / "train"), a_validation(), "test")
    known = studied(run)
    assert known.point.source == "results"
    assert known.tested is not None


def test_curves_without_detections_have_the_point_that_the_framework_recorded(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, arrays=arrays_of(found, detections=False))
    known = studied(run)
    assert (known.point.source, known.point.status) == ("curves", "exact")
    assert known.point.confidence == analyse(open_run(str(run))).operating_point.confidence
    assert (known.point.interval, known.counting) == (None, None)
    assert known.curves is not None


def test_curves_answer_for_other_f_betas_and_not_for_counts(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, arrays=arrays_of(found, detections=False))
    careful = studied(run, "f0.5").point
    assert careful.confidence > studied(run).point.confidence
    assert (careful.source, careful.status) == ("curves", "approximate")
    unknown = studied(run, "precision@0.9").point
    assert unknown.confidence is None
    assert "counts" in unknown.reason


def test_a_picture_is_read_where_nothing_was_recorded(tmp_path):
    known = studied(with_picture(write_run(tmp_path / "train")))
    assert (known.point.confidence, round(known.point.f1, 2)) == PRINTED
    assert (known.point.source, known.point.status) == ("picture", "exact")
    assert (known.point.precision, known.point.recall) == (None, None)
    assert (known.point.interval, known.point.plateau) == (None, None)
    assert known.validated == "best.pt after training, as drawn in BoxF1_curve.png"
    assert "may be of another training" in known.point.reason  # the table says .31


def test_the_run_page_has_the_point_of_the_picture(tmp_path):
    (_, details) = look_closer(open_run(str(with_picture(write_run(tmp_path / "train")))))
    assert (details.operating_point.confidence, details.operating_point.source) == (
        0.448,
        "picture",
    )


def test_a_run_may_be_looked_at_without_estimating_its_threshold(tmp_path, monkeypatch):
    run = open_run(str(with_picture(write_tracked(tmp_path / "train", a_validation()))))
    (closer, _) = look_closer(run)
    estimated = []
    monkeypatch.setattr(details, "closer_point", lambda *asked: estimated.append(asked))
    assert closer_run(run) == closer
    assert estimated == []


def test_a_scan_opens_no_picture(tmp_path):
    run = open_run(str(with_picture(write_run(tmp_path / "train"))))
    assert analyse(run).operating_point.source == "results"


@pytest.mark.parametrize(
    ("name", "group"),
    [("F1_curve.png", "box"), ("MaskF1_curve.png", "mask"), ("PoseF1_curve.png", "pose")],
)
def test_the_name_of_a_picture_tells_its_group(tmp_path, name, group):
    known = studied(with_picture(write_run(tmp_path / "train"), name))
    assert (known.group, known.point.source) == (group, "picture")


def test_recorded_curves_count_before_a_picture(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, arrays=arrays_of(found, detections=False))
    known = studied(with_picture(run))
    assert (known.point.source, known.drawn) == ("curves", None)


def test_what_is_no_curve_leaves_the_result_table(tmp_path):
    run = write_run(tmp_path / "train")
    write(run / "BoxF1_curve.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    known = studied(run)
    assert (known.point.source, known.point.status) == ("results", "unknown")
    assert "BoxF1_curve.png could not be read" in known.point.reason
    assert look_closer(open_run(str(run)))[1].operating_point is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    run = write_run(tmp_path / "train")
    (run / "BoxF1_curve.png").symlink_to(SAMPLE)
    known = studied(run)
    assert known.point.source == "results"
    assert "a link to a file outside the run" in known.point.reason


def test_a_picture_is_read_again_when_it_changes(tmp_path):
    run = write_run(tmp_path / "train")
    write(run / "BoxF1_curve.png", b"not a picture")
    assert studied(run).point.source == "results"
    assert studied(with_picture(run)).point.source == "picture"


def test_the_last_epochs_picture_is_called_so(tmp_path):
    run = tmp_path / "exp"
    write(run / "opt.yaml", "loss_ota: 1\nepochs: 3\n")
    write_run(run)
    known = studied(with_picture(run, "F1_curve.png"))
    whose = "the model of the last epoch" if open_run(str(run)).framework == "yolov7" else "best.pt"
    assert whose in known.validated


def test_without_anything_nothing_is_known(tmp_path):
    write(tmp_path / "train" / "results.csv", "epoch,train/box_loss\n1,0.5\n2,0.4\n")
    known = studied(tmp_path / "train")
    assert (known.group, known.groups, known.point.source) == (None, (), "none")


def test_a_folder_that_is_gone_is_said(tmp_path):
    analysis = analyse(open_run(str(write_run(tmp_path / "train"))))
    shutil.rmtree(tmp_path / "train")
    assert study(analysis).point.reason == "the run's folder is gone"


@pytest.mark.parametrize("objective", ["", "f", "f11", "precision@90%", "cost@1", "x" * 10_000])
def test_an_unknown_objective_is_refused(tmp_path, objective):
    with pytest.raises(UnknownObjective, match="an objective is f1"):
        studied(write_run(tmp_path / "train"), objective)


def test_an_unknown_group_is_refused(tmp_path):
    with pytest.raises(UnknownGroup, match="it has box"):
        studied(write_tracked(tmp_path / "train"), group="mask")


def test_each_group_has_its_own_point(tmp_path):
    run = write_recording(
        tmp_path / "train", final=final_arrays(("box", "mask")), groups=("box", "mask")
    )
    assert studied(run).groups == ("mask", "box")
    assert studied(run).group == "mask"
    assert studied(run, group="box").point.f1 > 0


def test_what_conf_hid_makes_the_point_approximate(tmp_path):
    found = a_validation()
    kept = found.confidence > 0.6  # above the optimum
    above = replace(
        found,
        confidence=found.confidence[kept],
        image=found.image[kept],
        class_number=found.class_number[kept],
        hits={group: bits[kept] for (group, bits) in found.hits.items()},
    )
    known = studied(write_tracked(tmp_path / "train", above, conf=0.6))
    assert known.cut == 0.6
    assert (known.point.source, known.point.status) == ("detections", "approximate")
    assert known.point.reason == "nothing below conf=0.6 was validated"


def test_a_damaged_archive_costs_only_itself(tmp_path):
    run = write_tracked(tmp_path / "train")
    data = (run / "runlens/final.npz").read_bytes()
    write(run / "runlens/final.npz", data[: len(data) // 2])
    known = studied(run)
    assert known.point.source == "curves"  # final.json has the optimum
    assert known.curves is None
    assert [one.kind for one in known.problems] == ["truncated"]


def test_nothing_detected_is_said(tmp_path):
    found = a_validation()
    none = replace(found, hits={"box": np.zeros_like(found.hits["box"])})
    arrays = {**arrays_of(found), "box_hits": none.hits["box"]}
    known = studied(write_tracked(tmp_path / "train", found, arrays=arrays))
    assert known.point.confidence is None
    assert known.point.reason == "no detection is right"


def test_a_run_of_no_detector_has_no_threshold(tmp_path):
    write_detect(tmp_path / "train", task="classify", mode="train", epochs=5)
    known = studied(tmp_path / "train")
    assert known.point.confidence is None
