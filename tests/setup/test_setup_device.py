"""A GPU is believed in when a kernel has run on it. Stand-ins for PyTorch, for there is no GPU to break here."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest


class Tensor:
    """64 × 64 ones; its product's sum is what the device says."""

    def __init__(self, total: float) -> None:
        self.total = total

    def __matmul__(self, other: Tensor) -> Tensor:
        return self

    def sum(self) -> float:
        return self.total


class Gpu:
    """torch.cuda of a machine: `fails` is raised by the kernel, or by the synchronisation when `late`."""

    def __init__(self, name: str, capability: tuple[int, int], gib: float, count: int = 1) -> None:
        self.name, self.capability, self.gib, self.count = name, capability, gib, count
        self.fails: Exception | None = None
        self.late, self.total, self.synchronised = False, 64.0**3, 0

    def torch(self) -> Any:
        """A torch with this GPU."""
        cuda = SimpleNamespace(
            is_available=lambda: True,
            synchronize=self.synchronize,
            device_count=lambda: self.count,
            get_device_name=lambda index: self.name,
            get_device_capability=lambda index: self.capability,
            get_device_properties=lambda index: SimpleNamespace(total_memory=int(self.gib * 2**30)),
        )
        return SimpleNamespace(cuda=cuda, backends=SimpleNamespace(), ones=self.ones)

    def ones(self, *shape: int, device: str) -> Tensor:
        if self.fails and not self.late:
            raise self.fails
        return Tensor(self.total)

    def synchronize(self) -> None:
        self.synchronised += 1
        if self.fails:
            raise self.fails


@pytest.mark.parametrize(
    ("gpu", "name", "precision"),
    [
        (Gpu("Tesla T4", (7, 5), 14.6), "Tesla T4", "fp16"),
        (Gpu("Tesla T4", (7, 5), 14.6, count=2), "2 × Tesla T4", "fp16"),
        (Gpu("NVIDIA A100-SXM4-40GB", (8, 0), 39.5), "NVIDIA A100-SXM4-40GB", "bf16"),
        (Gpu("NVIDIA L4", (8, 9), 22.2), "NVIDIA L4", "bf16"),
    ],
)
def test_bfloat16_begins_at_capability_8(code, gpu, name, precision):
    notes: list[str] = []
    found = code.find_device(gpu.torch(), notes)
    assert (found["device"], found["gpu"], found["precision"]) == ("cuda", name, precision)
    assert found["gpu_gib"] == pytest.approx(gpu.gib) and notes == [] and gpu.synchronised == 1


NO_KERNEL = RuntimeError("CUDA error: no kernel image is available for execution on the device\nCompile with TORCH_USE")


@pytest.mark.parametrize("late", [False, True], ids=["at once", "when synchronised"])
def test_a_gpu_whose_first_kernel_fails_is_not_believed_in(code, late):
    gpu, notes = Gpu("Tesla P100", (6, 0), 15.9), list[str]()
    gpu.fails, gpu.late = NO_KERNEL, late
    assert code.find_device(gpu.torch(), notes)["device"] == "cpu"
    assert notes == [
        "A GPU is there, but its first kernel failed (RuntimeError: CUDA error: no kernel image is available for "
        "execution on the device). The lesson goes on with the CPU."
    ]


def test_a_gpu_that_gives_a_wrong_number_is_not_believed_in(code):
    gpu, notes = Gpu("Tesla T4", (7, 5), 14.6), list[str]()
    gpu.total = float("nan")
    assert code.find_device(gpu.torch(), notes)["device"] == "cpu"
    assert "it gave nan in place of 262144.0" in notes[0]


def test_a_broken_gpu_gets_no_hint_how_to_get_one(run, monkeypatch):
    gpu = Gpu("Tesla P100", (6, 0), 15.9)
    gpu.fails = NO_KERNEL
    for name, value in vars(gpu.torch()).items():
        monkeypatch.setattr(sys.modules["torch"], name, value, raising=False)
    facts = run({"KAGGLE_KERNEL_RUN_TYPE": "Batch"})
    assert len(facts.notes) == 1 and "first kernel failed" in facts.notes[0]


def test_the_summary_names_the_gpu_its_memory_and_its_precision(run, monkeypatch, capsys):
    for name, value in vars(Gpu("Tesla T4", (7, 5), 14.563, count=2).torch()).items():
        monkeypatch.setattr(sys.modules["torch"], name, value, raising=False)
    run({"KAGGLE_KERNEL_RUN_TYPE": "Batch"})
    line = "  torch      2.11.0+cu128 on 2 × Tesla T4, 14.6 GiB of its own, fp16\n"
    assert line in capsys.readouterr().out


def test_an_apple_gpu_is_reported_with_what_to_set(code):
    notes: list[str] = []
    torch = SimpleNamespace(
        cuda=SimpleNamespace(is_available=lambda: False),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: True)),
        mps=SimpleNamespace(synchronize=lambda: None),
        ones=lambda *shape, device: Tensor(64.0**3),
    )
    found = code.find_device(torch, notes)
    assert (found["device"], found["gpu"], found["precision"]) == ("mps", "Apple GPU", "fp16")
    assert notes == ['Lessons use the Apple GPU only when you set DEVICE = "mps".']


def test_the_memory_is_a_number_or_none(code, monkeypatch):
    assert code.ram_gib() > 0.1
    monkeypatch.delattr(code.os, "sysconf")
    assert code.ram_gib() is None
