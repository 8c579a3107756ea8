"""Why a picture is not read."""

from __future__ import annotations


class Unreadable(Exception):
    """The picture is not what it should be; the message says why, in a sentence for the user."""
