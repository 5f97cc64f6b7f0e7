"""The first line of every lesson: one device, one scale, one seed."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import torch

from autograde.lesson.figure import apply_style
from autograde.lesson.trouble import LessonError

SCALES = ("auto", "ci", "full")


@dataclass(frozen=True)
class Settings:
    """What a lesson's cells ask about the machine.

    device: where tensors go. full: True when sizes worth a GPU are wanted. seed: what the generators were seeded with.
    """

    device: torch.device
    full: bool
    seed: int


_latest: list[Settings] = []


def start(device: str = "auto", scale: str = "auto", seed: int = 0) -> Settings:
    """Choose the device, decide the scale and seed `random`, NumPy and PyTorch.

    device: "auto" takes MEASURE_FIRST_DEVICE if it is set, else CUDA if a small kernel really runs there, else the
    CPU; "mps" is taken only when asked for by name. scale: "ci" is small and quick, "full" is worth a GPU, "auto"
    takes MEASURE_FIRST_SCALE if it is set, else "full" on CUDA and "ci" elsewhere.
    Raises LessonError for an unknown name and for a device that was asked for by name but cannot be used.
    """
    chosen = choose_device(device)
    full = choose_scale(scale, chosen)
    seed_everything(seed)
    apply_style()
    _latest[:] = [Settings(chosen, full, seed)]
    return _latest[0]


def latest() -> Settings | None:
    """What `start` decided last in this process, None before its first call."""
    return _latest[0] if _latest else None


def choose_device(name: str) -> torch.device:
    """The torch.device for "auto", "cpu", "cuda", "cuda:1" or "mps". See `start`."""
    asked = os.environ.get("MEASURE_FIRST_DEVICE") or "auto" if name == "auto" else name
    if asked == "auto":
        if not torch.cuda.is_available():
            return torch.device("cpu")
        why = broken(torch.device("cuda"))
        if why:
            print(f"A GPU is there, but it cannot be used ({why}). Going on with the CPU.")
        return torch.device("cpu" if why else "cuda")
    try:
        chosen = torch.device(asked)
        if chosen.type not in ("cpu", "cuda", "mps"):
            raise RuntimeError
    except (RuntimeError, TypeError):
        raise LessonError(f'unknown device {asked!r}: choose "auto", "cpu", "cuda" or "mps".') from None
    if chosen.type != "cpu" and (why := broken(chosen)):
        raise LessonError(f'the device "{asked}" cannot be used here: {why}. Set DEVICE = "auto" to go on without it.')
    return chosen


def broken(device: torch.device) -> str:
    """Why `device` cannot be used, in one line; "" when a small kernel ran and gave the right number.

    `torch.cuda.is_available()` alone proves nothing: a PyTorch built without the GPU's architecture says True and
    fails at the first kernel.
    """
    if device.type == "cuda" and not torch.cuda.is_available():
        built = torch.version.cuda is not None
        return "PyTorch finds no GPU" if built else "this PyTorch was built without CUDA"
    try:
        ones = torch.ones(8, 8, device=device)
        total = float((ones @ ones + 1).sum())
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        return f"its first kernel failed with {type(error).__name__}: {lines[0]}"
    return "" if total == 576.0 else f"its first kernel gave {total} in place of 576.0"


def synchronize(device: torch.device) -> None:
    """Wait until `device` has done all that it was given, so that a clock can be read. A CPU is always done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def choose_scale(name: str, device: torch.device) -> bool:
    """True for "full". See `start`."""
    asked = os.environ.get("MEASURE_FIRST_SCALE") or "auto" if name == "auto" else name
    if asked not in SCALES:
        raise LessonError(f'unknown scale {asked!r}: choose "auto", "ci" or "full".')
    return asked == "full" or (asked == "auto" and device.type == "cuda")


def seed_everything(seed: int) -> None:
    """Seed `random`, NumPy (where it is installed) and PyTorch on every device."""
    random.seed(seed)
    torch.manual_seed(seed)
    try:
        import numpy
    except ImportError:
        return
    numpy.random.seed(seed % 2**32)
