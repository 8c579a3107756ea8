"""``rule?id=RULE``: a rule in its own words, with the limits that hold in this logdir."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorboard_runlens.answers.rule import SECTIONS, sections
from tensorboard_runlens.rules import all_rules

from ..builders import write, write_detect
from .serving import Asked


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_every_section(rule: object) -> None:
    texts = dict(zip(SECTIONS, sections(rule.documentation)))  # type: ignore[attr-defined]
    assert [title for (title, text) in texts.items() if len(text) < 10] == []
    assert not any("\n" in text or "## " in text for text in texts.values())


def test_a_section_that_is_not_there_is_empty() -> None:
    assert sections("Title.\n\n## Source\nA  guide,\nby hand.\n") == [
        "",
        "",
        "",
        "A guide, by hand.",
    ]


def test_the_limits_in_force_are_told_with_their_defaults(tmp_path: Path) -> None:
    write_detect(tmp_path / "a")
    write(tmp_path / "runlens.yaml", "rules:\n  overfitting: {excess_min: 0.06}\n")
    asked = Asked(tmp_path)
    answer = asked.json("rule", query_string={"id": "overfitting"})
    limits = {limit["name"]: limit for limit in answer["limits"]}
    assert (limits["excess_min"]["value"], limits["excess_min"]["default"]) == (0.06, 0.035)
    others = [limit for limit in answer["limits"] if limit["name"] != "excess_min"]
    assert all(limit["value"] == limit["default"] for limit in others)
    assert answer["change"] == "rules:\n  overfitting: {excess_min: 0.06}"
    assert "Least squares" in answer["decides"]


def test_a_rule_without_limits_says_how_to_switch_it_off(tmp_path: Path) -> None:
    without = next(rule.id for rule in all_rules() if not rule.limits)
    answer = Asked(tmp_path).json("rule", query_string={"id": without})
    assert answer["limits"] == []
    assert answer["change"] == f"rules:\n  {without}: off"


@pytest.mark.parametrize("wanted", ["", "no-such-rule", "../secrets", "x" * 10_000])
def test_another_rule_is_refused(tmp_path: Path, wanted: str) -> None:
    response = Asked(tmp_path).get("rule", query_string={"id": wanted})
    assert response.status_code == 404
    assert response.get_json()["error"]["code"] == "not_found"
