"""results.txt: columns without names, found from the numbers."""

from __future__ import annotations

import pytest

from tensorboard_runlens import lifecycle
from tensorboard_runlens.catalog import open_run
from tests.builders import kinds, txt_row, write, write_args, write_detect

METRICS = (0.6, 0.5, 0.55, 0.3)
VALIDATION = (0.04, 0.02, 0.01)
YOLOALL_HEADER = (
    "     epoch       mem     iterm       box       obj       cls     total   targets        lr"
    "  img_size        mp        mr     map50       map       box       obj       cls"
)


def losses_of(epoch, count):
    return [0.05 + 0.01 * part - 0.001 * epoch for part in range(count)]


def plain(epoch, last, losses=3):
    """A row of YOLOv5 and YOLOv7; with more losses of their face and pose forks."""
    parts = losses_of(epoch, losses)
    return txt_row(epoch, last, [*parts, sum(parts), 25, 640, *METRICS, *VALIDATION])


def yoloall(epoch, last):
    parts = losses_of(epoch, 3)
    cells = [100 * (epoch + 1), *parts, sum(parts), 25, 0.01, 640, *METRICS, *VALIDATION]
    return txt_row(epoch, last, cells, memory="2100")


def read(folder, lines, end="\n", name="results.txt"):
    write(folder / name, "\n".join(lines) + end)
    return open_run(str(folder))


def check_values(run, losses):
    """Losses by name at epoch 1, metrics and validation losses."""
    for name, expected in zip(losses, losses_of(1, len(losses))):
        assert run.history.train[name][1] == pytest.approx(expected, rel=1e-3)
    named = run.history.metrics["box"]
    assert tuple(
        float(named[name][0]) for name in ("precision", "recall", "map50", "map50_95")
    ) == (METRICS)
    assert tuple(float(run.history.val[name][0]) for name in ("box", "obj", "cls")) == VALIDATION
    assert run.problems == ()


def test_fifteen_columns_are_read(tmp_path):
    run = read(tmp_path, [plain(n, 9) for n in range(10)])
    assert run.history.epoch.tolist() == list(range(10))
    assert (run.framework, run.task) == ("yolov5", "detect")
    check_values(run, ("box", "obj", "cls"))


def test_sixteen_columns_have_a_landmark_loss(tmp_path):
    check_values(
        read(tmp_path, [plain(n, 9, losses=4) for n in range(10)]),
        ("box", "obj", "cls", "landmark"),
    )


def test_the_seventeen_columns_of_yolov7_pose_have_keypoint_losses(tmp_path):
    check_values(
        read(tmp_path, [plain(n, 9, losses=5) for n in range(10)]),
        ("box", "obj", "cls", "kpt", "kptv"),
    )


def test_keypoints_switched_on_in_the_arguments_make_it_pose(tmp_path):
    write_args(tmp_path, "opt.yaml", kpt_label="true")
    assert read(tmp_path, [plain(n, 9, losses=5) for n in range(10)]).task == "pose"


@pytest.mark.parametrize("header", [[], [YOLOALL_HEADER]], ids=["without header", "with header"])
def test_the_seventeen_columns_of_yoloall_have_an_iteration_and_a_rate(tmp_path, header):
    run = read(tmp_path, [*header, *(yoloall(n, 9) for n in range(10))])
    assert len(run.history) == 10
    check_values(run, ("box", "obj", "cls"))


def test_a_header_alone_is_a_run_that_has_not_begun(tmp_path):
    run = read(tmp_path, [YOLOALL_HEADER])
    assert len(run.history) == 0
    assert run.logged.rows == 0


def test_the_table_announces_the_planned_epochs(tmp_path):
    run = read(tmp_path, [plain(n, 299) for n in range(3)])
    assert lifecycle.planned_epochs(run) == 300
    assert lifecycle.last_planned_epoch(run) == 299


def test_an_order_of_columns_that_nobody_knows_is_said_and_not_guessed(tmp_path):
    rows = [txt_row(n, 9, [0.1 * (n + part) for part in range(17)]) for n in range(5)]
    run = read(tmp_path, rows)
    assert len(run.history) == 5
    assert run.history.metrics == {}
    assert run.history.train == {}
    assert kinds(run.problems) == ["unknown_layout"]


