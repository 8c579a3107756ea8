"""The Images tab of a run: its sections, the viewer with its ways to compare, and pictures that are none."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ..builders import write, write_detect
from ..dataset import datasets
from ..projects import SELF_TRAINING, write_self_training
from ..recording.archives import metrics, write_recording
from ..server.serving import Server, eventually, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"
TOLD = "toe drain 50% & more #1"
"""Its name must be encoded to get at its pictures."""

PICTURES = (
    "results.png",
    "BoxF1_curve.png",
    "confusion_matrix.png",
    "confusion_matrix_normalized.png",
    "labels.jpg",
    "train_batch0.jpg",
    "val_batch0_labels.jpg",
    "val_batch0_pred.jpg",
    "val_batch1_labels.jpg",
    "val_batch1_pred.jpg",
)
WORST = (
    {"image": f"{HOSTILE}.png", "missed": 4, "false": 0},
    {"image": "b.png", "missed": 1, "false": 3},
    {"image": "c.png", "missed": 0, "false": 2},
)
ANSWERS = (
    {"image": None, "missed": 1, "false": 1, "true": 0, "predicted": 1},
    {"image": None, "missed": 1, "false": 1, "true": 2, "predicted": 1},
)
MANY = 200
FIT = (0, 0, 1)


def mosaic(seed: int, side: int = 1920) -> bytes:
    """A noisy JPEG as large as the frameworks' mosaics."""
    image = pytest.importorskip("PIL.Image").effect_noise((side, side), 60 + seed)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def write_worst(run: Path, worst: Sequence[Mapping[str, Any]]) -> Path:
    """A recorded run with pictures of its worst images, whose first class has a hostile name."""
    write_recording(run)
    manifest = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    manifest["names"][0] = HOSTILE
    write(run / "runlens" / "manifest.json", json.dumps(manifest))
    told = [{**one, "file": f"worst_{n:02}.jpg"} for (n, one) in enumerate(worst, 1)]
    final = {"weights": "best", **metrics(), "worst": told}
    write(run / "runlens" / "final.json", json.dumps(final))
    for number in range(1, len(worst) + 1):
        write(run / "runlens" / f"worst_{number:02}.jpg", datasets.png(number))
    return run


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    told = write_detect(logdir / TOLD, range(1, 31), task="detect", mode="train", epochs=30)
    for number, name in enumerate(PICTURES):
        write(told / name, datasets.png(number))
    printed = write_detect(logdir / "printed", range(1, 31), task="detect", plots=False)
    write(printed / "BoxF1_curve.png", "<svg onload='alert(1)'></svg>")
    unet = write_self_training(logdir / "unet", dict(enumerate(SELF_TRAINING)))
    (unet / "iteration_3_selftrain").rename(unet / f"iteration_3_{HOSTILE}")
    for number, below in enumerate(sorted(unet.glob("iteration_*"))):
        write(below / "visualization.png", datasets.png(number))
    write_worst(logdir / "worst", WORST)
    write_worst(logdir / "answers", ANSWERS)
    large = write_detect(logdir / "large", range(1, 31), task="detect", mode="train")
    write(large / "val_batch0_labels.jpg", mosaic(1))
    write(large / "val_batch0_pred.jpg", mosaic(2))
    many = write_detect(logdir / "many", range(1, 31), task="detect", mode="train")
    for number in range(MANY):
        write(many / f"train_batch{number}.jpg", datasets.png(number))
    with tensorboard(f"--logdir={logdir}") as started:
        runs = "data/plugin/runlens/runs"
        eventually(lambda: len(started.json(runs)["runs"]) >= len(list(logdir.iterdir())))
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def section(tab: Tab, title: str) -> Any:
    """A section of pictures by the beginning of its title."""
    return tab.frame.get_by_role("region", name=re.compile(f"^{title}"))


def opened(tab: Tab, run: str, **keys: str) -> Any:
    """The viewer as a link opens it."""
    tab.open(v="run", run=run, tab="images", **keys)
    dialog = tab.frame.get_by_role("dialog")
    for image in dialog.get_by_role("img").all():
        expect(image).to_have_js_property("complete", True)
    return dialog


