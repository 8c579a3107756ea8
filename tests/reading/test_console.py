"""Console output and notebooks: the facts they state, and the epochs that were printed."""

# ruff: noqa: E501 - lines are as wide as they are printed

from __future__ import annotations

import json
import os
import time
import weakref
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.console import outputs
from tensorboard_runlens.console.arguments import (
    MAX_ARGUMENTS,
    MAX_WRAPPED,
    alone,
    listed,
    value,
    values,
)
from tensorboard_runlens.console.epochs import MAX_EPOCHS
from tensorboard_runlens.console.text import MAX_LENGTH, Pieces
from tensorboard_runlens.console.training import trainings
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import console
from tensorboard_runlens.formats.table import MAX_COLUMNS
from tensorboard_runlens.last_words import ending
from tensorboard_runlens.plain import plain_yaml
from tensorboard_runlens.run import Console, Scanned
from tests.builders import kinds, write

BOX_HEADER = (
    "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95)"
)
V5_HEADER = "               Class     Images     Labels          P          R     mAP@.5 mAP@.5:.95"
BANNER = "Ultralytics 8.3.74 \U0001f680 Python-3.12.6 torch-2.3.0+cpu CPU (12th Gen Intel Core(TM) i9-12900)"
BOLD = "\x1b[34m\x1b[1m{}\x1b[0m"
TQDM = "{}%|{}| {}/10 [00:09<00:00,  1.07it/s]"

EURO_NOTES = rf"""
New https://pypi.org/project/ultralytics/8.3.75 available  Update with 'pip install -U ultralytics'
{BANNER}
{BOLD.format("engine/trainer: ")}task=detect, mode=train, model=yolo11s.pt, data=config.yaml, epochs=3, batch=16, imgsz=640, save=True, cache=None, classes=[0, 1], name=train3, device=

                   from  n    params  module                                       arguments
  0                  -1  1       928  ultralytics.nn.modules.conv.Conv             [3, 32, 3, 2]
YOLO11s summary: 319 layers, 9,428,566 parameters, 9,428,550 gradients, 21.6 GFLOPs

Transferred 493/499 items from pretrained weights
Freezing layer 'model.23.dfl.conv.weight'
{BOLD.format("train: ")}Scanning C:\euro\labels\train... 10 images, 1 backgrounds, 0 corrupt:   3%|   | 10/326
{BOLD.format("train: ")}Scanning C:\euro\labels\train... 301 images, 25 backgrounds, 0 corrupt: 100%|###| 326/326 [00:01<00:00, 302.1it/s]
{BOLD.format("val: ")}Scanning C:\euro\labels\val.cache... 74 images, 3 backgrounds, 0 corrupt: 100%|###| 77/77 [00:00<?, ?it/s]
Plotting labels to runs\detect\train3\labels.jpg...
Image sizes 640 train, 640 val
Logging results to {BOLD.format("runs/detect/train3")}
Starting training for 3 epochs...
{{epochs}}
3 epochs completed in 0.088 hours.
Optimizer stripped from runs\detect\train3\weights\last.pt, 19.2MB
Optimizer stripped from runs\detect\train3\weights\best.pt, 19.2MB

Validating runs\detect\train3\weights\best.pt...
{BANNER}
YOLO11s summary (fused): 238 layers, 9,413,574 parameters, 0 gradients, 21.3 GFLOPs
{BOX_HEADER}: 100%|###| 3/3 [00:07<00:00,  2.61s/it]
                   all         74         98      0.915      0.856      0.943      0.718
                10euro         48         54      0.977      0.792      0.923      0.706
                 5euro         39         44      0.853       0.92      0.962       0.73
Speed: 0.4ms preprocess, 70.7ms inference, 0.0ms loss, 32.6ms postprocess per image
Results saved to {BOLD.format("runs/detect/train3")}
"""

PRINTED = (
    ("1.03", "2.892", "1.36", "39", "0.707      0.642      0.672      0.468"),
    ("0.8623", "1.327", "1.188", "47", "0.463       0.62      0.513      0.266"),
    ("0.7538", "0.9084", "1.141", "42", "0.914      0.852      0.941      0.717"),
)


def epoch_of_ultralytics(number: int, last: int = 3) -> str:
    """An epoch as tqdm shows it: the bar at 30 % with other losses, then at its end."""
    (box, cls, dfl, instances, metrics) = PRINTED[number - 1]
    start = f"{f'{number}/{last}':>11}{'0G':>11}"
    end = f"{instances:>11}{'640':>11}: "
    return (
        "\n      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"
        f"{start}{'9.9':>11}{'9.9':>11}{'9.9':>11}{end}{TQDM.format(30, '###', 3)}\r"
        f"{start}{box:>11}{cls:>11}{dfl:>11}{end}{TQDM.format(100, '##########', 10)}\n"
        f"{BOX_HEADER}:  33%|###       | 1/3 [00:02<00:05,  2.6s/it]\r"
        f"{BOX_HEADER}: 100%|##########| 3/3 [00:07<00:00,  2.61s/it]\n"
        f"                   all         74         98      {metrics}\n"
    )


def euro_notes(numbers=(1, 2, 3)) -> str:
    return EURO_NOTES.replace("{epochs}", "".join(map(epoch_of_ultralytics, numbers)))


