"""The training arguments: args.yaml of Ultralytics, opt.yaml, hyp.yaml and cfg.yaml of YOLOv5,
YOLOv7 and PartiNet.

Only plain data is made of them: tags that would build Python objects are read as what they wrap.
Where a file is damaged the lines that stand on their own are still used. Paths found here are other
people's: they are never opened.
"""

from __future__ import annotations

import re
from typing import Any, Optional

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import plain_yaml
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.run import Problem

ARGUMENT_FILES = ("args.yaml", "opt.yaml", "hyp.yaml", "cfg.yaml")
"""In order of authority: a later file does not replace what an earlier one says."""

PLAIN_LINE = re.compile(r"^([A-Za-z_][\w\-]*):[ \t]+(.+?)\s*$")
CONFLICT_MARK = re.compile(r"^(<{7}|={7}|>{7})")


def read_arguments(folder: Folder) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """(arguments by name, the file each came from, problems) of all argument files in the folder."""
    arguments: dict[str, Any] = {}
    origin: dict[str, str] = {}
    problems: list[Problem] = []
    for name in ARGUMENT_FILES:
        if name not in folder.files:
            continue
        for key, value in _read_file(folder, name, problems).items():
            if key not in arguments:
                arguments[key] = value
                origin[key] = name
    return (arguments, origin, problems)


def _read_file(folder: Folder, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        text = decode(folder.read(name, MAX_CONFIG_BYTES))
    except FileRefused as refusal:
        problems.append(Problem(name, None, "refused", str(refusal)))
        return {}
    if text is None:
        problems.append(
            Problem(
                name,
                None,
                "binary",
                "not text: the file is damaged or something else under this name",
            )
        )
        return {}
    if not text.strip():
        problems.append(Problem(name, None, "empty", "the file is empty"))
        return {}
    try:
        document = plain_yaml.load(text)
    except plain_yaml.Damaged as error:
        return _lines_that_stand_alone(name, text, error, problems)
    if not isinstance(document, dict):
        problems.append(Problem(name, None, "not_arguments", "no list of arguments in this file"))
        return {}
    return {str(key): value for (key, value) in document.items()}


def _lines_that_stand_alone(
    name: str, text: str, error: plain_yaml.Damaged, problems: list[Problem]
) -> dict[str, Any]:
    """What a damaged file still says in lines ``key: value`` outside of merge conflicts."""
    found: dict[str, Any] = {}
    (inside, conflict) = (False, False)
    for line in text.splitlines():
        mark = CONFLICT_MARK.match(line)
        if mark:
            conflict = True
            inside = not line.startswith(">")
            continue
        match = PLAIN_LINE.match(line)
        if match and not inside:
            found[match[1]] = _scalar(match[2])
    why = "git conflict marks were left in the file" if conflict else str(error)
    said = f"{why}; {len(found)} arguments in undisputed lines are used"
    problems.append(
        Problem(name, _line_of(error, text), "conflict" if conflict else "damaged", said)
    )
    return found


def _line_of(error: plain_yaml.Damaged, text: str) -> Optional[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if CONFLICT_MARK.match(line):
            return number
    return error.line


def _scalar(text: str) -> Any:
    try:
        value = plain_yaml.load(text)
    except plain_yaml.Damaged:
        return text
    return value if isinstance(value, (str, int, float, bool, type(None))) else text