def placed(dialog: Any) -> tuple[float, float, float]:
    """How all pictures of the viewer, those that are not seen among them, are moved, in percent of their boxes, and
    enlarged: (x, y, scale)."""
    every = dialog.locator("img").evaluate_all("all => all.map(one => one.style.transform)")
    (only,) = set(every)
    (x, y, scale) = (float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", only))
    return (x, y, scale)


def expect_no_foreign_elements(tab: Tab) -> None:
    """Nothing on the page was made of a stranger's text."""
    expect(tab.frame.locator("[onerror], [onload], svg[onload], [src='x']")).to_have_count(0)


def test_pictures_are_shown_by_role_with_what_to_know(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="images")
    titles = tab.frame.locator(".pictures h2").all_inner_texts()
    assert [re.sub(r"\W*\d+$", "", title) for title in titles] == [
        "Ground truth and predictions",
        "Labels",
        "Training batches",
        "Confusion matrices",
        "Curves",
        "Plots of the program",
    ]
    images = tab.frame.locator(".pictures img")
    expect(images).to_have_count(len(PICTURES))
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("naturalWidth", datasets.SIZE[0])
        assert image.get_attribute("loading") == "lazy"
        assert image.get_attribute("alt")
    for title, sentence in [
        ("Training batches", "no predictions"),
        ("Confusion matrices", "Columns are true classes, rows predicted."),
        ("Confusion matrices", "the background column adds up to 1 and is no rate"),
        ("Ground truth and predictions", "an object without a box among the predictions"),
    ]:
        expect(section(tab, title)).to_contain_text(sentence)


def test_labels_and_predictions_of_a_batch_are_one_pair(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="images")
    pairs = section(tab, "Ground truth and predictions").get_by_role("listitem")
    expect(pairs).to_have_count(2)
    for number, pair in enumerate(pairs.all()):
        expect(pair).to_contain_text(f"Val batch {number}")
        (left, right) = pair.get_by_role("img").all()
        assert left.bounding_box()["x"] < right.bounding_box()["x"]
        expect(left).to_have_attribute("alt", re.compile("ground truth"))
        expect(right).to_have_attribute("alt", re.compile("predictions"))


def test_the_worst_images_are_sorted_by_the_kind_of_error(tab: Tab) -> None:
    tab.open(v="run", run="worst", tab="images")
    worst = section(tab, "Worst validation images")
    items = worst.get_by_role("listitem")
    expect(items).to_have_text(
        [f"4 missed, 0 false {HOSTILE}.png", "1 missed, 3 false b.png", "0 missed, 2 false c.png"]
    )
    worst.get_by_text("False", exact=True).click()
    expect(items).to_have_text(["1 missed, 3 false b.png", "0 missed, 2 false c.png"])
    expect(worst.get_by_role("status")).to_have_text("2 images")
    worst.get_by_text("Missed", exact=True).click()
    expect(items.first).to_contain_text("4 missed")
    expect(items).to_have_count(2)
    expect_no_foreign_elements(tab)


def test_wrong_answers_are_found_by_class(tab: Tab) -> None:
    tab.open(v="run", run="answers", tab="images")
    worst = section(tab, "Worst validation images")
    items = worst.get_by_role("listitem")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text(f"{HOSTILE} taken for ")
    worst.get_by_label("Class").select_option(HOSTILE)
    expect(items).to_have_count(1)
    expect(worst.get_by_role("radio")).to_have_count(0)
    expect_no_foreign_elements(tab)


def test_a_thumb_opens_the_viewer_and_the_focus_comes_back_to_it(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="images")
    thumb = section(tab, "Ground truth and predictions").get_by_role("button").first
    thumb.focus()
    tab.page.keyboard.press("Enter")
    dialog = tab.frame.get_by_role("dialog", name=re.compile("^Val batch 0"))
    expect(dialog.get_by_role("img")).to_have_count(2)
    expect(dialog.get_by_role("region", name=re.compile("^Pictures: arrow keys"))).to_be_focused()
    assert "p.runlens.pic=val_batch0_labels.jpg" in tab.page.url
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(thumb).to_be_focused()
    expect(tab.heading).to_have_text(TOLD)
    assert "p.runlens.pic" not in tab.page.url
    thumb.click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(thumb).to_be_focused()


def test_the_next_pictures_of_a_section_are_a_key_away(tab: Tab) -> None:
    dialog = opened(tab, "worst", pic="runlens/worst_01.jpg")
    expect(dialog).to_contain_text("1 of 3")
    expect(dialog).to_contain_text("4 missed, 0 false")
    tab.page.keyboard.press("n")
    expect(dialog).to_contain_text("2 of 3")
    expect(dialog.get_by_role("img")).to_have_attribute("src", re.compile("worst_02"))
    tab.page.keyboard.press("p")
    tab.page.keyboard.press("p")
    expect(dialog).to_contain_text("3 of 3")
    dialog.get_by_role("button", name="Next (n)").click()
    expect(dialog).to_contain_text("1 of 3")
    expect(dialog).to_contain_text(f"{HOSTILE}.png")
    expect_no_foreign_elements(tab)


def test_the_original_is_a_link_away(tab: Tab, context: Any) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg")
    links = dialog.get_by_role("link")
    expect(links).to_have_text(["Open ground truth", "Open predictions"])
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    with context.expect_page() as other:
        links.last.click()
    assert "id=val_batch0_pred.jpg" in other.value.url
    assert "width=" not in other.value.url


@pytest.mark.parametrize("mode", ["side", "swipe", "blink", "difference"])
def test_both_pictures_are_enlarged_and_moved_together(tab: Tab, mode: str) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg", mode=mode)
    expect(dialog.locator("img")).to_have_count(2)
    for _ in range(2):
        tab.page.keyboard.press("+")
    tab.page.keyboard.press("ArrowRight")
    (x, y, scale) = placed(dialog)
    assert scale == pytest.approx(2.25)
    assert (x, y) == (-10, 0), "the right of the pictures comes into view"
    expect(dialog.get_by_label("Zoom", exact=True)).to_have_text("225 %")
    tab.page.keyboard.press("0")
    assert placed(dialog) == FIT
    dialog.get_by_role("button", name="Zoom in").click()
    assert placed(dialog) == (0, 0, 1.5)
    dialog.get_by_role("button", name="Fit").click()
    assert placed(dialog) == FIT


def test_modes_are_chosen_with_the_keyboard_and_stay_in_the_address(tab: Tab) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg")
    expect(dialog.get_by_role("radio", name="Side by side")).to_be_checked()
    dialog.get_by_role("radio", name="Side by side").focus()
    for name, mode in [("Swipe", "swipe"), ("Blink", "blink"), ("Difference", "difference")]:
        tab.page.keyboard.press("ArrowRight")
        expect(dialog.get_by_role("radio", name=name)).to_be_checked()
        eventually(lambda mode=mode: f"p.runlens.mode={mode}" in tab.page.url)
    blends = dialog.locator(".layer").evaluate_all(
        "all => all.map(one => getComputedStyle(one).mixBlendMode)"
    )
    assert blends == ["normal", "difference"]


def test_the_handle_of_swipe_is_a_slider(tab: Tab) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg", mode="swipe")
    handle = dialog.get_by_role("slider", name="Swipe")
    expect(handle).to_have_attribute("aria-valuetext", "50 % ground truth")
    upper = dialog.locator(".layer").last
    handle.focus()
    tab.page.keyboard.press("End")
    expect(handle).to_have_attribute("aria-valuetext", "100 % ground truth")
    assert "100%" in upper.evaluate("one => getComputedStyle(one).clipPath")
    assert placed(dialog) == FIT, "the slider has the arrow keys for itself"


def test_blinking_stops_and_goes_on_by_hand(tab: Tab) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg", mode="blink")
    shown = dialog.locator("figcaption")
    first = shown.inner_text()
    expect(shown).not_to_have_text(first)
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog.get_by_role("button", name="Start")).to_be_visible()
    before = shown.inner_text()
    tab.page.wait_for_timeout(1000)
    expect(shown).to_have_text(before)
    tab.page.keyboard.press("b")
    expect(shown).not_to_have_text(before)
    expect(dialog.locator(".layer:not(.away)")).to_have_count(1)


