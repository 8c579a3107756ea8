"""``runlens rules``: what each diagnosis says, why, and within which limits."""

from __future__ import annotations

import argparse

from tensorboard_runlens.command_line.command import EXIT_DONE, Command, Unusable
from tensorboard_runlens.rules import all_rules


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", nargs="?")


def _run(call: argparse.Namespace) -> int:
    rules = {rule.id: rule for rule in all_rules()}
    if call.rule is None:
        print("\n".join(f"{rule.id:22} {rule.title}" for rule in rules.values()))
        return EXIT_DONE
    if call.rule not in rules:
        raise Unusable("not_found", f"no rule called {call.rule} (runlens rules lists them)")
    print(rules[call.rule].page())
    return EXIT_DONE


COMMAND = Command("rules", "every diagnosis: what, why, limits, source", _arguments, _run)
