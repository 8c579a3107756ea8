"""Names that may mean the same: systems differ in case, in how an accent is composed and in slashes."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """The name with all of that alike."""
    return unicodedata.normalize("NFC", name).casefold().replace("\\", "/")
