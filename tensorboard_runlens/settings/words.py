"""``baseline:``, ``datasets:``, ``notes:`` and ``tags:`` of runlens.yaml: names, paths and the user's own words."""

from __future__ import annotations

import ntpath
import os
import posixpath
from collections.abc import Mapping
from typing import Optional

from tensorboard_runlens.settings.entries import MAX_NAME, Entry, Reading
from tensorboard_runlens.settings.values import words_of

MAX_NOTE = 2000
"""Characters of a note on a run: a page of text."""

MAX_TAG = 40
"""Characters of a tag: it stands in a table's cell."""

MAX_TAGS = 20
"""Tags of one run."""

MAX_PATH = 4096
"""Characters of a path: Linux takes no longer one."""


def run_name(name: str) -> str:
    """A run's name as a scan gives it: exp2, not ./exp2/."""
    return posixpath.normpath(name)


def baseline_of(reading: Reading, entry: Entry) -> Optional[str]:
    """The name of a run or of one of the baselines."""
    name = run_name(entry.value.text or "/")
    if len(name) > MAX_NAME or _leads_out(name):
        reading.say(entry, "must be the name of a run or of one of the baselines; it is not used")
        return None
    return name


def _leads_out(name: str) -> bool:
    """Whether a name leads out of the logdir, on whatever system: no run is called so."""
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or bool(ntpath.splitdrive(name)[0]) or ".." in parts


def datasets_of(reading: Reading, entry: Entry, folder: str) -> Mapping[str, str]:
    """name -> path of its DATA.yaml; relative ones count from the folder of runlens.yaml."""
    found = {}
    for one in reading.entries(entry, "names with the path of a DATA.yaml each"):
        path = one.value.value
        if isinstance(path, str) and path.strip() and len(path) <= MAX_PATH:
            found[one.name] = os.path.join(folder, os.path.expanduser(path))
        else:
            reading.say(one, "must be the path of a DATA.yaml; it is not used")
    return found


def notes_of(reading: Reading, entry: Entry) -> Mapping[str, str]:
    """Run name -> what the user wrote about it."""
    found = {}
    for one in reading.entries(entry, "names of runs with a text each"):
        text = one.value.text
        if text is None:
            reading.say(one, "must be a text; it is not used")
        else:
            found[run_name(one.name)] = words_of(text, MAX_NOTE)
    return {name: text for (name, text) in found.items() if text}


def tags_of(reading: Reading, entry: Entry) -> Mapping[str, tuple[str, ...]]:
    """Run name -> the user's tags, each once."""
    found = {}
    for one in reading.entries(entry, "names of runs with a list of tags each"):
        items = one.value.items
        texts = [one.value.text] if items is None else [item.text for item in items]
        if len(texts) > MAX_TAGS:
            reading.say(one, f"has more than {MAX_TAGS} tags; the others are not used")
        words = [words_of(text, MAX_TAG) for text in texts[:MAX_TAGS] if text is not None]
        if len(words) < len(texts[:MAX_TAGS]):
            reading.say(one, "must be a list of words; what is none is not used")
        found[run_name(one.name)] = tuple(dict.fromkeys(filter(None, words)))
    return {name: tags for (name, tags) in found.items() if tags}
