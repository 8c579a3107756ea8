"""What the rules say of the corpus of real runs is as it was last looked at.

A rule that changes makes this fail: look at what differs, then renew the snapshot with
``python tools/corpus_findings.py ../shared/corpus --write``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import corpus_findings

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

ALARMS_MAX = 1 / 3
"""A warning that more than a third of real runs get is not a finding."""

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


@pytest.fixture(scope="module")
def found():
    return corpus_findings.analyses(CORPUS)


def test_the_findings_are_those_that_were_looked_at(found):
    assert corpus_findings.differing(found) == []


def test_no_rule_raises_on_a_real_run(found):
    assert {name: one.failed_rules for (name, one) in found.items() if one.failed_rules} == {}


def test_no_rule_warns_of_every_third_run(found):
    weight = corpus_findings.weights(found)
    alarms: dict[str, float] = {}
    for name, share in weight.items():
        for finding in found[name].findings:
            if finding.severity != "info":
                alarms[finding.rule] = alarms.get(finding.rule, 0.0) + share
    in_all = sum(weight.values())
    assert {
        rule: alarm / in_all for (rule, alarm) in alarms.items() if alarm > ALARMS_MAX * in_all
    } == {}
