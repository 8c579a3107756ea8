"""The tab Config: arguments beside their defaults, the command, what repeats a training, weights, and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..builders import write, write_detect
from ..projects import write_partinet_project
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"
ARGUMENTS = {
    "task": "detect",
    "mode": "train",
    "model": "first/weights/best.pt",
    "data": "/home/anna/secret data/coco.yaml",
    "epochs": 30,
    "imgsz": 640,
    "batch": -1,
    "conf": 0.25,
    "optimizer": "auto",
    "seed": 0,
    "hsv_h": 0.015,
    HOSTILE: HOSTILE,
}


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    for name, model in (("first", "yolo11n.pt"), ("second", "first/weights/best.pt")):
        write_detect(logdir / name, range(1, 31))
        write(logdir / name / "args.yaml", yaml.safe_dump({**ARGUMENTS, "model": model}))
    write_detect(logdir / "without arguments", range(1, 31))
    (logdir / "without arguments" / "args.yaml").unlink(missing_ok=True)
    write_partinet_project(logdir / "project")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def row(tab: Tab, region: str, name: str) -> Any:
    header = tab.frame.get_by_role("rowheader", name=name, exact=True)
    return tab.region(region).get_by_role("row").filter(has=header)


def test_changed_arguments_stand_first_with_their_defaults(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    region = tab.region("Configuration")
    groups = region.get_by_role("rowheader").filter(has_text=" · ")
    expect(groups).to_have_text(
        [re.compile("^Changed · 3"), re.compile("^Without a default to compare with · ")]
    )
    expect(row(tab, "Configuration", "epochs").get_by_role("cell")).to_have_text(
        [re.compile("^30"), "100"]
    )
    expect(row(tab, "Configuration", "imgsz")).to_have_count(0)
    fold = region.get_by_role("button", name="arguments as usual")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(row(tab, "Configuration", "imgsz").get_by_role("cell")).to_have_text(["640", "640"])


def test_the_filter_finds_what_is_folded(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    region = tab.region("Configuration")
    region.get_by_role("searchbox").fill("hsv")
    expect(row(tab, "Configuration", "hsv_h")).to_be_visible()
    expect(row(tab, "Configuration", "epochs")).to_have_count(0)
    region.get_by_role("searchbox").fill("nothing like it")
    expect(region).to_contain_text("No argument matches.")


def test_a_risky_argument_leads_to_its_finding(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    line = row(tab, "Configuration", "conf")
    line.get_by_role("button", name="Conf raised").click()
    expect(tab.frame.get_by_role("tab", name="Overview")).to_have_attribute("aria-selected", "true")
    expect(tab.frame.locator("#finding-conf-raised-0")).to_be_focused()


def test_the_command_is_copied(tab: Tab, context: Any) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.open(v="run", run="second", tab="config")
    region = tab.region("Train it again")
    line = region.locator("code").inner_text()
    assert (
        line.startswith("yolo detect train model=first/weights/best.pt 'data=") or "data=" in line
    )
    assert "anna" not in line
    expect(region).to_contain_text("Fill in PATH_TO")
    region.get_by_role("button", name="Copy command").click()
    expect(region.get_by_role("button")).to_have_text("Copied")


def test_what_must_be_the_same_says_what_may_differ(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    expect(row(tab, "What must be the same", "seed")).to_contain_text(re.compile("0.*known"))
    expect(row(tab, "What must be the same", "batch")).to_contain_text("may differ")
    expect(row(tab, "What must be the same", "PyTorch")).to_contain_text("unknown")
    expect(tab.region("What must be the same")).not_to_contain_text("anna")


def test_weights_lead_to_the_run_that_made_them(tab: Tab) -> None:
    tab.open()  # the list of all runs, by which the chain goes on
    expect(tab.run("second")).to_be_visible()
    tab.open(v="run", run="second", tab="config")
    steps = tab.region("Starting weights").get_by_role("listitem")
    expect(steps.nth(1)).to_contain_text("starts from first/best.pt")
    expect(steps.nth(2)).to_contain_text("yolo11n.pt")
    steps.nth(1).get_by_role("button", name="first").click()
    expect(tab.heading).to_have_text("first")


def test_settings_are_kept_in_the_browser(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    settings = tab.region("Settings")
    settings.get_by_role("button", name="This run").click()
    settings.get_by_role("button", name="Conf raised").click()
    expect(settings.locator("code").filter(has_text="baseline:")).to_have_text('baseline: "second"')
    expect(settings.locator("code").filter(has_text="rules:")).to_have_text(
        'rules: {"conf-raised": off}'
    )
    tab.page.reload()
    tab.wait()
    expect(settings.get_by_role("button", name="This run")).to_have_attribute(
        "aria-pressed", "true"
    )
    pressed = settings.get_by_role("button", name="Conf raised")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", "false")
    expect(settings.locator("code").filter(has_text="rules:")).to_have_count(0)


def test_the_lines_are_understood_by_runlens(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    settings = tab.region("Settings")
    settings.get_by_role("button", name="Conf raised").click()
    lines = settings.locator("code").all_inner_texts()
    said = yaml.safe_load("\n".join(lines))
    assert said["baseline"] == "second"
    assert said["rules"] == {"conf-raised": False}
    assert list(said["targets"]) == ["map50_95"]


def test_a_run_without_arguments_says_so(tab: Tab) -> None:
    tab.open(v="run", run="without arguments", tab="config")
    expect(tab.region("Configuration")).to_contain_text("No file of this run states its arguments.")
    expect(tab.region("Train it again").locator("code")).to_have_count(0)
    expect(tab.region("Starting weights")).to_have_count(0)


def test_another_program_has_its_own_command(tab: Tab) -> None:
    tab.open(v="run", run="project/exp3", tab="config")
    expect(tab.region("Train it again").locator("code")).to_contain_text("partinet train step1")
    expect(tab.region("Starting weights")).to_contain_text("continues exp2/last.pt of run")


def test_a_strangers_arguments_are_text(tab: Tab) -> None:
    tab.open(v="run", run="second", tab="config")
    expect(tab.region("Configuration")).to_contain_text(HOSTILE)
    expect(tab.frame.locator("[onerror], [src='x']")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 700])
def test_the_tab_fits_a_narrow_page(tab: Tab, width: int) -> None:
    tab.open_alone(v="run", run="second", tab="config")
    tab.page.set_viewport_size({"width": width, "height": 900})
    expect(tab.region("Settings")).to_be_visible()
    assert tab.frame.locator(":root").evaluate("root => root.scrollWidth") <= width
