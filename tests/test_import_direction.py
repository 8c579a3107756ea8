"""Data moves left to right: what makes numbers knows nothing of judgement, answers, reports or the server."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "tensorboard_runlens"

SERVER = (
    "cli",
    "command_line",
    "fleet",
    "http",
    "judging",
    "kept",
    "plugin",
    "scanning",
    "served_digest",
    "served_reports",
    "watching",
)
OUTSIDE = (*SERVER, "answers", "digest", "housekeeping", "report")
RIGHT_OF = {
    "thresholds": (
        *OUTSIDE,
        *("analysis", "comparison", "confusion", "deployment", "details", "evaluation"),
        *("rules", "schema", "signals"),
    ),
    "deployment": (*OUTSIDE, "comparison", "confusion", "evaluation"),
    "confusion": (*OUTSIDE, "comparison", "evaluation"),
    "comparison": OUTSIDE,
    "actions": (*OUTSIDE, "analysis", "details", "headline", "next_step", "questions", "schema"),
    "questions": (*OUTSIDE, "comparison", "confusion", "details", "evaluation", "schema"),
    "reproduction": (*OUTSIDE, "comparison", "schema"),
    "gallery": (*OUTSIDE, "comparison", "reproduction"),
    "housekeeping": (*SERVER, "answers", "comparison", "digest", "report"),
    "answers": (*SERVER, "digest", "housekeeping", "report"),
    "digest": (*SERVER, "report"),
    "report": SERVER,
    "watching": tuple(one for one in SERVER if one not in ("judging", "watching")),
    "schema": (*OUTSIDE, "analysis", "comparison", "formats", "rules", "signals", "thresholds"),
    "rules": (*OUTSIDE, "analysis", "comparison", "details", "headline", "schema"),
    "statistics": (*OUTSIDE, "analysis", "formats", "rules", "schema", "signals", "thresholds"),
}


def imported(path: Path) -> set[str]:
    """The first part below the package of every import of it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "tensorboard_runlens"
        ):
            below = (node.module or "").split(".")[1:2]
            found |= set(below or [one.name for one in node.names])
    return found


@pytest.mark.parametrize("folder", RIGHT_OF)
def test_nothing_is_imported_from_the_right(folder: str) -> None:
    for path in (PACKAGE / folder).rglob("*.py"):
        assert not imported(path) & set(RIGHT_OF[folder]), path
