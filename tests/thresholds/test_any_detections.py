"""Whatever was detected is answered: few images, no objects, scores that tie, classes without either."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.deployment import study as studying
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.report.threshold import threshold
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.thresholds.of_run.validations import Validation, Validations
from tests.builders import decoded
from tests.thresholds.detectors import validations
from tests.thresholds.runs import write_run

OBJECTIVES = ("f1", "f2", "precision@0.6", "recall@0.6", "cost@1:3")


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    return analyse(open_run(str(write_run(tmp_path_factory.mktemp("run") / "train"))))


@settings(max_examples=60)
@given(validations(), validations(), st.sampled_from(OBJECTIVES))
def test_whatever_was_detected_is_answered(analysis, val, test, objective):
    told = Validations(
        (Validation("here", ("a", "b"), None, {}, val),),
        Validation("there", (), None, {}, test),
        (),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studying, "validations", lambda run, folder: told)
        answer = threshold_answer(analysis, studying.study(analysis, objective))
    text = msgspec.json.encode(answer)
    json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert decoded(text, ThresholdAnswer).operating_point.source == "detections"
    point = answer.operating_point
    assert (point.confidence is None) == (answer.at is None)
    if point.confidence is None:
        assert answer.reason
    if point.interval is not None:
        assert point.interval[0] <= point.confidence <= point.interval[1]
    assert answer.sweep.found[0] == len(val.confidence)
    assert threshold(answer)
