"""A real training with mixed precision on an NVIDIA GPU: what is recorded of the machine is what nvidia-smi says."""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from tests.training.outcome import lines, run_program


def without_gpu() -> str:
    """Why this cannot be tested here; empty where it can."""
    for module in ("torch", "ultralytics", "pynvml"):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed"
    import torch

    if not torch.cuda.is_available() or torch.version.hip is not None:
        return "no NVIDIA GPU"
    return "" if shutil.which("nvidia-smi") else "no nvidia-smi"


REASON = without_gpu()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(bool(REASON), reason=REASON),
]

JOB = {
    "images": [640, 64],
    "epochs": 4,
    "batch": 16,
    "nbs": 16,
    "device": 0,
    "amp": True,
    "model": "yolo11m.yaml",
    "names": ["tracked"],
}
COLUMNS = (
    "uuid",
    "utilization.gpu",
    "power.draw",
    "temperature.gpu",
    "memory.used",
    "memory.total",
)
MIB = 2**20


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> tuple[Path, list[dict[str, str]]]:
    """The tracked run, and what nvidia-smi said of its GPU every half second."""
    folder = tmp_path_factory.mktemp("cuda")
    said = folder / "nvidia-smi.csv"
    query = ["nvidia-smi", f"--query-gpu={','.join(COLUMNS)}", "--format=csv,noheader,nounits"]
    with open(said, "w", encoding="utf-8") as file:
        watching = subprocess.Popen([*query, "-lms", "500"], stdout=file)
        try:
            run_program("signals.py", folder, JOB)
        finally:
            watching.terminate()
            watching.wait()
    import torch

    uuid = f"GPU-{torch.cuda.get_device_properties(0).uuid}"
    with open(said, encoding="utf-8") as file:
        rows = csv.DictReader(file, COLUMNS, skipinitialspace=True)
        return folder / "runs" / "tracked", [row for row in rows if row["uuid"] == uuid]


def values(rows: list[dict[str, str]], column: str) -> list[float]:
    return [float(row[column]) for row in rows]


def test_the_gpu_is_told_as_nvidia_smi_tells_it(watched):
    (run, rows) = watched
    found: list[dict[str, Any]] = [
        line["machine"]["gpu"] for line in lines(run) if "gpu" in line["machine"]
    ]
    assert found, "no epoch was long enough for a look at the GPU"
    for gpu in found:
        assert 0 <= gpu["utilisation"]["mean"] <= gpu["utilisation"]["max"] <= 1
        for name, column in (
            ("power_watts", "power.draw"),
            ("temperature_celsius", "temperature.gpu"),
        ):
            told = values(rows, column)
            assert min(told) * 0.9 <= gpu[name]["mean"] <= gpu[name]["max"] <= max(told) * 1.1
        assert gpu["memory_used"] <= max(values(rows, "memory.used")) * MIB * 1.05
    busy = [share for share in values(rows, "utilization.gpu") if share]
    assert mean(one["utilisation"]["mean"] for one in found) == pytest.approx(
        mean(busy) / 100, abs=0.3
    )


def test_memory_is_part_of_what_the_gpu_has(watched):
    (run, rows) = watched
    total = values(rows, "memory.total")[0] * MIB
    for line in lines(run):
        memory = line["machine"]["memory"]
        assert memory["total"] == pytest.approx(total, rel=0.05)
        assert 0 < memory["allocated"] <= memory["reserved"] <= memory["total"]
        assert memory["allocated"] <= memory["peak"] <= memory["total"]


def test_mixed_precision_counts_every_step(watched):
    (run, _) = watched
    for line in lines(run):
        amp = line["machine"]["amp"]
        assert amp["steps"] == 40
        assert 0 <= amp["skipped_steps"] < amp["steps"]
        assert amp["scale"] > 0
        assert line["gradients"]["not_finite"] == amp["skipped_steps"]


def test_nothing_is_missing_and_the_device_is_named(watched):
    (run, _) = watched
    import torch

    manifest = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    assert manifest["device"] == torch.cuda.get_device_name(0)
    assert not [text for text in manifest["missing"] if "GPU" in text]
