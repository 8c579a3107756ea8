"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tensorboard_runlens import whole_file

posix = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")


def test_what_was_there_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "report.md"
    place.write_bytes(b"before")
    whole_file.put(str(place), b"after", whole_file.usual_mode())
    assert place.read_bytes() == b"after"
    assert [one.name for one in tmp_path.iterdir()] == ["report.md"]


def test_what_was_there_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "report.md"
    place.write_bytes(b"before")

    def full(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        whole_file.put(str(place), b"after", whole_file.PRIVATE)
    assert place.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["report.md"]


@posix
def test_a_private_file_is_its_owners_and_others_follow_the_users_mask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        whole_file.put(str(tmp_path / "private"), b"", whole_file.PRIVATE)
        whole_file.put(str(tmp_path / "usual"), b"", whole_file.usual_mode())
    finally:
        os.umask(before)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "usual": 0o640}