def test_nothing_blinks_by_itself_where_little_motion_is_asked_for(tab: Tab) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg", mode="blink")
    shown = dialog.locator("figcaption")
    expect(shown).to_have_text("ground truth")
    tab.page.wait_for_timeout(1200)
    expect(shown).to_have_text("ground truth")
    expect(dialog.get_by_role("button", name="Start")).to_have_count(0)
    dialog.get_by_role("button", name="Show the other (b)").click()
    expect(shown).to_have_text("predictions")


def test_the_wheel_enlarges_around_the_pointer_and_dragging_moves(tab: Tab) -> None:
    dialog = opened(tab, TOLD, pic="val_batch0_pred.jpg")
    pane = dialog.locator(".pane").first
    box = pane.bounding_box()
    (x, y) = (box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    tab.page.mouse.move(x, y)
    tab.page.mouse.wheel(0, -100)
    assert placed(dialog) == FIT, "without Ctrl the wheel scrolls"
    tab.page.keyboard.down("Control")
    for _ in range(3):
        tab.page.mouse.wheel(0, -100)
    eventually(lambda: placed(dialog)[2] == pytest.approx(1.25**3, abs=0.001))
    tab.page.keyboard.up("Control")
    (left, top, scale) = placed(dialog)
    assert (left, top) == pytest.approx([25 * (scale - 1)] * 2, abs=0.2)
    tab.page.mouse.down()
    tab.page.mouse.move(x - 40, y - 20, steps=4)
    tab.page.mouse.up()
    moved = left - 100 * 40 / box["width"]
    eventually(lambda: placed(dialog)[0] == pytest.approx(moved, abs=0.3))


def test_single_pixels_are_squares_when_enlarged(tab: Tab) -> None:
    dialog = opened(tab, "large", pic="val_batch0_pred.jpg")
    image = dialog.get_by_role("img").first
    expect(image).to_have_js_property("naturalWidth", 1920)
    rendering = "one => getComputedStyle(one).imageRendering"
    assert image.evaluate(rendering) == "auto"
    for _ in range(6):
        tab.page.keyboard.press("+")
    assert image.evaluate(rendering) == "pixelated"


def test_a_slider_leads_through_the_iterations(tab: Tab) -> None:
    tab.open(v="run", run="unet", tab="images")
    part = section(tab, "Visualizations by iteration")
    expect(part).to_contain_text("where there are four, the pseudo-labels")
    slider = part.get_by_role("slider", name="Iteration")
    expect(slider).to_have_attribute("aria-valuetext", "iteration 3, F1 0.700")
    expect(part).to_contain_text(f"iteration_3_{HOSTILE}/visualization.png")
    slider.focus()
    tab.page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "iteration 2, F1 0.690")
    image = part.get_by_role("img")
    expect(image).to_have_attribute("src", re.compile("iteration_2_selftrain"))
    expect(image).to_have_js_property("naturalWidth", datasets.SIZE[0])
    part.get_by_role("button").click()
    dialog = tab.frame.get_by_role("dialog", name=re.compile("^Visualization, iteration 2"))
    expect(dialog.locator("figcaption")).to_have_text(
        ["iteration 1, F1 0.670", "iteration 2, F1 0.690"]
    )
    dialog.get_by_label("First picture").select_option("iteration 0, F1 0.650")
    expect(dialog.locator("figcaption").first).to_have_text("iteration 0, F1 0.650")
    dialog.get_by_text("All", exact=True).click()
    expect(dialog.get_by_role("img")).to_have_count(4)
    assert placed(dialog) == FIT
    expect_no_foreign_elements(tab)


