"""Runs whose event files lie in several folders: Keras' train/ and validation/, torch's add_scalars."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens import belonging
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, NotARun, open_run
from tensorboard_runlens.folder import Folder
from tests.builders import DETECT, kinds, rows_of, write, write_csv, write_detect, write_events


def write_tensors(folder, scalars, started=1_700_000_000):
    """An event file as TensorFlow 2 writes it: scalars are tensors of the plugin "scalars"; after a graph."""
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    from tensorboard.util.tensor_util import make_tensor_proto

    folder.mkdir(parents=True, exist_ok=True)
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars")
    metadata = summary_pb2.SummaryMetadata(plugin_data=plugin)
    graph = summary_pb2.Summary.Value(tag="keras", tensor=make_tensor_proto("{}"))
    values = [(0, graph)]
    for step, tag, number in scalars:
        tensor = make_tensor_proto(np.float32(number))
        values.append((step, summary_pb2.Summary.Value(tag=tag, metadata=metadata, tensor=tensor)))
    before = set(folder.iterdir())
    writer = EventFileWriter(str(folder))
    for step, value in values:
        summary = summary_pb2.Summary(value=[value])
        writer.add_event(event_pb2.Event(step=step, wall_time=started, summary=summary))
    writer.close()
    (written,) = set(folder.iterdir()) - before
    return written.rename(folder / f"events.out.tfevents.{started}.host.1.0.v2")


def write_keras(folder, epochs, started=1_700_000_000, metric="epoch_accuracy", scale=1.0):
    """What the TensorBoard callback of Keras writes in model.fit with validation data."""
    train = [(n, "epoch_loss", 1 / (n + 1)) for n in epochs]
    train += [(n, metric, 0.9) for n in epochs]
    train += [(n, "epoch_learning_rate", 0.001) for n in epochs]
    train += [(n, "batch_loss", 7.0) for n in range(100)]
    val = [(n, "epoch_loss", 2 / (n + 1)) for n in epochs]
    val += [(n, metric, scale * (0.5 + n / 100)) for n in epochs]
    val += [(30 * n + 30, "evaluation_loss_vs_iterations", 9.0) for n in epochs]
    write_tensors(folder / "train", train, started)
    write_tensors(folder / "validation", val, started + 5)
    return folder


def look(path):
    catalog = Catalog([("", str(path))])
    catalog.refresh()
    return catalog


def test_both_sides_are_one_run_named_by_their_folder(tmp_path):
    write_keras(tmp_path / "fit" / "20240501-1200", range(5))
    catalog = look(tmp_path)
    assert [*catalog.runs] == ["fit/20240501-1200"]
    assert catalog.unreadable == []
    run = catalog.runs["fit/20240501-1200"]
    assert (run.framework, run.task, run.axis) == ("events", "classify", "epoch")
    history = run.history
    assert history.epoch.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(history.train["loss"], [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], 1e-6)
    np.testing.assert_allclose(history.val["loss"], [2, 1, 2 / 3, 1 / 2, 2 / 5], 1e-6)
    np.testing.assert_allclose(
        history.metrics["classify"]["top1"], [0.5, 0.51, 0.52, 0.53, 0.54], 1e-6
    )
    np.testing.assert_allclose(history.lr["pg0"], 0.001, 1e-6)
    assert (set(history.train), set(history.val)) == ({"loss"}, {"loss"})
    assert run.problems == ()


def test_the_event_files_of_both_sides_are_named(tmp_path):
    run = open_run(str(write_keras(tmp_path, range(2))))
    files = set(run.files.by_role["events"]) | set(run.files.by_role.get("results", ()))
    assert {name.partition("/")[0] for name in files} == {"train", "validation"}


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("epoch_mean_io_u", "miou"),
        ("epoch_mean_io_u_1", "miou"),
        ("epoch_dice_coef", "f1"),
        ("epoch_iou_score", "iou"),
    ],
)
def test_iou_and_dice_are_of_segmentation_maps(tmp_path, tag, name):
    run = open_run(str(write_keras(tmp_path, range(3), metric=tag)))
    assert run.task == "semantic"
    np.testing.assert_allclose(run.history.metrics["pixel"][name], [0.5, 0.51, 0.52], 1e-6)


def test_two_trainings_in_one_folder_are_told_apart(tmp_path):
    write_keras(tmp_path, range(6), started=1_700_000_000)
    write_keras(tmp_path, range(3), started=1_700_009_000)
    run = open_run(str(tmp_path))
    assert run.logged.segments == ((0, 5), (0, 2))
    assert run.history.val["loss"].tolist() == pytest.approx([2, 1, 2 / 3])
    assert "appended_runs" in kinds(run.problems)


def test_a_training_without_validation_is_read_from_its_folder(tmp_path):
    write_tensors(tmp_path / "logs" / "train", [(n, "epoch_loss", 1 / (n + 1)) for n in range(4)])
    run = look(tmp_path).runs["logs/train"]
    assert run.history.epoch.tolist() == [0, 1, 2, 3]
    assert set(run.history.train) == {"loss"}
    assert run.history.val == {}


def test_training_accuracy_is_not_taken_for_validation(tmp_path):
    scalars = [(n, tag, 0.9) for n in range(4) for tag in ("epoch_loss", "epoch_accuracy")]
    write_tensors(tmp_path / "train", scalars)
    assert open_run(str(tmp_path / "train")).history.metrics == {}


def test_a_folder_called_validation_holds_no_training_loss(tmp_path):
    write_tensors(tmp_path / "validation", [(n, "epoch_loss", 1.0) for n in range(4)])
    history = open_run(str(tmp_path / "validation")).history
    assert (set(history.train), set(history.val)) == (set(), {"loss"})


def test_a_side_that_is_damaged_costs_only_itself(tmp_path):
    write_keras(tmp_path, range(4))
    (broken,) = (tmp_path / "validation").iterdir()
    broken.write_bytes(b"\0garbage" * 40)
    run = open_run(str(tmp_path))
    assert len(run.history) == 4
    assert run.history.val == {}


def test_two_sides_without_a_scalar_are_unreadable_and_say_why(tmp_path):
    for side in ("train", "validation"):
        write(tmp_path / "run" / side / "events.out.tfevents.1.host", b"")
    with pytest.raises(NotARun, match="no scalars"):
        open_run(str(tmp_path / "run"))


def test_folders_with_more_than_event_files_are_runs_of_their_own(tmp_path):
    write_keras(tmp_path, range(3))
    write_csv(tmp_path / "train", DETECT, rows_of(DETECT, [1, 2]))
    assert "train" in look(tmp_path).runs


def write_add_scalars(folder, epochs):
    """SummaryWriter.add_scalars("Loss", {"train": ..., "val": ...}) and an accuracy of the run's own."""
    write_events(folder, [(n, "Accuracy/val", 0.5 + n / 100) for n in epochs])
    write_events(folder / "Loss_train", [(n, "Loss", 1 / (n + 1)) for n in epochs])
    write_events(folder / "Loss_val", [(n, "Loss", 2 / (n + 1)) for n in epochs])
    return folder


