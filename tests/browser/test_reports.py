"""Reports from the tab, and the HTML report as a person opens it: by a double click, without any server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.cli import main

from ..builders import write
from ..rules import trainings
from ..rules.trainings import HEALTHY
from ..rules.trainings import write as write_training
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f00050001ff56c7a4820000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def runs(logdir: Path) -> Path:
    write_training(HEALTHY, logdir / "healthy")
    write_training(trainings.OVERFITTED, logdir / "overfitted")
    write_training(HEALTHY, logdir / HOSTILE)
    write(logdir / "overfitted" / "val_batch0_labels.png", PNG)
    return logdir


@pytest.fixture(scope="module")
def server(runs: Path) -> Iterator[Server]:
    with tensorboard("--logdir", str(runs)) as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def saved(tab: Tab, name: str, place: Path) -> Path:
    """The file that a link of the menu saves."""
    with tab.page.expect_download() as found:
        tab.frame.get_by_role("link", name=name, exact=True).first.click()
    download = found.value
    path = place / download.suggested_filename
    download.save_as(path)
    return path


@pytest.mark.parametrize(
    ("link", "suffix"),
    [
        ("Markdown", "md"),
        ("HTML, one file", "html"),
        ("LaTeX", "tex"),
        ("CSV", "csv"),
        ("JSON", "json"),
    ],
)
def test_the_menu_of_a_run_saves_every_format(
    tab: Tab, tmp_path: Path, link: str, suffix: str
) -> None:
    tab.open(v="run", run="overfitted")
    tab.frame.locator("summary", has_text="Report").click()
    path = saved(tab, link, tmp_path)
    assert path.name == f"runlens_run_overfitted.{suffix}"
    assert path.stat().st_size > 100


def test_a_run_can_be_reproduced_and_a_logdir_published(tab: Tab, tmp_path: Path) -> None:
    tab.open(v="run", run="overfitted")
    tab.frame.locator("summary", has_text="Report").click()
    again = tab.frame.get_by_role("region", name="How to train again")
    expect(again.get_by_role("link", name="Markdown")).to_be_visible()
    tab.open()
    tab.frame.locator("summary", has_text="Report").click()
    paper = tab.frame.get_by_role("region", name="Paper pack")
    expect(paper.get_by_role("link", name="LaTeX")).to_be_visible()


class Alone:
    """A report in a file, and every address that it asks for."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.goto(path.as_uri())
        page.get_by_role("heading", level=1).wait_for()

    def fetched(self) -> list[str]:
        """What did not come from the file."""
        own = ("data:", "blob:")
        return [url for url in self.asked[1:] if not url.startswith(own)]


def report(tmp_path: Path, *paths: Path) -> Path:
    path = tmp_path / "report.html"
    assert main(["report", *map(str, paths), "-o", str(path)]) == 0
    return path


def test_a_report_on_a_run_opens_from_the_disk_with_all_its_tabs(
    page: Any, runs: Path, tmp_path: Path
) -> None:
    alone = Alone(page, report(tmp_path, runs / "overfitted"))
    expect(page.get_by_role("heading", level=1)).to_have_text("overfitted")
    expect(page.get_by_text("Made by RunLens")).to_be_visible()
    expect(page.get_by_role("button", name="Refresh")).to_have_count(0)
    tabs = page.get_by_role("tab").all_inner_texts()
    assert {"Overview", "Losses", "Threshold", "Files"} <= set(tabs)
    for name in tabs:
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_the_rules_of_a_run_explain_themselves(page: Any, runs: Path, tmp_path: Path) -> None:
    alone = Alone(page, report(tmp_path, runs / "overfitted"))
    page.get_by_role("button", name="Why").first.click()
    expect(page.get_by_text("How it decides").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_pictures_are_in_the_report(page: Any, runs: Path, tmp_path: Path) -> None:
    alone = Alone(page, report(tmp_path, runs / "overfitted"))
    page.get_by_role("tab", name="Images").click()
    shown = page.locator("img").first
    expect(shown).to_be_visible()
    assert shown.get_attribute("src").startswith("data:image/png;base64,")
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_a_report_on_a_logdir_leads_to_its_runs_and_back(
    page: Any, runs: Path, tmp_path: Path
) -> None:
    alone = Alone(page, report(tmp_path, runs))
    tab = Tab(page, "")
    tab.frame = page
    assert set(tab.names()) == {"healthy", "overfitted", HOSTILE}
    tab.run(HOSTILE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    page.get_by_role("button", name="← Runs").click()
    expect(tab.run("overfitted")).to_be_visible()
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_what_is_not_in_a_report_is_said(
    page: Any, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorboard_runlens.report.pages.MAX_RUNS_IN_DETAIL", 1)
    alone = Alone(page, report(tmp_path, runs))
    expect(page.get_by_text("1 run can be opened, 2 are in the table only.")).to_be_visible()
    tab = Tab(page, "")
    tab.frame = page
    tab.run("overfitted").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not in the report.")
    expect(page.get_by_role("button", name="Try now")).to_have_count(0)
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_a_report_on_several_runs_opens_their_comparison(
    page: Any, runs: Path, tmp_path: Path
) -> None:
    alone = Alone(page, report(tmp_path, runs / "overfitted", runs / "healthy"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Compare")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert (alone.fetched(), alone.wrong) == ([], [])


def test_a_document_as_html_runs_no_script(page: Any, runs: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert main(["report", str(runs), "--kind", "paper", "-o", str(path)]) == 0
    alone = Alone(page, path)
    expect(page.get_by_role("heading", name="What may not be claimed")).to_be_visible()
    expect(page.get_by_role("img").first).to_be_visible()
    assert (alone.fetched(), alone.wrong) == ([], [])
