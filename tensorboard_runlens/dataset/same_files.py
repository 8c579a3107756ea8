"""Images of one split that are in another one too, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.listing import ImageFile
from tensorboard_runlens.folder import FileRefused


def same_files(
    train: Sequence[ImageFile], val: Sequence[ImageFile], budget: int
) -> tuple[dict[str, str], int]:
    """(path in val -> path in train of the same bytes, images that were not compared since more than
    ``budget`` bytes would have to be read). Only files of equal size are read."""
    paths = {image.path for image in train}
    sizes = {image.size for image in val if image.path not in paths}
    content = _Content(budget)
    by_content = {content.of(image): image.path for image in reversed(train) if image.size in sizes}
    by_content.pop(None, None)
    sizes = {image.size for image in train}
    found: dict[str, str] = {}
    for image in val:
        if image.path in paths:
            found[image.path] = image.path
        elif image.size in sizes and (other := by_content.get(content.of(image))):
            found[image.path] = other
    return (found, content.skipped)


class _Content:
    """Digests of files, until the bytes that may be read are used up; ``skipped`` counts the files after that."""

    def __init__(self, budget: int) -> None:
        self.skipped = 0
        self._left = budget

    def of(self, image: ImageFile) -> Optional[bytes]:
        """The digest, None for a file that was not read."""
        if image.size > self._left:
            self.skipped += 1
            return None
        self._left -= image.size
        try:
            return hashlib.sha256(files.read(image.path, image.size)).digest()
        except (FileRefused, FileNotFoundError):
            return None