def yolov5(epochs=range(3), last: int = 299) -> str:
    """YOLOv5 6.x: arguments first, then its name; epochs from 0."""
    rows = "".join(
        "\n     Epoch   gpu_mem       box       obj       cls    labels  img_size\n"
        f"{f'{n}/{last}':>10}     2.1G   0.0{9 - n}13    0.0649     0.012        53       640: {TQDM.format(100, '##', 10)}\n"
        f"{V5_HEADER}: {TQDM.format(100, '##', 10)}\n"
        f"                 all         19         18        0.{n + 5}      0.496       0.61      0.322\n"
        for n in epochs
    )
    return f"""
{BOLD.format("train: ")}weights=yolov5s.pt, cfg=, data=my data.yaml, hyp=data/hyps/hyp.scratch-low.yaml, epochs=300, batch_size=16, freeze=[0], resume=False
{BOLD.format("github: ")}up to date with https://github.com/ultralytics/yolov5
YOLOv5 \U0001f680 v6.1-245-g3e54651 Python-3.7.13 torch-1.11.0+cu113 CUDA:0 (Tesla T4, 15110MiB)

{BOLD.format("hyperparameters: ")}lr0=0.01, lrf=0.01, momentum=0.937
Model summary: 270 layers, 7022326 parameters, 7022326 gradients, 15.8 GFLOPs
Transferred 343/349 items from yolov5s.pt
{BOLD.format("train: ")}Scanning '/content/train.cache' images and labels... 5772 found, 699 missing, 3 empty, 2 corrupted: 100% 6471/6471 [00:00<?, ?it/s]
Starting training for 300 epochs...
{rows}"""


def yolov7(epochs=range(2)) -> str:
    rows = "".join(
        "\n     Epoch   gpu_mem       box       obj       cls     total    labels  img_size\n"
        f"{f'{n}/299':>10}     11.5G   0.06093   0.01211   0.01035   0.08339        17       640: {TQDM.format(100, '##', 10)}\n"
        "               Class      Images      Labels           P           R      mAP@.5  mAP@.5:.95: 100% 1/1 [00:02<00:00, 2.1s/it]\n"
        "                 all         113         147         0.2       0.204       0.102      0.0191\n"
        for n in epochs
    )
    return f"""
YOLOR \U0001f680 v0.1-126-g84932d7 torch 1.13.1+cu117 CUDA:0 (NVIDIA GeForce RTX 3090, 24268.3125MB)

Namespace(weights='yolov7.pt', cfg='cfg/training/yolov7.yaml', data='data/my.yaml', epochs=300, img_size=[640, 640], device='', evolve=False, entity=None, save_dir='runs/train/yolov73')
{BOLD.format("hyperparameters: ")}lr0=0.01, lrf=0.1, loss_ota=1
Model Summary: 415 layers, 37201950 parameters, 37201950 gradients, 105.1 GFLOPS
Starting training for 300 epochs...
{rows}
                crack          33          17       0.849       0.412        0.46       0.171
   early blight  leaf          33           5           1           0           0           0
2 epochs completed in 1.392 hours.
"""


