"""The runs that the founding guides describe, put through RunLens: it must be right where they erred.

The guides are documents of others and stay outside this repository; without them these tests skip.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.fitness import possible
from tensorboard_runlens.lifecycle import stopped_early
from tensorboard_runlens.rules.overfitting import assess
from tests.builders import write, write_args
from tests.projects import write_partinet_project, write_self_training
from tests.rules.trainings import set_time

GUIDES = Path(__file__).resolve().parents[2] / "shared" / "guides"
LONG_AGO = 1_700_000_000.0
COLUMNS = ("mAP50", "mAP50-95", "precision", "recall", "train", "val", "seconds")

pytestmark = pytest.mark.skipif(not GUIDES.is_dir(), reason="the founding guides are not here")


def text_of(guide: str) -> str:
    return next(GUIDES.glob(f"{guide}_*")).read_text("utf-8", errors="replace")


def reproduction_table() -> np.ndarray:
    """Guide 004's 21 epochs: columns as COLUMNS, percentages as fractions."""
    rows = []
    for line in text_of("004").splitlines():
        cells = [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]
        if len(cells) == 8 and cells[0].isdigit():
            rows.append([float(re.sub(r"[^0-9.]", "", cell)) for cell in cells[1:]])
    table = np.array(rows)
    table[:, :4] /= 100
    return table


def shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["show", str(folder), "--json"]) == 0
    run: dict[str, Any] = json.loads(capsys.readouterr().out)["run"]
    return run


def training_command() -> dict[str, str]:
    """The arguments of guide 004's ``yolo train`` command."""
    command = re.search(r"yolo train (.*?)```", text_of("004"), re.DOTALL)
    assert command is not None
    return dict(re.findall(r"(\w+)=(\S+)", command[1]))


def per_class() -> dict[str, float]:
    """Guide 004's mAP50 of best.pt by class, in percent."""
    (block,) = re.findall(r"### Per-Class mAP@0.5.*?\n(.*?)\n\n", text_of("004"), re.DOTALL)
    return {name: float(value) for (name, value) in re.findall(r"\*\*(\w+):\*\* ([\d.]+)%", block)}


def overall() -> dict[str, float]:
    """Guide 004's metrics of best.pt over all classes, as fractions."""
    (block,) = re.findall(r"### Overall Metrics.*?\n(.*?)\n\n", text_of("004"), re.DOTALL)
    return {
        name: float(value) / 100 for (name, value) in re.findall(r"\*\*(\S+):\*\* ([\d.]+)%", block)
    }


@pytest.fixture
def reproduction(tmp_path: Path) -> Path:
    """Guide 004's folder of a saved model, files renamed as there; best.pt is empty."""
    folder = tmp_path / "saved_models" / "phase2_best_89.52_mAP"
    names = "epoch,time,train/box_loss,val/box_loss,metrics/mAP50(B),metrics/mAP50-95(B),"
    lines = [names + "metrics/precision(B),metrics/recall(B),lr/pg0"]
    for epoch, row in enumerate(reproduction_table(), 1):
        (map50, fine, precision, recall, train, val, seconds) = row
        cells = (epoch, seconds, train, val, map50, fine, precision, recall, 1e-4)
        lines.append(",".join(f"{cell:g}" for cell in cells))
    write(folder / "training_results.csv", "\n".join(lines) + "\n")
    write_args(folder, "training_config.yaml", task="detect", mode="train", **training_command())
    write(folder / "best.pt", b"")
    write(folder / "REPRODUCTION_GUIDE.md", text_of("004"))
    return folder


