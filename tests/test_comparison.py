"""Runs compared: detectors of known difference, known precision, and what keeps a comparison from being one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.comparison import Comparison, compare, validated, weighted_precision
from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.comparison.lineage import COPIES
from tensorboard_runlens.comparison.weighted_precision import (
    BINS,
    Measured,
    measure,
    measure_classified,
)
from tensorboard_runlens.recording.layout import EVALUATION, EVALUATION_METRICS
from tensorboard_runlens.recording.loop.average_precision import curves
from tensorboard_runlens.run import Classified, Detections
from tensorboard_runlens.schema.compare import CompareAnswer
from tensorboard_runlens.statistics.resampling import draws
from tests.builders import (
    CLASSIFY,
    DETECT,
    decoded,
    rows_of,
    write,
    write_args,
    write_csv,
)
from tests.recording.archives import curve_arrays, metrics, packed, write_recording

Capture = pytest.CaptureFixture[str]

ALWAYS = 1023
"""A hit at every IoU."""


def validation(
    images: int, skill: float = 2.0, seed: int = 0, classes: int = 2, false: int = 20
) -> Detections:
    """Objects depend on ``images`` alone; how many of them are found, and how well, on the skill."""
    truth = np.random.default_rng(images)
    objects = truth.poisson(3, images) + 1
    of_object = np.repeat(np.arange(images), objects)
    number = truth.integers(0, classes, len(of_object))
    hard = truth.normal(0, 0.8, images)
    rng = np.random.default_rng([seed, int(1000 * (skill + 10))])
    quality = skill - hard[of_object] + rng.normal(0, 1, len(of_object))
    found = rng.random(len(of_object)) < 1 / (1 + np.exp(-quality - 1))
    level = np.clip(11 / (1 + np.exp(-quality)), 1, 10).astype(int)
    of_false = np.repeat(np.arange(images), false)
    logit = np.concatenate([quality[found] - 1, rng.normal(-4, 1.5, len(of_false))])
    confidence = 1 / (1 + np.exp(-logit))
    order = np.argsort(confidence, kind="stable")
    hits = np.concatenate([(1 << level[found]) - 1, np.zeros(len(of_false), int)])
    of_class = np.concatenate([number[found], rng.integers(0, classes, len(of_false))])
    (pairs, count) = np.unique(of_object * classes + number, return_counts=True)
    return Detections(
        confidence=confidence[order].astype(np.float32),
        image=np.concatenate([of_object[found], of_false])[order],
        class_number=of_class[order],
        hits={"box": hits[order].astype(np.uint16)},
        truth_image=pairs // classes,
        truth_class=pairs % classes,
        truth_count=count,
        images=images,
    )


def by_hand(
    rows: list[tuple[float, int, int, int]], truth: list[tuple[int, int, int]], images: int
) -> Detections:
    """Of (confidence, image, class, hits) and (image, class, count)."""
    columns = list(zip(*sorted(rows))) or [[], [], [], []]
    (truth_image, truth_class, truth_count) = np.array(truth, np.int64).reshape(-1, 3).T
    return Detections(
        confidence=np.array(columns[0], np.float32),
        image=np.array(columns[1], np.int64),
        class_number=np.array(columns[2], np.int64),
        hits={"box": np.array(columns[3], np.uint16)},
        truth_image=truth_image,
        truth_class=truth_class,
        truth_count=truth_count,
        images=images,
    )


def known(found: Optional[Measured]) -> Measured:
    assert found is not None
    return found


def test_precision_by_hand() -> None:
    """One class is found whole, of the other one of two objects, and only roughly: at IoU 0.5."""
    found = by_hand(
        [(0.9, 0, 0, ALWAYS), (0.8, 1, 1, 1), (0.4, 1, 1, 0)], [(0, 0, 1), (1, 1, 2)], 2
    )
    value = known(measure(found, "box", replicates=10)).value
    assert value["map50"] == pytest.approx((1 + 0.5) / 2, abs=0.01)
    assert value["map50_95"] == pytest.approx((1 + 0.05) / 2, abs=0.01)
    assert value["f1"] == pytest.approx((1 + 2 / 3) / 2)


def test_without_objects_nothing_is_measured() -> None:
    assert measure(by_hand([(0.9, 0, 0, 0)], [], 1), "box") is None


def test_a_detector_that_finds_nothing_has_0() -> None:
    found = known(measure(by_hand([], [(0, 0, 3)], 30), "box", replicates=50))
    assert found.value == {"map50_95": 0, "map50": 0, "f1": 0}
    assert np.nanmax(found.drawn["map50"]) == 0


def test_a_class_without_objects_does_not_count() -> None:
    rows = [(0.9, image, 0, ALWAYS) for image in range(3)]
    truth = [(image, 0, 1) for image in range(3)]
    with_others = [*rows, *((0.95, image, 7, 0) for image in range(3))]
    (one, other) = (
        known(measure(by_hand(found, truth, 3), "box", replicates=5))
        for found in (rows, with_others)
    )
    assert one.value == other.value


def drawn_again(found: Detections, weight: Any) -> Detections:
    """The validation of the images as often as they were drawn."""
    often = weight.astype(int)
    rows = np.repeat(np.arange(len(found.image)), often[found.image])
    there = often[found.truth_image] > 0
    return replace(
        found,
        confidence=found.confidence[rows],
        image=found.image[rows],
        class_number=found.class_number[rows],
        hits={"box": found.hits["box"][rows]},
        truth_image=found.truth_image[there],
        truth_class=found.truth_class[there],
        truth_count=(found.truth_count * often[found.truth_image])[there],
    )


def exact(found: Detections) -> float:
    """mAP50-95 as the framework computes it."""
    hits = (found.hits["box"][:, None].astype(int) >> np.arange(10)) & 1
    true = np.repeat(found.truth_class, found.truth_count)
    return float(
        curves(
            hits.astype(bool), found.confidence.astype(float), found.class_number, true
        ).ap.mean()
    )


def test_the_value_is_the_frameworks() -> None:
    found = validation(700)
    assert np.count_nonzero(found.hits["box"]) > 2 * BINS
    value = known(measure(found, "box", replicates=1)).value
    assert value["map50_95"] == pytest.approx(exact(found), abs=1e-6)


@pytest.mark.parametrize(("classes", "bins"), [(1, 1000), (3, 1000), (1, 100)])
def test_draws_have_the_precision_of_the_images_drawn(
    classes: int, bins: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nearly so where a class has more true positives than there are bins."""
    monkeypatch.setattr(weighted_precision, "BINS", bins)
    (worse, better) = (validation(100, skill, classes=classes) for skill in (2.0, 2.4))
    (one, other) = (known(measure(found, "box", replicates=30)) for found in (worse, better))
    delta = other.drawn["map50_95"] - one.drawn["map50_95"]
    for weight, drawn in zip(draws(100, 30), delta):
        (before, after) = (exact(drawn_again(found, weight)) for found in (worse, better))
        assert drawn == pytest.approx(after - before, abs=1e-6 if bins == 1000 else 0.004)


