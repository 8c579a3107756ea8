"""A report as JSON: what --json gives, with what made it."""

from __future__ import annotations

import msgspec

from tensorboard_runlens import __version__
from tensorboard_runlens.report.document import Report
from tensorboard_runlens.report.formats import Beside, Format
from tensorboard_runlens.rules import all_rules


def render(report: Report, beside: Beside) -> bytes:
    """The answer's fields and ``report``: RunLens' version and the rules that were asked."""
    answer = msgspec.to_builtins(report.answer)
    made = {
        "title": report.document.title,
        "made": report.document.made,
        "runlens": __version__,
        "rules": [rule.id for rule in all_rules()],
    }
    return msgspec.json.encode({**answer, "report": made}) + b"\n"


FORMAT = Format("json", "application/json; charset=utf-8", render)
