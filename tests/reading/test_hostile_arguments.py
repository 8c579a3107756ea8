"""Arguments that no training ever had must cost their run nothing, and its neighbours neither."""

from __future__ import annotations

import json

import pytest

from tensorboard_runlens.cli import main
from tests.builders import write, write_detect

HUGE = {
    "hexadecimal": "seed: 0x" + "f" * 9000,
    "decimal": "seed: " + "9" * 100_000,
    "in a path": "model: 0x" + "f" * 9000 + "\nproject: 0x" + "e" * 9000,
    "as epochs": "epochs: 1" + "0" * 5000,
    "infinite": "patience: .inf\nepochs: .nan",
}


@pytest.mark.parametrize("arguments", HUGE.values(), ids=list(HUGE))
def test_a_huge_number_in_arguments_hides_no_other_run(tmp_path, capsys, arguments):
    write_detect(tmp_path / "good", epochs=5)
    write_detect(tmp_path / "odd")
    write(tmp_path / "odd" / "args.yaml", f"task: detect\nmode: train\n{arguments}\n")
    assert main(["scan", str(tmp_path), "--json"]) == 0
    names = [run["name"] for run in json.loads(capsys.readouterr().out)["runs"]]
    assert sorted(names) == ["good", "odd"]
    assert main(["show", str(tmp_path / "good")]) == 0
    assert main(["show", str(tmp_path / "odd"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["ok"] is True


def test_settings_that_came_with_a_run_open_no_data_set(tmp_path, capsys):
    run = write_detect(tmp_path / "run", epochs=5)
    write(tmp_path / "secret.yaml", "train: images\nval: images\nnames: [hunter2]\n")
    write(run / "runlens.yaml", "datasets: {'*': ../secret.yaml}\nrules: {too-short: off}\n")
    assert main(["show", str(run)]) == 0
    shown = capsys.readouterr().out
    assert "hunter2" not in shown
    assert "too-short" not in shown
