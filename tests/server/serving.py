"""RunLens behind TensorBoard: its application in this process, or TensorBoard as people start it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Optional, Union

import werkzeug
from tensorboard.backend import application
from tensorboard.plugins import base_plugin
from werkzeug.test import Client, TestResponse

from tensorboard_runlens.plugin import RunLensPlugin

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
"""TensorBoard takes three seconds to start, and a busy machine ten times as long."""

ADDRESS = re.compile(r"TensorBoard \S+ at (http://.+?)/? \(Press")


def plugin_on(logdir: Union[str, Path], spec: str = "") -> RunLensPlugin:
    """The plugin as TensorBoard makes it, on ``--logdir`` or ``--logdir_spec``."""
    flags = SimpleNamespace(logdir_spec=spec)
    return RunLensPlugin(base_plugin.TBContext(logdir=str(logdir), flags=flags))


def client_of(plugin: RunLensPlugin) -> Client:
    """A client of TensorBoard's own application with this plugin as the only one."""
    return Client(application.TensorBoardWSGI([plugin]), werkzeug.Response)


class Asked:
    """A client of the plugin's routes: ``asked.get("table")``."""

    def __init__(self, logdir: Union[str, Path], spec: str = "") -> None:
        self.plugin = plugin_on(logdir, spec)
        self.client = client_of(self.plugin)

    def open(self, route: str, method: str = "GET", **options: Any) -> TestResponse:
        return self.client.open(f"/data/plugin/runlens/{route}", method=method, **options)

    def get(self, route: str, **options: Any) -> TestResponse:
        return self.open(route, **options)

    def json(self, route: str, **options: Any) -> Any:
        """The answer's JSON, whatever its status."""
        return strict_json(self.get(route, **options).get_data())

    def run(self, name: str) -> Any:
        """The answer to ``run?run=NAME``."""
        return self.json("run", query_string={"run": name})

    def table(self) -> Any:
        """The answer to ``table`` once it is complete, however busy this machine is."""

        def if_complete() -> Any:
            table = self.json("table")
            return table if table["progress"]["complete"] else None

        return eventually(if_complete)

    def names(self, route: str = "runs") -> list[str]:
        """The runs' names in the order of the answer."""
        if route == "table":
            return [row["name"] for row in self.table()["rows"]]
        return [run["name"] for run in self.json("runs")["runs"]]


def strict_json(text: Union[str, bytes]) -> Any:
    """JSON as every other language reads it, without NaN and Infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def eventually(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The condition's first true value; fails when there is none in time."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > until:
            assert value, f"still not true after {seconds} s"
            return value
        time.sleep(0.05)


class Server:
    """A TensorBoard process: its address without a slash at the end, and what it has logged so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self._wait_for_address()

    def _read(self) -> None:
        assert self._process.stderr is not None
        self._lines.extend(self._process.stderr)

    @property
    def log(self) -> str:
        return "".join(self._lines)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def _wait_for_address(self) -> str:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.is_alive:
            found = ADDRESS.search(self.log)
            if found:
                return found[1]
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"TensorBoard did not start:\n{self.log}")

    def get(self, path: str) -> bytes:
        """The body of a page below the address."""
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=30) as response:
            return bytes(response.read())

    def json(self, path: str) -> Any:
        """The JSON of a page below the address."""
        return strict_json(self.get(path))

    def stop(self) -> None:
        """Ends the process, and waits for it."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(10)


@contextmanager
def tensorboard(
    *arguments: str, environment: Optional[Mapping[str, str]] = None, folder: Optional[Path] = None
) -> Iterator[Server]:
    """TensorBoard as a process of its own with these arguments, on a free port of this machine."""
    command = [sys.executable, "-m", "tensorboard.main", "--host=127.0.0.1", "--port=0"]
    process = subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(environment or {})},
        cwd=folder,
    )
    server = Server(process)
    try:
        yield server
    finally:
        server.stop()
