"""docs/http_api.md against the code, both ways: every route, every error code, every field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tensorboard_runlens import fleet, http, plugin, schema
from tensorboard_runlens.answers import runs_table
from tensorboard_runlens.comparison import MAX_RUNS
from tensorboard_runlens.schema import compare, digest, threshold
from tensorboard_runlens.schema.rule import RuleAnswer

from .serving import ROOT, plugin_on

PAGE = (ROOT / "docs" / "http_api.md").read_text("utf-8")


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    (_, _, rest) = PAGE.partition(f"\n## {title}\n")
    assert rest, f"no section {title}"
    return rest.partition("\n## ")[0]


def first_cells(text: str, header: str) -> Iterator[str]:
    """The code in the first column of the table with this header."""
    (_, _, table) = text.partition(f"| {header} |")
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            return
        found = re.match(r"\| \[?`([^`]+)`", line)
        assert found, line
        yield found[1]


def served(tmp_path: Path) -> set[str]:
    return {route.lstrip("/") for route in plugin_on(tmp_path).get_plugin_apps()}


def test_every_route_is_listed_and_every_listed_route_is_served(tmp_path: Path) -> None:
    assert set(first_cells(PAGE, "route")) == served(tmp_path)


def test_every_route_has_its_section_and_no_other_has_one(tmp_path: Path) -> None:
    assert set(re.findall(r"^## `([^`]+)`$", PAGE, re.M)) == served(tmp_path)


def test_every_link_to_a_section_leads_to_one() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.M)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors


def test_every_error_code_is_described_with_its_status() -> None:
    described = re.findall(r"^\| `(\w+)` \| (\d+) \|", section("Errors"), re.M)
    assert {code: int(status) for (code, status) in described} == http.STATUS


def test_the_example_of_an_error_is_one() -> None:
    (example,) = re.findall(r"```json\n(.+)\n```", section("Errors"))
    answer = json.loads(example)
    assert tuple(answer) == schema.ErrorAnswer.__struct_fields__
    failure = msgspec.convert(answer["error"], schema.Failure)
    assert failure.message in Path(plugin.__file__).read_text("utf-8")


@pytest.mark.parametrize(
    ("route", "answer"),
    [
        ("runs", schema.ScanAnswer),
        ("run", schema.ShowAnswer),
        ("threshold", threshold.ThresholdAnswer),
        ("confusion", threshold.ConfusionAnswer),
        ("compare", compare.CompareAnswer),
        ("table", schema.TableAnswer),
        ("rule", RuleAnswer),
        ("against", schema.AgainstAnswer),
        ("digest", digest.DigestAnswer),
    ],
)
def test_every_field_of_an_answer_is_described(route: str, answer: type[msgspec.Struct]) -> None:
    described = list(first_cells(section(f"`{route}`"), "field"))
    assert described == [name for name in answer.__struct_fields__ if name not in ("ok", "schema")]


def test_every_field_of_a_row_is_described() -> None:
    (_, _, rows) = section("`table`").partition("| in a row |")
    described = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.+?) \|", rows, re.M)))
    assert sorted(described) == sorted(schema.TableRow.__struct_fields__)


def test_numbers_of_the_page_are_those_of_the_code() -> None:
    assert f"at most {plugin.MAX_NAME_LENGTH} characters" in section("`run`")
    assert f"at most {MAX_RUNS}: the first one" in section("`compare`")
    assert f"for more than {MAX_RUNS} runs" in section("`compare`")
    assert f"up to {fleet.FIND_WAIT_S:.0f} seconds" in section("`run`")
    assert fleet.ANSWER_WAIT_S == 1.0
    assert "within about a second" in section("`table`")
    assert f"at most {runs_table.SPARKLINE_POINTS} points" in section("`table`")
    assert f"up to {runs_table.MAX_RELATIVES} names" in section("`table`")
    assert http.COMPRESS_FROM_BYTES == 1024
    assert "of 1 KiB and more" in section("Every answer")
