"""A borrowed machine: a process of its own and a disk of its own, which can be taken away in the middle of anything.

    @lesson.machine
    def train(folder, steps, record): ...

    night = train(100, dies_after=37)                      # killed at its 37th record()
    night = train(100, files=night["files"])               # another machine: a new process, and nothing but these files

The process is a real one and its death is SIGKILL, so nothing is said goodbye to: no `finally`, no `atexit`. It is a
fork where that is safe; how it begins elsewhere stands in `machine_start.py`, and what runs over there in
`machine_life.py`.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import inspect
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import torch

from autograde.check.failure import NotAttempted
from autograde.lesson import machine_start
from autograde.lesson.trouble import LessonError

MOST_BYTES = 64 << 20  # of all files that one machine leaves
OWN = ("files", "dies_after", "dies_saving", "dies_touching", "seconds")


def machine(function: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Decorator: each call of `function` runs on a machine of its own.

    `function(folder, …)` is called there with a Path to an empty folder (or one with `files` in it) in front of the
    arguments; where it has a parameter `record`, that is a function: record(step, loss) says a loss to the outside.
    The caller may add

    files: {name: bytes}, what the folder holds at the start.
    dies_after: killed at its n-th record(), which is still heard, before it goes on.
    dies_saving: from its n-th record() on no file may grow beyond half of the largest there is: the next save is cut
    off in the middle and the process killed by it.
    dies_touching: killed at the n-th change that Python code makes to the folder (a file opened for writing, a rename,
    a folder made, something removed), just before it is made.
    seconds: how long it may take.

    Returns {"ended": "finished" or "killed", "recorded": [(step, loss), …], "files": {name: bytes}, "touched": how many
    changes were made}. An error of the function's is raised here, as the built-in type that it is, with its line.
    Raises LessonError where there are no such processes (Windows), where the process died by itself and for too many
    files; TimeoutError.
    """

    @functools.wraps(function)
    def on_a_machine(*args: Any, **options: Any) -> dict[str, Any]:
        own = {name: options.pop(name) for name in OWN if name in options}
        return _Machine(function, args, options, **own).live()

    return on_a_machine


class _Machine:
    """One machine's life, as its owner sees it."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        options: dict[str, Any],
        files: Mapping[str, bytes] | None = None,
        dies_after: int | None = None,
        dies_saving: int | None = None,
        dies_touching: int | None = None,
        seconds: float = 60.0,
    ) -> None:
        if not hasattr(os, "fork"):
            raise LessonError("machines that can be killed need Linux or macOS: on Windows use WSL 2, Colab or Kaggle.")
        self.function, self.args, self.options = function, args, options
        self.files, self.seconds = dict(files or {}), seconds
        self.dies_after, self.dies_saving, self.dies_touching = dies_after, dies_saving, dies_touching
        self.recorded: list[tuple[int, float]] = []
        self.last: dict[str, Any] = {}  # what the process said last, if it came to an end by itself

    def live(self) -> dict[str, Any]:
        """Start it, listen to it until it is over, and look through what it left."""
        with tempfile.TemporaryDirectory(prefix="machine-", ignore_cleanup_errors=True) as place:
            disk, home = Path(place) / "disk", Path(place) / "home"
            disk.mkdir()
            home.mkdir()
            lay_out(self.files, disk)
            up, theirs_up = os.pipe()
            theirs_down, down = os.pipe()
            work = {"folder": str(disk), "home": str(home), "record": _wants_record(self.function)}
            process = self.start(work, theirs_up, theirs_down, [up, down])
            os.close(theirs_up)
            os.close(theirs_down)
            killed = False
            try:
                killed = self.listen(process.pid, up, down, disk)
            finally:
                status = _bury(process, killed)
                os.close(up)
                os.close(down)
            return self.report(killed, status, disk)

    def start(self, work: dict[str, Any], up: int, down: int, ours: list[int]) -> machine_start.Process:
        """A process in which the function has begun."""
        named = {"args": self.args, "options": self.options, "dies_touching": self.dies_touching, **work}
        if forks_are_safe(trains=bool(work["record"])):
            return machine_start.forked(self.function, named, up, down, ours)
        begin = machine_start.served if sys.platform == "linux" else machine_start.new_python
        return begin(self.function, named, up, down)

    def listen(self, pid: int, up: int, down: int, disk: Path) -> bool:
        """Take in what it says, and answer each record(); True once it was killed from here."""
        for message in _messages(pid, up, time.monotonic() + self.seconds):
            if "said" in message:
                sys.stdout.write(str(message["said"]))
            elif "step" in message:
                self.recorded.append((int(message["step"]), float(message["loss"])))
                if len(self.recorded) == self.dies_after:
                    return True
                torn = len(self.recorded) == self.dies_saving
                largest = max((path.stat().st_size for path in disk.rglob("*") if path.is_file()), default=0)
                with contextlib.suppress(BrokenPipeError):
                    os.write(down, f"{largest // 2 if torn else -1}\n".encode())
            else:
                self.last = message
                return False
        return False

    def report(self, killed: bool, status: int, disk: Path) -> dict[str, Any]:
        """What came of it. Raises the function's own error, and LessonError for a death that nobody ordered."""
        if "error" in self.last:
            _raise_again(self.last)
        cut_off = self.dies_saving is not None and status == -getattr(signal, "SIGXFSZ", 0)
        full = self.dies_touching is not None and status == -signal.SIGKILL
        if not self.last and not killed and not cut_off and not full:
            raise LessonError(
                f"the machine's process ended by itself (status {status}): out of memory, or told to exit?"
            )
        ended = "finished" if self.last else "killed"
        touched = int(self.last.get("touched", 0))
        return {"ended": ended, "recorded": self.recorded, "files": collected(disk), "touched": touched}


