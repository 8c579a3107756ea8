"""What TensorBoard imports at start: cheap, and never TensorBoard's end."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tensorboard.plugins import base_plugin

from tensorboard_runlens.loader import RunLensLoader
from tensorboard_runlens.plugin import RunLensPlugin

from ..builders import write, write_detect
from .serving import tensorboard

HEAVY = ("numpy", "yaml", "PIL", "torch", "msgspec", "werkzeug", "scipy", "google.protobuf")

WRECKS = {
    "a syntax error": "def",
    "a missing module": "import a_module_that_nobody_has",
    "a missing name": "from tensorboard_runlens.http import a_name_that_nobody_has",
    "an error at import": "raise RuntimeError('broken')",
    "an error at start": (
        "class RunLensPlugin:\n    def __init__(self, context):\n        raise RuntimeError('broken')"
    ),
}

SHADOW = """
import sys
import importlib.util

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "tensorboard_runlens.plugin":
            return importlib.util.spec_from_file_location(name, {path!r})

sys.meta_path.insert(0, Finder)
"""


def test_importing_the_loader_imports_nothing_heavy() -> None:
    program = (
        "import sys; before = set(sys.modules); import tensorboard_runlens.loader;"
        f" print(*[name for name in {HEAVY!r} if name in set(sys.modules) - before])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_loader_gives_the_plugin(tmp_path: Path) -> None:
    plugin = RunLensLoader().load(base_plugin.TBContext(logdir=str(tmp_path)))
    assert isinstance(plugin, RunLensPlugin)


def test_a_context_without_anything_is_enough() -> None:
    plugin = RunLensLoader().load(base_plugin.TBContext())
    assert plugin is not None
    assert plugin.is_active() is False


def test_a_plugin_that_cannot_be_loaded_is_a_warning_and_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(
        sys.modules, "tensorboard_runlens.plugin", ModuleType("tensorboard_runlens.plugin")
    )
    with caplog.at_level(logging.WARNING):
        assert RunLensLoader().load(base_plugin.TBContext()) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "its tab is missing" in caplog.text
    assert "ImportError" in caplog.text


def test_a_frontend_that_was_not_built_is_a_warning_that_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr("tensorboard_runlens.static_files.FOLDER", tmp_path / "none")
    with caplog.at_level(logging.WARNING):
        assert RunLensLoader().load(base_plugin.TBContext()) is None
    assert "the frontend is not built: pip install . builds it" in caplog.text


@pytest.mark.parametrize("wreck", WRECKS)
def test_tensorboard_serves_without_a_plugin_that_is_broken(tmp_path: Path, wreck: str) -> None:
    shadow = write(tmp_path / "shadow" / "broken.py", WRECKS[wreck])
    write(tmp_path / "shadow" / "sitecustomize.py", SHADOW.format(path=str(shadow)))
    write_detect(tmp_path / "runs" / "a")
    with tensorboard(
        f"--logdir={tmp_path / 'runs'}", environment={"PYTHONPATH": str(shadow.parent)}
    ) as server:
        listing = server.json("data/plugins_listing")
        assert server.is_alive
    assert "scalars" in listing
    assert "runlens" not in listing
    assert "RunLens could not be loaded; its tab is missing" in server.log