def test_g1_the_table_of_extremes_and_means(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = {
        (line["group"], line["name"]): line for line in shown(reproduction, capsys)["statistics"]
    }
    expected = {
        ("box", "map50"): (0.8952, 6, 0.7627, 1, 0.8599, 0.8767),
        ("box", "map50_95"): (0.6356, 6, 0.4303, 1, 0.5858, 0.5971),
        ("box", "precision"): (0.8591, 21, 0.7577, 1, 0.8262, 0.8591),
        ("box", "recall"): (0.8464, 6, 0.7121, 1, 0.8161, 0.8134),
        ("train", "loss"): (1.18, 14, 1.44, 1, 1.28, 1.19),
        ("val", "loss"): (1.65, 10, 2.09, 1, 1.74, 1.75),
    }
    for key, (best, best_epoch, worst, worst_epoch, mean, now) in expected.items():
        line = lines[key]
        assert (line["best"]["value"], line["best"]["epoch"]) == (best, best_epoch)
        assert (line["worst"]["value"], line["worst"]["epoch"]) == (worst, worst_epoch)
        digits = 4 if key[0] == "box" else 2
        assert round(line["mean"], digits) == mean
        assert line["now"] == {"value": now, "epoch": 21}


def test_g2_early_stopping_explains_the_end(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(reproduction, capsys)
    assert run["state"] == "early_stopped"
    assert (run["epochs"]["best"], run["epochs"]["last"], run["epochs"]["planned"]) == (6, 21, 80)
    finding = next(one for one in run["findings"] if one["rule"] == "early-stopped")
    assert finding["evidence"]["best_epoch"] + finding["evidence"]["patience"] == 21
    assert round(run["metrics"]["box"]["f1"], 4) == 0.8521
    assert run["marks"] == []  # mosaic would have closed at epoch 61, which never came
    assert run["framework"] == "ultralytics"
    assert run["weights"]["use"] == "best.pt"
    assert [one["kind"] for one in run["problems"]] == ["empty"]  # best.pt


def test_g2_patience_runs_out_by_both_formulas_of_fitness(reproduction: Path) -> None:
    run = open_run(str(reproduction))
    formulas = possible(run)
    assert len(formulas) == 2
    assert all(stopped_early(run, fitness) for fitness in formulas)
    assert [fitness.best_row for fitness in formulas] == [5, 5]


def test_g2_ratio_and_time(reproduction: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = shown(reproduction, capsys)
    box = run["series"]["metrics"]["box"]
    ratios = [fine / coarse for (fine, coarse) in zip(box["map50_95"], box["map50"])]
    assert round(float(np.mean(ratios)), 2) == 0.68
    mean_seconds = run["time"]["seconds"] / run["epochs"]["logged"]
    assert round(mean_seconds, 2) == 28.99
    assert round(run["time"]["per_epoch"], 1) == 29.0  # the median; the table's column runs on
    assert round(mean_seconds * run["epochs"]["planned"] / 60, 1) == 38.6


FORMS = ("fractions", "percent", "nested")


def saved_by_class(form: str) -> dict[str, Any]:
    """Guide 004's per_class_metrics.json, whose form it does not show, in one that people write."""
    classes: dict[str, dict[str, float]] = {name: {"mAP50": v} for (name, v) in per_class().items()}
    if form != "percent":
        classes = {name: {"mAP50": one["mAP50"] / 100} for (name, one) in classes.items()}
    classes["toe_drain"]["instances"] = 18
    return {"overall": overall(), "per_class": classes} if form == "nested" else dict(classes)


def with_classes(folder: Path, form: str) -> Path:
    write(folder / "per_class_metrics.json", json.dumps(saved_by_class(form)))
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_g3_the_mean_over_classes_is_the_map_of_best_pt(
    form: str, reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, form), capsys)
    assert [line["name"] for line in run["classes"]] == list(per_class())
    mean = np.mean([line["metrics"]["box"]["map50"] for line in run["classes"]])
    assert mean == pytest.approx(0.87205)
    assert run["final"]["box"]["map50"] == pytest.approx(0.87205, abs=1e-4)
    assert run["dataset"]["n_classes"] == 4


@pytest.mark.parametrize("form", FORMS)
def test_the_interval_of_toe_drain_is_told(
    form: str, reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, form), capsys)
    line = next(line for line in run["classes"] if line["name"] == "toe_drain")
    assert (line["instances"], line["unreliable"]) == (18, True)
    assert line["intervals"]["box"]["map50"] == pytest.approx([0.637, 0.955], abs=1e-3)
    assert all(not other["intervals"] for other in run["classes"] if other is not line)
    assert main(["show", str(reproduction)]) == 0
    text = capsys.readouterr().out
    assert "class toe_drain: mAP50 0.859 [0.64-0.95] (n = 18: few, so read the interval)" in text


def test_d4_the_raised_confidence_is_found(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(reproduction, capsys)
    finding = next(one for one in run["findings"] if one["rule"] == "conf-raised")
    assert "too high or too low" in finding["summary"]  # the folder does not tell its release
    assert run["health"] == {"level": "warning", "rule": "conf-raised"}


def test_a2_the_peak_is_an_artefact_of_the_raised_confidence(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, "nested"), capsys)
    finding = next(one for one in run["findings"] if one["rule"] == "conf-raised")
    evidence = finding["evidence"]
    assert (evidence["best_map50"], evidence["final_map50"]) == (0.8952, 0.872)
    assert evidence["best_precision"] == pytest.approx(evidence["final_precision"], abs=0.001)
    assert evidence["best_recall"] == evidence["final_recall"] == 0.8464
    assert "mAP50 is 0.872, not 0.895" in finding["summary"]
    assert "0.895 is an artefact" in finding["summary"]


def test_a2_without_precision_and_recall_nothing_is_called_an_artefact(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, "fractions"), capsys)
    finding = next(one for one in run["findings"] if one["rule"] == "conf-raised")
    assert "mAP50 is 0.872, not 0.895" in finding["summary"]
    assert "artefact" not in finding["summary"]