def test_the_order_of_detections_and_objects_does_not_matter() -> None:
    found = validation(40)
    rng = np.random.default_rng(3)
    (rows, pairs) = (rng.permutation(len(part)) for part in (found.image, found.truth_image))
    mixed = replace(
        found,
        confidence=found.confidence[rows],
        image=found.image[rows],
        class_number=found.class_number[rows],
        hits={"box": found.hits["box"][rows]},
        truth_image=found.truth_image[pairs],
        truth_class=found.truth_class[pairs],
        truth_count=found.truth_count[pairs],
    )
    (one, other) = (known(measure(each, "box", replicates=20)) for each in (found, mixed))
    assert one.value == pytest.approx(other.value)
    for name, values in one.drawn.items():
        assert other.drawn[name] == pytest.approx(values, abs=1e-5)


def test_accuracy_by_hand() -> None:
    found = Classified(np.array([0, 1, 1, 0]), np.array([0, 1, 0, 0]), None)
    measured = known(measure_classified(found, replicates=400))
    assert measured.value == {"top1": 0.75}
    assert measured.drawn["top1"].mean() == pytest.approx(0.75, abs=0.05)
    assert measure_classified(Classified(np.array([]), np.array([]), None)) is None


def arrays_of(found: Detections) -> dict[str, Any]:
    bits = found.confidence.view(np.uint32)
    return {
        **curve_arrays(tuple(found.hits)),
        "detection_step": np.diff(bits, prepend=np.uint32(0)).astype(np.uint32),
        "detection_image": found.image.astype(np.uint16),
        "detection_class": found.class_number.astype(np.uint8),
        **{f"{group}_hits": hits for (group, hits) in found.hits.items()},
        "truth_image": found.truth_image.astype(np.uint16),
        "truth_class": found.truth_class.astype(np.uint8),
        "truth_count": found.truth_count.astype(np.uint32),
        "images": np.int64(found.images),
    }


