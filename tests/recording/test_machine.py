"""What the machine did: times, memory, the GPU, mixed precision, repeated epochs. GPU and driver are stand-ins."""

from __future__ import annotations

import copy
import gc
import sys
import threading
import time
import weakref
from types import SimpleNamespace

import pytest

from tensorboard_runlens.recording.machine import pace, watched_gpu
from tensorboard_runlens.recording.machine.gpu import Gpu, NoGpu
from tensorboard_runlens.recording.machine.memory import accelerator_bytes, resident_bytes
from tensorboard_runlens.recording.machine.optimizer_steps import OptimizerSteps
from tensorboard_runlens.recording.machine.sampling import Sampler
from tests.recording.trainings import fire, lines, manifest, train_epoch, trainer

UUID = "ffc79498-8ff3-c2dc-3b0d-fafd804516ae"


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


@pytest.fixture
def running(run):
    """A training that is ready to start: 40 images, 16 a batch."""
    ready = trainer(run)
    ready.train_loader = SimpleNamespace(dataset=range(40), batch_size=16)
    return ready


@pytest.fixture
def clock(monkeypatch):
    """Turned by hand."""
    hand = SimpleNamespace(now=100.0)
    monkeypatch.setattr(pace, "perf_counter", lambda: hand.now)
    return hand


def train_images(running, clock, *batches):
    """The training images of an epoch: for each batch the seconds of waiting and of computing."""
    fire("on_train_epoch_start", running)
    for waiting, computing in batches:
        clock.now += waiting
        fire("on_train_batch_start", running)
        clock.now += computing
        fire("on_train_batch_end", running)


def machine(run):
    return [line["machine"] for line in lines(run)]


def test_waiting_and_computing_add_up(run, running, clock):
    fire("on_train_start", running)
    train_images(running, clock, (3.0, 1.0), (0.5, 1.5), (0.5, 1.5))
    clock.now += 50  # the validation counts for neither
    train_epoch(running, 1)
    train_images(running, clock, (1.0, 1.0))
    train_epoch(running, 2)
    (first, second) = machine(run)
    assert (first["data_seconds"], first["compute_seconds"], first["batches"]) == (4.0, 4.0, 3)
    assert (first["images"], first["images_per_second"]) == (40, 5.0)
    assert (second["data_seconds"], second["compute_seconds"], second["batches"]) == (1.0, 1.0, 1)
    assert (second["images"], second["images_per_second"]) == (16, 8.0)


def test_images_of_all_processes_count(run, running, clock):
    running.world_size = 2
    fire("on_train_start", running)
    train_images(running, clock, (0.0, 1.0))
    train_epoch(running, 1)
    assert machine(run)[0]["images"] == 32


def test_a_loader_of_unknown_batches_has_times_only(run, running, clock):
    running.train_loader = SimpleNamespace(batch_size=16)
    fire("on_train_start", running)
    train_images(running, clock, (1.0, 1.0))
    train_epoch(running, 1)
    (found,) = machine(run)
    assert found["compute_seconds"] == 1.0
    assert "images" not in found and "images_per_second" not in found


def test_an_epoch_without_a_batch_has_no_times(run, running):
    fire("on_train_start", running)
    train_epoch(running, 1)
    (found,) = machine(run)
    assert not {"data_seconds", "batches", "images_per_second"} & found.keys()
    assert found["cpu_seconds"] >= 0


def test_repeated_epochs_are_counted_and_only_the_last_one_is_timed(run, running, clock):
    fire("on_train_start", running)
    for _ in range(2):  # memory runs out in the second batch
        train_images(running, clock, (1.0, 1.0))
        fire("on_train_batch_start", running)
    train_images(running, clock, (2.0, 2.0))
    train_epoch(running, 1)
    running.epoch = 1
    train_images(running, clock, (1.0, 1.0))
    fire("on_train_epoch_end", running)  # its losses are NaN
    train_images(running, clock, (1.0, 1.0))
    train_epoch(running, 2)
    (first, second) = machine(run)
    assert (first["out_of_memory_retries"], first["nan_recoveries"]) == (2, 0)
    assert (second["out_of_memory_retries"], second["nan_recoveries"]) == (0, 1)
    assert first["data_seconds"] == 2.0


