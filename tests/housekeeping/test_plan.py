"""Which checkpoints can go, and why others stay."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Callable

import pytest

from tensorboard_runlens.command_line.judged import scanned
from tensorboard_runlens.housekeeping import Plan, plan

from ..builders import DETECT, rows_of, write, write_csv
from .pruned import DAY, SNAPSHOTS, aged, checkpoint, listed, planned, why_kept, write_run

ALL = [f"weights/{name}" for name in SNAPSHOTS]


def test_snapshots_of_a_finished_run_can_go_and_best_and_last_stay(tmp_path: Path) -> None:
    write_run(tmp_path / "exp")
    found = planned(tmp_path)
    assert listed(found) == {"exp": ALL}
    assert found.kept == ()
    assert found.bytes == sum((tmp_path / "exp" / path).stat().st_size for path in ALL)


def test_the_logdir_itself_may_be_the_run(tmp_path: Path) -> None:
    write_run(tmp_path)
    assert listed(planned(tmp_path)) == {".": ALL}


def test_snapshots_beside_the_table_can_go_where_best_lies_there_too(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    for name in ("best.pt", "epoch3.pt"):
        write(run / name, checkpoint())
    aged(run, 30 * DAY)
    assert listed(planned(tmp_path)) == {"exp": ["epoch3.pt", *ALL]}
    (run / "best.pt").unlink()
    assert listed(planned(tmp_path)) == {"exp": ALL}


@pytest.mark.parametrize(
    "name",
    [
        "best.pt",
        "last.pt",
        "best_203.pt",
        "best_epoch3.pt",
        "init.pt",
        "epoch.pt",
        "epoch3.pt.bak",
        "epoch3.pt.pt",
        "epoch3.pt best.pt",
        "epoch3.pt\n",
        "epoch3.onnx",
        "Epoch3.pt",
        "epoch_003.pt",
        "epoch-3.pt",
        "epoch3_best.pt",
        "myepoch3.pt",
        "-rf.pt",
        "epoch٣.pt",
        "epoch3\u202e.pt",
        "epoch1234567.pt",
        "model.pt",
        "yolo11n.pt",
    ],
)
def test_what_is_not_exactly_named_like_a_snapshot_is_never_listed(
    tmp_path: Path, name: str
) -> None:
    run = write_run(tmp_path / "exp", snapshots=())
    write(run / "weights" / name, checkpoint())
    aged(run, 30 * DAY)
    found = planned(tmp_path)
    assert found.runs == ()
    assert found.kept == ()


def test_each_framework_has_its_own_names(tmp_path: Path) -> None:
    lines = "".join(
        f"{epoch}/5 2G .05 .04 .03 .12 9 640 .5 .5 {0.3 + epoch / 100} .2 .04 .03 .02\n"
        for epoch in range(6)
    )
    run = tmp_path / "exp"
    write(run / "results.txt", lines)
    write(run / "opt.yaml", "epochs: 6\nweights: ''\nhyp: {lr0: .01}\ncfg: cfg/yolov7.yaml\n")
    for name in ("best.pt", "last.pt", "init.pt", "best_004.pt", "epoch_000.pt", "epoch5.pt"):
        write(run / "weights" / name, checkpoint())
    aged(run, 30 * DAY)
    (analysis,) = scanned(str(tmp_path)).analyses
    assert analysis.run.framework == "yolov7"
    assert listed(plan([analysis])) == {"exp": ["weights/epoch_000.pt"]}


def test_what_lies_in_other_folders_is_never_listed(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp", snapshots=())
    for folder in ("iteration_1_selftrain", "weights/old", "backup"):
        for name in ("best.pt", "epoch3.pt"):
            write(run / folder / name, checkpoint())
    aged(run, 30 * DAY)
    analyses = scanned(str(tmp_path)).analyses
    assert any(
        "iteration_1_selftrain/epoch3.pt" in one.run.files.by_role["weights"] for one in analyses
    )
    assert [plan([one]) for one in analyses] == [Plan((), ())] * len(analyses)


def test_models_of_self_training_are_results_and_unknown_programs_keep_theirs(
    tmp_path: Path,
) -> None:
    table = "epoch,train_loss,val_loss,val_iou\n" + "".join(
        f"{n},{1 / n},{1 / n},.{n}\n" for n in range(1, 7)
    )
    write(tmp_path / "unet" / "log.csv", table)
    for name in ("best.pt", "epoch_003.pt", "epoch3.pt"):
        write(tmp_path / "unet" / name, checkpoint())
    assert planned(tmp_path).runs == ()


def damaged(content: bytes) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        write(run / "weights" / "best.pt", content)

    return change


def linked_best(run: Path) -> None:
    (run / "weights" / "best.pt").unlink()
    (run / "weights" / "best.pt").symlink_to("epoch4.pt")


def second_table(run: Path) -> None:
    write_csv(run, DETECT, rows_of(DETECT, range(1, 4)), "results-checkpoint.csv")


def no_fitness_for_one_epoch(run: Path) -> None:
    rows = rows_of(DETECT, range(1, 7))
    rows[2] = {name: "" if name.startswith("metrics/") else row for (name, row) in rows[2].items()}
    write_csv(run, DETECT, rows)


NO_BEST = "no best.pt beside them, or a damaged one"
NOT_VALIDATED = "not every epoch was validated, so best.pt need not be the best"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda run: (run / "weights" / "best.pt").unlink(), NO_BEST),
        (damaged(b""), NO_BEST),
        (damaged(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), NO_BEST),
        (damaged(checkpoint()[:-100]), NO_BEST),
        (linked_best, NO_BEST),
        (no_fitness_for_one_epoch, NOT_VALIDATED),
    ],
)
def test_without_a_whole_best_of_all_epochs_everything_stays(
    tmp_path: Path, change: Callable[[Path], None], why: str
) -> None:
    run = write_run(tmp_path / "exp")
    change(run)
    aged(run, 30 * DAY)
    found = planned(tmp_path)
    assert found.runs == ()
    assert why_kept(found) == {"exp": {why: ALL}}


@pytest.mark.parametrize("stated", [{"val": False}, {"noval": True}, {"notest": True}])
def test_where_only_the_last_epoch_was_validated_everything_stays(
    tmp_path: Path, stated: dict[str, bool]
) -> None:
    write_run(tmp_path / "exp", **stated)
    assert why_kept(planned(tmp_path)) == {"exp": {NOT_VALIDATED: ALL}}


def test_several_runs_in_a_folder_keep_what_lies_there(tmp_path: Path) -> None:
    second_table(write_run(tmp_path / "exp"))
    found = planned(tmp_path)
    assert found.runs == ()
    assert {kept.why for kept in found.kept} == {"several runs share its folder"}


@pytest.mark.parametrize(
    ("age", "epochs", "why"),
    [
        (60.0, 100, "still training"),
        (2 * 3600.0, 100, "fell silent less than a day ago"),
    ],
)
def test_a_training_that_may_go_on_keeps_everything(
    tmp_path: Path, age: float, epochs: int, why: str
) -> None:
    aged(write_run(tmp_path / "exp", epochs=epochs), age)
    assert why_kept(planned(tmp_path)) == {"exp": {why: ALL}}


def test_a_training_that_lost_its_process_today_may_be_resumed(tmp_path: Path) -> None:
    """Its files share one moment, as if copied, so that it does not count as silent."""
    run = write_run(tmp_path / "exp", epochs=100)
    for path in run.rglob("*"):
        os.utime(path, (time.time() - 3600,) * 2)
    (analysis,) = scanned(str(tmp_path)).analyses
    assert analysis.state == "interrupted"
    assert why_kept(plan([analysis])) == {"exp": {"interrupted less than a day ago": ALL}}


@pytest.mark.parametrize(("age", "free"), [(60.0, False), (2 * 3600.0, True)])
def test_a_training_that_ran_out_of_patience_a_moment_ago_keeps_everything(
    tmp_path: Path, age: float, free: bool
) -> None:
    run = write_run(tmp_path / "exp", epochs=100, patience=2)
    rows = rows_of(DETECT, range(1, 7))
    rows[1]["metrics/mAP50-95(B)"] = rows[1]["metrics/mAP50(B)"] = 0.9
    write_csv(run, DETECT, rows)
    (analysis,) = scanned(str(aged(tmp_path, age))).analyses
    assert analysis.state == "early_stopped"
    found = plan([analysis])
    assert listed(found) == ({"exp": ALL} if free else {})
    assert free or [kept.why for kept in found.kept] == [
        "stopped early, but written to a short time ago"
    ]


def test_an_interrupted_training_needs_its_last(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp", epochs=100)
    assert listed(planned(tmp_path)) == {"exp": ALL}
    write(run / "weights" / "last.pt", checkpoint()[:-50])
    aged(run, 30 * DAY)
    why = "interrupted, with no last.pt to resume from, or a damaged one"
    assert why_kept(planned(tmp_path)) == {"exp": {why: ALL}}


def test_a_finished_training_does_not_need_its_last(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    (run / "weights" / "last.pt").unlink()
    assert listed(planned(tmp_path)) == {"exp": ALL}


def test_a_diverged_training_keeps_everything(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp", epochs=100)
    rows = rows_of(DETECT, range(1, 30))
    for row in rows[6:]:
        row.update({name: "nan" for name in row if name.startswith("train/")})
    write_csv(run, DETECT, rows)
    aged(run, 30 * DAY)
    (analysis,) = scanned(str(tmp_path)).analyses
    assert analysis.state == "diverged"
    (kept,) = plan([analysis]).kept
    assert kept.why == "diverged, and a snapshot may be the last one from before"


@pytest.mark.parametrize("tag", ["deployed", "keep", "Deployed", "KEEP"])
def test_tagged_runs_keep_everything(tmp_path: Path, tag: str) -> None:
    for name in ("exp", "exp2"):
        write_run(tmp_path / name)
    (tmp_path / "runlens.yaml").write_text(f"tags: {{exp: [line 3, {tag}], exp2: [old]}}\n")
    found = planned(tmp_path)
    assert listed(found) == {"exp2": ALL}
    assert why_kept(found) == {"exp": {f"tagged {tag}": ALL}}


@pytest.mark.parametrize("tag", ["deployed 2026-03", "deployed, line 3", "keep until May"])
def test_a_tag_may_say_more_than_that_it_keeps(tmp_path: Path, tag: str) -> None:
    write_run(tmp_path / "exp")
    (tmp_path / "runlens.yaml").write_text(f"tags: {{exp: '{tag}'}}\n")
    assert why_kept(planned(tmp_path)) == {"exp": {f"tagged {tag}": ALL}}


@pytest.mark.parametrize(
    "name",
    ["night/*", "night", "NIGHT/prüfung", "night\\pru\u0308fung", "live", "./night/prüfung/"],
)
def test_in_doubt_a_tagged_name_means_the_run(tmp_path: Path, name: str) -> None:
    run = write_run(tmp_path / "night" / "prüfung")
    write_run(tmp_path / "prüfung2")
    (tmp_path / "live").symlink_to(run)
    (tmp_path / "runlens.yaml").write_text(f"tags:\n  {name}: keep\n", encoding="utf-8")
    assert listed(planned(tmp_path)) == {"prüfung2": ALL}


@pytest.mark.parametrize("place", [".", "runs", "runs/detect", "runs/detect/exp"])
@pytest.mark.parametrize("logdir", [".", "runs", "runs/detect"])
def test_a_tag_counts_wherever_above_the_run_it_stands(
    tmp_path: Path, place: str, logdir: str
) -> None:
    run = write_run(tmp_path / "runs" / "detect" / "exp")
    name = os.path.relpath(run, tmp_path / place)
    (tmp_path / place / "runlens.yaml").write_text(f"tags: {{{name}: keep}}\n")
    aged(run, 30 * DAY)
    assert planned(tmp_path / logdir).runs == ()


def test_a_runlens_yaml_that_is_not_understood_keeps_everything(tmp_path: Path) -> None:
    write_run(tmp_path / "exp")
    (tmp_path / "runlens.yaml").write_text("tags:\n\texp: deployed\n")
    (why,) = why_kept(planned(tmp_path))["exp"]
    assert why == "a runlens.yaml above it has a mistake, and its tags may not be known"


def test_a_note_keeps_the_snapshot_that_it_names(tmp_path: Path) -> None:
    write_run(tmp_path / "exp")
    (tmp_path / "runlens.yaml").write_text("notes: {exp: epoch2.pt is in the customer's demo}\n")
    found = planned(tmp_path)
    assert listed(found) == {"exp": ["weights/epoch0.pt", "weights/epoch4.pt"]}
    assert why_kept(found) == {"exp": {"your note names it": ["weights/epoch2.pt"]}}


@pytest.mark.parametrize(
    "stated",
    [
        {"model": "/data/me/runs/exp/weights/epoch2.pt"},
        {"model": "'C:\\me\\runs\\exp\\weights\\epoch2.pt'"},
        {"resume": "runs/exp/weights/epoch2.pt"},
        {"pretrained": "weights/epoch2.pt"},
        {"weights": "[a.pt, /data/exp/weights/epoch2.pt]"},
        {"anything": "{deep: [./epoch2.pt]}"},
    ],
)
def test_what_another_run_started_from_stays(tmp_path: Path, stated: dict[str, str]) -> None:
    write_run(tmp_path / "exp")
    write_run(tmp_path / "next", **stated)
    found = planned(tmp_path)
    assert listed(found)["exp"] == ["weights/epoch0.pt", "weights/epoch4.pt"]
    assert why_kept(found)["exp"] == {"a training started from it": ["weights/epoch2.pt"]}


@pytest.mark.parametrize(
    "stated", ["runs/PRÜFUNG/weights/epoch2.pt", "runs\\pru\u0308fung\\weights\\epoch2.pt"]
)
def test_a_name_in_another_spelling_is_the_same_run(tmp_path: Path, stated: str) -> None:
    write_run(tmp_path / "prüfung")
    write_run(tmp_path / "next", model=stated)
    assert "weights/epoch2.pt" not in listed(planned(tmp_path))["prüfung"]


def test_a_snapshot_of_another_run_that_is_named_says_nothing(tmp_path: Path) -> None:
    write_run(tmp_path / "exp")
    write_run(tmp_path / "next", model="/data/runs/other/weights/epoch2.pt")
    assert listed(planned(tmp_path)) == {"exp": ALL, "next": ALL}


def test_a_run_is_known_by_the_name_that_it_was_given_too(tmp_path: Path) -> None:
    write_run(tmp_path / "renamed", save_dir="/data/runs/train7")
    write_run(tmp_path / "next", model="runs/train7/weights/epoch2.pt")
    assert "weights/epoch2.pt" not in listed(planned(tmp_path))["renamed"]


def test_what_a_link_beside_it_leads_to_stays(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    (run / "weights" / "demo.pt").symlink_to("epoch2.pt")
    (run / "chosen.pt").symlink_to("weights/epoch4.pt")
    found = planned(tmp_path)
    assert listed(found) == {"exp": ["weights/epoch0.pt"]}
    assert why_kept(found) == {"exp": {"a link leads to it": ALL[1:]}}


def test_links_hard_links_pointers_and_what_is_no_file_are_left(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp", snapshots=("epoch0.pt", "epoch2.pt"))
    weights = run / "weights"
    os.link(weights / "epoch2.pt", tmp_path / "elsewhere.pt")
    (weights / "epoch3.pt").symlink_to(tmp_path / "elsewhere.pt")
    write(weights / "epoch5.pt", b"version https://git-lfs.github.com/spec/v1\n")
    (weights / "epoch6.pt").symlink_to("nothing")
    (weights / "epoch7.pt").mkdir()
    os.mkfifo(weights / "epoch8.pt")
    aged(run, 30 * DAY)
    assert listed(planned(tmp_path)) == {"exp": ["weights/epoch0.pt"]}


def test_a_run_that_is_reached_through_a_link_keeps_everything(tmp_path: Path) -> None:
    write_run(tmp_path / "outside" / "exp")
    (tmp_path / "logdir").mkdir()
    write_run(tmp_path / "logdir" / "own")
    (tmp_path / "logdir" / "more").symlink_to(tmp_path / "outside")
    found = planned(tmp_path / "logdir")
    assert listed(found) == {"own": ALL}
    assert why_kept(found) == {"more/exp": {"reached through a link": ALL}}


def test_the_logdir_may_be_a_link(tmp_path: Path) -> None:
    write_run(tmp_path / "real" / "exp")
    (tmp_path / "logdir").symlink_to(tmp_path / "real")
    assert listed(planned(tmp_path / "logdir")) == {"exp": ALL}


def test_linked_weights_are_not_looked_into(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    (run / "weights").rename(tmp_path / "shared")
    (run / "weights").symlink_to(tmp_path / "shared")
    assert planned(tmp_path).runs == ()


def test_a_run_that_was_written_to_after_it_was_read_keeps_everything(tmp_path: Path) -> None:
    run = write_run(tmp_path / "exp")
    analyses = scanned(str(tmp_path)).analyses
    os.utime(run / "results.csv", (time.time(),) * 2)
    assert why_kept(plan(analyses)) == {"exp": {"written to a moment ago": ALL}}


def test_a_run_that_is_gone_by_now_costs_nothing_else(tmp_path: Path) -> None:
    for name in ("exp", "exp2"):
        write_run(tmp_path / name)
    analyses = scanned(str(tmp_path)).analyses
    (tmp_path / "exp").rename(tmp_path / "moved")
    assert listed(plan(analyses)) == {"exp2": ALL}