def notebook(*outputs: dict[str, Any], layout: int = 4) -> str:
    cells = [{"cell_type": "code", "source": [], "outputs": list(outputs)}]
    if layout == 4:
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return json.dumps({"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3})


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def facts_of(folder: Path, text: str, name: str = "train.log") -> Console:
    write(folder / name, text)
    ((file, found, _),) = console.consoles(Folder(str(folder)))
    assert (file, found.file) == (name, name)
    return found


def table_of(folder: Path, text: str, name: str = "train.log"):
    """(history, logged, problems, table) of the epochs in a file that is found by its contents."""
    write(folder / name, text)
    listing = Folder(str(folder))
    assert console.find(listing) == [name]
    (table, reading) = console.read(listing, name)
    return (reading.history, reading.logged, table.problems, table)


def test_what_the_guide_reads_in_its_output_is_read(tmp_path):
    told = facts_of(tmp_path, euro_notes())
    assert (told.version, told.python, told.torch) == ("8.3.74", "3.12.6", "2.3.0+cpu")
    assert told.device == "CPU (12th Gen Intel Core(TM) i9-12900)"
    assert (told.model, told.layers, told.parameters) == ("YOLO11s", 319, 9_428_566)
    assert told.gflops == 21.6
    assert told.transferred == (493, 499)
    assert told.frozen == ("model.23.dfl.conv.weight",)
    assert told.train == Scanned(301, 25, 0)
    assert told.val == Scanned(74, 3, 0)
    assert (told.epochs_completed, told.hours) == (3, 0.088)
    assert told.save_dir == "runs/detect/train3"
    assert told.ended is None


def test_speed_of_all_stages_is_read(tmp_path):
    speed = facts_of(tmp_path, euro_notes()).speed_ms
    assert speed == {"preprocess": 0.4, "inference": 70.7, "loss": 0.0, "postprocess": 32.6}
    assert sum(speed.values()) == pytest.approx(103.7)
    assert 1000 / sum(speed.values()) == pytest.approx(9.6, abs=0.05)


def test_metrics_by_class_are_those_of_the_last_table(tmp_path):
    told = facts_of(tmp_path, euro_notes())
    (ten, five) = told.classes
    assert (ten.name, ten.images, ten.instances) == ("10euro", 48, 54)
    assert ten.metrics["box"]["precision"] == 0.977
    assert (five.name, five.instances, five.metrics["box"]["recall"]) == ("5euro", 44, 0.92)
    assert told.final is not None
    assert told.final["box"]["map50_95"] == 0.718


def test_arguments_have_the_types_of_an_argument_file(tmp_path):
    arguments = facts_of(tmp_path, euro_notes()).arguments
    assert arguments["epochs"] == 3
    assert arguments["classes"] == [0, 1]
    assert (arguments["save"], arguments["cache"], arguments["device"]) == (True, None, None)
    assert (arguments["model"], arguments["name"]) == ("yolo11s.pt", "train3")


def test_epochs_are_a_table_under_the_names_of_results_csv(tmp_path):
    (history, logged, problems, table) = table_of(tmp_path, euro_notes())
    assert history.epoch.tolist() == [1, 2, 3]
    assert history.train["box"].tolist() == [1.03, 0.8623, 0.7538]
    assert history.metrics["box"]["map50_95"].tolist() == [0.468, 0.266, 0.717]
    assert "metrics/mAP50-95(B)" in table.columns
    assert logged.planned == 3
    assert logged.final is not None and logged.final["box"]["map50"] == 0.943
    assert problems == []
    assert (console.framework(table, {}), console.FORMAT.task(table, {})) == (
        "ultralytics",
        "detect",
    )


def test_the_guides_shortened_copy_gives_each_epoch_its_metrics(tmp_path):
    copied = f"""{BANNER}
task=detect, mode=train, model=yolo11s.pt, data=config.yaml, epochs=3, [...], batch=16, imgsz=640, save=True
train: Scanning [...] 301 images, 25 backgrounds, 0 corrupt
Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
  1/3         0G       1.03      2.892       1.36         39        640
  2/3         0G     0.8623      1.327      1.188         47        640
  3/3         0G     0.7538     0.9084      1.141         42        640
Class     Images  Instances      Box(P          R      mAP50  mAP50-95)
  all         74         98      0.707      0.642      0.672      0.468  (Epoch 1)
  all         74         98      0.463       0.62      0.513      0.266  (Epoch 2)
  all         74         98      0.914      0.852      0.941      0.717  (Epoch 3)
"""
    (history, _, problems, _) = table_of(tmp_path, copied)
    assert history.metrics["box"]["precision"].tolist() == [0.707, 0.463, 0.914]
    assert problems == []
    told = facts_of(tmp_path, copied)
    assert (told.arguments["epochs"], told.arguments["batch"]) == (3, 16)
    assert told.train == Scanned(301, 25, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_windows_writes_the_same_in_its_own_way(tmp_path, end, encoding):
    text = euro_notes().replace("\n", end)
    write(tmp_path / "train.log", text.encode(encoding))
    listing = Folder(str(tmp_path))
    (_, reading) = console.read(listing, "train.log")
    assert reading.history.train["box"].tolist() == [1.03, 0.8623, 0.7538]


def test_metrics_on_the_line_of_their_progress_bar_are_read(tmp_path):
    text = euro_notes().replace("s/it]\n                   all", "s/it]                   all")
    (history, _, _, _) = table_of(tmp_path, text)
    assert history.metrics["box"]["map50"].tolist() == [0.672, 0.513, 0.941]


def test_a_warning_within_a_progress_bar_costs_nothing(tmp_path):
    text = euro_notes().replace("\r", "Corrupt JPEG data: 240 extraneous bytes\n")
    (history, _, _, _) = table_of(tmp_path, text)
    assert history.train["cls"].tolist() == [2.892, 1.327, 0.9084]


def test_an_epoch_that_did_not_end_is_none(tmp_path):
    cut = euro_notes((1, 2)).split("3 epochs completed")[0] + epoch_of_ultralytics(3).split("\r")[0]
    (history, logged, _, _) = table_of(tmp_path, cut)
    assert history.epoch.tolist() == [1, 2]
    assert logged.planned == 3


@pytest.mark.parametrize(
    "bar", ["66% ━━━━━━━━──── 4/6 8.4it/s 0.4s<0.2s", "100% ━━━━━━━━━━━━ 6/6 8.4it/s 0.7s"]
)
def test_the_bars_of_later_releases_end_at_100_percent_too(tmp_path, bar):
    text = f"""{BANNER}
      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
\r\x1b[K        1/2         0G      4.185      3.136      2.551         12         96: 100% ━━ 6/6 0.2s
\r\x1b[K{BOX_HEADER}: 100% ━━━━━━━━━━━━ 1/1 14.3it/s 0.1s
                   all          8         32        0.1        0.2        0.3        0.4
      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
\r\x1b[K        2/2         0G      3.185      3.136      2.551         12         96: {bar}"""
    (history, _, _, _) = table_of(tmp_path, text)
    assert history.epoch.tolist() == ([1, 2] if bar.startswith("100") else [1])


@pytest.mark.parametrize(("version", "numbers"), [("8.0.20", [0, 1, 2]), ("8.0.162", [1, 2, 3])])
def test_early_releases_print_from_1_and_write_from_0(tmp_path, version, numbers):
    text = euro_notes().replace("Ultralytics 8.3.74", f"Ultralytics YOLOv{version}")
    (history, logged, _, _) = table_of(tmp_path, text)
    assert history.epoch.tolist() == numbers
    assert logged.planned == 3
    assert facts_of(tmp_path, text).version == version


def test_segmentation_has_two_groups(tmp_path):
    text = f"""{BANNER}
      Epoch    GPU_mem   box_loss   seg_loss   cls_loss   dfl_loss  Instances       Size
       1/10      4.63G      1.504      1.604      2.584      1.558          7        640: 100% 233/233 [01:49<00:00,  2.13it/s]
{BOX_HEADER}     Mask(P          R      mAP50  mAP50-95): 100% 7/7 [00:04<00:00,  1.46it/s]
                   all        200        249      0.674      0.631      0.619      0.298      0.574       0.53       0.43      0.141
"""
    (history, _, _, table) = table_of(tmp_path, text)
    assert history.metrics["box"]["precision"].tolist() == [0.674]
    assert history.metrics["mask"]["map50_95"].tolist() == [0.141]
    assert list(history.train) == ["box", "seg", "cls", "dfl"]
    assert console.FORMAT.task(table, {}) == "segment"


def test_classification_has_two_accuracies(tmp_path):
    text = f"""{BANNER}
train: Scanning /data/train... 336 images, 0 corrupt: 100% 336/336 2.4Kit/s 0.1s
      Epoch    GPU_mem       loss  Instances       Size
       1/30     0.416G      2.572         16        224: 100% 42/42 4.4it/s 9.6s
               classes   top1_acc   top5_acc: 100% 6/6 7.6it/s 0.8s
                   all      0.449      0.845
"""
    (history, _, _, table) = table_of(tmp_path, text)
    assert history.metrics["classify"] == {"top1": [0.449], "top5": [0.845]}
    assert list(table.columns)[:2] == ["epoch", "train/loss"]
    assert console.FORMAT.task(table, {}) == "classify"
    assert facts_of(tmp_path, text).train == Scanned(336, 0, 0)


def test_yolov5s_classifier_has_all_in_one_line(tmp_path):
    text = """classify/train: model=yolov5s-cls.pt, data=mnist, epochs=10
YOLOv5 \U0001f680 v7.0-10-g1234567 Python-3.9.16 torch-1.13.1 CPU
     Epoch   GPU_mem  train_loss    val_loss    top1_acc    top5_acc
      1/10     0.33G        2.05        1.12       0.721       0.955: 100%|##| 10/10 [00:09<00:00,  1.07it/s]
      2/10     0.33G        1.05        0.82       0.821       0.975: 100%|##| 10/10 [00:09<00:00,  1.07it/s]
"""
    (history, logged, _, table) = table_of(tmp_path, text)
    assert (history.epoch.tolist(), logged.planned) == ([0, 1], 10)
    assert history.metrics["classify"]["top1"].tolist() == [0.721, 0.821]
    assert list(table.columns)[:3] == ["epoch", "train/loss", "val/loss"]


def test_yolov5_counts_from_0(tmp_path):
    (history, logged, problems, table) = table_of(tmp_path, yolov5())
    assert history.epoch.tolist() == [0, 1, 2]
    assert history.train["box"].tolist() == [0.0913, 0.0813, 0.0713]
    assert history.metrics["box"]["precision"].tolist() == [0.5, 0.6, 0.7]
    assert logged.planned == 300
    assert console.framework(table, {}) == "yolov5"
    assert "metrics/mAP_0.5:0.95" in table.columns
    assert problems == []


def test_facts_of_yolov5(tmp_path):
    told = facts_of(tmp_path, yolov5())
    assert (told.version, told.torch) == ("6.1-245-g3e54651", "1.11.0+cu113")
    assert told.device == "CUDA:0 (Tesla T4, 15110MiB)"
    assert (told.model, told.layers, told.parameters) == (None, 270, 7_022_326)
    assert told.train == Scanned(5772, 702, 2)
    assert told.arguments["data"] == "my data.yaml"
    assert (told.arguments["lr0"], told.arguments["freeze"]) == (0.01, [0])


def test_yolov7_has_its_classes_in_the_last_epoch(tmp_path):
    (history, logged, _, table) = table_of(tmp_path, yolov7())
    assert history.epoch.tolist() == [0, 1]
    assert list(history.train) == ["box", "obj", "cls"]
    told = facts_of(tmp_path, yolov7())
    assert [line.name for line in told.classes] == ["crack", "early blight  leaf"]
    assert told.classes[0].instances == 17
    assert told.final is None and logged.final is None
    assert told.arguments["img_size"] == [640, 640]
    assert (told.arguments["entity"], told.arguments["device"]) == (None, "")
    assert console.framework(table, told.arguments) == "yolov7"
    assert (told.version, told.gflops) == ("0.1-126-g84932d7", 105.1)


def test_counts_that_were_rounded_are_not_told(tmp_path):
    text = yolov7().replace("          17       0.849", "    3.41e+03       0.849")
    told = facts_of(tmp_path, text)
    assert (told.classes[0].images, told.classes[0].instances) == (33, None)


@pytest.mark.parametrize("layout", [3, 4])
def test_notebooks_are_read(tmp_path, layout):
    text = euro_notes()
    (first, second) = (text[:2500], text[2500:])
    picture = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}}
    document = notebook(stream(first + "\n"), picture, stream(second), layout=layout)
    (history, _, problems, _) = table_of(tmp_path, document, "train.ipynb")
    assert history.epoch.tolist() == [1, 2, 3]
    assert problems == []
    assert facts_of(tmp_path, document, "train.ipynb").classes[0].instances == 54


def test_an_error_in_a_notebook_ended_its_training(tmp_path):
    text = euro_notes((1, 2)).split("3 epochs completed")[0]
    trace = ["\x1b[0;31m-----\x1b[0m", "\x1b[0;31mOutOfMemoryError\x1b[0m: CUDA out of memory."]
    error = {"output_type": "error", "ename": "x", "evalue": "y", "traceback": trace}
    assert facts_of(tmp_path, notebook(stream(text), error), "a.ipynb").ended == "out_of_memory"


@pytest.mark.parametrize(
    "text",
    [
        notebook(stream("hello\n" * 100)),
        notebook({"output_type": "execute_result", "data": {"text/plain": ["1"] * 100}}),
        "{" * 500,
    ],
    ids=["printed", "result", "damaged"],
)
def test_a_notebook_without_a_training_is_nothing(tmp_path, text):
    write(tmp_path / "a.ipynb", text)
    listing = Folder(str(tmp_path))
    assert (console.find(listing), console.consoles(listing)) == ([], [])


def test_a_damaged_notebook_with_a_training_is_a_problem(tmp_path):
    write(tmp_path / "a.ipynb", notebook(stream(euro_notes()))[:-20])
    listing = Folder(str(tmp_path))
    (table, reading) = console.read(listing, "a.ipynb")
    assert (kinds(table.problems), len(reading.history)) == (["refused"], 0)
    ((_, told, problems),) = console.consoles(listing)
    assert (told.version, kinds(problems)) == (None, ["refused"])


@pytest.mark.parametrize("name", ["results.txt", "requirements.txt", "train.py"])
def test_other_files_are_not_looked_at(tmp_path, name):
    write(tmp_path / name, euro_notes())
    listing = Folder(str(tmp_path))
    assert (console.find(listing), console.consoles(listing)) == ([], [])


def test_a_log_of_something_else_is_nothing(tmp_path):
    write(tmp_path / "server.log", "GET /index.html 200\n" * 100)
    write(tmp_path / "labels.txt", "0 0.5 0.5 0.1 0.1\n" * 100)
    listing = Folder(str(tmp_path))
    assert (console.find(listing), console.consoles(listing)) == ([], [])


def test_of_several_trainings_the_last_with_epochs_is_shown(tmp_path):
    third = euro_notes().split("Starting training")[0].replace("YOLO11s", "YOLO11x")
    second = euro_notes((1, 2)).replace("8.3.74", "8.3.80").replace("epochs=3", "epochs=9")
    (history, _, problems, _) = table_of(tmp_path, euro_notes() + second + third)
    assert history.epoch.tolist() == [1, 2]
    assert kinds(problems) == ["several_trainings"]
    told = facts_of(tmp_path, euro_notes() + second + third)
    assert (told.version, told.model, told.arguments["epochs"]) == ("8.3.80", "YOLO11s", 9)


def test_what_is_validated_afterwards_is_not_the_trainings(tmp_path):
    after = f"{BANNER}\n{BOX_HEADER}: 100%|#| 3/3 [00:07<00:00,  2.61s/it]\n" + "\n".join(
        f"{name:>22}          1          1          1          1          1          1"
        for name in ("all", "cat", "dog")
    )
    speed = "\nSpeed: 9.9ms preprocess, 9.9ms inference, 9.9ms loss, 9.9ms postprocess per image\n"
    told = facts_of(tmp_path, euro_notes() + after + speed)
    assert [line.name for line in told.classes] == ["10euro", "5euro"]
    assert told.speed_ms["inference"] == 70.7


def test_what_was_validated_before_is_not_the_trainings(tmp_path):
    (head, tail) = euro_notes((1,)).split("New https", 1)
    before = f"""{BANNER}
{BOX_HEADER}: 100%|#| 3/3 [00:07<00:00,  2.61s/it]
                   all        128        929      0.666      0.542      0.633      0.468
                person        128        254      0.808      0.664      0.768      0.544
"""
    told = facts_of(tmp_path, before + head + tail.split("Validating")[0])
    assert told.classes == ()
    assert told.arguments["epochs"] == 3


def test_yolov7s_own_test_afterwards_closes_the_training(tmp_path):
    test = """Namespace(weights=['best.pt'], data='data/my.yaml', batch_size=32, conf_thres=0.001, task='test')
               Class      Images      Labels           P           R      mAP@.5  mAP@.5:.95: 100% 1/1 [00:02<00:00, 2.1s/it]
                 all         200         400         0.9         0.9         0.9         0.9
                other        200         400         0.9         0.9         0.9         0.9
"""
    assert [line.name for line in facts_of(tmp_path, yolov7() + test).classes] == [
        "crack",
        "early blight  leaf",
    ]


def test_a_resumed_training_goes_on(tmp_path):
    start = euro_notes((1, 2)).split("3 epochs completed")[0]
    (history, logged, problems, _) = table_of(
        tmp_path, start + epoch_of_ultralytics(2) + epoch_of_ultralytics(3)
    )
    assert history.epoch.tolist() == [1, 2, 3]
    assert logged.resumed == (2,)
    assert kinds(problems) == ["repeated_epochs"]


def test_early_stopping_tells_the_patience(tmp_path):
    stop = "EarlyStopping: Training stopped early as no improvement observed in last 15 epochs. Best results observed at epoch 6, best model saved as best.pt.\n"
    text = euro_notes().replace("\n3 epochs completed", f"{stop}\n3 epochs completed")
    told = facts_of(tmp_path, text)
    assert told.arguments["patience"] == 15
    assert told.final is not None


ENDINGS = {
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB": "out_of_memory",
    "RuntimeError: MPS backend out of memory (MPS allocated: 17.40 GB)": "out_of_memory",
    "OSError: [Errno 28] No space left on device": "disk_full",
    "KeyboardInterrupt": "stopped_by_user",
    "KeyboardInterrupt: ": "stopped_by_user",
    "Killed": "killed",
    "train.sh: line 3: 12345 Killed                  python train.py": "killed",
    "[1]+  Killed                  nohup python train.py": "killed",
    "slurmstepd: error: *** JOB 7 ON gpu1 CANCELLED AT 2024-01-01T00:00:00 DUE TO TIME LIMIT ***": "killed",
    "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=191.batch cgroup. Some of your processes may have been killed": "out_of_memory",
    "slurmstepd: error: Detected 2 oom_kill events in StepId=7.13. Some of the step tasks have been OOM Killed.": "out_of_memory",
    "srun: error: gpu1: task 0: Out Of Memory": "out_of_memory",
    "RuntimeError: [enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 35896320000 bytes. Error code 12 (Cannot allocate memory)": "out_of_memory",
    "RuntimeError: [enforce fail at ..\\c10\\core\\CPUAllocator.cpp:73] data. DefaultCPUAllocator: not enough memory: you tried to allocate 318767104000 bytes.": "out_of_memory",
    "MemoryError": "out_of_memory",
    "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 1.00 GiB for an array": "out_of_memory",
    "OSError: [Errno 12] Cannot allocate memory": "out_of_memory",
    "terminate called after throwing an instance of 'std::bad_alloc'": "out_of_memory",
    "RuntimeError: DataLoader worker (pid 7) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory. Please try to raise your shared memory limit.": "out_of_memory",
    "RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED": "out_of_memory",
    "OSError: [Errno 122] Disk quota exceeded": "disk_full",
    "RuntimeError: [enforce fail at inline_container.cc:471] . PytorchStreamWriter failed writing file data/3: file write failed": "disk_full",
    "RuntimeError: [enforce fail at inline_container.cc:659] . unexpected pos 190007680 vs 190007572": "disk_full",
    "Terminated": "killed",
    "[1]+  Terminated              nohup python train.py": "killed",
    "traceback : Signal 9 (SIGKILL) received by PID 10398": "killed",
    "torch.distributed.elastic.multiprocessing.api.SignalException: Process 17871 got signal: 1": "killed",
    "RuntimeError: DataLoader worker (pid(s) 7) is killed by signal: Killed. ": "killed",
    "ValueError: something": "error",
    "Segmentation fault (core dumped)": "error",
}


@pytest.mark.parametrize("line", ENDINGS)
def test_the_end_of_a_training_is_told(tmp_path, line):
    text = euro_notes((1, 2)).split("3 epochs completed")[0]
    trace = "Traceback (most recent call last):\n  File train.py, line 3, in <module>\n"
    assert facts_of(tmp_path, f"{text}{trace}{line}\n").ended == ENDINGS[line]


@pytest.mark.parametrize(
    ("printed", "ended", "error"),
    [
        (["ValueError: something"], "error", "ValueError: something"),
        (["cv2.error: OpenCV(4.8.0)"], "error", "error: OpenCV(4.8.0)"),
        (["KeyError: 'a'", "", "RuntimeError: b"], "error", "RuntimeError: b"),
        (
            ["torch.cuda.OutOfMemoryError: CUDA out of memory. Tried", "ChildFailedError: "],
            "out_of_memory",
            "OutOfMemoryError: CUDA out of memory. Tried",
        ),
        (["Killed"], "killed", "Killed"),
        (
            ["Killed", "srun: error: gpu1: task 0: Out Of Memory"],
            "out_of_memory",
            "srun: error: gpu1: task 0: Out Of Memory",
        ),
        (["Killed", "ValueError: later"], "killed", "Killed"),
    ],
)
def test_the_exception_that_ended_it_is_told(tmp_path, printed, ended, error):
    text = euro_notes((1, 2)).split("3 epochs completed")[0]
    trace = "Traceback (most recent call last):\n  File train.py, line 3, in <module>\n"
    told = facts_of(tmp_path, f"{text}{trace}" + "\n".join(printed) + "\n")
    assert (told.ended, told.error) == (ended, error)


def test_an_error_that_was_survived_is_not_the_end(tmp_path):
    (start, rest) = euro_notes().split("Starting training for 3 epochs...")
    retried = "WARNING CUDA out of memory with batch=16. Reducing to batch=8 and retrying (1/3)."
    told = facts_of(tmp_path, f"{start}Starting training for 3 epochs...\n{retried}{rest}")
    assert told.ended is None
    assert told.epochs_completed == 3


def test_an_error_after_the_end_did_not_end_the_training(tmp_path):
    text = euro_notes().split("Validating")[0] + "Traceback (most recent call last):\nValueError\n"
    assert facts_of(tmp_path, text).ended is None


@pytest.mark.parametrize(
    "text",
    [
        "Not Killed by signal",
        "the GPU is out of memory",
        "a Traceback",
        "Terminated by the user's own words",
        "12.3GB RAM required to cache images, not caching images",
        "no MemoryError here",
        "shared memory is used",
        "Aborted",
    ],
)
def test_words_alone_are_no_end(text):
    assert ending(text) is None


def test_metrics_without_their_epochs_are_said(tmp_path):
    """Where only standard output was saved, tqdm's lines are missing."""
    lines = [line for line in euro_notes().splitlines() if "/3 " not in line]
    (history, _, problems, _) = table_of(tmp_path, "\n".join(lines))
    assert (len(history), kinds(problems)) == (0, ["no_epoch_line", "empty"])
    assert facts_of(tmp_path, "\n".join(lines)).epochs_completed == 3


def test_a_self_training_log_tells_its_arguments(tmp_path):
    text = """Namespace(image_dir='data/images', coords_file='data/coordinates.json', output_dir='experiments/unet', device='cuda:0', multi_gpu=True)
=== Configuration ===
  Initial epochs: 100
  Self-training iterations: 3
  retrain_epochs=30
  batch size : 128
  Positive threshold: 0.95
  Learning rate: 1e-3
RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB
"""
    told = facts_of(tmp_path, text, "training.log")
    expected = {
        "initial_epochs": 100, "self_training_iterations": 3, "retrain_epochs": 30, "batch_size": 128,
        "positive_threshold": 0.95, "learning_rate": 0.001, "multi_gpu": True,
    }  # fmt: skip
    assert expected.items() <= told.arguments.items()
    assert told.ended == "out_of_memory"
    assert console.find(Folder(str(tmp_path))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-05", 1e-05), ("640", 640), ("-1", -1), (".5", 0.5), ("None", None), ("False", False),
        ("'a, b'", "a, b"), ("(1, 2)", [1, 2]), ("{'a': 1}", {"a": 1}), ("yes", "yes"), ("[1, 2", "[1, 2"),
        ("2024-01-01", "2024-01-01"), ("", None), ("''", ""),
    ],
)  # fmt: skip
def test_values(text, expected):
    found = value(text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "text", ["optimizer: AdamW(lr=0.001667, momentum=0.9)", "x=1, y=2", "Epoch 1"]
)
def test_lines_that_list_no_arguments(text):
    assert listed(text) is None


