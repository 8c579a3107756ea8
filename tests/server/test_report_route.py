"""The route ``report``: the file that the command writes, under a safe name, for the same questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import cli, pictures, served_reports
from tensorboard_runlens.comparison import MAX_RUNS
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.report import pages
from tests.builders import DETECT, rows_of, write, write_csv
from tests.comparison.runs import rising, write_run
from tests.server.serving import Asked
from tests.server.test_routes import HOSTILE_NAMES

FORMATS = {
    "md": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "tex": "application/x-tex",
}


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_run(tmp_path / "runs" / "old", rising(40, 0.4))
    write_run(tmp_path / "runs" / "new", rising(60, 0.6))
    return tmp_path / "runs"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("query", [{}, {"run": "new"}, {"run": ["old", "new"]}, {"kind": "paper"}])
def test_every_format_is_served_as_a_file(logdir: Path, form: str, query: dict[str, Any]) -> None:
    response = Asked(logdir).get("report", query_string={**query, "format": form})
    assert response.status_code == 200
    assert response.mimetype == FORMATS[form]
    said = response.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="[\w.-]+\.{form}"', said)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert len(response.get_data()) > 100


def test_it_is_what_the_command_writes(logdir: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    assert cli.main(["report", str(logdir / "new"), "-o", str(path)]) == 0
    answer = Asked(logdir).get("report", query_string={"run": "new", "format": "csv"})
    assert answer.get_data() == path.read_bytes()


def test_markdown_is_what_is_given_without_a_format(logdir: Path) -> None:
    text = Asked(logdir).get("report", query_string={"run": "new"}).get_data().decode()
    assert text.startswith("# Training run new\n") and "](<" not in text


def test_it_is_answered_once_and_then_by_its_tag(logdir: Path) -> None:
    asked = Asked(logdir)
    query = {"run": "new", "format": "md"}
    tag = asked.get("report", query_string=query).headers["ETag"]
    again = asked.get("report", query_string=query, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    head = asked.open("report", method="HEAD", query_string=query)
    assert (head.status_code, head.get_data(), head.headers["ETag"]) == (200, b"", tag)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"run": "nothing"}, "unknown_run"),
        ({"run": ["new", "nothing"]}, "unknown_run"),
        ({"run": ""}, "bad_request"),
        ({"run": "x" * 5000}, "bad_request"),
        ({"run": [f"run{number}" for number in range(MAX_RUNS + 1)]}, "bad_request"),
        ({"run": ["new", "new"]}, "bad_request"),
        ({"run": "new", "format": "pdf"}, "bad_request"),
        ({"run": "new", "format": "../markdown"}, "bad_request"),
        ({"run": "new", "kind": "novel"}, "bad_request"),
        ({"kind": "reproduction"}, "bad_request"),
    ],
)
def test_what_cannot_be_made_is_refused(logdir: Path, query: dict[str, Any], code: str) -> None:
    assert Asked(logdir).json("report", query_string=query)["error"]["code"] == code


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_the_name_of_the_file_is_plain_whatever_the_run_is_called(
    tmp_path: Path, name: str
) -> None:
    try:
        write_run(tmp_path / "runs" / name, rising(20, 0.4))
    except (OSError, ValueError):
        pytest.skip("no file system has such a name")
    asked = Asked(tmp_path / "runs")
    for found in asked.names():
        response = asked.get("report", query_string={"run": found, "format": "csv"})
        said = response.headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9][\w.-]*\.csv"', said)


def test_a_parent_of_the_logdir_is_no_run(logdir: Path) -> None:
    write_run(logdir.parent / "outside", rising(20, 0.4))
    asked = Asked(logdir)
    for name in ("../outside", str(logdir.parent / "outside")):
        assert asked.get("report", query_string={"run": name}).status_code == 404


def test_a_report_is_kept_until_a_run_of_it_changes(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(kind: str, *more: Any) -> Any:
        made.append(kind)
        return original(kind, *more)

    original = served_reports.report
    monkeypatch.setattr(served_reports, "report", counted)
    asked = Asked(logdir)
    query = {"run": ["old", "new"], "format": "md"}
    bodies = {asked.get("report", query_string=query).get_data() for _ in range(3)}
    assert (len(bodies), made) == (1, ["run"])
    asked.get("report", query_string={**query, "kind": "paper"})
    assert made == ["run", "paper"]


def test_thousands_of_pictures_keep_nobody_waiting(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is listed once, and what is too much is not read."""
    for number in range(12):
        write(logdir / "new" / f"val_batch{number}_pred.jpg", b"\xff\xd8\xff")
    listed: list[str] = []
    real = pictures.Folder

    def counted(path: str) -> Folder:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(pictures, "Folder", counted)
    monkeypatch.setattr(pages, "MAX_PICTURES", 10)
    answer = Asked(logdir).get("report", query_string={"run": "new", "format": "html"})
    text = answer.get_data().decode()
    assert text.count("data:image/jpeg") == 10
    assert "2 pictures are left out" in text
    assert len(listed) == 1


def test_numbers_at_the_end_of_what_a_number_can_be_make_a_report(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 31))
    for at, row in enumerate(rows):
        row.update(dict.fromkeys(DETECT[2:], (5e-324, 0.0, 1e308, -1e308)[at % 4 if at > 9 else 0]))
    write_csv(tmp_path / "extreme", DETECT, rows)
    asked = Asked(tmp_path)
    for kind in ("run", "paper"):
        for form in FORMATS:
            query = {"run": "extreme", "kind": kind, "format": form}
            assert asked.get("report", query_string=query).status_code == 200