def recorded(run: Path, found: Detections, fingerprint: Optional[str] = "0" * 12) -> Path:
    """A finished run with these detections of best.pt."""
    write_recording(run, final=arrays_of(found), groups=tuple(found.hits))
    if fingerprint:
        splits = {
            "train": {"images": 9, "fingerprint": "1" * 12},
            "val": {"images": found.images, "fingerprint": fingerprint},
            "shared": 0,
        }
        write(run / "runlens" / "images.json", json.dumps(splits))
    return run


def met(*folders: Path) -> Comparison:
    return compare({folder.name: analyse(open_run(str(folder))) for folder in folders})


def compared(*folders: Path) -> Sequence[Difference]:
    return met(*folders).differences


def verdicts(found: Sequence[Difference]) -> set[str]:
    return {one.verdict for one in found}


def test_a_much_better_detector_is_called_better_and_the_other_way_round_worse(
    tmp_path: Path,
) -> None:
    poor = recorded(tmp_path / "poor", validation(200, 1.5))
    good = recorded(tmp_path / "good", validation(200, 2.5))
    (forth, back) = (compared(poor, good), compared(good, poor))
    assert [(one.group, one.metric) for one in forth] == [
        ("box", "map50_95"),
        ("box", "map50"),
        ("box", "f1"),
    ]
    assert verdicts(forth) == {"better"}
    assert verdicts(back) == {"worse"}
    for one, other in zip(forth, back):
        assert one.delta is not None
        assert one.interval is not None
        assert other.interval is not None
        assert one.delta == pytest.approx(-(other.delta or 0))
        assert one.interval == pytest.approx((-other.interval[1], -other.interval[0]))
        assert one.interval[0] < one.delta < one.interval[1]
        assert "more than chance on 200 validation images" in one.reason
        assert any("seeds" in caveat for caveat in one.caveats)


def test_a_detector_is_as_good_as_itself(tmp_path: Path) -> None:
    same = [recorded(tmp_path / name, validation(50)) for name in ("one", "other")]
    for one in compared(*same):
        assert (one.verdict, one.delta, one.interval) == ("tie", 0, (0, 0))
        assert one.reason.endswith("is the same on every draw of 50 validation images")
        assert one.caveats == (COPIES,)


def test_equal_detectors_are_seldom_told_apart() -> None:
    """1 or 2 of 30 are to be expected at a level of 95 %."""
    from tensorboard_runlens.comparison.by_images import differences
    from tensorboard_runlens.comparison.validated import Validation
    from tensorboard_runlens.run import Evidence

    wrong = 0
    for seed in range(30):
        (one, other) = (
            Validation("", Evidence(None, {}, validation(60, seed=number)), (), None)
            for number in (2 * seed, 2 * seed + 1)
        )
        (main, *_) = differences("run", one, other, ())
        wrong += main.verdict != "tie"
    assert wrong <= 6


def test_few_images_never_carry_a_verdict(tmp_path: Path) -> None:
    for images, expected in ((19, "tie"), (20, "better")):
        folder = tmp_path / str(images)
        poor = recorded(folder / "poor", validation(images, -2.0))
        found = compared(poor, recorded(folder / "good", validation(images, 4.0)))
        assert verdicts(found) == {expected}
        assert all(one.interval is not None and one.interval[0] > 0 for one in found)


def test_one_image_has_no_interval(tmp_path: Path) -> None:
    pair = [
        recorded(tmp_path / name, validation(1, skill)) for (name, skill) in (("a", 1), ("b", 3))
    ]
    for one in compared(*pair):
        assert (one.verdict, one.interval) == ("tie", None)
        assert one.reason == "1 validation image cannot tell two runs apart"


def test_other_images_are_not_compared(tmp_path: Path) -> None:
    base = recorded(tmp_path / "base", validation(50))
    fewer = recorded(tmp_path / "fewer", validation(40))
    renamed = recorded(tmp_path / "renamed", validation(50), fingerprint="2" * 12)
    found = validation(50)
    found.truth_count[0] += 1
    relabelled = recorded(tmp_path / "relabelled", found)
    reasons = {one.run: one.reason for one in compared(base, fewer, renamed, relabelled)}
    assert reasons == {
        "fewer": "40 validation images against 50",
        "renamed": "the validation images or their labels differ"
        " (fingerprints 222222222222 and 000000000000)",
        "relabelled": "the ground truth of 1 of 50 validation images differs:"
        " other labels, or another order",
    }
    differences = compared(base, fewer, renamed, relabelled)
    assert verdicts(differences) == {"not_comparable"}
    assert all(one.interval is None for one in differences)


