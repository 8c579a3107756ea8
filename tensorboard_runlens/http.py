"""How RunLens answers HTTP: one JSON envelope, one error shape, GET and HEAD only, ETag, compressed once."""

from __future__ import annotations

import functools
import gzip
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Callable

import msgspec
from werkzeug import wrappers

from tensorboard_runlens import answers, schema

STATUS = {
    "bad_request": 400,
    "unknown_run": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_large": 413,
    "unreadable": 422,
    "internal": 500,
}
"""HTTP status of each error code."""

GZIP_LEVEL = 1
"""Higher levels save a tenth of the bytes for four times the time."""

COMPRESS_FROM_BYTES = 1024
"""Smaller answers fit one packet as they are."""

JSON_TYPE = "application/json; charset=utf-8"
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

logger = logging.getLogger(__name__)

Application = Callable[[Any, Any], Iterable[bytes]]


class Refusal(Exception):
    """A request that cannot be answered: an error code of the schema, and a sentence for a person."""

    def __init__(self, code: schema.ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Content:
    """A body ready to send: bytes, their compressed form and a tag that changes with them. What has a ``file`` name
    is saved under it instead of shown."""

    body: bytes
    compressed: bytes
    tag: str
    mimetype: str
    file: str = ""


def content(body: bytes, mimetype: str = JSON_TYPE) -> Content:
    """Compresses and tags a body."""
    compressed = (
        gzip.compress(body, GZIP_LEVEL, mtime=0) if len(body) >= COMPRESS_FROM_BYTES else b""
    )
    return Content(body, compressed, hashlib.blake2b(body, digest_size=12).hexdigest(), mimetype)


def plain(body: bytes, mimetype: str) -> Content:
    """A body that is compressed already, as pictures are."""
    return Content(body, b"", hashlib.blake2b(body, digest_size=12).hexdigest(), mimetype)


def json_content(answer: msgspec.Struct) -> Content:
    """An answer of the schema as content."""
    return content(answers.encode(answer))


def route(handler: Callable[[wrappers.Request], Content]) -> Application:
    """Makes a WSGI application of a handler; whatever goes wrong is answered in the one error shape."""

    @functools.wraps(handler)
    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        request = wrappers.Request(environ)
        return _respond(request, handler)(environ, start_response)

    return application


def _respond(
    request: wrappers.Request, handler: Callable[[wrappers.Request], Content]
) -> wrappers.Response:
    if request.method not in ("GET", "HEAD"):
        refused = _failure("method_not_allowed", "only GET and HEAD are answered")
        refused.headers["Allow"] = "GET, HEAD"
        return refused
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _failure("bad_request", "requests from other sites are not answered")
    try:
        return _success(request, handler(request))
    except Refusal as refusal:
        return _failure(refusal.code, str(refusal))
    except Exception:  # the log has the details; they may name files, so the client gets none
        logger.exception("RunLens failed to answer")
        return _failure(
            "internal", "RunLens failed to answer this request; TensorBoard's log has the details"
        )


def _success(request: wrappers.Request, found: Content) -> wrappers.Response:
    if request.if_none_match.contains_weak(found.tag):  # a proxy may have weakened it
        response = wrappers.Response(status=304)
    elif found.compressed and request.accept_encodings["gzip"] > 0:
        response = wrappers.Response(found.compressed, content_type=found.mimetype)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = wrappers.Response(found.body, content_type=found.mimetype)
    response.set_etag(found.tag)
    response.headers["Vary"] = "Accept-Encoding"
    if found.file:
        response.headers["Content-Disposition"] = f'attachment; filename="{found.file}"'
    response.headers.extend(SAFE_HEADERS)
    return response


def _failure(code: schema.ErrorCode, message: str) -> wrappers.Response:
    body = answers.encode(answers.error_answer(code, message))
    response = wrappers.Response(body, status=STATUS[code], content_type=JSON_TYPE)
    response.headers.extend(SAFE_HEADERS)
    return response
