"""The built frontend, read once: a request chooses among these files by exact name and can reach no other."""

from __future__ import annotations

from pathlib import Path

from tensorboard_runlens.http import Content, content

FOLDER = Path(__file__).with_name("static")
MIMETYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


def load() -> dict[str, Content]:
    """File name -> content. Raises FileNotFoundError where the frontend was not built."""
    files = {path.name: content(path.read_bytes(), MIMETYPES[path.suffix]) for path in _listed()}
    if "index.js" not in files:
        raise FileNotFoundError("the frontend is not built: pip install . builds it")
    return files


def _listed() -> list[Path]:
    return [
        path for path in sorted(FOLDER.glob("*")) if path.suffix in MIMETYPES and path.is_file()
    ]
