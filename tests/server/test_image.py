"""The route ``image``: the pictures in a run's own listing, as they are, and nothing else on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tensorboard_runlens import http, pictures

from ..builders import write, write_args, write_detect
from ..dataset.datasets import png, png_of
from ..projects import SELF_TRAINING, write_self_training
from .serving import ROOT, Asked

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
SECRET = b"\x89PNG\r\n\x1a\nof somebody else"
PATH_LENGTH = 4096


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with pictures, in a logdir whose neighbours are nobody's business."""
    write(tmp_path / "outside" / "confusion_matrix.png", SECRET)
    run = write_detect(tmp_path / "runs" / "a", task="detect", mode="train")
    write(run / "BoxF1_curve.png", png(1))
    write(run / "confusion_matrix.png", png(2))
    write(run / "val_batch0_pred.jpg", JPEG)
    write(run / "notes.png", png(3))
    return run


@pytest.fixture
def asked(run: Path) -> Asked:
    """A server that has listed the pictures: what a test changes happens after that."""
    asked = Asked(run.parent)
    asked.table()
    return asked


def image(asked: Asked, wanted: str, run: str = "a", **options: Any) -> Any:
    return asked.open(f"image?{urlencode({'run': run, 'id': wanted})}", **options)


def refused(response: Any) -> tuple[int, str]:
    """Status and code of a refusal, after a look at what it may not tell."""
    error = response.json["error"]
    assert response.status_code == http.STATUS[error["code"]]
    assert "/" not in error["message"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return (response.status_code, error["code"])


def test_every_picture_that_the_run_lists_is_served_as_it_is(asked: Asked, run: Path) -> None:
    listed = asked.json("run?run=a")["run"]["pictures"]
    assert [(one["id"], one["role"]) for one in listed] == [
        ("val_batch0_pred.jpg", "val_batch"),
        ("confusion_matrix.png", "confusion"),
        ("BoxF1_curve.png", "curve"),
    ]
    for one in listed:
        response = image(asked, one["id"])
        assert response.status_code == 200
        assert response.get_data() == (run / one["id"]).read_bytes()
        expected = "image/jpeg" if one["id"].endswith("jpg") else "image/png"
        assert response.headers["Content-Type"] == expected
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-cache"


def test_what_a_picture_is_its_bytes_say_and_not_its_name(asked: Asked, run: Path) -> None:
    write(run / "confusion_matrix.png", JPEG)
    assert image(asked, "confusion_matrix.png").headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("content", [SVG, HTML, b"", b"GIF89a", b"BM", b"RIFF1234WEBP", b"\x89PN"])
def test_what_is_neither_png_nor_jpeg_is_refused(asked: Asked, run: Path, content: bytes) -> None:
    write(run / "confusion_matrix.png", content)
    response = image(asked, "confusion_matrix.png")
    assert refused(response) == (422, "unreadable")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "neither PNG nor JPEG" in response.json["error"]["message"]


@pytest.mark.parametrize(
    "wanted",
    [
        "notes.png",
        "results.csv",
        "args.yaml",
        "confusion_matrix_normalized.png",
        "../a/confusion_matrix.png",
        "../../outside/confusion_matrix.png",
        "..\\..\\outside\\confusion_matrix.png",
        "%2e%2e/%2e%2e/outside/confusion_matrix.png",
        "..%2f..%2foutside%2fconfusion_matrix.png",
        "./confusion_matrix.png",
        "/confusion_matrix.png",
        "confusion_matrix.png/",
        "confusion_matrix.png\0",
        "CONFUSION_MATRIX.PNG",
        "file:///etc/passwd",
        "/etc/passwd",
        "~/.ssh/id_rsa",
        ".",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_run_does_not_list_is_not_found(asked: Asked, wanted: str, method: str) -> None:
    assert image(asked, wanted, method=method).status_code == 404
    assert refused(image(asked, wanted)) == (404, "not_found")


def test_an_absolute_path_is_not_found(asked: Asked, run: Path) -> None:
    assert refused(image(asked, str(run / "confusion_matrix.png"))) == (404, "not_found")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.text(min_size=1, max_size=60))
def test_no_other_text_leads_to_a_file(asked: Asked, wanted: str) -> None:
    listed = ("BoxF1_curve.png", "confusion_matrix.png", "val_batch0_pred.jpg")
    if wanted not in listed:
        wanted = wanted.encode("utf-8", "replace").decode("utf-8")
        assert refused(image(asked, wanted)) == (404, "not_found")


@pytest.mark.parametrize("name", ["../outside", "..", "/", "a/../a", "A", "outside"])
def test_a_run_that_was_not_found_has_no_pictures(asked: Asked, name: str) -> None:
    assert refused(image(asked, "confusion_matrix.png", run=name)) == (404, "unknown_run")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?run=a",
        "?run=a&id=",
        "?id=confusion_matrix.png",
        f"?run=a&id={'x' * (PATH_LENGTH + 1)}",
    ],
)
def test_a_request_without_run_or_picture_is_a_bad_one(asked: Asked, query: str) -> None:
    response = asked.get(f"image{query}")
    assert (response.status_code, response.json["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "target", ["../../outside/confusion_matrix.png", "{}/outside/confusion_matrix.png"]
)
def test_a_link_that_leaves_the_run_is_refused(asked: Asked, run: Path, target: str) -> None:
    (run / "confusion_matrix.png").unlink()
    (run / "confusion_matrix.png").symlink_to(target.format(run.parents[1]))
    response = image(asked, "confusion_matrix.png")
    assert refused(response) == (422, "unreadable")
    assert SECRET not in response.get_data()


def test_a_link_to_another_picture_of_the_run_is_served(asked: Asked, run: Path) -> None:
    (run / "confusion_matrix.png").unlink()
    (run / "confusion_matrix.png").symlink_to("notes.png")
    assert image(asked, "confusion_matrix.png").get_data() == png(3)


def test_a_linked_folder_with_a_picture_is_no_part_of_the_run(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "visualization.png", SECRET)
    unet = write_self_training(tmp_path / "runs" / "unet", dict(enumerate(SELF_TRAINING[:2])))
    asked = Asked(tmp_path / "runs")
    picture = "iteration_1_selftrain/visualization.png"
    write(unet / picture, png(4))
    assert image(asked, picture, run="unet").get_data() == png(4)
    shutil.rmtree(unet / "iteration_1_selftrain")
    (unet / "iteration_1_selftrain").symlink_to(tmp_path / "outside", target_is_directory=True)
    response = image(asked, picture, run="unet")
    assert response.status_code in (404, 422)
    assert SECRET not in response.get_data()


def test_a_folder_or_a_pipe_under_a_pictures_name_is_refused(asked: Asked, run: Path) -> None:
    for name in ("confusion_matrix.png", "BoxF1_curve.png"):
        (run / name).unlink()
    (run / "confusion_matrix.png").mkdir()
    os.mkfifo(run / "BoxF1_curve.png")
    assert image(asked, "confusion_matrix.png").status_code in (404, 422)
    assert image(asked, "BoxF1_curve.png").status_code in (404, 422)


def test_a_picture_larger_than_the_cap_is_refused_and_one_as_large_served(
    asked: Asked, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (run / "confusion_matrix.png").stat().st_size
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", size)
    assert image(asked, "confusion_matrix.png").status_code == 200
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", size - 1)
    response = image(asked, "confusion_matrix.png")
    assert refused(response) == (422, "unreadable")
    assert "more than" in response.json["error"]["message"]


def test_pictures_that_are_gone_are_told_and_no_path_with_them(asked: Asked, run: Path) -> None:
    assert image(asked, "confusion_matrix.png").status_code == 200
    (run / "confusion_matrix.png").unlink()
    assert image(asked, "confusion_matrix.png").status_code in (404, 422)
    shutil.rmtree(run)
    response = image(asked, "BoxF1_curve.png")
    assert refused(response) in ((422, "unreadable"), (404, "unknown_run"))
    assert str(run.parent) not in response.get_data(as_text=True)


def test_head_has_the_headers_of_get_and_no_body(asked: Asked) -> None:
    (got, headed) = (
        image(asked, "BoxF1_curve.png"),
        image(asked, "BoxF1_curve.png", method="HEAD"),
    )
    assert headed.get_data() == b""
    for name in ("Content-Type", "Content-Length", "ETag", "X-Content-Type-Options"):
        assert headed.headers[name] == got.headers[name]
    assert int(got.headers["Content-Length"]) == len(got.get_data())


def test_a_picture_is_sent_again_only_when_it_has_changed(asked: Asked, run: Path) -> None:
    tag = image(asked, "BoxF1_curve.png").headers["ETag"]
    again = image(asked, "BoxF1_curve.png", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    write(run / "BoxF1_curve.png", png(9))
    changed = image(asked, "BoxF1_curve.png", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.get_data()) == (200, png(9))


def test_pictures_are_compressed_already(asked: Asked) -> None:
    response = image(asked, "BoxF1_curve.png", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_another_site_gets_no_picture(asked: Asked) -> None:
    response = image(asked, "BoxF1_curve.png", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused(response) == (400, "bad_request")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_get_and_head_are_answered(asked: Asked, method: str) -> None:
    assert refused(image(asked, "BoxF1_curve.png", method=method)) == (405, "method_not_allowed")


def test_a_name_with_signs_of_addresses_and_pages_is_a_name(tmp_path: Path) -> None:
    name = "50% & more #1 <b>+?id=x</b".replace("/", "")
    write_args(write_detect(tmp_path / name), task="detect", mode="train")
    write(tmp_path / name / "labels.jpg", JPEG)
    asked = Asked(tmp_path)
    assert image(asked, "labels.jpg", run=name).get_data() == JPEG


@pytest.fixture
def mosaic(run: Path) -> bytes:
    """A picture of the run that is larger than a thumb, and its bytes."""
    picture = pytest.importorskip("PIL.Image").effect_noise((900, 600), 90)
    picture.save(run / "val_batch0_pred.jpg", "JPEG")
    return (run / "val_batch0_pred.jpg").read_bytes()


def small(asked: Asked, wanted: str, width: Any, **options: Any) -> Any:
    query = urlencode({"run": "a", "id": wanted, "width": width})
    return asked.open(f"image?{query}", **options)


def test_a_picture_is_served_smaller_and_the_original_stays(asked: Asked, mosaic: bytes) -> None:
    response = small(asked, "val_batch0_pred.jpg", 300)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert len(response.get_data()) < len(mosaic) / 3
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert image(asked, "val_batch0_pred.jpg").get_data() == mosaic
    tag = response.headers["ETag"]
    again = small(asked, "val_batch0_pred.jpg", 300, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("width", ["", 0, -1, 15, 1601, 10**9, "a", "1e2", "300.0", "1" * 400])
def test_a_width_that_makes_no_sense_is_a_bad_request(
    asked: Asked, mosaic: bytes, width: Any
) -> None:
    response = small(asked, "val_batch0_pred.jpg", width)
    assert refused(response) == (400, "bad_request")
    assert "from 16 to 1600" in response.json["error"]["message"]


def test_a_damaged_picture_and_a_bomb_are_not_made_small(asked: Asked, run: Path) -> None:
    pytest.importorskip("PIL.Image")
    assert refused(small(asked, "val_batch0_pred.jpg", 300)) == (422, "unreadable")
    write(run / "confusion_matrix.png", png_of((60_000, 60_000), b"x" * 100))
    assert refused(small(asked, "confusion_matrix.png", 300)) == (422, "unreadable")
    assert image(asked, "confusion_matrix.png").status_code == 200


def test_only_the_runs_own_pictures_are_made_small(asked: Asked) -> None:
    assert refused(small(asked, "../../outside/confusion_matrix.png", 300)) == (404, "not_found")


def test_the_cap_is_the_one_that_the_documentation_states() -> None:
    page = (ROOT / "docs" / "http_api.md").read_text("utf-8")
    assert f"larger than {pictures.MAX_PICTURE_BYTES // 2**20} MiB" in page