def test_without_fingerprints_the_ground_truth_decides_and_that_is_said(tmp_path: Path) -> None:
    one = recorded(tmp_path / "one", validation(50), fingerprint=None)
    other = recorded(tmp_path / "other", validation(50, seed=4))
    (main, *_) = compared(one, other)
    assert main.interval is not None
    assert any("no fingerprint" in caveat for caveat in main.caveats)


def test_masks_count_before_boxes(tmp_path: Path) -> None:
    (one, other) = (validation(50, seed=seed) for seed in (1, 2))
    folders = [
        recorded(
            tmp_path / name,
            replace(found, hits={"box": found.hits["box"], "mask": found.hits["box"] >> 1}),
        )
        for (name, found) in (("one", one), ("other", other))
    ]
    assert [one.group for one in compared(*folders) if one.at == "best"] == 3 * ["mask"] + 3 * [
        "box"
    ]
    assert {one.group for one in compared(folders[0], recorded(tmp_path / "boxes", other))} == {
        "box"
    }


def table_only(run: Path, shift: float = 0.0, **arguments: Any) -> Path:
    rows = rows_of(DETECT, range(1, 31))
    for row in rows:
        row["metrics/mAP50-95(B)"] += shift
    write_csv(run, DETECT, rows)
    return write_args(run, task="detect", mode="train", epochs=30, **arguments)


def test_tables_are_compared_by_the_levels_of_their_curves(tmp_path: Path) -> None:
    (base, better) = (table_only(tmp_path / "base"), table_only(tmp_path / "better", 0.05))
    (main, second, f1, end) = compared(base, better)
    assert [one.metric for one in (main, second, f1, end)] == [
        "map50_95",
        "map50",
        "f1",
        "map50_95",
    ]
    assert [one.at for one in (main, second, f1, end)] == ["best", "best", "best", "end"]
    assert (main.verdict, end.verdict) == ("better", "better")
    assert main.delta == pytest.approx(0.05)
    assert main.interval is not None
    assert main.interval[0] < 0.05 < main.interval[1]
    assert main.reason.startswith(
        "mAP50-95 is 5.0 points higher around the best epochs; epochs and"
    )
    assert (second.verdict, second.delta) == ("tie", 0)
    assert second.reason == "mAP50 is the same around the best epochs"


def test_the_run_that_lacks_detections_is_named(tmp_path: Path) -> None:
    base = recorded(tmp_path / "base", validation(50))
    bare = table_only(tmp_path / "bare")
    write(bare / "weights" / "best.pt", "")
    (main, *_) = compared(base, bare)
    assert main.interval is not None
    assert main.caveats[-1].endswith("after runlens evaluate on bare")


def test_a_damaged_recording_leaves_the_tables_and_is_said(tmp_path: Path) -> None:
    base = recorded(tmp_path / "base", validation(50))
    damaged = recorded(tmp_path / "damaged", validation(50, seed=3))
    archive = damaged / "runlens" / "final.npz"
    archive.write_bytes(archive.read_bytes()[:500])
    (main, *_) = compared(base, damaged)
    assert "epochs and seeds" in main.reason or "the same" in main.reason
    assert any(caveat.startswith("runlens/final.npz: ") for caveat in main.caveats)


def test_too_many_detections_are_not_compared_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = [recorded(tmp_path / name, validation(50)) for name in ("one", "other")]
    monkeypatch.setattr(validated, "MAX_DETECTIONS", 1000)
    (main, *_) = compared(*pair)
    assert main.reason == "mAP50-95 is the same around the best epochs"
    assert any("detections; up to 1,000 are compared" in caveat for caveat in main.caveats)


def test_runs_of_other_tasks_share_no_metric(tmp_path: Path) -> None:
    base = table_only(tmp_path / "base")
    classes = tmp_path / "classes"
    write_csv(classes, CLASSIFY, rows_of(CLASSIFY, range(1, 31)))
    write_args(classes, task="classify", mode="train", epochs=30)
    (only,) = compared(base, classes)
    assert (only.verdict, only.delta, only.metric) == ("not_comparable", None, "top1")
    assert "task classify against detect" in only.caveats
    assert only.reason == "top-1 accuracy was measured here, mAP50-95 in the baseline"


