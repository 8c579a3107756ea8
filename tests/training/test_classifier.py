"""What a classifier answered, from the tensors that its validator holds."""

from __future__ import annotations

import importlib.util
import json
from types import SimpleNamespace

import numpy as np
import pytest

from tests.recording.trainings import NAMES
from tests.recording.validations import Validator, archive, begin, final, validate

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"
)

IMAGES = 60
BATCH = 8


class Classifier(Validator):
    """Keeps answers and true classes as Ultralytics' does."""

    def __init__(self, images):
        super().__init__(images, "classify")
        self.metrics = SimpleNamespace()

    def update_metrics(self, preds, batch):
        self.pred.append(preds.argsort(1, descending=True)[:, :5].int())
        self.targets.append(batch["cls"].int())

    def get_stats(self):
        for answers, truth in zip(self.pred, self.targets):
            np.add.at(self.confusion_matrix.matrix, (answers[:, 0].numpy(), truth.numpy()), 1)
        return {}


def validation(outputs, truth, size=24):
    """A validator that is given these outputs, a batch at a time."""
    import torch

    validator = Classifier([])
    pictures = torch.rand(len(truth), 3, size, size, generator=torch.Generator().manual_seed(0))

    def run_through():
        for start in range(0, len(truth), BATCH):
            part = slice(start, start + BATCH)
            validator.update_metrics(outputs[part], {"cls": truth[part], "img": pictures[part]})

    counted = validator.get_stats

    def get_stats():
        (validator.pred, validator.targets) = ([], [])
        validator.confusion_matrix = SimpleNamespace(matrix=np.zeros((3, 3)))
        run_through()
        return counted()

    validator.get_stats = get_stats
    return validator


@pytest.fixture
def outputs():
    import torch

    generator = torch.Generator().manual_seed(1)
    probabilities = torch.rand(IMAGES, len(NAMES), generator=generator).softmax(1)
    return probabilities, torch.randint(0, len(NAMES), (IMAGES,), generator=generator)


def test_answers_and_how_sure_they_were(tmp_path, outputs):
    (probabilities, truth) = outputs
    final(begin(tmp_path / "train", validation(probabilities, truth)))
    found = archive(tmp_path / "train", "final.npz")
    assert found["top1_class"].tolist() == probabilities.argmax(1).tolist()
    assert found["true_class"].tolist() == truth.tolist()
    assert found["top1_confidence"].tolist() == probabilities.amax(1).tolist()
    assert found["matrix_count"].sum() == IMAGES


def test_outputs_that_are_no_probabilities_are_no_confidences(tmp_path, outputs):
    (probabilities, truth) = outputs
    final(begin(tmp_path / "train", validation(probabilities.log(), truth)))
    found = archive(tmp_path / "train", "final.npz")
    assert found["top1_class"].tolist() == probabilities.argmax(1).tolist()
    assert "top1_confidence" not in found


def test_the_surest_wrong_answers_are_drawn(tmp_path, outputs):
    (probabilities, truth) = outputs
    final(begin(tmp_path / "train", validation(probabilities, truth)))
    folder = tmp_path / "train" / "runlens"
    told = json.loads((folder / "final.json").read_text())["worst"]
    wrong = probabilities.argmax(1) != truth
    surest = probabilities.amax(1)[wrong].sort(descending=True).values[:16]
    assert [entry["confidence"] for entry in told] == surest.tolist()
    assert all(entry["predicted"] != entry["true"] for entry in told)
    assert all((folder / entry["file"]).read_bytes()[:2] == b"\xff\xd8" for entry in told)


def test_a_classifier_has_its_own_method_back(tmp_path, outputs):
    validator = validation(*outputs)
    begin(tmp_path / "train", validator)
    validate(validator)
    assert "update_metrics" not in vars(validator)
