"""How every route answers: methods, status, headers, compression, tags, and one shape of error."""

from __future__ import annotations

import gzip
import logging
from typing import Any, get_args

import msgspec
import pytest
import werkzeug
from werkzeug.test import Client

from tensorboard_runlens import http, schema

from ..builders import write_detect
from .serving import Asked, strict_json

ROUTES = ("runs", "run?run=a", "table", "static/index.js", "static/style.css")
JSON = "application/json; charset=utf-8"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    logdir = tmp_path_factory.mktemp("runs")
    write_detect(logdir / "a", task="detect", mode="train", epochs=5)
    write_detect(logdir / "b")
    asked = Asked(logdir)
    asked.table()  # complete: the same answer from now on
    return asked


def refusal_of(response: Any) -> schema.Failure:
    """The failure, after a look at all that makes up the one error shape."""
    assert response.headers["Content-Type"] == JSON
    answer = strict_json(response.get_data())
    assert list(answer) == ["ok", "schema", "error"]
    assert (answer["ok"], answer["schema"]) == (False, 1)
    failure = msgspec.convert(answer["error"], schema.Failure)
    assert response.status_code == http.STATUS[failure.code]
    assert failure.message
    return failure


def test_every_error_code_has_a_status() -> None:
    assert set(http.STATUS) == set(get_args(schema.ErrorCode))


@pytest.mark.parametrize(
    ("route", "code"),
    [
        ("run", "bad_request"),
        ("run?run=", "bad_request"),
        ("run?name=a", "bad_request"),
        ("run?run=" + "x" * 4097, "bad_request"),
        ("run?run=nobody", "unknown_run"),
        ("run?run=" + "x" * 4096, "unknown_run"),
        ("static/nothing.js", "not_found"),
    ],
    ids=lambda value: value[:20],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_cannot_be_answered_is_refused_in_the_one_shape(
    asked: Asked, route: str, code: str, method: str
) -> None:
    assert refusal_of(asked.get(route)).code == code
    response = asked.open(route, method=method)
    assert response.status_code == http.STATUS[code]  # type: ignore[index]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_only_get_and_head_are_answered(asked: Asked, route: str, method: str) -> None:
    response = asked.open(route, method=method)
    assert refusal_of(response).code == "method_not_allowed"
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("route", ROUTES)
def test_head_has_the_headers_of_get_and_no_body(asked: Asked, route: str) -> None:
    (got, headed) = (asked.get(route), asked.open(route, method="HEAD"))
    assert (got.status_code, headed.status_code) == (200, 200)
    assert headed.get_data() == b""
    same = ("Content-Type", "Content-Length", "ETag", "Vary", "X-Content-Type-Options")
    assert [headed.headers[name] for name in same] == [got.headers[name] for name in same]
    assert int(got.headers["Content-Length"]) == len(got.get_data())


@pytest.mark.parametrize("route", [*ROUTES, "run?run=nobody", "static/nothing"])
def test_no_browser_guesses_a_type_or_hands_the_answer_to_another_site(
    asked: Asked, route: str
) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        response = asked.get(route, headers=headers)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-cache"
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("route", "mimetype"),
    [
        ("runs", JSON),
        ("run?run=a", JSON),
        ("table", JSON),
        ("static/index.js", "text/javascript; charset=utf-8"),
        ("static/style.css", "text/css; charset=utf-8"),
    ],
)
def test_every_route_says_what_it_sends(asked: Asked, route: str, mimetype: str) -> None:
    assert asked.get(route).headers["Content-Type"] == mimetype


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_is_not_sent_again(asked: Asked, route: str, form: str) -> None:
    tag = asked.get(route).headers["ETag"]
    response = asked.get(route, headers={"If-None-Match": form.format(tag)})
    assert response.status_code == 304
    assert response.get_data() == b""
    assert response.headers["ETag"] == tag


@pytest.mark.parametrize("route", ROUTES)
def test_what_the_client_has_not_is_sent(asked: Asked, route: str) -> None:
    response = asked.get(route, headers={"If-None-Match": '"of-yesterday"'})
    assert response.status_code == 200
    assert response.get_data()


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.5", "*"])
def test_who_accepts_gzip_gets_it(asked: Asked, accepted: str) -> None:
    plain = asked.get("static/index.js")
    response = asked.get("static/index.js", headers={"Accept-Encoding": accepted})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert len(response.get_data()) < len(plain.get_data())
    assert gzip.decompress(response.get_data()) == plain.get_data()


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "deflate"])
def test_who_does_not_gets_it_as_it_is(asked: Asked, accepted: Any) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = asked.get("static/index.js", headers=headers)
    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert b"export" in response.get_data()


def test_a_small_answer_is_not_compressed() -> None:
    assert http.content(b"x" * (http.COMPRESS_FROM_BYTES - 1)).compressed == b""
    assert http.content(b"x" * http.COMPRESS_FROM_BYTES).compressed


@pytest.mark.parametrize("route", ROUTES)
def test_other_sites_get_no_answer(asked: Asked, route: str) -> None:
    response = asked.get(route, headers={"Sec-Fetch-Site": "cross-site"})
    assert refusal_of(response).code == "bad_request"
    for own in ("same-origin", "same-site", "none"):
        assert asked.get(route, headers={"Sec-Fetch-Site": own}).status_code == 200


def test_an_error_of_ours_is_logged_and_tells_the_client_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(request: werkzeug.Request) -> http.Content:
        raise OSError(2, "No such file", "/home/somebody/secret.csv")

    with caplog.at_level(logging.ERROR):
        response = Client(http.route(fail), werkzeug.Response).get("/")
    assert refusal_of(response).code == "internal"
    assert b"somebody" not in response.get_data()
    assert "/home/somebody/secret.csv" in caplog.text


@pytest.mark.parametrize("code", get_args(schema.ErrorCode))
def test_every_refusal_has_the_one_shape(code: schema.ErrorCode) -> None:
    def refuse(request: werkzeug.Request) -> http.Content:
        raise http.Refusal(code, "as the test wants it")

    response = Client(http.route(refuse), werkzeug.Response).get("/")
    assert refusal_of(response) == schema.Failure(code, "as the test wants it")
