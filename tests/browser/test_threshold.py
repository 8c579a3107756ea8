"""The Threshold panel: curves by confidence, the slider over them, what is known of the best, and how to know more."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional
from urllib.parse import urlencode

import msgspec
import pytest

from tensorboard_runlens import Recorder
from tensorboard_runlens.schema import OperatingPoint, threshold
from tensorboard_runlens.schema.threshold import PictureRead, ThresholdAnswer

from ..builders import SEGMENT, rows_of, write_args, write_csv, write_detect
from ..recording.archives import best_arrays, final_arrays, write_recording
from ..server.serving import Server, tensorboard
from .conftest import Watched
from .made_up import BEST, as_json, passing, threshold_answer
from .tab import Tab, expect

pytestmark = pytest.mark.browser

GROUPS = ("box", "mask")


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    write_recording(logdir / "boxes", best_arrays(), final_arrays())
    masks = write_recording(logdir / "masks", best_arrays(groups=GROUPS), groups=GROUPS)
    rows = rows_of(SEGMENT, (1, 2, 3))
    for row, fitness in zip(rows, (0.4, 0.5, 0.3)):
        row["metrics/mAP50-95(B)"] = row["metrics/mAP50-95(M)"] = fitness
    write_csv(masks, SEGMENT, rows)
    write_args(masks, task="segment", mode="train")
    cut = write_recording(logdir / "cut", best_arrays())
    write_args(cut, task="detect", mode="train", conf=0.5)
    write_detect(logdir / "untracked", task="detect", mode="train")
    with Recorder(logdir / "pixels") as recorder:
        recorder.describe(task="semantic")
        recorder.log_confidences([0.2, 0.6, 0.9], [0, 1, 1])
        recorder.log_epoch(1)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def asked(server: Server, run: str, **wishes: str) -> Any:
    """What the server says of it."""
    return server.json(f"data/plugin/runlens/threshold?{urlencode({'run': run, **wishes})}")


def answer_with(tab: Tab, answer: ThresholdAnswer) -> None:
    """The page is given a made-up answer for every run."""
    tab.page.route(
        "**/threshold?*",
        lambda call: call.fulfill(body=as_json(answer), content_type="application/json"),
    )


def swept(sweep: Any, confidence: float) -> Any:
    """The row of a sweep that is nearest."""
    distances = [abs(one - confidence) for one in sweep["confidence"]]
    row = distances.index(min(distances))
    names = ("f1", "precision", "recall", "found", "right")
    return {
        "instances": sweep["instances"],
        **{name: (sweep[name] or {row: None})[row] for name in names},
    }


def read_out(passing: Any) -> list[str]:
    """What the panel has to say of it."""
    said = [f"{name} {_metric(passing[key])}" for (name, key) in NAMES]
    (found, right, instances) = (passing[key] for key in ("found", "right", "instances"))
    if found is None:
        return said
    return [*said, f"{found - right} wrong of {found}, {instances - right} of {instances} missed"]


NAMES = (("F1", "f1"), ("precision", "precision"), ("recall", "recall"))


def _metric(value: Optional[float]) -> str:
    """Where nothing passes there is no precision."""
    return "–" if value is None else f"{value:.3f}"


def panel(tab: Tab) -> Any:
    return tab.region("Threshold")


def slider(tab: Tab) -> Any:
    return panel(tab).get_by_role("slider", name="Confidence")


def typed(tab: Tab) -> Any:
    return panel(tab).get_by_role("spinbutton", name="Confidence, typed")


def expect_at(tab: Tab, confidence: str, passing: Any) -> None:
    """The slider's line reads this out, and so does the slider itself."""
    expect(typed(tab)).to_have_value(confidence)
    line = typed(tab).locator("../..")
    for said in read_out(passing):
        expect(line).to_contain_text(said)
        expect(slider(tab)).to_have_attribute("aria-valuetext", re.compile(re.escape(said)))