def forks_are_safe(trains: bool = True) -> bool:
    """Whether a fork will do: on Linux, where no GPU has made autograd start threads, or nothing is trained.

    What records no losses is taken to train nothing.
    """
    return sys.platform == "linux" and not (trains and torch.cuda.is_available())


def _wants_record(function: Callable[..., Any]) -> bool:
    return "record" in inspect.signature(function).parameters


def lay_out(files: Mapping[str, bytes], disk: Path) -> None:
    """Write the files into a folder. Raises LessonError for a name that leads out of it."""
    for name, content in files.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or not inside.parts:
            raise LessonError(f"{name!r} is no name of a file in a machine's folder.")
        (disk / inside).parent.mkdir(parents=True, exist_ok=True)
        (disk / inside).write_bytes(content)


def collected(disk: Path) -> dict[str, bytes]:
    """{name: bytes} of the plain files in a folder; links are left out. Raises LessonError for more than MOST_BYTES."""
    paths = [path for path in sorted(disk.rglob("*")) if path.is_file() and not path.is_symlink()]
    if sum(path.stat().st_size for path in paths) > MOST_BYTES:
        raise LessonError(f"a machine may leave {MOST_BYTES >> 20} MiB of files, and this one left more.")
    return {path.relative_to(disk).as_posix(): path.read_bytes() for path in paths}


def _messages(pid: int, up: int, deadline: float) -> Iterator[dict[str, Any]]:
    """What the process says, line by line, until it is gone. Raises TimeoutError."""
    gone = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []  # what it started may hold the pipe open
    rest = b""
    try:
        while True:
            ready, _, _ = select.select([up, *gone], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the machine was not done in time: is there a loop that never ends?")
            came = os.read(up, 1 << 16) if up in ready else b""
            if not came:
                return
            *lines, rest = (rest + came).split(b"\n")
            yield from map(json.loads, lines)
    finally:
        for descriptor in gone:
            os.close(descriptor)


def _bury(process: machine_start.Process, killed: bool) -> int:
    """Its exit status: it comes to its end by itself, or else is ended; so is what it has started."""
    status = None
    for _ in range(0 if killed else 200):  # it closes its pipe a moment before it is gone
        if (status := process.poll()) is not None:
            break
        time.sleep(0.005)
    with contextlib.suppress(OSError):  # its group first: once it is buried, the number may be somebody else's
        os.killpg(process.pid, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(OSError):
            os.kill(process.pid, signal.SIGKILL)
        status = process.wait()
    return status


def _raise_again(last: dict[str, Any]) -> None:
    """The function's error, as the built-in type that it is."""
    name, said, where = str(last["error"]), str(last["text"]), str(last["where"])
    if name == NotAttempted.__name__:
        raise NotAttempted(said.partition(":")[0])
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind, said = RuntimeError, f"{name}: {said}"
    try:
        error = kind(f"{said} [on the machine, {where}]")
    except TypeError:  # the Unicode errors want five arguments
        error = RuntimeError(f"{name}: {said} [on the machine, {where}]")
    raise error
