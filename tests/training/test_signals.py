"""Signals of real trainings: gradients and mixed precision with PyTorch, and a whole training with all of them on."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.recording.machine.gradients import (
    MAX_ELEMENTS,
    TOGETHER,
    Numbers,
    chosen,
    gradient_norm,
    total_norm,
)
from tensorboard_runlens.recording.machine.optimizer_steps import OptimizerSteps
from tensorboard_runlens.recording.parts.gradients import Gradients
from tests.training.checkpoints import contents
from tests.training.outcome import (
    event_files,
    lines,
    of_the_framework,
    run_program,
    scalars,
    table,
)

pytestmark = [
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

if importlib.util.find_spec("torch") is not None:
    import torch

EPOCHS = 2
JOB = {"images": [32, 8], "epochs": EPOCHS, "batch": 4, "nbs": 4, "optimizer": "AdamW"}


class Training:
    """A step as Ultralytics makes it."""

    def __init__(self, scaler=None):
        torch.manual_seed(0)
        self.model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Linear(16, 1))
        (weights, biases) = ([], [])
        for layer in self.model:
            weights.append(layer.weight)
            biases.append(layer.bias)
        self.optimizer = torch.optim.SGD([{"params": weights}, {"params": biases}], lr=0.01)
        self.scaler = scaler or torch.amp.GradScaler("cpu", enabled=False)
        self.inputs = torch.randn(64, 8)
        self.norms = []

    def train(self, steps):
        for step in range(steps):
            loss = self.model(self.inputs[step : step + 8]).square().mean()
            self.scaler.scale(loss).backward()
            self.optimizer_step()

    def optimizer_step(self):
        self.scaler.unscale_(self.optimizer)
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), max_norm=10.0)
        self.norms.append(float(norm))
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad()


def tracking(wanted=True):
    return SimpleNamespace(
        options=SimpleNamespace(gradients=wanted), guarded=lambda part, body: body()
    )


def test_norms_are_those_that_the_framework_clips_by():
    training = Training()
    part = Gradients(tracking())
    part.start(training)
    part.epoch_started(training)
    training.train(30)
    found = part.epoch(training)["gradients"]
    assert found["steps"] == 30
    for name, share in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95), ("max", 1.0)):
        assert found["norm"][name] == pytest.approx(np.quantile(training.norms, share), rel=1e-6)
    assert all(0 < ratio < 0.1 for ratio in found["update_ratio"].values())


def test_scaled_gradients_are_told_unscaled():
    plain = Training()
    scaled = Training(torch.amp.GradScaler("cpu", init_scale=2.0**16))
    for training in (plain, scaled):
        loss = training.model(training.inputs).square().mean()
        training.scaler.scale(loss).backward()
    assert float(gradient_norm(scaled.optimizer, scaled.scaler)) == pytest.approx(
        float(gradient_norm(plain.optimizer, None)), rel=1e-6
    )


def test_an_update_ratio_is_the_step_over_the_weights():
    training = Training()
    training.inputs = training.inputs * 0.1  # below the clip limit
    part = Gradients(tracking())
    part.start(training)
    part.epoch_started(training)
    training.train(1)
    before = [weight.detach().clone() for weight in training.optimizer.param_groups[0]["params"]]
    training.train(1)  # the second step is the one that is measured
    after = training.optimizer.param_groups[0]["params"]
    moved = total_norm([one.detach() - other for (one, other) in zip(after, before)])
    expected = float(moved / total_norm(before))
    assert part.epoch(training)["gradients"]["update_ratio"]["pg0"] == pytest.approx(expected)


def test_training_is_the_same_bit_for_bit():
    (plain, measured) = (Training(), Training())
    part = Gradients(tracking())
    part.start(measured)
    part.epoch_started(measured)
    for training in (plain, measured):
        training.train(25)
    for one, other in zip(plain.model.parameters(), measured.model.parameters()):
        assert torch.equal(one, other)
    part.end(measured)
    assert "optimizer_step" not in vars(measured)


def test_an_epoch_begins_anew():
    training = Training()
    part = Gradients(tracking())
    part.start(training)
    for steps in (4, 3):
        part.epoch_started(training)
        training.train(steps)
    assert part.epoch(training)["gradients"]["steps"] == 3


def test_numbers_come_back_in_order():
    numbers = Numbers()
    for value in range(TOGETHER * 2 + 3):
        numbers.add(torch.tensor(float(value)))
    assert numbers.take().tolist() == list(range(TOGETHER * 2 + 3))
    assert numbers.take().size == 0


def test_of_many_weights_some_over_the_whole_depth_are_measured():
    layers = [torch.empty(MAX_ELEMENTS // 4) for _ in range(13)]
    for layer in layers:
        layer.requires_grad = True
    layers[0].requires_grad = False
    some = chosen(layers)
    assert sum(layer.numel() for layer in some) <= MAX_ELEMENTS
    assert [any(layer is one for one in some) for layer in layers[1:]] == [
        place % 3 == 0 for place in range(12)
    ]
    assert chosen([torch.empty(MAX_ELEMENTS * 2, requires_grad=True)] * 2) != []


def test_older_releases_sum_up_layer_by_layer(monkeypatch):
    tensors = [torch.full((3,), 2.0), torch.full((4,), 1.0)]
    monkeypatch.delattr(torch.nn.utils, "get_total_norm", raising=False)
    assert float(total_norm(tensors)) == pytest.approx(4.0)


def test_steps_that_overflow_are_counted_as_skipped():
    training = Training(torch.amp.GradScaler("cpu", init_scale=2.0**10))
    steps = OptimizerSteps(training)
    steps.begin(training)
    training.train(3)
    training.inputs[:] = 1e30  # its square overflows
    before = [weight.detach().clone() for weight in training.model.parameters()]
    training.train(2)
    assert all(torch.equal(*pair) for pair in zip(before, training.model.parameters()))
    assert steps.taken() == {"steps": 5, "skipped_steps": 2}
    assert training.scaler.get_scale() == 2.0**8


def test_norms_that_overflow_are_not_finite():
    training = Training(torch.amp.GradScaler("cpu", init_scale=2.0**10))
    part = Gradients(tracking())
    part.start(training)
    part.epoch_started(training)
    training.train(3)
    training.inputs[:] = 1e30
    training.train(2)
    found = part.epoch(training)["gradients"]
    assert (found["steps"], found["not_finite"]) == (5, 2)
    assert found["norm"]["max"] == pytest.approx(max(training.norms[:3]), rel=1e-6)


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """The folder of three trainings of the same: ``plain``; ``tracked`` with gradients; ``silent``, tracked
    without the framework's own TensorBoard callback."""
    folder = tmp_path_factory.mktemp("signals")
    run_program("signals.py", folder, JOB)
    return folder / "runs"