def test_losses_that_are_not_finite_do_not_hide_the_layout(tmp_path):
    bad = "       nan" * 4
    lines = [f"{f'{n}/9':>10}{'2.1G':>10}{bad}        25       640" for n in range(3)]
    tail = "       0.6       0.5      0.55       0.3       nan       nan       nan"
    run = read(tmp_path, [line + tail for line in lines])
    assert run.history.metrics["box"]["map50"].tolist() == [0.55] * 3


def test_a_half_written_last_line_is_no_epoch(tmp_path):
    run = read(tmp_path, [plain(0, 9), plain(1, 9), plain(2, 9)[:-20]], end="")
    assert run.history.epoch.tolist() == [0, 1]
    assert run.logged.rows == 2
    assert kinds(run.problems) == ["half_written"]


@pytest.mark.parametrize("cells", [13, 14, 15, 16])
def test_a_first_line_cut_short_gives_no_shifted_numbers(tmp_path, cells):
    line = plain(0, 9, losses=5)[: 10 * cells]
    write_args(tmp_path, "opt.yaml", epochs=10)
    run = read(tmp_path, [line], end="")
    assert run.history.metrics == {}
    assert run.logged.rows == 0


def test_a_row_of_another_width_is_left_out_and_said(tmp_path):
    run = read(tmp_path, [plain(0, 9), plain(1, 9) + "   7", plain(2, 9)])
    assert run.history.epoch.tolist() == [0, 2]
    assert [(one.kind, one.line) for one in run.problems] == [("odd_row", 2)]


def test_a_line_that_is_no_row_is_left_out_and_said(tmp_path):
    run = read(tmp_path, [plain(0, 9), "Traceback (most recent call last):", plain(1, 9)])
    assert run.history.epoch.tolist() == [0, 1]
    assert [(one.kind, one.line) for one in run.problems] == [("damaged", 2)]


def test_nul_bytes_at_the_end_cost_only_their_line(tmp_path):
    write(
        tmp_path / "results.txt", (plain(0, 9) + "\n" + plain(1, 9) + "\n").encode() + b"\0" * 3000
    )
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [0, 1]
    assert kinds(run.problems) == ["damaged"]


def test_windows_line_ends_make_no_difference(tmp_path):
    write(tmp_path / "results.txt", "".join(plain(n, 9) + "\r\n" for n in range(5)))
    run = open_run(str(tmp_path))
    assert len(run.history) == 5
    assert run.problems == ()


def test_an_epoch_number_of_absurd_length_is_no_epoch(tmp_path):
    run = read(tmp_path, [plain(0, 9), plain(1, 9).replace("1/9", "1/" + "9" * 5000)])
    assert run.history.epoch.tolist() == [0]
    assert lifecycle.planned_epochs(run) == 10


def test_appended_runs_are_parted(tmp_path):
    lines = [plain(n, 2) for _ in range(9) for n in range(3)]
    run = read(tmp_path, lines)
    assert run.logged.segments == ((0, 2),) * 9
    assert run.logged.rows == 27
    assert len(run.history) == 3


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("hyp.yaml", {"loss_ota": 1}),
        ("opt.yaml", {"weights": "yolov7_training.pt"}),
        ("opt.yaml", {"cfg": "cfg/training/yolov7-tiny.yaml"}),
        ("cfg.yaml", {"model": "PartiNet"}),
    ],
)
def test_the_arguments_tell_yolov7(tmp_path, file, arguments):
    write_args(tmp_path, file, **arguments)
    assert read(tmp_path, [plain(n, 9) for n in range(3)]).framework == "yolov7"


@pytest.mark.parametrize("name", ["yolov7", "yolov7-tiny_custom"])
def test_a_folder_called_yolov7_proves_nothing(tmp_path, name):
    folder = tmp_path / name
    write_args(folder, "opt.yaml", weights="yolov5s.pt", epochs=3)
    assert read(folder, [plain(n, 9) for n in range(3)]).framework == "yolov5"


def test_prose_in_a_file_called_results_txt_is_no_run(tmp_path):
    write(tmp_path / "notes" / "results.txt", "The second model was better.\n")
    write_detect(tmp_path / "train")
    from tensorboard_runlens.catalog import Catalog

    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert list(catalog.runs) == ["train"]
    assert catalog.unreadable == []
