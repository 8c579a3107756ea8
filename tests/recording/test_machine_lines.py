"""The machine and its gradients as the reader finds them in epochs.jsonl: whole, in parts, damaged, hostile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.answers import encode, show_answer
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded import recorded
from tensorboard_runlens.formats.recorded_machine import MAX_NAMES
from tensorboard_runlens.lifecycle import planned_epochs
from tests.builders import kinds, write, write_detect

WHOLE = {
    "data_seconds": 1.5,
    "compute_seconds": 4.5,
    "batches": 10,
    "images": 160,
    "images_per_second": 26.7,
    "cpu_seconds": 7,
    "rss_bytes": 2_000_000_000,
    "main_memory_used": 0.4,
    "memory": {"allocated": 1, "reserved": 3, "peak": 2, "total": 24_000_000_000},
    "gpu": {
        "utilisation": {"mean": 0.7, "max": 1.0},
        "memory_used": 5,
        "power_watts": {"mean": 200, "max": 300},
        "temperature_celsius": {"mean": 61.5, "max": 70},
        "samples": 30,
    },
    "amp": {"scale": 65536, "skipped_steps": 1, "steps": 10},
    "out_of_memory_retries": 0,
    "nan_recoveries": 0,
}
GRADIENTS = {
    "steps": 10,
    "norm": {"p5": 1, "p50": 2, "p95": 3, "max": 4},
    "clipped": 0.5,
    "not_finite": 0,
    "update_ratio": {"pg0": 0.001, "pg1": None},
}


def lines(folder: Path, *epochs: Any) -> Any:
    """What is read of these lines: (recorded, problems)."""
    write(folder / "runlens" / "manifest.json", '{"format": 1}')
    text = "".join(json.dumps({"epoch": n, **line}) + "\n" for (n, line) in enumerate(epochs, 1))
    write(folder / "runlens" / "epochs.jsonl", text)
    return recorded(Folder(str(folder)))


def test_every_quantity_has_its_name(tmp_path: Path) -> None:
    (found, problems) = lines(
        tmp_path, {"seconds": 9.0, "machine": WHOLE, "gradients": GRADIENTS}, {"machine": {}}
    )
    assert problems == []
    assert found.machine.epoch.tolist() == [1, 2]
    values = {name: values[0] for (name, values) in found.machine.values.items()}
    assert values == {
        "seconds": 9.0,
        **{name: value for (name, value) in WHOLE.items() if not isinstance(value, dict)},
        **{f"memory_{name}": value for (name, value) in WHOLE["memory"].items()},
        **{f"amp_{name}": value for (name, value) in WHOLE["amp"].items()},
        "gpu_utilisation": 0.7,
        "gpu_memory_used": 5,
        "gpu_power_watts": 200,
        "gpu_temperature_celsius": 61.5,
        "gradient_steps": 10,
        "gradient_clipped": 0.5,
        "gradient_not_finite": 0,
        **{f"gradient_{name}": value for (name, value) in GRADIENTS["norm"].items()},
        "update_ratio_pg0": 0.001,
    }
    assert all(np.isnan(values[1]) for values in found.machine.values.values())


@pytest.mark.parametrize("line", [{}, {"machine": None, "gradients": None}, {"seconds": 3.0}])
def test_a_recording_without_machine_has_none(line: Any, tmp_path: Path) -> None:
    (found, problems) = lines(tmp_path, line, line)
    assert (found.machine, problems) == (None, [])


@pytest.mark.parametrize(
    "machine",
    [
        7,
        [],
        {"data_seconds": -1},
        {"data_seconds": "3"},
        {"data_seconds": 1e300},
        {"gpu": {"utilisation": {"mean": 1.5}}},
        {"memory": []},
    ],
)
def test_damage_costs_this_epoch_of_the_machine_only(machine: Any, tmp_path: Path) -> None:
    box = {"classes": [0], "box": {"ap50": [0.5]}, "fitness": 0.5}
    (found, problems) = lines(tmp_path, {"machine": WHOLE}, {"machine": machine, **box})
    assert [(one.line, one.kind) for one in problems] == [(2, "damaged")]
    assert found.machine.epoch.tolist() == [1]
    assert (found.epochs, found.best.epoch, len(found.best.classes)) == (2, 2, 1)


def test_a_clock_that_was_set_back_gives_no_duration(tmp_path: Path) -> None:
    (found, problems) = lines(tmp_path, {"seconds": -5.0, "machine": {"images": 3}})
    assert problems == []
    assert list(found.machine.values) == ["images"]


def test_names_without_end_are_not_kept(tmp_path: Path) -> None:
    many = [
        {"gradients": {"update_ratio": {f"{row}-{n}": 0.1 for n in range(60)}}} for row in range(9)
    ]
    (found, problems) = lines(tmp_path, *many)
    assert problems == []
    assert len(found.machine.values) == MAX_NAMES


NAMES = st.sampled_from([*WHOLE, *GRADIENTS, "mean", "p50", "peak", "scale"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)


@given(st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4))
def test_nothing_that_lies_there_raises(tmp_path_factory, epochs: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_detect(folder, range(1, 6))
    (found, problems) = lines(folder, *({"machine": m, "gradients": g} for (m, g) in epochs))
    assert set(kinds(problems)) <= {"damaged"}
    assert found is None or found.machine is None or len(found.machine.epoch) <= len(epochs)
    assert b"NaN" not in encode(show_answer(analyse(open_run(str(folder)))))


def test_the_page_gets_the_machine_by_epoch(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 4), epochs=3)
    lines(tmp_path, {"seconds": 9.0, "machine": WHOLE}, {}, {"machine": {"data_seconds": 2.0}})
    series = show_answer(analyse(open_run(str(tmp_path)))).run.series.machine
    assert series["data_seconds"] == [1.5, None, 2.0]
    assert series["wait_share"] == [0.25, None, None]
    assert series["other_seconds"] == [3.0, None, None]


def test_a_run_without_recording_has_no_machine(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 4))
    assert show_answer(analyse(open_run(str(tmp_path)))).run.series.machine == {}


def test_what_the_manifest_says_of_the_training_is_read(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 4))
    lines(tmp_path, {"machine": WHOLE})
    said = {"epochs": 9, "close_mosaic_epoch": 3, "devices": ["A", "B"], "world_size": 2}
    manifest = {"format": 1, **said, "missing": ["no power: " + "x" * 300]}
    write(tmp_path / "runlens" / "manifest.json", json.dumps(manifest))
    run = open_run(str(tmp_path))
    assert run.recorded is not None
    assert (run.recorded.devices, run.recorded.world_size) == (("A", "B"), 2)
    assert run.recorded.missing[0].startswith("no power")
    assert planned_epochs(run) == 9
    assert analyse(run).signals.close_mosaic_row == 2


@pytest.mark.parametrize("devices", ["A", [3], ["x" * 201]])
def test_a_damaged_manifest_costs_no_epoch(devices: Any, tmp_path: Path) -> None:
    lines(tmp_path, {"machine": WHOLE})
    write(tmp_path / "runlens" / "manifest.json", json.dumps({"format": 1, "devices": devices}))
    (found, problems) = recorded(Folder(str(tmp_path)))
    assert kinds(problems) == ["damaged"]
    assert (found.devices, found.machine.epoch.tolist()) == ((), [1])