def test_a_cpu_has_no_accelerator_and_misses_nothing(run, running):
    fire("on_train_start", running)
    train_epoch(running, 1)
    assert not {"memory", "gpu", "amp"} & machine(run)[0].keys()
    assert manifest(run)["missing"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux' /proc")
def test_memory_of_the_process_is_about_what_the_system_says():
    with open("/proc/self/status", encoding="utf-8") as file:
        (line,) = (line for line in file if line.startswith("VmRSS"))
    assert resident_bytes() == pytest.approx(int(line.split()[1]) * 1024, rel=0.1)


def fake_torch(allocated=300, reserved=400, peak=500, uuid=UUID, hip=None):
    cuda = SimpleNamespace(
        get_device_name=lambda device: "NVIDIA Made Up",
        get_device_properties=lambda device: SimpleNamespace(total_memory=1000, uuid=uuid),
        memory_allocated=lambda device: allocated,
        memory_reserved=lambda device: reserved,
        max_memory_allocated=lambda device: peak,
    )
    return SimpleNamespace(cuda=cuda, version=SimpleNamespace(hip=hip), __version__="2.13.0")


class NVMLError(Exception):
    pass


def not_supported(*_):
    raise NVMLError("Not Supported")


def fake_driver(**replaced):
    """As the package nvidia-ml-py has it; ``asked`` is what it was called with."""
    asked = []
    functions = {
        "NVMLError": NVMLError,
        "NVML_TEMPERATURE_GPU": 0,
        "nvmlInit": lambda: asked.append("init"),
        "nvmlShutdown": lambda: asked.append("shutdown"),
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByUUID": lambda uuid: asked.append(uuid) or uuid,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetUtilizationRates": lambda gpu: SimpleNamespace(gpu=87, memory=12),
        "nvmlDeviceGetMemoryInfo": lambda gpu: SimpleNamespace(used=700),
        "nvmlDeviceGetPowerUsage": lambda gpu: 250_500,
        "nvmlDeviceGetTemperature": lambda gpu, sensor: 64,
    }
    return SimpleNamespace(**{**functions, **replaced}, asked=asked)


@pytest.fixture
def on_gpu(monkeypatch, running):
    """Has ``running`` train on a GPU of stand-ins, which is looked at all the time."""

    def prepare(torch, driver):
        running.device = SimpleNamespace(type="cuda", index=0)
        monkeypatch.setitem(sys.modules, "torch", torch)
        monkeypatch.setitem(sys.modules, "pynvml", driver)
        monkeypatch.setattr(watched_gpu, "SAMPLE_SECONDS", 0.001)
        return running

    return prepare


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def looking():
    return [thread for thread in threading.enumerate() if thread.name == "runlens-gpu"]


def test_a_gpu_is_looked_at_until_the_training_ends(run, on_gpu):
    driver = fake_driver()
    running = on_gpu(fake_torch(), driver)
    fire("on_train_start", running)
    wait_for(lambda: running._runlens is not None and len(looking()) == 1)
    time.sleep(0.05)
    train_epoch(running, 1)
    fire("teardown", running)
    gpu = machine(run)[0]["gpu"]
    assert gpu.pop("samples") >= 1
    assert gpu == {
        "utilisation": {"mean": pytest.approx(0.87), "max": 0.87},
        "power_watts": {"mean": 250.5, "max": 250.5},
        "temperature_celsius": {"mean": 64.0, "max": 64.0},
        "memory_used": 700,
    }
    assert driver.asked == ["init", f"GPU-{UUID}", "shutdown"]
    assert looking() == []
    assert manifest(run)["missing"] == []


def test_a_part_that_failed_stops_looking_all_the_same(run, on_gpu, monkeypatch):
    running = on_gpu(fake_torch(), fake_driver())
    fire("on_train_start", running)
    monkeypatch.setattr(pace.Repeats, "told", not_supported)
    train_epoch(running, 1)
    assert "machine" not in lines(run)[0]
    assert len(looking()) == 1
    fire("teardown", running)
    assert looking() == []


def test_a_training_that_failed_without_an_end_is_let_go(run, on_gpu):
    """As up to 8.4.36 and beyond, where only one that succeeds is said to have ended."""
    running = on_gpu(fake_torch(), fake_driver())
    fire("on_train_start", running)
    wait_for(lambda: len(looking()) == 1)
    tracked = weakref.ref(running._runlens)
    del running._runlens, running.validator._runlens
    gc.collect()
    assert tracked() is None
    wait_for(lambda: looking() == [])


def test_a_driver_that_cannot_be_asked_is_said_once(run, on_gpu, caplog):
    running = on_gpu(fake_torch(), None)  # importing it fails
    fire("on_train_start", running)
    train_epoch(running, 1)
    train_epoch(running, 2)
    (missing,) = manifest(run)["missing"]
    assert "nvidia-ml-py" in missing
    assert [missing in record.getMessage() for record in caplog.records] == [True]
    assert "gpu" not in machine(run)[0]


def test_an_amd_gpu_has_memory_only(run, on_gpu):
    running = on_gpu(fake_torch(hip="6.2"), None)
    fire("on_train_start", running)
    train_epoch(running, 1)
    (missing,) = manifest(run)["missing"]
    assert "AMD" in missing
    assert machine(run)[0]["memory"]["total"] == 1000


def test_what_the_driver_does_not_tell_is_left_out(monkeypatch):
    driver = fake_driver(nvmlDeviceGetUtilizationRates=not_supported)
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    assert Gpu(UUID).read().keys() == {"memory_used", "power_watts", "temperature_celsius"}


def test_without_a_uuid_only_a_single_gpu_is_looked_at(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", fake_driver(nvmlDeviceGetCount=lambda: 1))
    assert Gpu(None).read()["utilisation"] == 0.87
    several = fake_driver()
    monkeypatch.setitem(sys.modules, "pynvml", several)
    with pytest.raises(NoGpu, match="2 GPUs"):
        Gpu(None)
    assert several.asked == ["init", "shutdown"]


@pytest.mark.parametrize("function", ["nvmlInit", "nvmlDeviceGetHandleByUUID"])
def test_a_driver_that_fails_says_why(monkeypatch, function):
    monkeypatch.setitem(sys.modules, "pynvml", fake_driver(**{function: not_supported}))
    with pytest.raises(NoGpu, match="Not Supported"):
        Gpu(UUID)


def test_memory_is_that_of_the_training_images_and_the_peak_so_far(run, on_gpu):
    torch = fake_torch()
    running = on_gpu(torch, None)
    torch.cuda.max_memory_allocated = lambda device: 450
    fire("on_train_start", running)
    torch.cuda.max_memory_allocated = lambda device: 500
    running.epoch = 0
    fire("on_train_epoch_end", running)
    torch.cuda.memory_reserved = lambda device: 10  # its cache is emptied for the validation
    fire("on_fit_epoch_end", running)
    expected = {"allocated": 300, "reserved": 400, "total": 1000, "peak": 500}
    assert machine(run)[0]["memory"] == expected


def test_a_peak_from_before_the_training_is_none_of_it(run, on_gpu):
    running = on_gpu(fake_torch(), None)
    fire("on_train_start", running)
    train_epoch(running, 1)
    assert "peak" not in machine(run)[0]["memory"]


def test_apples_gpu_answers_by_its_own_names(monkeypatch):
    mps = SimpleNamespace(current_allocated_memory=lambda: 3, driver_allocated_memory=lambda: 5)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(mps=mps))
    assert accelerator_bytes(SimpleNamespace(type="mps")) == {"allocated": 3, "reserved": 5}


class Optimizer:
    """Skips where ``finite`` is False, as it is not called by the scaler then."""

    def __init__(self, **group):
        self.param_groups = [{"lr": 0.1, "params": [], **group}]
        self.hooks = []

    def register_step_post_hook(self, hook):
        self.hooks.append(hook)
        return SimpleNamespace(remove=lambda: self.hooks.remove(hook))


class Trainer:
    """A class of its own, since the method stands on it and not on the object."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def optimizer_step(self, finite=True):
        for hook in self.optimizer.hooks if finite else ():
            hook(self.optimizer, (), {})
        return "stepped"


def test_steps_that_were_skipped_are_counted():
    training = Trainer(Optimizer())
    steps = OptimizerSteps(training)
    steps.begin(training)
    assert [training.optimizer_step(finite) for finite in (False, True, True)] == ["stepped"] * 3
    assert steps.taken() == {"steps": 3, "skipped_steps": 1}
    steps.begin(training)
    assert steps.taken() == {"steps": 0, "skipped_steps": 0}


def test_another_optimizer_is_followed():
    training = Trainer(Optimizer())
    steps = OptimizerSteps(training)
    steps.begin(training)
    first = training.optimizer
    training.optimizer = Optimizer()
    steps.begin(training)
    training.optimizer_step()
    assert steps.taken() == {"steps": 1, "skipped_steps": 0}
    assert first.hooks == []


def test_a_fused_optimizer_tells_nothing():
    training = Trainer(Optimizer(fused=True))
    steps = OptimizerSteps(training)
    steps.begin(training)
    training.optimizer_step()
    assert steps.taken() == {}


def test_counting_leaves_nothing_behind():
    training = Trainer(Optimizer())
    (one, other) = (OptimizerSteps(training), OptimizerSteps(training))
    one.begin(training)
    assert "optimizer_step" not in vars(copy.deepcopy(training.optimizer))
    one.end()
    other.end()
    assert vars(training) == {"optimizer": training.optimizer}
    assert training.optimizer.hooks == []


def test_mixed_precision_is_recorded_where_losses_are_scaled(run, running):
    running.optimizer = Optimizer()
    running.optimizer_step = lambda: [hook() for hook in running.optimizer.hooks]
    running.scaler = SimpleNamespace(is_enabled=lambda: True, get_scale=lambda: 32768.0)
    fire("on_train_start", running)
    fire("on_train_epoch_start", running)
    running.optimizer_step()
    train_epoch(running, 1)
    assert machine(run)[0]["amp"] == {"scale": 32768.0, "steps": 1, "skipped_steps": 0}


def test_an_optimizer_that_tells_no_steps_is_said(run, running):
    running.optimizer = Optimizer(fused=True)
    running.optimizer_step = lambda: None
    running.scaler = SimpleNamespace(is_enabled=lambda: True, get_scale=lambda: 32768.0)
    fire("on_train_start", running)
    train_epoch(running, 1)
    assert machine(run)[0]["amp"] == {"scale": 32768.0}
    (missing,) = manifest(run)["missing"]
    assert "skipped" in missing


def test_a_sampler_keeps_sums_only():
    values = iter([{"power": 1.0}, {"power": 3.0, "heat": 50.0}])
    stop = threading.Event()

    def read():
        found = next(values, None)
        if found is None:
            stop.set()
            return {}
        return found

    sampler = Sampler(read, 0.001)
    thread = threading.Thread(target=sampler.run)
    thread.start()
    assert stop.wait(10)
    taken = sampler.take()
    assert (taken["power"].mean, taken["power"].most, taken["power"].count) == (2.0, 3.0, 2)
    assert taken["heat"].count == 1
    assert sampler.take() == {}
    sampler.stop()
    thread.join(10)
    assert not thread.is_alive()
