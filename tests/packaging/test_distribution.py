"""What people install: the wheel, and the source distribution."""

from __future__ import annotations

import configparser
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "tensorboard_runlens"
BUNDLE = {f"{PACKAGE}/static/{name}" for name in ("index.js", "style.css", "THIRD_PARTY.md")}
MODULE_PATH = "/data/plugin/runlens/static/index.js"
STARTED_BY_PYTHON = "runlens_auto.pth"
SAMPLES_MAX_BYTES = 2_000_000
START_SECONDS = 60


def build(project: Path, *options: str) -> str:
    """Builds as on a machine that has no Node, nor any other command; returns what was printed."""
    command = [sys.executable, "-m", "build", *options, str(project)]
    environment = {**os.environ, "PATH": ""}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def only_wheel(folder: Path) -> zipfile.ZipFile:
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Path:
    """A copy of the files that are, or would be, in git."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(listing, cwd=ROOT, text=True).split("\0")
    copy = tmp_path_factory.mktemp("checkout")
    for source in (ROOT / name for name in names if name):
        if source.is_file():
            target = copy / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return copy


@pytest.fixture(scope="session")
def package_files(checkout) -> set[str]:
    """The package's files in git: the bundle is not among them."""
    files = (path for path in (checkout / PACKAGE).rglob("*") if path.is_file())
    return {path.relative_to(checkout).as_posix() for path in files}


@pytest.fixture(scope="session")
def dist(checkout, package_files, tmp_path_factory) -> Path:
    """A folder with the wheel and the source distribution, both built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build(checkout, "--sdist", "--wheel", "--outdir", str(folder))
    return folder


@pytest.fixture(scope="session")
def wheel(dist) -> zipfile.ZipFile:
    return only_wheel(dist)


@pytest.fixture(scope="session")
def unpacked_sdist(dist, tmp_path_factory) -> Path:
    (archive,) = dist.glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("sdist")
    shutil.unpack_archive(archive, folder)
    (project,) = folder.iterdir()
    return project


def test_bundle_is_not_in_git(package_files):
    assert not BUNDLE & package_files


def test_wheel_is_the_package_and_its_bundle(wheel, package_files):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == package_files | BUNDLE | {STARTED_BY_PYTHON}


def test_wheel_is_typed_and_has_samples(package_files):
    assert f"{PACKAGE}/py.typed" in package_files
    assert any(name.startswith(f"{PACKAGE}/samples/") for name in package_files)


def test_samples_are_small(wheel):
    sizes = [i.file_size for i in wheel.infolist() if i.filename.startswith(f"{PACKAGE}/samples/")]
    assert sum(sizes) < SAMPLES_MAX_BYTES


@pytest.mark.parametrize("name", ["LICENSE", "THIRD_PARTY.md"])
def test_wheel_has_licences(wheel, name):
    (path,) = (path for path in wheel.namelist() if path.endswith(f".dist-info/licenses/{name}"))
    assert wheel.read(path) == (ROOT / name).read_bytes()


def test_wheel_has_entry_points(wheel):
    (path,) = (path for path in wheel.namelist() if path.endswith("/entry_points.txt"))
    groups = configparser.ConfigParser()
    groups.read_string(wheel.read(path).decode())
    assert groups["tensorboard_plugins"]["runlens"] == f"{PACKAGE}.loader:RunLensLoader"
    assert groups["console_scripts"]["runlens"] == f"{PACKAGE}.cli:main"


def test_bundle_has_no_source_map(wheel):
    assert all(b"sourceMappingURL" not in wheel.read(name) for name in BUNDLE)


def test_sdist_has_the_bundle_instead_of_its_sources(unpacked_sdist, package_files):
    files = (path for path in (unpacked_sdist / PACKAGE).rglob("*") if path.is_file())
    assert {path.relative_to(unpacked_sdist).as_posix() for path in files} == package_files | BUNDLE
    assert not (unpacked_sdist / "frontend").exists()
    assert (unpacked_sdist / STARTED_BY_PYTHON).read_bytes() == (
        ROOT / STARTED_BY_PYTHON
    ).read_bytes()


def test_sdist_needs_no_node(unpacked_sdist, wheel, tmp_path):
    printed = build(unpacked_sdist, "--wheel", "--outdir", str(tmp_path))
    assert "nodejs" not in printed
    with only_wheel(tmp_path) as rebuilt:
        assert {name: rebuilt.read(name) for name in BUNDLE} == {
            name: wheel.read(name) for name in BUNDLE
        }


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Path:
    """The commands of a clean environment into which only the wheel was installed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.check_call([commands / "python", "-m", "pip", "install", "--quiet", wheel.filename])
    return commands


@contextmanager
def tensorboard(commands: Path, folder: Path):
    """The port of a TensorBoard that runs on an empty logdir."""
    (folder / "logdir").mkdir()
    log = folder / "log"
    command = [commands / "tensorboard", "--logdir", folder / "logdir"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", "0"], stdout=output, stderr=output
        )
    try:
        yield wait_for_port(process, log)
    finally:
        process.terminate()
        process.wait()


def wait_for_port(process: subprocess.Popen, log: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if url := re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text()):
            return int(url[1])
        time.sleep(0.2)
    pytest.fail(f"TensorBoard did not start:\n{log.read_text()}")


def get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    connection.request("GET", path)
    response = connection.getresponse()
    assert response.status == 200, path
    return response.read()


def test_installed_wheel_adds_the_tab(installed, wheel, tmp_path):
    with tensorboard(installed, tmp_path) as port:
        listing = json.loads(get(port, "/data/plugins_listing"))
        assert listing["runlens"]["loading_mechanism"]["module_path"] == MODULE_PATH
        assert get(port, MODULE_PATH) == wheel.read(f"{PACKAGE}/static/index.js")


def test_installed_wheel_adds_the_command(installed):
    subprocess.check_call([installed / "runlens", "--help"], stdout=subprocess.DEVNULL)


SWITCHED_ON = "import sys; print([type(finder).__module__ for finder in sys.meta_path])"


def site_packages(commands: Path) -> set[str]:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.check_output([commands / "python", "-c", code], text=True).strip()
    return set(os.listdir(folder))


@pytest.mark.parametrize("editable", [False, True])
def test_the_switch_comes_and_goes_with_the_package(unpacked_sdist, wheel, tmp_path, editable):
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    before = site_packages(commands)
    source = ["--editable", unpacked_sdist] if editable else [wheel.filename]
    pip = [commands / "python", "-m", "pip"]
    subprocess.check_call([*pip, "install", "--quiet", "--no-deps", *source])
    assert STARTED_BY_PYTHON in site_packages(commands)
    for value, found in (("1", True), ("0", False)):
        printed = subprocess.run(
            [commands / "python", "-c", SWITCHED_ON],
            env={**os.environ, "RUNLENS_AUTO": value},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("tensorboard_runlens.recording.auto" in printed.stdout) == found
        assert printed.stderr == ""
    subprocess.check_call([*pip, "uninstall", "--quiet", "--yes", "tensorboard-runlens"])
    assert site_packages(commands) - {"__pycache__"} == before - {"__pycache__"}
