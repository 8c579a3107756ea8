"""Arguments that deserve a second look before a training is repeated: those that a finding speaks of, and those that
do something other than most people expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import Run

SPOKEN_OF = {"lr-ignored": "lr0"}
"""Rule -> the argument that its finding is about, where its advice changes another one."""

YOLO = ("ultralytics", "yolov5", "yolov7")
"""Programs that the reasons are true of."""


@dataclass(frozen=True)
class Risk:
    """Why an argument deserves a second look, and the rule that found it; None where it is true of every run."""

    rule: Optional[str]
    why: str


def _is(*wanted: Any) -> Callable[[Any], bool]:
    """0 is not False, nor 1 True."""
    return lambda value: any(type(value) is type(one) and value == one for one in wanted)


def _below_one(value: Any) -> bool:
    return isinstance(value, float) and value < 1


def _given(value: Any) -> bool:
    return value not in (None, "", False)


REASONS: tuple[tuple[tuple[str, ...], str, Callable[[Any], bool], str], ...] = (
    (("ultralytics",), "deterministic", _is(False), "the same seed gives other numbers each time"),
    (("ultralytics",), "cache", _is(True, "ram"), "images kept in memory may make a training not repeatable"),
    (("ultralytics",), "conf", _given, "detections below it never reach the validation's mAP"),
    (("ultralytics",), "fraction", _below_one, "only this share of the training images was used"),
    (("ultralytics",), "time", _given, "hours decide how many epochs are trained, so the machine does"),
    (("ultralytics",), "val", _is(False), "no epoch before the last one was validated"),
    (("ultralytics",), "exist_ok", _is(True), "an earlier run of this folder may have been overwritten"),
    (("ultralytics",), "batch", _is(-1), "the batch was chosen by the free memory of the GPU"),
    (("ultralytics",), "rect", _is(True), "batches are neither shuffled nor put together as mosaics"),
    (("yolov5",), "noval", _is(True), "no epoch before the last one was validated"),
    (("yolov7",), "notest", _is(True), "no epoch before the last one was validated"),
    (YOLO, "single_cls", _is(True), "all classes were trained and measured as one"),
)  # fmt: skip
"""(programs, argument, which values, why): what the programs' own sources say."""

AUTO_IGNORES = "optimizer=auto chooses its own learning rate and momentum"
"""True since 8.0.114."""


def risks(analysis: Analysis) -> dict[str, Risk]:
    """By argument; a finding's reason goes before a general one."""
    return {**_general(analysis.run), **_found(analysis.findings, analysis.run.arguments)}


def _general(run: Run) -> dict[str, Risk]:
    found = {
        argument: Risk(None, why)
        for (programs, argument, is_risky, why) in REASONS
        if run.framework in programs
        and argument in run.arguments
        and is_risky(run.arguments[argument])
    }
    if run.framework == "ultralytics" and run.arguments.get("optimizer") == "auto":
        given = {"lr0": 0.01, "momentum": 0.937}
        asked = {name for (name, usual) in given.items() if run.arguments.get(name, usual) != usual}
        found.update({name: Risk(None, AUTO_IGNORES) for name in asked})
    return found


def _found(findings: Sequence[Finding], arguments: Mapping[str, Any]) -> dict[str, Risk]:
    """The weightiest finding on an argument stands first in the list and counts."""
    found: dict[str, Risk] = {}
    for finding in findings:
        for argument in _arguments(finding):
            if argument in arguments:
                found.setdefault(argument, Risk(finding.rule, finding.clause))
    return found


def _arguments(finding: Finding) -> list[str]:
    changes = [advice.change[0] for advice in finding.advice if advice.change]
    return [SPOKEN_OF[finding.rule]] if finding.rule in SPOKEN_OF else changes[:1]
