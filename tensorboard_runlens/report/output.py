"""Where a report is written: a file that appears whole, its charts beside it, or standard output."""

from __future__ import annotations

import os
import re
import sys
from typing import Optional
from urllib.parse import quote

from tensorboard_runlens import whole_file
from tensorboard_runlens.report.document import Report
from tensorboard_runlens.report.formats import Format, all_formats, nothing_beside

STDOUT = "-"
MAX_NAME = 80
"""Characters of a file name that is made of a run's name."""


class CannotWrite(ValueError):
    """A report has no such format or place; the message says why."""


def format_of(path: str) -> Format:
    """The format by the suffix; what goes to standard output is Markdown. Raises CannotWrite."""
    suffix = "md" if path == STDOUT else os.path.splitext(path)[1][1:].lower()
    known = all_formats()
    if suffix not in known:
        raise CannotWrite(f"name a file that ends in {', '.join(f'.{name}' for name in known)}")
    return known[suffix]


def check(path: str) -> None:
    """Raises CannotWrite where there can be no such file, before anything is read for it."""
    folder = os.path.dirname(os.path.abspath(path))
    if path == STDOUT:
        return
    if not os.path.isdir(folder):
        raise CannotWrite("the folder of the report is not there")
    if os.path.lexists(path) and not (os.path.isfile(path) and not os.path.islink(path)):
        raise CannotWrite("what has the name of the report is not a file, and stays as it is")


def write(report: Report, path: str, form: Format) -> list[str]:
    """Writes the report; returns the paths written. Raises CannotWrite."""
    if path == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(form.render(report, nothing_beside))
        sys.stdout.buffer.flush()
        return []
    mode = whole_file.usual_mode()
    written: list[str] = []
    folder = f"{os.path.splitext(path)[0]}_figures"

    def beside(name: str, content: bytes) -> Optional[str]:
        os.makedirs(folder, exist_ok=True)
        place = os.path.join(folder, name)
        check(place)
        whole_file.put(place, content, mode)
        written.append(place)
        return quote(f"{os.path.basename(folder)}/{name}")

    try:
        whole_file.put(path, form.render(report, beside), mode)
    except OSError as error:
        raise CannotWrite(f"the report cannot be written: {error.strerror or error}") from error
    return [path, *written]


def file_name(name: str, form: Format) -> str:
    """A file name for a report on what is called so: letters, digits, dot, dash and underscore."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._-")[-MAX_NAME:]
    return f"{plain or 'report'}.{form.name}"