def test_the_lines_of_add_scalars_are_one_run(tmp_path):
    write_add_scalars(tmp_path / "exp", range(4))
    catalog = look(tmp_path)
    assert [*catalog.runs] == ["exp"]
    history = catalog.runs["exp"].history
    np.testing.assert_allclose(history.train["loss"], [1, 1 / 2, 1 / 3, 1 / 4], 1e-6)
    np.testing.assert_allclose(history.val["loss"], [2, 1, 2 / 3, 1 / 2], 1e-6)
    np.testing.assert_allclose(history.metrics["classify"]["top1"], [0.5, 0.51, 0.52, 0.53], 1e-6)


def test_runs_that_are_called_like_lines_stay_runs(tmp_path):
    for name in ("resnet_train", "resnet_val"):
        write_events(tmp_path / name, [(n, "train/loss", 1.0) for n in range(4)])
    assert sorted(look(tmp_path).runs) == ["resnet_train", "resnet_val"]


def test_a_thousand_lines_are_not_looked_at(tmp_path):
    write(tmp_path / "events.out.tfevents.1.host", b"")
    for number in range(belonging.MAX_GROUPS):
        for side in ("train", "val"):
            write(tmp_path / f"{number:03}_{side}" / "events.out.tfevents.1.host", b"")
    assert len(belonging.groups(Folder(str(tmp_path)))) == belonging.MAX_GROUPS


def test_folders_that_hold_runs_are_no_sides(tmp_path):
    for side in ("train", "val"):
        write_events(tmp_path / side, [(1, "unrelated", 0.5)])
        write_detect(tmp_path / side / "exp", epochs=5)
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    assert list(catalog.runs) == ["train/exp", "val/exp"]


def test_models_with_their_side_in_their_name_are_no_lines_of_one_chart(tmp_path):
    write_events(tmp_path, [(1, "unrelated", 0.5)])
    for model in ("resnet50_train", "vgg16_train"):
        write_events(tmp_path / model, [(step, "train_loss", 1 / (step + 1)) for step in range(12)])
    assert belonging.groups(Folder(str(tmp_path))) == ()


def test_a_loss_that_is_not_logged_at_every_epoch_is_missing_and_not_a_number(tmp_path):
    scalars = [(step, "train_loss", 1 / (step + 1)) for step in range(18)]
    write_events(tmp_path, [*scalars, *((step, "val_loss", 1 / (step + 1)) for step in range(20))])
    signals = analyse(open_run(str(tmp_path))).signals
    assert (signals.train_not_finite_rows, signals.diverged) == ([], False)
