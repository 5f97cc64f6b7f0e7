"""How a borrowed machine's process begins: as a fork, out of a fork server, or as a new Python (machines.py).

A fork of this process is the fastest, and not safe once autograd has started threads for a GPU. There a fork server
(multiprocessing's own) forks in our place: it has imported PyTorch and used nothing of it, so that a machine costs some
milliseconds and not the seconds of that import. On macOS only a new Python is safe.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.reduction import DupFd
from typing import Any, Protocol

import torch

from autograde.lesson import machine_life
from autograde.lesson.trouble import LessonError


class Process(Protocol):
    """A process that has begun. Its exit status is negative for a signal."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self) -> int: ...


class Forked:
    """A child of this process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        found, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if found else None

    def wait(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Served:
    """A child of the fork server, which tells how it ended."""

    def __init__(self, process: Any) -> None:
        self.process, self.pid = process, int(process.pid)

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int:
        self.process.join()
        return self.process.exitcode


def forked(function: Callable[..., Any], work: dict[str, Any], up: int, down: int, ours: list[int]) -> Process:
    """A fork that runs the function. ours: descriptors that it must not keep."""
    _first_uses()
    pid = os.fork()
    if pid == 0:
        for descriptor in ours:
            os.close(descriptor)
        machine_life.live(function, work, up, down)
    return Forked(pid)


def served(function: Callable[..., Any], work: dict[str, Any], up: int, down: int) -> Process:
    """A fork of the fork server that runs the function. Raises LessonError where cloudpickle is missing."""
    arrival = _Arrival(packed(function, work), up, down)
    process = fork_server().Process(target=arrival, daemon=True)
    process.start()
    return Served(process)


def new_python(function: Callable[..., Any], work: dict[str, Any], up: int, down: int) -> Process:
    """A Python of its own that runs the function. Raises LessonError where cloudpickle is missing."""
    name = packed(function, work)
    words = [sys.executable, "-c", machine_life.BOOT, json.dumps(sys.path), name, str(up), str(down)]
    return subprocess.Popen(words, pass_fds=[up, down], stdin=subprocess.DEVNULL)


class _Arrival:
    """What the server's child calls; the pipes' ends go over when it is packed for it."""

    def __init__(self, parcel: str, up: int, down: int) -> None:
        self.parcel, self.environment = parcel, dict(os.environ)
        self.ends: list[Any] = [up, down]

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "ends": [DupFd(end) for end in self.ends]}

    def __call__(self) -> None:
        os.environ.clear()
        os.environ.update(self.environment)
        machine_life.unpack(self.parcel, *(end.detach() for end in self.ends))


@functools.cache
def fork_server() -> Any:
    """multiprocessing's context whose server has PyTorch; the server starts with the first machine."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["autograde.lesson.machine_life", "torch._dynamo"]
    )  # the first optimiser asks for it
    return context


def packed(function: Callable[..., Any], work: dict[str, Any]) -> str:
    """The name of a file with both. Raises LessonError where cloudpickle is missing."""
    try:
        import cloudpickle
    except ImportError:
        raise LessonError("machines need cloudpickle here: run the setup cell, or %pip install cloudpickle.") from None
    parcel, name = tempfile.mkstemp(prefix="machine-")
    with open(parcel, "wb") as file:
        file.write(cloudpickle.dumps((function, work)))
    return name


@functools.cache
def _first_uses() -> None:
    """Have torch import now, once, what it would import for the first optimiser in every fork: that takes seconds."""
    weight = torch.zeros(1, requires_grad=True)
    torch.optim.AdamW([weight]).step()