@pytest.mark.parametrize("text", ["Loss: 3", "epoch time: 4", ": 3", "batch size:"])
def test_lines_that_hold_no_argument(text):
    assert alone(text) == {}


def test_arguments_of_another_script_are_no_training(tmp_path):
    write(tmp_path / "prepare.log", "Namespace(source='raw', target='images', size=640)\n" * 10)
    assert console.consoles(Folder(str(tmp_path))) == []


def test_lines_that_are_too_long_are_said(tmp_path):
    text = euro_notes().replace("Image sizes", "x" * (MAX_LENGTH + 1) + "\nImage sizes")
    (history, _, problems, _) = table_of(tmp_path, text)
    assert history.epoch.tolist() == [1, 2, 3]
    assert kinds(problems) == ["long_line"]
    assert problems[0].line == 1 + text[: text.index("xxx")].count("\n")


def test_a_file_that_is_too_large_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "MAX_BYTES", 1000)
    write(tmp_path / "train.log", euro_notes())
    ((_, _, problems),) = console.consoles(Folder(str(tmp_path)))
    assert kinds(problems) == ["refused"]


def numbers_are_sound(text: str) -> None:
    for training in trainings(Pieces(text)):
        for epoch in training.tables.epochs:
            assert 0 <= epoch.number < 10**7
        for line in training.tables.classes:
            assert line.name
            assert all(
                0 <= number <= 1 for named in line.metrics.values() for number in named.values()
            )