def test_the_slider_begins_at_the_operating_point(tab: Tab, server: Server) -> None:
    found = asked(server, "boxes")
    tab.open(v="run", run="boxes", tab="threshold")
    best = f"{found['at']['confidence']:.3f}"
    expect_at(tab, best, found["at"])
    expect(panel(tab)).to_contain_text(f"★ {best} is the confidence with the best F1")
    expect(panel(tab)).to_contain_text(found["validated"])
    image = panel(tab).get_by_role("img").first
    expect(image).to_have_attribute("aria-label", re.compile(f"the best F1 at confidence {best}"))
    expect(image.locator("svg.drawing")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "confidence"),
    [
        (["Home"], 0.0),
        (["End"], 1.0),
        (["Home", *["ArrowRight"] * 7], 0.07),
        (["End", "ArrowLeft"], 0.99),
        (["Home", *["PageUp"] * 3], 0.3),
    ],
)
def test_the_keyboard_moves_the_slider(
    tab: Tab, server: Server, keys: list[str], confidence: float
) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    for key in keys:
        slider(tab).press(key)
    expect_at(tab, f"{confidence:.2f}", swept(asked(server, "boxes")["sweep"], confidence))
    expect(slider(tab)).to_have_attribute("aria-valuetext", re.compile(rf"^{confidence:.2f}: F1"))


