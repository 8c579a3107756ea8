"""What is written must be true: generated files are current, and every command and rule is described."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tensorboard_runlens.cli import parser
from tensorboard_runlens.rules import all_rules

ROOT = Path(__file__).resolve().parents[1]


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands() -> list[str]:
    (subparsers,) = (action for action in parser()._actions if action.dest == "command")
    return list(subparsers.choices or ())


@pytest.mark.skipif(
    tuple(int(part) for part in msgspec.__version__.split(".")[:2]) < (0, 21),
    reason="older msgspec cannot export the schema; running RunLens does not need that",
)
def test_generated_files_are_current() -> None:
    generate = generator()
    behind = [path.relative_to(ROOT).as_posix() for path in generate.stale(generate.generated())]
    assert behind == [], "run: python tools/generate.py"


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} - {"README"}
    assert pages == {rule.id for rule in all_rules()}


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"runlens {command}\b", (ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("module", ["torch", "ultralytics"])
def test_only_recording_may_import_a_training_framework(module: str) -> None:
    for path in (ROOT / "tensorboard_runlens").rglob("*.py"):
        if "recording" not in path.parts:
            assert not re.search(rf"^\s*(import|from) {module}\b", path.read_text("utf-8"), re.M), (
                path
            )


def test_every_file_named_in_the_architecture_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text[text.index("| file |") : text.index("## Adding")]
    for name in re.findall(r"`([\w/.]+)`", table):
        places = [ROOT / "tensorboard_runlens" / name, ROOT / name, ROOT / "frontend/src" / name]
        places.append(ROOT / "tensorboard_runlens" / "formats" / name)
        assert any(place.exists() for place in places) or name == "runlens.yaml", name