@pytest.mark.slow
def test_a_training_with_gradients_measured_is_the_same(runs):
    assert table(runs / "tracked") == table(runs / "plain")
    for name in ("last.pt", "best.pt"):
        found = contents(runs / "tracked" / "weights" / name)
        assert found == contents(runs / "plain" / "weights" / name)


@pytest.mark.slow
def test_times_and_gradients_are_those_of_the_training(runs):
    found = lines(runs / "tracked")
    assert len(found) == EPOCHS
    for line in found:
        machine: dict[str, Any] = line["machine"]
        assert (machine["batches"], machine["images"]) == (8, 32)
        busy = machine["data_seconds"] + machine["compute_seconds"]
        assert 0 < busy < line["seconds"]
        assert machine["images_per_second"] == pytest.approx(32 / busy)
        assert machine["rss_bytes"] > 1e8
        assert not {"memory", "gpu", "amp"} & machine.keys()  # trained on the CPU
        gradients = line["gradients"]
        assert (gradients["steps"], gradients["not_finite"]) == (8, 0)
        assert 0 < gradients["norm"]["p5"] <= gradients["norm"]["p50"] <= gradients["norm"]["max"]
        assert gradients["update_ratio"].keys() == {"pg0", "pg1", "pg2"}
        assert all(0 < ratio < 1 for ratio in gradients["update_ratio"].values())


@pytest.mark.slow
def test_scalars_stand_in_the_frameworks_own_event_file(runs):
    (plain, tracked) = (scalars(runs / "plain"), scalars(runs / "tracked"))
    assert of_the_framework(tracked) == plain
    assert event_files(runs / "tracked") == 1
    ours = {tag: values for (tag, values) in tracked.items() if tag not in plain}
    assert ours.keys() >= {"runlens/data_wait_share"}
    assert all(tag.startswith("runlens/") for tag in ours)
    (epochs, shares) = zip(*ours["runlens/data_wait_share"])
    assert epochs == tuple(range(1, EPOCHS + 1))
    for share, line in zip(shares, lines(runs / "tracked")):
        (data, compute) = (line["machine"][f"{part}_seconds"] for part in ("data", "compute"))
        assert share == pytest.approx(data / (data + compute), rel=1e-6)


@pytest.mark.slow
def test_without_the_frameworks_event_file_there_is_one_of_ours(runs):
    assert event_files(runs / "silent") == 1
    assert of_the_framework(scalars(runs / "silent")) == {}
    run = open_run(str(runs / "silent"))
    assert run.problems == ()
    assert len(run.history.epoch) == EPOCHS
