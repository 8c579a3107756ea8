"""What drew a picture, in the picture's own words.

Matplotlib writes its version into every PNG. It tells of the environment and bounds no release of
the framework: old releases run with new versions of Matplotlib, and new ones with old.
"""

from __future__ import annotations

import re
import struct
from typing import Optional

from tensorboard_runlens.folder import Folder

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHUNK_HEADER = struct.Struct(">I4s")
CHECKSUM_BYTES = 4
SOFTWARE = re.compile(rb"Software\0Matplotlib version(\d{1,2}\.\d{1,3}\.\d{1,3})")


def matplotlib_version(folder: Folder, name: str) -> Optional[str]:
    """The Matplotlib that drew this PNG, None where its first bytes do not tell."""
    head = folder.head(name)
    if not head.startswith(SIGNATURE):
        return None
    position = len(SIGNATURE)
    while position + CHUNK_HEADER.size <= len(head):
        (size, kind) = CHUNK_HEADER.unpack_from(head, position)
        position += CHUNK_HEADER.size
        found = SOFTWARE.match(head[position : position + size]) if kind == b"tEXt" else None
        if found:
            return found[1].decode("ascii")
        position += size + CHECKSUM_BYTES
    return None