LINES = st.sampled_from((euro_notes() + yolov5() + yolov7()).splitlines(keepends=True))


@given(st.lists(LINES, max_size=40), st.text(max_size=20))
def test_lines_in_any_order_are_survived(lines, between):
    numbers_are_sound(between.join(lines))


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived(text):
    numbers_are_sound(text)


@given(st.data())
@settings(max_examples=50)
def test_any_cut_of_an_output_tells_no_more_epochs_than_the_whole(data):
    text = data.draw(st.sampled_from([euro_notes(), yolov5(), yolov7()]))
    cut = text[: data.draw(st.integers(0, len(text)))]
    numbers_are_sound(cut)
    (whole,) = trainings(Pieces(text))
    found = [
        epoch.number for training in trainings(Pieces(cut)) for epoch in training.tables.epochs
    ]
    assert found == [epoch.number for epoch in whole.tables.epochs][: len(found)]


@pytest.mark.parametrize("name", ["a.ipynb", "train.log"])
@given(data=st.binary(max_size=400), at=st.integers(0, 4000))
def test_any_bytes_in_a_file_are_survived(tmp_path, name, data, at):
    text = notebook(stream(euro_notes())) if name.endswith("ipynb") else euro_notes()
    whole = text.encode()
    write(tmp_path / name, whole[:at] + data + whole[at:])
    listing = Folder(str(tmp_path))
    for found in console.find(listing):
        (table, reading) = console.read(listing, found)
        assert len(reading.history) <= 4
        assert all(problem.file == name for problem in table.problems)


