"""Writes the files that are made from the code: docs/schema.json, frontend/src/schema.ts,
docs/rules/.

python tools/generate.py            writes them
python tools/generate.py --check    writes nothing; exits 1 and names the files that differ
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from tensorboard_runlens import schema
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.schema import compare, digest, evaluation, prune, threshold, watch
from tensorboard_runlens.schema.rule import RuleAnswer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.rules.cases import all_cases  # noqa: E402
from tests.rules.trainings import analysed  # noqa: E402

ANSWERS = (
    schema.ScanAnswer,
    schema.ShowAnswer,
    schema.TableAnswer,
    schema.AgainstAnswer,
    schema.DataAnswer,
    threshold.ThresholdAnswer,
    threshold.ConfusionAnswer,
    evaluation.EvaluateAnswer,
    compare.CompareAnswer,
    digest.DigestAnswer,
    watch.WatchEvent,
    prune.PruneAnswer,
    RuleAnswer,
    schema.ErrorAnswer,
)
REFERENCE = "#/$defs/"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of every answer, all named parts under ``$defs``."""
    (answers, parts) = msgspec.json.schema_components(ANSWERS, ref_template=REFERENCE + "{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"RunLens answers, schema {schema.SCHEMA_VERSION}",
        "anyOf": list(answers),
        "$defs": parts,
    }


def typescript_type(node: dict[str, Any]) -> str:
    """The TypeScript spelling of one JSON Schema node."""
    if "$ref" in node:
        return str(node["$ref"]).replace(REFERENCE, "")
    if "anyOf" in node:
        return " | ".join(dict.fromkeys(typescript_type(option) for option in node["anyOf"]))
    if "enum" in node:
        return " | ".join(json.dumps(value) for value in node["enum"])
    kind = node.get("type")
    if kind == "array" and "prefixItems" in node:
        return "[" + ", ".join(typescript_type(item) for item in node["prefixItems"]) + "]"
    if kind == "array":
        return f"Array<{typescript_type(node.get('items') or {})}>"
    if kind == "object":
        return f"Record<string, {typescript_type(node.get('additionalProperties') or {})}>"
    simple = {
        "integer": "number",
        "number": "number",
        "string": "string",
        "boolean": "boolean",
        "null": "null",
    }
    return simple.get(str(kind), "unknown")


def typescript() -> str:
    """The frontend's types: an interface for each named part of the schema."""
    lines = [
        "// Made from tensorboard_runlens/schema/ by tools/generate.py; change that, not this.",
        "",
    ]
    for name, part in json_schema()["$defs"].items():
        lines.append(f"export interface {name} {{")
        for field, node in part["properties"].items():
            lines.append(f"  {field}: {typescript_type(node)};")
        lines += ["}", ""]
    return "\n".join(lines)


def rule_index() -> str:
    """The list of all rules."""
    lines = [
        "# Rules",
        "",
        "Every diagnosis of RunLens; `runlens rules RULE` prints the same pages.",
        "",
    ]
    lines += [f"- [{rule.id}]({rule.id}.md): {rule.title}" for rule in all_rules()]
    return "\n".join(lines) + "\n"


def examples(rule: str) -> str:
    """What the rule is tested on: where it speaks and what it then says, and where it is quiet."""
    cases = all_cases()[rule]
    with tempfile.TemporaryDirectory() as folder:
        analysis = analysed(cases.fires.case, Path(folder) / "run")
    (finding,) = (one for one in analysis.findings if one.rule == rule)
    lines = ["", "## Examples", f"It speaks: {cases.fires.words}", "", f"> {finding.summary}", ""]
    lines += [f"- {advice.text}" for advice in finding.advice]
    lines += [*([""] if finding.advice else []), f"It is quiet: {cases.quiet[0].words}"]
    return "\n".join(lines) + "\n"


def generated() -> dict[Path, str]:
    """Every generated file with the text that it must have."""
    files = {
        ROOT / "docs" / "schema.json": json.dumps(json_schema(), indent=1) + "\n",
        ROOT / "frontend" / "src" / "schema.ts": typescript(),
        ROOT / "docs" / "rules" / "README.md": rule_index(),
    }
    for rule in all_rules():
        files[ROOT / "docs" / "rules" / f"{rule.id}.md"] = rule.page() + examples(rule.id)
    return files


def stale(files: dict[Path, str]) -> list[Path]:
    """The files that are missing or differ from what the code says."""
    return [
        path
        for (path, text) in files.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="writes the files that are made from the code")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a file is out of date"
    )
    check = parser.parse_args().check
    files = generated()
    behind = stale(files)
    for path in behind:
        print(("out of date: " if check else "wrote ") + path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
    return 1 if check and behind else 0


if __name__ == "__main__":
    sys.exit(main())
