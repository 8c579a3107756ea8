"""What it takes to train a run once more, and which files it lacks, as the JSON structs."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens import schema
from tensorboard_runlens.expected_files import Expected
from tensorboard_runlens.plain_values import as_text, without_absolute_paths
from tensorboard_runlens.reproduction import Reproduction, Setting


def config_of(settings: Sequence[Setting]) -> list[schema.Setting]:
    """The arguments as text, in the order of their files; absolute paths shortened."""
    return [_setting(one) for one in settings]


def _setting(setting: Setting) -> schema.Setting:
    risk = setting.risk
    return schema.Setting(
        key=as_text(setting.key),
        value=as_text(setting.value),
        file=setting.file,
        default=" or ".join(as_text(one) or "none" for one in setting.defaults)
        if setting.defaults
        else None,
        changed=setting.changed,
        risk=None if risk is None else schema.Risk(risk.rule, without_absolute_paths(risk.why)),
    )


def reproduction(found: Reproduction) -> schema.Reproduction:
    """The command, the machine, what to verify, and the chain of weights."""
    return schema.Reproduction(
        command=schema.Rebuilt(found.command.line, list(found.command.notes)),
        environment=[
            schema.EnvironmentFact(one.name, one.value, one.source) for one in found.environment
        ],
        checks=[schema.Check(one.item, one.value, one.status, one.why) for one in found.checks],
        lineage=[schema.Ancestor(one.weights, one.run, one.how) for one in found.lineage],
    )


def expected(files: Sequence[Expected]) -> list[schema.Expected]:
    """Files that are not there."""
    return [schema.Expected(one.file, one.role, one.when, one.missing, one.due) for one in files]
