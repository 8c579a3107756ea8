"""docs/mission.md: every demand is accounted for once, and what is said to meet it exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "mission.md"
PLACES = (ROOT / "tensorboard_runlens", ROOT / "frontend" / "src", ROOT)

LAYOUTS = [f"L{number:02}" for number in range(1, 12)]
OF_RULES = ((1, 16), (20, 34), (40, 47), (50, 62), (70, 75), (80, 87), (90, 99), (120, 128), (130, 134))  # fmt: skip
RULES = [f"R{number:02}" for (first, last) in OF_RULES for number in range(first, last + 1)]
NEXT_STEPS = [f"N{number:02}" for number in range(1, 25)]
COUNTED = [
    f"{letter}{number}"
    for (letter, last) in (("G", 7), ("D", 17), ("Q", 6), ("A", 16))
    for number in range(1, last + 1)
]
DEMANDS = [*LAYOUTS, *RULES, *NEXT_STEPS, *COUNTED]

NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
NOT_YET = re.compile(r"not yet: \w.{15,}")
NOWHERE = "none"


class Row(NamedTuple):
    """A line of the tables; ``met`` are named tests and what is still missing."""

    demand: str
    what: str
    where: str
    met: list[str]


def rows() -> list[Row]:
    """The lines of all tables, headings apart."""
    lines = re.findall(r"^\| (?!id \|)(\w.*) \|$", PAGE.read_text("utf-8"), re.M)
    cells = [line.split(" | ") for line in lines]
    return [Row(demand, what, where, met.split("<br>")) for (demand, what, where, met) in cells]


@cache
def known_tests(path: str) -> frozenset[str]:
    """The names of the tests in a file; none where it does not exist."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def named_tests(row: Row) -> list[tuple[str, str]]:
    """(file, test) of each part of the last cell that is one."""
    found = [NAMED_TEST.fullmatch(part) for part in row.met]
    return [(one[1], one[2]) for one in found if one]


def test_every_id_of_the_mission_is_in_the_table_once() -> None:
    assert len(DEMANDS) == 171
    assert Counter(row.demand for row in rows()) == Counter(DEMANDS)


def test_every_demand_has_a_test_or_says_what_is_missing() -> None:
    for row in rows():
        others = [part for part in row.met if not NAMED_TEST.fullmatch(part)]
        assert len(others) <= 1, row.demand
        assert all(NOT_YET.fullmatch(part) for part in others), row.demand


def test_every_test_named_for_a_demand_exists() -> None:
    named = {one for row in rows() for one in named_tests(row)}
    assert len(named) >= 100
    assert (
        sorted(f"{path}::{name}" for (path, name) in named if name not in known_tests(path)) == []
    )


def test_every_place_named_for_a_demand_exists() -> None:
    for row in rows():
        places = re.findall(r"`([^`]+)`", row.where)
        assert row.where == (", ".join(f"`{place}`" for place in places) or NOWHERE)
        for place in places:
            assert any((above / place).is_file() for above in PLACES), (row.demand, place)


def test_what_is_somewhere_has_a_test_and_what_is_nowhere_has_none() -> None:
    assert [row.demand for row in rows() if bool(named_tests(row)) is (row.where == NOWHERE)] == []
