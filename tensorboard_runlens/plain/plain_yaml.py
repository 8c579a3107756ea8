"""YAML as plain data, whoever wrote it.

Tags that would build Python objects are read as what they wrap, and documents whose references or
nesting could grow without bound are refused.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

import yaml

MAX_ALIASES = 20
"""References inside one YAML file; real ones have a handful, and a bomb of twenty holds two thousand items."""

MAX_DEPTH = 20
"""Nesting of a YAML file; a model definition has four levels."""


MAX_DIGITS = 40
"""Digits of an integer: twice what 64 bits need."""

MAX_WHY = 120
"""Characters of PyYAML's own words that are repeated."""


class Damaged(Exception):
    """A document that cannot be read: why, and the line if it is known."""

    def __init__(self, why: str, line: Optional[int] = None) -> None:
        super().__init__(why)
        self.line = line


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Base):  # type: ignore[misc]
    """Reads unknown tags as the plain data they wrap; builds nothing else."""


def _plain(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _integer(loader: Any, node: yaml.Node) -> Any:
    """A number of more digits than any count has stays text: Python would refuse to print it."""
    if len(node.value) > MAX_DIGITS:
        return loader.construct_scalar(node)
    return loader.construct_yaml_int(node)


_PlainLoader.add_multi_constructor("", _plain)
_PlainLoader.add_constructor("tag:yaml.org,2002:int", _integer)


def load(text: str) -> Any:
    """The document as plain data. Raises Damaged, whatever is wrong with it."""
    return _unless_damaged(
        lambda: yaml.load(text, Loader=_PlainLoader),  # noqa: S506 - a SafeLoader, plain data only
        text,
    )


def compose(text: str) -> Optional[yaml.Node]:
    """The document as PyYAML's nodes, None for an empty one. Raises Damaged, whatever is wrong with it."""
    node: Optional[yaml.Node] = _unless_damaged(
        lambda: yaml.compose(text, Loader=_PlainLoader), text
    )
    return node


def scalar(node: yaml.ScalarNode) -> Any:
    """A single value as plain data: what looks like a date or number and is none stays text."""
    try:
        return _PlainLoader("").construct_object(node)
    except Exception:  # PyYAML's constructors raise ValueError, KeyError and others
        return str(node.value)


def _unless_damaged(read: Callable[[], Any], text: str) -> Any:
    try:
        _refuse_bombs(text)
        return read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else int(mark.line) + 1
        why = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise Damaged(why[:MAX_WHY], line) from error
    except Damaged:
        raise
    except Exception as error:  # PyYAML's constructors raise ValueError, KeyError and others, too
        raise Damaged(f"a value cannot be read ({type(error).__name__})") from error


def _refuse_bombs(text: str) -> None:
    """Raises Damaged for a document whose references or nesting could grow without bound."""
    (aliases, depth) = (0, 0)
    for event in yaml.parse(text, Loader=_Base):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if aliases > MAX_ALIASES or depth > MAX_DEPTH:
            raise Damaged("too many references or too deeply nested")
