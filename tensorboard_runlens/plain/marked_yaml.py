"""YAML whose parts know their line, for files that people write by hand and want to hear about by line.

What a part holds is looked into only when it is asked for: references inside the file cost nothing, however often they
are used.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Optional

import yaml

from tensorboard_runlens.plain import plain_yaml


class Marked:
    """A part of a document: a single value, a list, or names with their values."""

    def __init__(self, node: yaml.Node) -> None:
        self._node = node

    @property
    def line(self) -> int:
        """The line on which it begins, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def text(self) -> Optional[str]:
        """A single value as it is written, None for what holds others and for nothing at all."""
        if not isinstance(self._node, yaml.ScalarNode) or self.is_empty:
            return None
        return str(self._node.value)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there, or null."""
        return bool(self._node.tag == "tag:yaml.org,2002:null")

    @cached_property
    def value(self) -> Any:
        """A single value as number, truth or text; its text where it is none of them, None for what holds others."""
        if not isinstance(self._node, yaml.ScalarNode):
            return None
        return plain_yaml.scalar(self._node)

    @property
    def items(self) -> Optional[list[Marked]]:
        """The parts of a list, None for anything else."""
        if not isinstance(self._node, yaml.SequenceNode):
            return None
        return [Marked(node) for node in self._node.value]

    @property
    def entries(self) -> Optional[list[tuple[Marked, Marked]]]:
        """Names and their values as they stand there, a repeated name repeatedly; None for anything else."""
        if not isinstance(self._node, yaml.MappingNode):
            return None
        return [(Marked(name), Marked(value)) for (name, value) in self._node.value]


def load(text: str) -> Optional[Marked]:
    """The document, None for an empty one. Raises plain_yaml.Damaged, whatever is wrong with it."""
    node = plain_yaml.compose(text)
    return None if node is None else Marked(node)
