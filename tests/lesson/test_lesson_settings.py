"""lesson.start: which device, which scale, and that seeding makes a cell repeatable."""

from __future__ import annotations

import random
import re

import numpy
import pytest
import torch

from autograde import lesson
from autograde.lesson import settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEASURE_FIRST_DEVICE", raising=False)
    monkeypatch.delenv("MEASURE_FIRST_SCALE", raising=False)


def with_cuda(monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    """A machine whose PyTorch says that CUDA is there; `trouble` is what its first kernel says ("" when it runs)."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(settings, "broken", lambda device: trouble if device.type == "cuda" else "")


def test_without_a_gpu_auto_is_the_cpu_at_small_scale(monkeypatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert lesson.start() == lesson.Settings(torch.device("cpu"), False, 0)


def test_with_a_gpu_that_runs_a_kernel_auto_is_cuda_at_full_scale(monkeypatch) -> None:
    with_cuda(monkeypatch, "")
    monkeypatch.setattr(settings, "seed_everything", lambda seed: None)
    assert lesson.start() == lesson.Settings(torch.device("cuda"), True, 0)


def test_a_gpu_whose_first_kernel_fails_is_left_alone_and_said(monkeypatch, capsys) -> None:
    with_cuda(monkeypatch, "its first kernel failed with RuntimeError: no kernel image is available")
    assert settings.choose_device("auto") == torch.device("cpu")
    assert capsys.readouterr().out == (
        "A GPU is there, but it cannot be used (its first kernel failed with RuntimeError: no kernel image is "
        "available). Going on with the CPU.\n"
    )


def test_cuda_asked_for_but_unusable_says_why(monkeypatch) -> None:
    with_cuda(monkeypatch, "its first kernel failed with RuntimeError: no kernel image is available")
    with pytest.raises(lesson.LessonError) as raised:
        lesson.start("cuda")
    assert str(raised.value) == (
        'the device "cuda" cannot be used here: its first kernel failed with RuntimeError: no kernel image is '
        'available. Set DEVICE = "auto" to go on without it.'
    )


@pytest.mark.skipif(torch.version.cuda is not None, reason="this PyTorch was built with CUDA")
def test_a_pytorch_without_cuda_says_so() -> None:
    assert settings.broken(torch.device("cuda")) == "this PyTorch was built without CUDA"


def test_a_device_that_fails_or_miscounts_is_broken_and_a_sound_one_is_not(monkeypatch) -> None:
    cpu = torch.device("cpu")
    assert settings.broken(cpu) == ""
    monkeypatch.setattr(torch, "ones", lambda *size, device: torch.zeros(*size))
    assert settings.broken(cpu) == "its first kernel gave 64.0 in place of 576.0"

    def fail(*size: int, device: torch.device) -> torch.Tensor:
        raise RuntimeError("CUDA error: no kernel image\nCompile with TORCH_USE_CUDA_DSA")

    monkeypatch.setattr(torch, "ones", fail)
    assert settings.broken(cpu) == "its first kernel failed with RuntimeError: CUDA error: no kernel image"


@pytest.mark.parametrize(
    ("device", "waited"), [("cpu", []), ("cuda", ["cuda"]), ("cuda:1", ["cuda:1"]), ("mps", ["mps"])]
)
def test_each_kind_of_device_is_waited_for_by_its_own_call(monkeypatch, device: str, waited: list[str]) -> None:
    calls: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda which: calls.append(str(which)))
    monkeypatch.setattr(torch.mps, "synchronize", lambda: calls.append("mps"))
    settings.synchronize(torch.device(device))
    assert calls == waited


def test_mps_is_taken_only_when_asked_for_by_name(monkeypatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(settings, "broken", lambda device: "")
    assert settings.choose_device("auto") == torch.device("cpu")
    assert settings.choose_device("mps") == torch.device("mps")


@pytest.mark.parametrize("name", ["gpu", "tpu", "meta", "CUDA0", ""])
def test_an_unknown_device_is_named(name: str) -> None:
    with pytest.raises(lesson.LessonError, match=f"^unknown device {re.escape(repr(name))}: choose "):
        settings.choose_device(name)


def test_the_environment_decides_auto_and_only_auto(monkeypatch) -> None:
    with_cuda(monkeypatch, "")
    monkeypatch.setenv("MEASURE_FIRST_DEVICE", "cpu")
    monkeypatch.setenv("MEASURE_FIRST_SCALE", "full")
    assert settings.choose_device("auto") == torch.device("cpu")
    assert settings.choose_device("cuda") == torch.device("cuda")
    assert settings.choose_scale("auto", torch.device("cpu")) is True
    assert settings.choose_scale("ci", torch.device("cuda")) is False


def test_an_unknown_scale_is_named(monkeypatch) -> None:
    with pytest.raises(lesson.LessonError, match='^unknown scale \'huge\': choose "auto", "ci" or "full".$'):
        lesson.start(scale="huge")
    monkeypatch.setenv("MEASURE_FIRST_SCALE", "tiny")
    with pytest.raises(lesson.LessonError, match="^unknown scale 'tiny'"):
        lesson.start()


def test_the_same_seed_gives_the_same_numbers_everywhere() -> None:
    def draw(seed: int) -> tuple[float, float, float]:
        lesson.start("cpu", "ci", seed)
        return random.random(), float(numpy.random.rand()), float(torch.rand(1))

    assert draw(3) == draw(3)
    assert all(one != other for one, other in zip(draw(3), draw(4), strict=True))


def test_settings_cannot_be_changed_by_accident() -> None:
    with pytest.raises(AttributeError):
        lesson.start("cpu").full = True  # type: ignore[misc]