def test_a_typed_confidence_is_taken_where_it_is_one(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    typed(tab).fill("0.632")
    typed(tab).press("Enter")
    counted = swept(asked(server, "boxes")["sweep"], 0.63)
    expect_at(tab, "0.63", counted)  # counted every .005
    typed(tab).fill("7")
    typed(tab).press("Enter")
    expect_at(tab, "0.63", counted)
    expect(panel(tab).get_by_role("alert")).to_have_text("from 0 to 1")


def test_moving_the_slider_is_drawn_and_can_be_undone(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    chart = panel(tab).get_by_role("img").first
    expect(chart.locator("svg.drawing")).to_be_visible()
    tab.heading.hover()
    before = chart.screenshot()
    slider(tab).fill("0.2")
    expect(typed(tab)).to_have_value("0.20")
    assert chart.screenshot() != before
    panel(tab).get_by_role("button", name="Back to best").click()
    expect_at(tab, "0.112", asked(server, "boxes")["at"])
    tab.heading.hover()
    assert chart.screenshot() == before


def test_a_click_on_the_chart_chooses_the_confidence_there(tab: Tab) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    plot = panel(tab).locator(".over")
    box = plot.bounding_box()
    plot.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    expect(typed(tab)).to_have_value("0.75")
    expect(slider(tab)).to_have_value("0.75")


def test_the_address_keeps_what_was_chosen(tab: Tab) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    slider(tab).fill("0.6")
    expect(tab.page).to_have_url(re.compile(r"p\.runlens\.conf=0\.6"))
    panel(tab).get_by_role("combobox").select_option("f2")
    expect(tab.page).to_have_url(re.compile(r"p\.runlens\.objective=f2"))
    expect(tab.page).not_to_have_url(re.compile("conf="))
    tab.open(v="run", run="boxes", tab="threshold", conf="0.35", objective="f0.5")
    expect(typed(tab)).to_have_value("0.35")
    expect(panel(tab).get_by_role("combobox")).to_have_value("f0.5")
    tab.frame.get_by_role("button", name="← Runs").click()
    tab.run("cut").wait_for()
    expect(tab.page).not_to_have_url(re.compile("conf=|objective="))


def test_an_objective_with_a_number_is_asked_for_with_it(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    panel(tab).get_by_role("combobox").select_option("recall")
    expect(panel(tab)).to_contain_text("No confidence surely has a recall of 0.9")
    least = panel(tab).get_by_role("spinbutton", name="least recall")
    least.fill("0.01")
    least.press("Enter")
    expect(tab.page).to_have_url(re.compile(r"objective=recall(@|%40)0\.01"))
    least.fill("90")
    least.press("Enter")
    expect(panel(tab).get_by_role("alert")).to_have_text("from 0.01 to 0.99")
    panel(tab).get_by_role("combobox").select_option("cost")
    missed = panel(tab).get_by_role("spinbutton", name="cost of a missed one")
    expect(missed).to_have_value("5")
    missed.fill("9")
    missed.press("Enter")
    found = asked(server, "boxes", objective="cost@1:9")
    expect(panel(tab)).to_contain_text(found["objective_text"])


def test_what_is_being_typed_stays_when_an_answer_arrives(tab: Tab) -> None:
    tab.open(v="run", run="boxes", tab="threshold")
    held: list[Any] = []
    tab.page.route("**/threshold?*cost*", lambda call: held.append(call))
    with tab.page.expect_request("**/threshold?*cost*"):
        panel(tab).get_by_role("combobox").select_option("cost")
    missed = panel(tab).get_by_role("spinbutton", name="cost of a missed one")
    missed.fill("9")
    held[0].continue_()
    expect(panel(tab)).to_contain_text("a missed object 5")
    expect(missed).to_have_value("9")


def test_an_objective_that_is_none_is_said_and_another_can_be_chosen(
    tab: Tab, watched: Watched
) -> None:
    watched.expected = ("400",)
    tab.open(v="run", run="boxes", tab="threshold", objective="luck")
    expect(panel(tab).get_by_role("alert")).to_contain_text("luck")
    panel(tab).get_by_role("combobox").select_option("f1")
    expect(panel(tab)).to_contain_text("the best F1")
    expect(panel(tab).get_by_role("alert")).to_have_count(0)


def test_a_server_that_fails_is_said_and_what_is_known_stays(tab: Tab, watched: Watched) -> None:
    watched.expected = ("500",)
    tab.page.route("**/threshold?*", lambda call: call.fulfill(status=500, body="broken"))
    tab.open(v="run", run="boxes", tab="threshold")
    expect(panel(tab).get_by_role("alert")).to_contain_text("status 500")
    expect(tab.region("Verdict")).to_be_visible()
    tab.page.unroute("**/threshold?*")
    panel(tab).get_by_role("button", name="Try now").click()
    expect(slider(tab)).to_be_visible()
    expect(panel(tab).get_by_role("alert")).to_have_count(0)


def test_the_curves_are_a_table_too(tab: Tab, server: Server) -> None:
    found = asked(server, "boxes")["at"]
    tab.open(v="run", run="boxes", tab="threshold")
    panel(tab).get_by_role("button", name="View as table").click()
    table = panel(tab).get_by_role("region", name="Values by confidence")
    titles = table.get_by_role("columnheader")
    expect(titles).to_have_text([re.compile("confidence"), "F1", "P", "R"])
    expect(table.get_by_role("row")).to_have_count(1 + 21 + 1)  # every .05, and the best
    best = table.get_by_role("row", name=re.compile(r"^0\.112 "))
    expect(best.get_by_role("cell")).to_have_text([f"{found[name]:.3f}" for (_, name) in NAMES])


def test_boxes_and_masks_have_their_own_thresholds(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="masks", tab="threshold")
    for group in ("Box", "Mask"):
        panel(tab).get_by_text(group, exact=True).click()
        found = asked(server, "masks", group=group.lower())["at"]
        expect(typed(tab).locator("../..")).to_contain_text(f"F1 {found['f1']:.3f}")
        tab.show_part("Classes")
        chosen = tab.region("Classes").get_by_role("radio", name=group)
        expect(chosen).to_be_checked()  # chosen once for the whole page
        tab.show_part("Threshold")
    expect(panel(tab)).to_contain_text(asked(server, "masks")["validated"])


def test_of_curves_alone_no_counts_are_said(tab: Tab) -> None:
    tab.open(v="run", run="masks", tab="threshold")
    expect(typed(tab)).to_have_value("0.43")
    expect(panel(tab)).not_to_contain_text("missed")
    expect(panel(tab)).to_contain_text("needs detections")


def test_scores_of_pixels_are_read_out_too(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="pixels", tab="threshold")
    expect(panel(tab)).to_contain_text(asked(server, "pixels")["validated"])
    expect(slider(tab)).to_be_visible()


def test_what_a_raised_conf_hides_is_said(tab: Tab) -> None:
    tab.open(v="run", run="cut", tab="threshold")
    expect(panel(tab)).to_contain_text("Nothing below conf=0.5 was validated")


def test_without_a_recording_the_way_to_one_is_told(tab: Tab) -> None:
    tab.open(v="run", run="untracked", tab="threshold")
    expect(panel(tab)).to_contain_text("The confidence to deploy with is not known")
    expect(panel(tab)).to_contain_text("track(model)")
    expect(panel(tab).get_by_role("slider")).to_have_count(0)


def test_what_is_known_beside_the_best_is_told(tab: Tab) -> None:
    tested = threshold.Tested(40, passing(3, BEST), None, "on 40 images of test F1 is 0.790")
    answer_with(tab, threshold_answer(3, tested=tested))
    tab.open(v="run", run="boxes", tab="threshold")
    for said in (
        "95 % interval of the best: 0.31–0.55",
        "0.33–0.57 is as good as the best",
        "Expect F1 0.830 rather than",
        "F1, precision and recall are means over the classes",
        "95 % interval of F1: 0.810–0.870",
        "96 images place the best threshold within 0.24.",
        "On 40 images of test F1 is 0.790.",
    ):
        expect(panel(tab)).to_contain_text(said)
    panel(tab).get_by_role("button", name="Move the slider to 0.25").click()
    expect(typed(tab)).to_have_value("0.25")
    panel(tab).get_by_text("The best by other definitions").click()
    row = panel(tab).get_by_role("row", name=re.compile("over all classes together"))
    expect(row.get_by_role("cell").first).to_have_text("0.41")
    panel(tab).get_by_text("Whether confidences can be taken literally").click()
    plot = panel(tab).get_by_role("img", name=re.compile("^Reliability: of 40 at 0.30"))
    expect(plot).to_be_visible()


def test_an_optimism_that_rounds_to_nothing_is_not_told(tab: Tab) -> None:
    answer_with(tab, threshold_answer(3, value=0.8301, expected=0.8299, optimism=0.0002))
    tab.open(v="run", run="boxes", tab="threshold")
    expect(panel(tab)).to_contain_text("95 % interval of F1")
    expect(panel(tab)).not_to_contain_text("rather than")


def test_classes_follow_the_slider_the_worst_first(tab: Tab) -> None:
    answer = threshold_answer(5)
    answer_with(tab, answer)
    tab.open(v="run", run="boxes", tab="threshold")
    table = panel(tab).get_by_role("region", name="Confidences by class")
    scores = table.locator("tbody tr td:nth-of-type(2)")
    expect(scores).to_have_count(5)
    shown = [float(text) for text in scores.all_inner_texts()]
    assert shown == sorted(shown) and len(set(shown)) > 1
    slider(tab).fill("0.8")
    assert answer.sweep is not None
    (row, swept_class) = (160, answer.sweep.classes[1])
    (found, right) = (swept_class.found[row], swept_class.right[row])
    cells = table.get_by_role("row", name=re.compile("^class 1 ")).get_by_role("cell")
    expect(cells.nth(2)).to_have_text(str(right))
    expect(cells.nth(3)).to_have_text(str(found - right))
    expect(cells.nth(4)).to_have_text(str(swept_class.instances - right))
    expect(cells.nth(8)).to_contain_text("yes: 0.35")
    table.get_by_role("button", name="class").click()
    expect(table.get_by_role("rowheader")).to_have_text([f"class {n}" for n in range(5)])
    expect(table.get_by_role("columnheader", name="class")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_it_can_be_taken_along(tab: Tab) -> None:
    answer = threshold_answer(3)
    answer_with(tab, answer)
    tab.open(v="run", run="boxes", tab="threshold")
    assert answer.deploy is not None
    expect(panel(tab)).to_contain_text("(1) are in the deploy file and the Python lines only")
    for text in (*answer.deploy.commands, answer.deploy.customer):
        expect(panel(tab).get_by_text(text, exact=True)).to_be_visible()
    with tab.page.expect_download() as deployed:
        panel(tab).get_by_role("button", name="Download deploy file").click()
    assert deployed.value.suggested_filename == "boxes-threshold.yaml"
    assert Path(deployed.value.path()).read_text() == answer.deploy.file_text
    with tab.page.expect_download() as exported:
        panel(tab).get_by_role("button", name="Download curves as CSV").click()
    with open(exported.value.path(), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 201 * (1 + 3)
    assert answer.sweep is not None and answer.sweep.right is not None
    assert [int(row["right"]) for row in rows[:201]] == answer.sweep.right
    assert {row["class"] for row in rows} == {"", "class 0", "class 1", "class 2"}


def test_a_hostile_name_is_text_on_the_page_and_in_a_spreadsheet(tab: Tab) -> None:
    answer = threshold_answer(2)
    hostile = '=HYPERLINK("http://x")<b>,' + 200 * "x"
    (line, sweep) = (answer.classes[1], answer.sweep)
    assert sweep is not None
    swept_class = msgspec.structs.replace(sweep.classes[1], name=hostile)
    changed = msgspec.structs.replace(
        answer,
        classes=[answer.classes[0], msgspec.structs.replace(line, name=hostile)],
        sweep=msgspec.structs.replace(sweep, classes=[sweep.classes[0], swept_class]),
    )
    answer_with(tab, changed)
    tab.open(v="run", run="boxes", tab="threshold")
    expect(panel(tab).get_by_role("rowheader", name=hostile)).to_be_visible()
    names = panel(tab).locator(".by-class tbody th")
    assert max(names.evaluate_all("all => all.map(one => one.clientWidth)")) < 250
    with tab.page.expect_download() as exported:
        panel(tab).get_by_role("button", name="Download curves as CSV").click()
    with open(exported.value.path(), newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file))[-1]["class"] == f"'{hostile}"


@pytest.mark.parametrize("status", ["exact", "unreadable"])
def test_a_point_of_a_picture_says_where_it_is_from(tab: Tab, status: Any) -> None:
    unknown = dict.fromkeys(("at", "usual", "knee", "sweep", "calibration", "deploy"))
    point = OperatingPoint(0.43, 0.8, None, None, None, None, "picture", status)
    if status == "unreadable":
        point = OperatingPoint(None, None, None, None, None, None, "picture", status)
    read = PictureRead("F1_curve.png", "f1", "box", status, point.confidence, point.f1, "a reason")
    answer = threshold_answer(
        3, **unknown, operating_point=point, pictures=[read], classes=[], definitions=[]
    )
    answer_with(tab, answer)
    tab.open(v="run", run="untracked", tab="threshold")
    said = "★ 0.43: F1 0.800" if status == "exact" else "The confidence to deploy with is not known"
    expect(panel(tab)).to_contain_text(said)
    outcome = "read exactly: 0.80 at 0.430" if status == "exact" else "could not be read"
    expect(panel(tab)).to_contain_text(f"F1_curve.png {outcome}. A reason.")
    expect(panel(tab)).to_contain_text("track(model)")


def test_how_it_was_trained_is_told(tab: Tab) -> None:
    tab.open(v="run", run="boxes", tab="config")
    for said in ("3 epochs", "AdamW, lr 0.001429", "NVIDIA H100"):
        expect(tab.region("What wrote it")).to_contain_text(said)