def test_what_is_missing_is_told_with_what_makes_it(tab: Tab, watched: Any) -> None:
    watched.expected = ("status of 422", "image?run=printed")
    tab.open(v="run", run="printed", tab="images")
    missing = section(tab, "Not in this run")
    for words in ["Worst validation images", "val_batch0_pred.jpg", "plots=False", "track(model)"]:
        expect(missing).to_contain_text(words)
    expect(missing.get_by_role("button", name="Copy line")).to_be_visible()


def test_a_picture_that_is_none_says_so(tab: Tab, watched: Any) -> None:
    watched.expected = ("status of 422", "image?run=printed&id=BoxF1_curve.png")
    tab.open(v="run", run="printed", tab="images")
    broken = section(tab, "Curves").get_by_role("button", name="F1 by confidence, box")
    broken.scroll_into_view_if_needed()
    expect(broken).to_contain_text("cannot be shown: the file is damaged or too large")
    expect(section(tab, "Curves").get_by_role("img")).to_have_count(0)
    expect_no_foreign_elements(tab)


def test_a_picture_that_was_mended_is_shown(
    tab: Tab, server: Server, logdir: Path, watched: Any
) -> None:
    watched.expected = ("status of 422", "image?run=mended")
    run = write_detect(logdir / "mended", range(1, 13), task="detect", mode="train")
    write(run / "BoxF1_curve.png", b"half of it")
    runs = "data/plugin/runlens/runs"
    eventually(lambda: "mended" in [one["name"] for one in server.json(runs)["runs"]])
    tab.open(v="run", run="mended", tab="images")
    thumb = section(tab, "Curves").get_by_role("button")
    thumb.scroll_into_view_if_needed()
    expect(thumb).to_contain_text("cannot be shown")
    write(run / "BoxF1_curve.png", datasets.png(1))
    write_detect(run, range(1, 14))
    tab.button("Refresh").click()
    expect(thumb.get_by_role("img")).to_have_js_property("naturalWidth", datasets.SIZE[0])
    shutil.rmtree(run)


