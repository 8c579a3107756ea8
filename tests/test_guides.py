"""The runs that the founding guides describe, put through RunLens: it must be right where they erred.

The guides are documents of others and stay outside this repository; without them these tests skip.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.rules.overfitting import assess

GUIDES = Path(__file__).resolve().parents[2] / "shared" / "guides"
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


@pytest.fixture
def reproduction(tmp_path: Path) -> Path:
    """Guide 004's run as Ultralytics would have left it."""
    names = "epoch,time,train/box_loss,val/box_loss,metrics/mAP50(B),metrics/mAP50-95(B),"
    lines = [names + "metrics/precision(B),metrics/recall(B),lr/pg0"]
    for epoch, row in enumerate(reproduction_table(), 1):
        (map50, fine, precision, recall, train, val, seconds) = row
        cells = (epoch, seconds, train, val, map50, fine, precision, recall, 1e-4)
        lines.append(",".join(f"{cell:g}" for cell in cells))
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "args.yaml").write_text(
        "task: detect\nmode: train\nepochs: 80\npatience: 15\nclose_mosaic: 20\nconf: 0.25\n"
    )
    return tmp_path


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
    assert round(run["time"]["per_epoch"], 1) == 29.0
    assert run["marks"] == []  # mosaic would have closed at epoch 61, which never came


def test_g2_the_raised_confidence_is_found(
    reproduction: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "conf-raised" in [one["rule"] for one in shown(reproduction, capsys)["findings"]]


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
