"""The training arguments: args.yaml of Ultralytics, opt.yaml, hyp.yaml and cfg.yaml of YOLOv5,
YOLOv7 and PartiNet; where none of these lies there, a file that holds arguments under another name.

Only plain data is made of them: tags that would build Python objects are read as what they wrap.
Where a file is damaged the lines that stand on their own are still used. Paths found here are other
people's: they are never opened.
"""

from __future__ import annotations

import re
from typing import Any, Optional

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.naming import natural
from tensorboard_runlens.plain import plain_json, plain_yaml
from tensorboard_runlens.run import Problem

ARGUMENT_FILES = ("args.yaml", "opt.yaml", "hyp.yaml", "cfg.yaml", "hparams.yaml")
"""In order of authority: a later file does not replace what an earlier one says. The last one is Lightning's."""

PLAIN_FILES = ARGUMENT_FILES[:4]
"""Those of the frameworks have no sections."""

ARGUMENTS_BESIDE = {"params.json": ("result.json", "progress.csv")}
"""Ray's name for a trial's arguments, which means other things elsewhere, and Ray's tables."""

OTHER_NAMES = ("training_config.yaml", "config.yaml")
"""Names that people give; any other YAML or JSON file is asked after these."""

JSON = ".json"
SUFFIXES = (".yaml", ".yml", "config.json", "args.json")
MAX_OTHERS = 10
"""Files of a folder that are looked at in search of arguments."""

EPOCHS = frozenset({"epochs", "num_epochs", "n_epochs", "max_epochs", "initial_epochs"})
TELLING = EPOCHS | frozenset(
    {
        "batch", "batch_size", "imgsz", "img_size", "image_size", "lr0", "lr", "lrf", "learning_rate",
        "optimizer", "patience", "momentum", "weight_decay", "mosaic", "close_mosaic", "seed", "model",
        "data", "device", "workers", "weights", "pretrained", "self_training_iterations", "retrain_epochs",
    }
)  # fmt: skip
MIN_TELLING = 3
"""Words that a training's arguments share with each other and not with a data.yaml (path, train, val, names)."""

ANY_KEY = re.compile(r"""(?:^|[\s{,"'])([A-Za-z_]\w{0,40})["']?[ ]?:""")
PLAIN_LINE = re.compile(r"^([A-Za-z_][\w\-]*):[ \t]+(.+?)\s*$")
CONFLICT_MARK = re.compile(r"^(<{7}|={7}|>{7})")


def argument_files(folder: Folder) -> list[str]:
    """The argument files of a folder: by name, or else the first one that holds a training's arguments."""
    known = [name for name in ARGUMENT_FILES if name in folder.files]
    known += [
        name
        for (name, tables) in ARGUMENTS_BESIDE.items()
        if name in folder.files and any(table in folder.files for table in tables)
    ]
    if known:
        return known
    others = [name for name in folder.files if name.lower().endswith(SUFFIXES)]
    named = sorted(others, key=lambda name: (name not in OTHER_NAMES, natural(name)))[:MAX_OTHERS]
    return [name for name in named if _tells_a_training(folder, name)][:1]


def _tells_a_training(folder: Folder, name: str) -> bool:
    """Whether a file states several arguments that only a training has, at its top level or in sections."""
    words = set(ANY_KEY.findall(decode(folder.head(name)) or ""))
    return len(words & TELLING) >= MIN_TELLING and bool(words & EPOCHS)


def read_arguments(folder: Folder) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """(arguments by name, the file each came from, problems) of all argument files in the folder."""
    arguments: dict[str, Any] = {}
    origin: dict[str, str] = {}
    problems: list[Problem] = []
    for name in argument_files(folder):
        found = _read_file(folder, name, problems)
        if name not in PLAIN_FILES:
            found = _without_sections(found)
        for key, value in found.items():
            if key not in arguments:
                arguments[key] = value
                origin[key] = name
    return (arguments, origin, problems)


def _without_sections(found: dict[str, Any]) -> dict[str, Any]:
    """Home-made files group their arguments: those inside sections count like the others."""
    inner = [value for value in found.values() if isinstance(value, dict)]
    flat = {key: value for (key, value) in found.items() if not isinstance(value, dict)}
    for section in inner:
        for key, value in section.items():
            flat.setdefault(str(key), value)
    return flat


def _read_file(folder: Folder, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        text = decode(folder.read(name, MAX_CONFIG_BYTES))
    except FileRefused as refusal:
        problems.append(Problem(name, None, "refused", str(refusal)))
        return {}
    if text is None:
        problems.append(
            Problem(
                name,
                None,
                "binary",
                "not text: the file is damaged or something else under this name",
            )
        )
        return {}
    if not text.strip():
        problems.append(Problem(name, None, "empty", "the file is empty"))
        return {}
    if name.endswith(JSON):
        return _read_json(name, text, problems)
    try:
        document = plain_yaml.load(text)
    except plain_yaml.Damaged as error:
        return _lines_that_stand_alone(name, text, error, problems)
    if not isinstance(document, dict):
        problems.append(Problem(name, None, "not_arguments", "no list of arguments in this file"))
        return {}
    return {str(key): value for (key, value) in document.items()}


def _read_json(name: str, text: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        document = plain_json.load(text)
    except plain_json.Damaged as error:
        problems.append(Problem(name, None, "damaged", str(error)))
        return {}
    found = document if isinstance(document, dict) else {}
    return {key: _whole(value) for (key, value) in found.items()}


def _whole(value: Any) -> Any:
    """JSON does not tell 50 from 50.0; arguments are mostly counts. Those in sections are meant, too."""
    if isinstance(value, dict):
        return {key: _whole(inner) for (key, inner) in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _lines_that_stand_alone(
    name: str, text: str, error: plain_yaml.Damaged, problems: list[Problem]
) -> dict[str, Any]:
    """What a damaged file still says in lines ``key: value`` outside of merge conflicts."""
    found: dict[str, Any] = {}
    (inside, conflict) = (False, False)
    for line in text.splitlines():
        mark = CONFLICT_MARK.match(line)
        if mark:
            conflict = True
            inside = not line.startswith(">")
            continue
        match = PLAIN_LINE.match(line)
        if match and not inside:
            found[match[1]] = _scalar(match[2])
    why = "git conflict marks were left in the file" if conflict else str(error)
    said = f"{why}; {len(found)} arguments in undisputed lines are used"
    problems.append(
        Problem(name, _line_of(error, text), "conflict" if conflict else "damaged", said)
    )
    return found


def _line_of(error: plain_yaml.Damaged, text: str) -> Optional[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if CONFLICT_MARK.match(line):
            return number
    return error.line


def _scalar(text: str) -> Any:
    try:
        value = plain_yaml.load(text)
    except plain_yaml.Damaged:
        return text
    return value if isinstance(value, (str, int, float, bool, type(None))) else text