HOSTILE = [
    "1/3 0G ", "9" * 50, "1,1,1,1,", "a=1, ", "Namespace(a=", "[[[[", "\x1b[0;0", " ", "\r", "\n", "(Epoch ",
    "YOLO summary: 1 layers", "torch-1 Python-", "train: Scanning 1 images, ", "Class all 1 ", "Killed ",
    "Speed: 1ms ", ": 99%", "it/s]", "epoch   ", "a:", "\x1b",
]  # fmt: skip


@pytest.mark.parametrize("repeats", [1, 1000], ids=["lines", "long lines"])
@pytest.mark.parametrize("part", HOSTILE, ids=range(len(HOSTILE)))
def test_time_grows_with_the_size_only(part: str, repeats: int) -> None:
    line = (part * repeats)[: MAX_LENGTH - 1] + "\n"
    text = line * (500_000 // len(line))
    header = "Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"
    started = time.perf_counter()
    (*_, last) = trainings(Pieces(header + text))
    outputs.BEGINNING.search(text)
    assert time.perf_counter() - started < 5
    assert last.tables.words


HEADER = "Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"


def test_columns_that_change_with_every_epoch_are_cut(tmp_path):
    text = BANNER + "".join(
        f"\nEpoch gpu_mem w{n}_loss x{n}_loss y{n}_loss z{n}_loss\n{n}/3000 0G 1 2 3 4: 100%"
        for n in range(3000)
    )
    (history, _, problems, table) = table_of(tmp_path, text)
    assert (len(table.columns), len(history)) == (MAX_COLUMNS, 3000)
    assert kinds(problems) == ["too_wide"]


def test_epochs_beyond_the_cap_are_counted_and_metrics_find_theirs_by_number(tmp_path):
    rows = "".join(f"{n}/60000 0G 1 2 3 4 5: 100%\n" for n in range(1, MAX_EPOCHS + 6))
    noted = [7, *[9_999_998] * 60_000]
    metrics = "".join(f"all 74 98 .7 .6 .6 .4 (Epoch {n})\n" for n in noted)
    (history, _, problems, _) = table_of(
        tmp_path, f"{BANNER}\n{HEADER}{rows}{BOX_HEADER}\n{metrics}"
    )
    assert len(history) == MAX_EPOCHS
    assert history.metrics["box"]["precision"][6] == 0.7
    assert [problem.problem.split(" ")[:3] for problem in problems] == [
        ["metrics", "of", "60,000"],
        ["5", "epochs", "after"],
    ]


def test_of_thousands_of_trainings_one_is_kept(tmp_path):
    one = f"Namespace(epochs=3, name=%d)\n{HEADER}1/3 0G 1 2 3 4 5\n"
    text = "".join(one % number for number in range(20_000))
    found = trainings(Pieces(text))
    first = weakref.ref(next(found))
    next(found)
    assert first() is None
    (_, _, (problem,), _) = table_of(tmp_path, text)
    assert problem.problem == "20,000 trainings in one output; the last one is shown"
    assert facts_of(tmp_path, text).arguments["name"] == 19_999


def test_values_are_read_of_the_training_that_is_shown_only(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(plain_yaml, "load", lambda text: read.append(text) or [1])
    lists = ", ".join(f"{name}=[1]" for name in "abcdef")
    text = f"Namespace(epochs=3, {lists})\n{HEADER}1/3 0G 1 2 3 4 5\n" * 1000
    assert facts_of(tmp_path, text).arguments["a"] == [1]
    assert len(read) == 6


def test_lists_of_one_training_are_read_up_to_a_cap():
    printed = {f"a{number}": f"[{'1, ' * 300}1]" for number in range(100)}
    read = [found for found in values(printed).values() if isinstance(found, list)]
    assert len(read) == MAX_WRAPPED // len(printed["a0"])


def test_arguments_of_one_training_are_capped(tmp_path):
    lines = "".join(f"Namespace(epochs=3, x{number}=1)\n" for number in range(5000))
    assert len(facts_of(tmp_path, lines).arguments) == MAX_ARGUMENTS


def test_the_oldest_hyperparameters_are_read(tmp_path):
    told = facts_of(
        tmp_path,
        "Namespace(epochs=3)\nHyperparameters {'optimizer': 'SGD', 'lr0': 0.01, 'cos': None}\n" * 5,
    )
    assert told.arguments == {"epochs": 3, "optimizer": "SGD", "lr0": 0.01, "cos": None}


def test_every_file_is_read_once_for_a_listing(tmp_path, monkeypatch):
    read = []
    whole = Folder.read
    monkeypatch.setattr(
        Folder, "read", lambda self, name, cap: read.append(name) or whole(self, name, cap)
    )
    write(tmp_path / "a.log", euro_notes())
    write(tmp_path / "b.ipynb", notebook(stream(euro_notes())))
    listing = Folder(str(tmp_path))
    for name in console.find(listing):
        console.read(listing, name)
    assert len(console.consoles(listing)) == len(console.consoles(listing)) == 2
    assert sorted(read) == ["a.log", "b.ipynb"]


@pytest.mark.parametrize("name", ["old.log", "old.ipynb"])
def test_files_beyond_the_allowance_of_a_folder_are_said(tmp_path, monkeypatch, name):
    text = notebook(stream(euro_notes())) if name.endswith("ipynb") else euro_notes()
    write(tmp_path / name, text)
    write(tmp_path / "new.log", euro_notes())
    os.utime(tmp_path / name, (1, 1))
    monkeypatch.setattr(outputs, "MAX_BYTES", len(euro_notes().encode()) + 300)
    ((first, _, problems), (last, told, _)) = console.consoles(Folder(str(tmp_path)))
    assert (first, last) == (name, "new.log")
    assert kinds(problems) == ["refused"]
    assert told.version == "8.3.74"


def test_lines_of_all_files_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "MAX_PIECES", 60)
    for number in range(3):
        write(tmp_path / f"{number}.log", euro_notes())
        os.utime(tmp_path / f"{number}.log", (number, number))
    found = console.consoles(Folder(str(tmp_path)))
    assert [(file, kinds(problems)) for (file, _, problems) in found] == [
        ("0.log", ["refused"]),
        ("1.log", ["too_many_lines"]),
        ("2.log", []),
    ]


def test_parts_of_one_line_count_as_lines():
    pieces = Pieces("it/s]" * 3000 + "\nmore\nand more\n", limit=3000)
    assert len(list(pieces)) == 3000
    assert pieces.cut_at == 2


def test_a_notebook_of_too_many_values_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(outputs.notebook, "MAX_VALUES", 30)
    write(tmp_path / "a.ipynb", notebook(stream(euro_notes())))
    ((_, _, (problem,)),) = console.consoles(Folder(str(tmp_path)))
    assert (problem.kind, problem.problem) == ("refused", "more than 30 values")