def test_a3_quality_is_unchanged_and_not_surely_so(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, "nested"), capsys)
    verdict = run["overfitting"]
    assert (verdict["verdict"], verdict["quality"]) == ("quality_unchanged", "same")
    assert verdict["loss_overfits"] is True
    assert verdict["confidence"] in ("low", "moderate")
    assert 8 <= verdict["onset"][0] <= 10 <= verdict["onset"][1] <= 15
    finding = next(one for one in run["findings"] if one["rule"] == "overfitting")
    assert "mAP50-95 stayed the same" in finding["summary"]
    assert "borderline" in finding["summary"]
    assert round(finding["evidence"]["metric_drop"], 4) == 0.0096


def test_d3_nobody_is_told_to_train_longer(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(with_classes(reproduction, "nested"), capsys)
    advice = [one for finding in run["findings"] for one in finding["advice"]]
    assert advice
    assert {one["key"] for one in advice}.isdisjoint({"train-longer", "resume", "train-again"})
    said = " ".join([run["headline"], *(one["text"] for one in advice)])
    assert not re.search(r"train (on|again|longer|for)|more epochs|resume", said, re.IGNORECASE)


def test_the_confidence_to_deploy_with_is_unknown(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = shown(reproduction, capsys)["operating_point"]
    assert (point["status"], point["confidence"]) == ("unknown", None)
    assert round(point["f1"], 4) == 0.8521


@pytest.mark.parametrize("images", [None, 45])
def test_g1_the_loss_overfits_and_the_quality_does_not_suffer(images: Any) -> None:
    table = reproduction_table()
    verdict = assess(table[:, 4], table[:, 5], table[:, 1], n_val_images=images)
    assert verdict.loss_overfits
    assert verdict.onset is not None
    (first, last) = (verdict.onset[0] + 1, verdict.onset[1] + 1)
    assert 8 <= first <= 10 <= last <= 15
    assert verdict.quality == "same"
    assert verdict.confidence != "high"
    assert verdict.excess == pytest.approx(0.059, abs=0.01)
    assert verdict.borderline


def test_g4_three_epochs_are_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = re.findall(r"all +74 +98 +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)", text_of("002"))[:3]
    assert len(found) == 3
    lines = ["epoch,metrics/precision(B),metrics/recall(B),metrics/mAP50(B),metrics/mAP50-95(B)"]
    lines += [f"{epoch},{','.join(values)}" for epoch, values in enumerate(found, 1)]
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n")
    run = shown(tmp_path, capsys)
    assert run["health"] == {"level": "no_verdict", "rule": "too-short"}
    assert run["overfitting"]["verdict"] == "too_short"
    finding = next(one for one in run["findings"] if one["rule"] == "too-short")
    assert finding["evidence"]["unsteady"] is True
    assert "0.468 to 0.266 to 0.717" in finding["summary"]
    assert "deploy" not in run["headline"]


def printed() -> str:
    """The blocks of console output in guide 002, in order, as one log."""
    blocks = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text_of("002"), re.DOTALL | re.MULTILINE)
    start = next(number for (number, one) in enumerate(blocks) if "Python-3.12.6" in one)
    end = next(number for (number, one) in enumerate(blocks) if "Speed:" in one)
    return "".join(textwrap.dedent(one) for one in blocks[start : end + 1])


@pytest.fixture
def euro_notes(tmp_path: Path) -> Path:
    """Guide 002's run, of which only its output was saved."""
    write(tmp_path / "train3" / "training.log", printed())
    return tmp_path / "train3"


def test_g4_the_console_tells_three_epochs_and_no_verdict(
    euro_notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(euro_notes, capsys)
    assert run["series"]["epoch"] == [1, 2, 3]
    assert run["series"]["metrics"]["box"]["map50"] == [0.672, 0.513, 0.941]
    assert run["series"]["train"]["box"] == [1.03, 0.8623, 0.7538]
    assert (run["epochs"]["planned"], run["state"], run["framework"]) == (
        3,
        "finished",
        "ultralytics",
    )
    assert run["health"] == {"level": "no_verdict", "rule": "too-short"}
    finding = next(one for one in run["findings"] if one["rule"] == "too-short")
    assert finding["evidence"]["unsteady"] is True
    assert "deploy" not in run["headline"]


def test_g4_what_else_the_console_tells(
    euro_notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(euro_notes, capsys)
    assert round(run["console"]["fps"], 1) == 9.6
    assert (run["dataset"]["n_train"], run["dataset"]["n_val"]) == (301, 74)
    assert run["console"]["train"] == {"images": 301, "backgrounds": 25, "corrupt": 0}
    assert run["console"]["transferred"] == [493, 499]
    assert run["version"] == {"min": "8.3.74", "max": "8.3.74", "source": "console output"}
    assert run["final"]["box"]["map50"] == 0.943
    classes = {line["name"]: line for line in run["classes"]}
    assert {name: line["instances"] for (name, line) in classes.items()} == {
        "10euro": 54,
        "5euro": 44,
    }
    assert classes["5euro"]["metrics"]["box"]["recall"] == 0.92
    (low, high) = classes["5euro"]["intervals"]["box"]["recall"]
    assert low < 0.82 < 0.92 < high


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Guide 000's project folder: two steps, and a run that was killed and resumed."""
    folder = write_partinet_project(tmp_path / "project")
    set_time(folder, LONG_AGO)
    return folder


def test_000_the_project_is_four_runs_and_nothing_is_counted_twice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(project), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    runs = {run["name"]: run for run in answer["runs"]}
    assert answer["unreadable"] == []
    assert {run["framework"] for run in runs.values()} == {"yolov7"}
    states = {name: run["state"] for (name, run) in runs.items()}
    assert states == {
        "exp": "finished",
        "exp2": "interrupted",
        "exp3": "finished",
        "exp4": "finished",
    }
    assert runs["exp3"]["relations"]["continues"] == "exp2"
    assert runs["exp2"]["relations"]["continued_by"] == ["exp3"]
    assert [run["epochs"]["logged"] for run in runs.values()] == [40, 40, 10, 18]
    assert {name: run["stage"] for (name, run) in runs.items()} == {
        "exp": "step1",
        "exp2": "step1",
        "exp3": "step1",
        "exp4": "step2",
    }


def test_000_a_run_alone_knows_those_beside_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(project / "exp3", capsys)["relations"]["continues"] == "exp2"
    killed = shown(project / "exp2", capsys)
    assert killed["relations"]["continued_by"] == ["exp3"]
    finding = next(one for one in killed["findings"] if one["rule"] == "interrupted")
    assert (finding["severity"], killed["health"]["level"]) == ("info", "info")
    assert finding["evidence"]["continued_by"] == ["exp3"]
    assert shown(project / "exp4", capsys)["relations"]["starts_from"] == "exp3"


def test_000_the_class_loss_is_hidden_and_the_routers_losses_are_called_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shown(project / "exp", capsys)
    assert set(first["series"]["train"]) == set(first["series"]["val"]) == {"box", "obj"}
    router = shown(project / "exp4", capsys)
    assert {"box", "obj", "cls"}.isdisjoint(router["series"]["train"])
    rules = {one["rule"] for one in router["findings"]}
    assert {"too-short", "overfitting"}.isdisjoint(rules)
    assert router["overfitting"]["loss_overfits"] is None


def test_000_a_killed_run_that_nobody_continued_gets_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "exp3")
    finding = next(
        one for one in shown(project / "exp2", capsys)["findings"] if one["rule"] == "interrupted"
    )
    assert finding["severity"] == "warning"
    assert finding["advice"][0]["command"] == (
        "partinet train step1 --weight exp2/weights/last.pt"
        " --data cryo_training.yaml --epochs 40 --project ."
    )


def test_000_an_incomplete_run_is_shown_with_what_it_has(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (project / "exp").rglob("*"):
        if path.is_file() and path.suffix != ".yaml" and path.name != "LR.png":
            path.unlink()
    run = shown(project / "exp", capsys)
    assert (run["epochs"]["logged"], run["epochs"]["planned"]) == (0, 40)
    assert run["state"] == "empty"
    assert run["weights"]["use"] is None
    assert run["files"]["args"] == ["cfg.yaml", "hyp.yaml", "opt.yaml"]
    assert run["failed_rules"] == []


def expected_f1() -> list[float]:
    """What guide 003 expects of its four iterations."""
    return [
        int(value) / 100
        for value in re.findall(r"^- I\w+.*?~(\d+)% F1", text_of("003"), re.MULTILINE)
    ]


def measured(f1: float) -> dict[str, float]:
    """The five metrics of guide 003, of pooled pixels: precision two points above recall."""
    low = (2 * f1 - 0.02 + ((2 * f1 - 0.02) ** 2 + 0.08 * f1) ** 0.5) / 4
    high = low + 0.02
    f1 = 2 * low * high / (low + high)
    return {"precision": high, "recall": low, "f1": f1, "iou": f1 / (2 - f1), "auc": 0.9}


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """Guide 003's experiment with all of its iterations."""
    metrics = {number: measured(f1) for (number, f1) in enumerate(expected_f1())}
    return write_self_training(tmp_path / "unet_improved_v1", metrics)


def test_003_four_iterations_of_which_the_last_is_best(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shown(experiment, capsys)
    assert (run["axis"], run["framework"], run["state"]) == (
        "iteration",
        "selftraining",
        "finished",
    )
    assert run["series"]["epoch"] == [0, 1, 2, 3]
    assert [round(f1, 2) for f1 in run["series"]["metrics"]["pixel"]["f1"]] == expected_f1()
    assert (run["epochs"]["best"], run["epochs"]["best_by"]) == (3, "F1")
    assert run["weights"]["use"] == "iteration_3_selftrain/model.pt"
    assert set(run["metrics"]["pixel"]) == {"precision", "recall", "f1", "iou", "auc"}
    assert run["findings"] == []  # G5: the identities hold
    assert run["health"]["level"] == "ok"


def test_003_the_guides_own_tree_lacks_the_iteration_that_it_asked_for(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It trains with --self-training-iterations 3, reports four results and shows the folders 0 to 2."""
    asked = re.search(r"--self-training-iterations (\d)", text_of("003"))
    shown_folders = set(re.findall(r"(iteration_\d_\w+)/\n", text_of("003")))
    assert asked is not None
    for folder in experiment.glob("iteration_*"):
        if folder.name not in shown_folders:
            shutil.rmtree(folder)
    write_args(
        experiment,
        "config.yaml",
        initial_epochs=100,
        retrain_epochs=30,
        self_training_iterations=asked[1],
    )
    run = shown(experiment, capsys)
    assert (run["epochs"]["planned"], run["epochs"]["logged"]) == (4, 3)
    finding = next(one for one in run["findings"] if one["rule"] == "missing-iteration")
    assert finding["evidence"]["missing"] == [3]
    assert "Iteration 3" in finding["summary"]
    assert run["weights"]["use"] == "iteration_2_selftrain/model.pt"


def test_003_a_gap_and_a_regression_are_named(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (experiment / "iteration_1_selftrain" / "metrics.json").unlink()
    write(experiment / "iteration_3_selftrain" / "metrics.json", json.dumps(measured(0.66)))
    run = shown(experiment, capsys)
    rules = {one["rule"]: one["evidence"] for one in run["findings"]}
    assert rules["missing-iteration"]["missing"] == [1]
    assert rules["iteration-regressed"]["best_iteration"] == 2
    assert run["weights"]["use"] == "iteration_2_selftrain/model.pt"
    assert "final_model.pt" not in run["headline"]
