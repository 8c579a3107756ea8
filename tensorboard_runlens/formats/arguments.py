"""The training arguments: args.yaml of Ultralytics, opt.yaml, hyp.yaml and cfg.yaml of YOLOv5,
YOLOv7 and PartiNet.

Only plain data is made of them: tags that would build Python objects are read as what they wrap.
Where a file is damaged the lines that stand on their own are still used. Paths found here are other
people's: they are never opened.
"""

from __future__ import annotations

import re
from typing import Any, Optional

import yaml

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.run import Problem

ARGUMENT_FILES = ("args.yaml", "opt.yaml", "hyp.yaml", "cfg.yaml")
"""In order of authority: a later file does not replace what an earlier one says."""

MAX_ALIASES = 20
"""References inside one YAML file; real ones have a handful, and a bomb of twenty holds two thousand items."""

MAX_DEPTH = 20
"""Nesting of a YAML file; a model definition has four levels."""

PLAIN_LINE = re.compile(r"^([A-Za-z_][\w\-]*):[ \t]+(.+?)\s*$")
CONFLICT_MARK = re.compile(r"^(<{7}|={7}|>{7})")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Base):  # type: ignore[misc]
    """Reads unknown tags as the plain data they wrap; builds nothing else."""


def _plain(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_PlainLoader.add_multi_constructor("", _plain)


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
        _refuse_bombs(text)
        document = _load(text)
    except yaml.YAMLError as error:
        return _lines_that_stand_alone(name, text, error, problems)
    if not isinstance(document, dict):
        problems.append(Problem(name, None, "not_arguments", "no list of arguments in this file"))
        return {}
    return {str(key): value for (key, value) in document.items()}


def _load(text: str) -> Any:
    """The document as plain data. Raises yaml.YAMLError; PyYAML's own constructors also raise KeyError and others."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader that builds plain data only
    except yaml.YAMLError:
        raise
    except Exception as error:
        raise yaml.YAMLError(f"a value cannot be read ({type(error).__name__})") from error


def _refuse_bombs(text: str) -> None:
    """Raises yaml.YAMLError for a document whose references or nesting could grow without bound."""
    (aliases, depth) = (0, 0)
    for event in yaml.parse(text, Loader=_Base):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if aliases > MAX_ALIASES or depth > MAX_DEPTH:
            raise yaml.YAMLError("too many references or too deeply nested")


def _lines_that_stand_alone(
    name: str, text: str, error: Exception, problems: list[Problem]
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
    why = (
        "git conflict marks were left in the file" if conflict else str(error).split("\n")[0][:120]
    )
    said = f"{why}; {len(found)} arguments in undisputed lines are used"
    problems.append(
        Problem(name, _line_of(error, text), "conflict" if conflict else "damaged", said)
    )
    return found


def _line_of(error: Exception, text: str) -> Optional[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if CONFLICT_MARK.match(line):
            return number
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else int(mark.line) + 1


def _scalar(text: str) -> Any:
    try:
        value = _load(text)
    except yaml.YAMLError:
        return text
    return value if isinstance(value, (str, int, float, bool, type(None))) else text