def test_what_else_differs_is_said(tmp_path: Path) -> None:
    base = table_only(tmp_path / "base", imgsz=640, conf=0.001)
    other = table_only(tmp_path / "other", imgsz=320, conf=0.25, lr0=0.5)
    rows = rows_of(DETECT, range(1, 21))
    write_csv(other, DETECT, rows)
    (main, *_) = compared(base, other)
    assert "imgsz 320 against 640" in main.caveats
    assert "conf 0.25 against 0.001" in main.caveats
    assert "20 epochs against 30" in main.caveats
    assert not any("lr0" in caveat for caveat in main.caveats)


def test_the_release_that_wrote_a_run_is_said(tmp_path: Path) -> None:
    (one, other) = (recorded(tmp_path / name, validation(30)) for name in ("one", "other"))
    manifest = other / "runlens" / "manifest.json"
    written = json.loads(manifest.read_text())
    manifest.write_text(
        json.dumps({**written, "version": "8.3.0", "names": ["disc", "box", "ring"]})
    )
    (main, *_) = compared(one, other)
    assert "written by ultralytics 8.3.0 against ultralytics 8.4.190" in main.caveats
    assert "class 1 is called box against square" in main.caveats
    assert any(caveat.startswith("matching of detections") for caveat in main.caveats)


def evaluated(run: Path, found: Detections) -> Path:
    """What ``runlens evaluate`` adds to any run."""
    about = {
        "format": 1,
        "split": "val",
        "weights": {"file": "best.pt", "sha256": "0" * 64, "bytes": 5},
        "evaluated": 1.8e9,
        "names": ["disc", "square", "ring"],
        "n_images": found.images,
        "imgsz": 640,
        **metrics(of=arrays_of(found)),
    }
    write(run / "runlens" / EVALUATION.format("val"), packed(arrays_of(found)))
    write(run / "runlens" / EVALUATION_METRICS.format("val"), json.dumps(about))
    return run


def test_runs_evaluated_again_are_compared_on_those_images(tmp_path: Path) -> None:
    """Also where they were trained with other validation images."""
    poor = evaluated(recorded(tmp_path / "poor", validation(40)), validation(100, 1.0))
    good = evaluated(table_only(tmp_path / "good"), validation(100, 3.0))
    found = compared(poor, good)
    assert verdicts(found) == {"better"}
    assert all("on 100 validation images" in one.reason for one in found)


def test_an_answer_in_json_follows_its_schema(tmp_path: Path, capsys: Capture) -> None:
    poor = recorded(tmp_path / "poor", validation(60, 1.0))
    good = recorded(tmp_path / "good", validation(60, 3.0))
    bare = table_only(tmp_path / "bare")
    assert main(["compare", str(poor), str(good), str(bare), "--json"]) == 0
    out = capsys.readouterr().out
    answer = decoded(out, CompareAnswer)
    assert (answer.baseline, answer.runs) == ("poor", ["poor", "good", "bare"])
    assert {one.verdict for one in answer.differences if one.run == "good"} == {"better"}
    assert {one.at for one in answer.differences if one.run == "bare"} == {
        "best",
        "end",
        "equal_epoch",
    }
    assert str(tmp_path) not in out


def test_the_terminal_has_a_line_a_metric(tmp_path: Path, capsys: Capture) -> None:
    poor = recorded(tmp_path / "poor", validation(60, 1.0))
    good = recorded(tmp_path / "go\x1bod", validation(60, 3.0))
    assert main(["compare", str(poor), str(good)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("go\N{REPLACEMENT CHARACTER}od is better than poor: mAP50-95 is ")
    assert "\x1b" not in out
    line = next(line for line in out.splitlines() if "mAP50-95  best.pt" in line)
    assert line.endswith("better")
    assert " points  +" in line


def test_folders_of_the_same_name_are_told_apart_by_those_above(
    tmp_path: Path, capsys: Capture
) -> None:
    folders = [table_only(tmp_path / above / "exp" / "train") for above in ("a", "b")]
    other = table_only(tmp_path / "b" / "exp" / "train2")
    assert main(["compare", *map(str, folders), str(other), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == ["a/exp/train", "b/exp/train", "train2"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["base"], "bad_request"),
        (["base", "base"], "bad_request"),
        (["base", "base/../base/"], "bad_request"),
        (["base", "nowhere"], "not_found"),
        (["base", "."], "unreadable"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    call: list[str], code: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table_only(tmp_path / "base")
    assert main(["compare", *call, "--json"]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["code"] == code
    assert len(printed.err.strip().splitlines()) == 1


def test_one_run_alone_is_no_comparison(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two runs"):
        compared(table_only(tmp_path / "base"))
