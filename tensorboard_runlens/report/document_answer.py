"""The JSON of reports that have no answer of their own: their headings, sentences, tables and series."""

from __future__ import annotations

from typing import Literal

import msgspec

from tensorboard_runlens import schema
from tensorboard_runlens.report.document import Document, Section


class DocumentAnswer(msgspec.Struct, frozen=True):
    """``runlens report --kind paper|reproduction -o FILE.json``."""

    ok: Literal[True]
    schema: int
    sections: list[Section]


def document_answer(document: Document) -> DocumentAnswer:
    """The document as an answer."""
    return DocumentAnswer(True, schema.SCHEMA_VERSION, list(document.sections))