def test_thumbnails_have_their_size_before_their_pictures(tab: Tab) -> None:
    held: list[Any] = []
    tab.page.route("**/runlens/image?*", lambda route: held.append(route))
    tab.open(v="run", run=TOLD, tab="images")
    thumb = section(tab, "Labels").get_by_role("button").first
    thumb.scroll_into_view_if_needed()
    eventually(lambda: (tab.page.wait_for_timeout(50), held)[1])
    before = thumb.bounding_box()
    for route in held:
        route.continue_()
    tab.page.unroute("**/runlens/image?*")
    expect(thumb.get_by_role("img")).to_have_js_property("naturalWidth", datasets.SIZE[0])
    after = thumb.bounding_box()
    assert (before["width"], before["height"]) == (after["width"], after["height"])
    assert before["height"] > 100


def test_large_pictures_come_small_into_the_gallery(tab: Tab, logdir: Path) -> None:
    sizes: list[int] = []
    tab.page.on(
        "response",
        lambda got: (
            sizes.append(int(got.headers["content-length"]))
            if "runlens/image?" in got.url and got.ok
            else None
        ),
    )
    tab.open(v="run", run="large", tab="images")
    for image in section(tab, "Ground truth and predictions").get_by_role("img").all():
        expect(image).to_have_js_property("naturalWidth", 480)
    original = (logdir / "large" / "val_batch0_pred.jpg").stat().st_size
    assert len(sizes) == 2
    assert max(sizes) < original / 8


def test_two_hundred_pictures_are_asked_for_when_they_come_into_view(tab: Tab) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda one: asked.append(one.url) if "/image?" in one.url else None)
    tab.open_alone(v="run", run="many", tab="images")
    images = section(tab, "Training batches").get_by_role("img")
    expect(images).to_have_count(MANY)
    expect(images.first).to_have_js_property("naturalWidth", datasets.SIZE[0])
    tab.page.wait_for_timeout(500)
    assert 0 < len(asked) < MANY
    images.last.scroll_into_view_if_needed()
    expect(images.last).to_have_js_property("naturalWidth", datasets.SIZE[0])


def test_the_gallery_and_the_viewer_fit_a_narrow_page(tab: Tab) -> None:
    tab.open_alone(v="run", run=TOLD, tab="images", pic="val_batch0_pred.jpg")
    tab.page.set_viewport_size({"width": 320, "height": 640})
    dialog = tab.frame.get_by_role("dialog")
    expect(dialog.get_by_role("img").first).to_be_visible()
    assert dialog.evaluate("one => one.scrollWidth <= one.clientWidth")
    tab.page.keyboard.press("Escape")
    gallery = tab.frame.locator(".pictures")
    for card in gallery.all():
        assert card.bounding_box()["width"] <= 320
        assert card.evaluate("one => one.scrollWidth <= one.clientWidth")
