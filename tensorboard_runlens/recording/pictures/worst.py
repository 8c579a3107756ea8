"""The pictures of the worst validation images as files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from tensorboard_runlens.recording.layout import MAX_WORST, WORST
from tensorboard_runlens.recording.store import Store


def stored(store: Store, pictures: Iterable[tuple[dict[str, Any], bytes]]) -> list[dict[str, Any]]:
    """Writes the first of them, of which (what final.json says, JPEG) is given, in place of earlier ones; returns what
    final.json says, with the file."""
    told = []
    for number, (said, picture) in enumerate(islice(pictures, MAX_WORST), 1):
        file = WORST.format(number)
        store.write_bytes(file, picture)
        told.append({"file": file, **said})
    for number in range(len(told) + 1, MAX_WORST + 1):
        store.remove(WORST.format(number))
    return told
