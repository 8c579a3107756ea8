"""``runlens report``: what it writes of runs, for papers and for training again, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.demo import copy_samples
from tensorboard_runlens.report.formats import all_formats

from .builders import write
from .comparison.runs import rising, write_run
from .rules import trainings
from .rules.trainings import HEALTHY
from .rules.trainings import write as write_training

Capture = pytest.CaptureFixture[str]
FORMATS = tuple(sorted(all_formats()))

HOSTILE = "a|b `c` <img src=x onerror=alert(1)> $d$ [e](f) 50% #1"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_training(HEALTHY, tmp_path / "runs" / "healthy")
    write_training(trainings.OVERFITTED, tmp_path / "runs" / "overfitted")
    write_training(HEALTHY, tmp_path / "runs" / HOSTILE)
    return tmp_path / "runs"


def made(tmp_path: Path, form: str, *arguments: object) -> str:
    """The text of the report."""
    path = tmp_path / f"report.{form}"
    assert main(["report", *map(str, arguments), "-o", str(path)]) == 0
    return path.read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["run", "paper", "reproduction"])
def test_every_format_has_a_report_on_a_run(
    logdir: Path, tmp_path: Path, form: str, kind: str, capsys: Capture
) -> None:
    text = made(tmp_path, form, logdir / "overfitted", "--kind", kind)
    assert ("epoch" if form == "csv" and kind != "paper" else "overfitted") in text
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(tmp_path / f"report.{form}")
    assert all(Path(line).is_file() for line in lines)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_a_report_on_a_logdir_and_on_several_runs(
    logdir: Path, tmp_path: Path, form: str
) -> None:
    text = made(tmp_path, form, logdir)
    assert "overfitted" in text
    assert not re.search(r"(?<!\\)<img", text) or form in (
        "csv",
        "json",
    )  # as the data that they are
    several = made(tmp_path, form, logdir / "overfitted", logdir / "healthy")
    assert "overfitted" in several and "healthy" in several


def test_a_run_in_markdown_has_verdict_findings_numbers_and_charts_beside_it(
    logdir: Path, tmp_path: Path
) -> None:
    text = made(tmp_path, "md", logdir / "overfitted")
    for heading in ("Verdict", "Findings and what to do", "Metrics at the best epoch", "Charts"):
        assert f"\n## {heading}\n" in text
    assert "| overfitting |" in text and "Is there overfitting?" in text
    linked = re.findall(r"\]\(<([^>]+)>\)", text)
    assert linked == ["report_figures/losses.svg", "report_figures/metrics.svg"]
    assert all((tmp_path / link).read_bytes().startswith(b"<?xml") for link in linked)


def test_a_run_as_csv_is_its_epochs(logdir: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(made(tmp_path, "csv", logdir / "healthy").splitlines()))
    shown = json.loads(made(tmp_path, "json", logdir / "healthy"))["run"]["series"]
    assert [int(row["epoch"]) for row in rows] == shown["epoch"]
    assert [float(row["train/box"]) for row in rows] == shown["train"]["box"]


def test_json_is_what_show_and_scan_give_with_what_made_it(
    logdir: Path, tmp_path: Path, capsys: Capture
) -> None:
    for command, path, key in (("show", logdir / "healthy", "run"), ("scan", logdir, "runs")):
        capsys.readouterr()
        main([command, str(path), "--json"])
        printed = json.loads(capsys.readouterr().out)
        report = json.loads(made(tmp_path, "json", path))
        assert report[key] == printed[key]
        assert "overfitting" in report["report"]["rules"]


def test_a_logdir_is_ranked_within_its_data_and_names_what_is_unreadable(
    logdir: Path, tmp_path: Path
) -> None:
    write(logdir / "damaged" / "results.csv", bytes(range(256)) * 20)
    write(logdir / "runlens.yaml", "baseline: overfitted\n")
    text = made(tmp_path, "md", logdir)
    assert "\n## Against the baseline\n" in text and "The baseline is overfitted." in text
    assert "- damaged: " in text


def test_a_comparison_says_who_is_better_and_what_else_differs(tmp_path: Path) -> None:
    write_run(tmp_path / "old", rising(40, 0.4))
    write_run(tmp_path / "new", rising(60, 0.6))
    text = made(tmp_path, "md", tmp_path / "old", tmp_path / "new")
    assert "- new is better than old: " in text
    row = next(
        csv.DictReader(made(tmp_path, "csv", tmp_path / "old", tmp_path / "new").splitlines())
    )
    assert (row["run"], row["baseline"], row["verdict"]) == ("new", "old", "better")
    assert float(row["low"]) > 0


def test_the_tab_in_a_file_allows_its_own_script_only(logdir: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard_runlens.static_files").load()
    text = made(tmp_path, "html", logdir)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and re.fullmatch(
        r"default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-[\w+/=]+'; .*",
        policy[1],
    )
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img src=x" not in text
    data = json.loads(re.search(r'id="runlens-report">(.*?)</script>', text, re.S)[1])  # type: ignore[index]
    assert {"./table", "./run?run=healthy", "./threshold?run=healthy"} <= set(data["answers"])
    assert data["answers"]["./run?run=healthy"]["run"]["name"] == "healthy"


def test_runs_beyond_the_cap_are_in_the_table_and_said_to_be_left_out(
    logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorboard_runlens.report.pages.MAX_RUNS_IN_DETAIL", 1)
    text = made(tmp_path, "html", logdir)
    data = json.loads(re.search(r'id="runlens-report">(.*?)</script>', text, re.S)[1])  # type: ignore[index]
    assert data["left_out"] == ["1 run can be opened, 2 are in the table only."]
    assert len(data["answers"]["./table"]["rows"]) == 3


SEEDS = "model: yolo11n.pt\ndata: roads.yaml\nepochs: 60\nimgsz: 640\nseed: {}\n"


def with_arguments(folder: Path, text: str, best: float) -> None:
    write_run(folder, rising(60, best))
    write(folder / "args.yaml", text)


def test_seeds_are_one_line_of_the_paper_with_mean_and_deviation(tmp_path: Path) -> None:
    for seed, best in enumerate((0.50, 0.52, 0.54)):
        with_arguments(tmp_path / "runs" / f"seed{seed}", SEEDS.format(seed), best)
    with_arguments(tmp_path / "runs" / "large", SEEDS.format(0).replace("11n", "11s"), 0.6)
    write(tmp_path / "runs" / "runlens.yaml", "baseline: large\n")
    rows = list(
        csv.DictReader(made(tmp_path, "csv", tmp_path / "runs", "--kind", "paper").splitlines())
    )
    by_name = {row["run"]: row for row in rows}
    assert {name: row["seeds"] for (name, row) in by_name.items()} == {
        "large": "1",
        rows[1]["run"]: "3",
    }
    values = [float(row["mean"]) for row in rows]
    assert values[1] == pytest.approx(0.52, abs=0.01)
    assert float(rows[1]["sd"]) == pytest.approx(0.02, rel=0.2)
    assert float(rows[1]["low"]) < float(rows[1]["delta"]) < float(rows[1]["high"])
    text = made(tmp_path, "md", tmp_path / "runs", "--kind", "paper")
    assert re.search(r"\| 5\d\.\d ± \d\.\d \| 3 \|", text)
    assert "| yolo11s.pt |" in text


def test_the_paper_says_what_may_not_be_claimed(tmp_path: Path) -> None:
    with_arguments(tmp_path / "runs" / "a", SEEDS.format(0), 0.5)
    with_arguments(tmp_path / "runs" / "b", SEEDS.format(0).replace("640", "320"), 0.501)
    text = made(tmp_path, "md", tmp_path / "runs" / "a", tmp_path / "runs" / "b", "--kind", "paper")
    claims = text.partition("## What may not be claimed")[2].partition("\n## ")[0]
    assert "That b is better or worse than a" in claims
    assert "n = 1 seed" in claims
    assert "number of validation images is not known" in claims
    assert "which of two AP formulas was used is not known" in claims
    methods = text.partition("## Methods")[2].partition("\n## ")[0]
    assert "image size 640 px" in methods and "Unknown (" in methods


def test_a_reproduction_is_verified_item_by_item(tmp_path: Path) -> None:
    with_arguments(tmp_path / "runs" / "a", SEEDS.format(0), 0.5)
    recipe = write(
        tmp_path / "recipe.yaml", "imgsz: 320\nseed: 0\nmomentum: 0.9\nproject: /home/x\n"
    )
    rows = csv.DictReader(
        made(
            tmp_path, "csv", tmp_path / "runs" / "a", "--kind", "reproduction", "--recipe", recipe
        ).splitlines()
    )
    assert {row["item"]: (row["recipe"], row["this run"], row["verdict"]) for row in rows} == {
        "imgsz": ("320", "640", "differs"),
        "seed": ("0", "0", "equal"),
        "momentum": ("0.9", "", "unknown"),
    }
    with_run = made(
        tmp_path,
        "md",
        tmp_path / "runs" / "a",
        "--kind",
        "reproduction",
        "--recipe",
        tmp_path / "runs" / "a",
    )
    assert re.search(r"Of \d+ items of a, \d+ are equal, 0 differ, \d+ are unknown\.", with_run)


def test_a_reproduction_has_command_settings_and_environment(tmp_path: Path) -> None:
    with_arguments(tmp_path / "a", SEEDS.format(3), 0.5)
    text = made(tmp_path, "md", tmp_path / "a", "--kind", "reproduction")
    assert "yolo detect train" in text and "seed=3" in text
    for heading in ("What must be the same", "Environment", "Settings", "What it reached"):
        assert f"\n## {heading}\n" in text


def refused(capsys: Capture, *arguments: object) -> str:
    """The one line that says why."""
    assert main(["report", *map(str, arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_another_suffix_is_answered_with_those_there_are(logdir: Path, capsys: Capture) -> None:
    for name in ("report.pdf", "report", ".md"):
        line = refused(capsys, logdir, "-o", name)
        assert line == "runlens: name a file that ends in .csv, .html, .json, .md, .tex"


def test_what_is_no_file_is_not_overwritten(logdir: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link.md").symlink_to(tmp_path / "target")
    for name in ("folder.md", "link.md"):
        assert "is not a file" in refused(capsys, logdir, "-o", tmp_path / name)
    assert "is not there" in refused(capsys, logdir, "-o", tmp_path / "no" / "report.md")
    assert (tmp_path / "target").read_text() == "kept"
    assert (tmp_path / "folder.md").is_dir()


def test_a_report_that_fails_leaves_the_old_file(
    logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    path = write(tmp_path / "report.md", "old")
    form = all_formats()["md"]

    def fail(report: object, beside: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(
        "tensorboard_runlens.report.output.all_formats", lambda: {"md": replace(form, render=fail)}
    )
    assert "No space left" in refused(capsys, logdir, "-o", path)
    assert path.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["report.md", "runs"]


def test_what_makes_no_report_is_said(logdir: Path, tmp_path: Path, capsys: Capture) -> None:
    out = ("-o", tmp_path / "report.md")
    run = logdir / "healthy"
    assert "name it" in refused(capsys, logdir, "--kind", "reproduction", *out)
    assert "reproduction" in refused(capsys, run, "--recipe", run, *out)
    missing = refused(capsys, run, "--kind", "reproduction", "--recipe", tmp_path / "no.yaml", *out)
    assert "no.yaml cannot be read as a recipe" in missing
    assert "no such folder" in refused(capsys, tmp_path / "nothing", *out)
    (tmp_path / "empty").mkdir()
    assert "no training run" in refused(capsys, tmp_path / "empty", *out)
    assert not (tmp_path / "report.md").exists()


def test_standard_output_is_markdown(logdir: Path, capsys: Capture) -> None:
    assert main(["report", str(logdir / "healthy"), "-o", "-"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Training run healthy\n") and "![" not in text
    assert "Chart, drawn in HTML, in LaTeX" in text


def test_what_one_says_less_of_neither_agrees_nor_differs(tmp_path: Path) -> None:
    with_arguments(tmp_path / "a", SEEDS.format(0), 0.5)
    with_arguments(tmp_path / "b", SEEDS.format(1), 0.5)
    text = made(
        tmp_path, "csv", tmp_path / "a", "--kind", "reproduction", "--recipe", tmp_path / "b"
    )
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["verdict"] for row in rows if row["item"] == "seed"] == ["differs"]
    assert [row["verdict"] for row in rows if row["item"] == "images"] == ["unknown"]
    named = [row["item"] for row in rows]
    assert len(named) == len(set(named))


def test_a_logdir_and_a_comparison_state_the_same_f1_of_a_run(tmp_path: Path) -> None:
    copy_samples(tmp_path / "runs")
    (full, few) = (tmp_path / "runs" / "detect" / name for name in ("healthy", "few images"))
    scanned = csv.DictReader(made(tmp_path, "csv", tmp_path / "runs").splitlines())
    row = next(one for one in scanned if one["name"] == "detect/few images")
    facts = json.loads(made(tmp_path, "json", full, few))["facts"][1]
    assert float(row["f1"]) == pytest.approx(facts["f1"], abs=1e-4)
    assert float(row["confidence"]) == pytest.approx(facts["confidence"], abs=1e-3)
    harmonic = 2 / (1 / float(row["precision"]) + 1 / float(row["recall"]))
    assert float(row["f1"]) == pytest.approx(harmonic, abs=1e-4)


def test_the_paper_claims_nothing_of_trainings_on_other_data(tmp_path: Path) -> None:
    (one, other) = (
        write_run(tmp_path / name, rising(60, level), data=f"{name}.yaml")
        for (name, level) in (("plates", 0.5), ("fish", 0.8))
    )
    claims = made(tmp_path, "md", one, other, "--kind", "paper")
    assert "That a difference comes from the training. Other data files are named" in claims
    assert "plates.yaml, fish.yaml" in claims
    text = made(tmp_path, "md", one, other)
    assert text.index("Other data files") < text.index("is better than")
