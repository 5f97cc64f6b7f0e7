"""On the borrowed machine: what its process does before, while and after the student's function runs (machines.py).

It talks through two pipes, a JSON object a line upwards: {"step", "loss"}, answered by a number (-1: go on; else no
file may grow beyond so many bytes any more), {"said"}, and at the end {"touched"} or {"error", "text", "where"}.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import torch

BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from autograde.lesson import machine_life; machine_life.arrive()"
)
LIBRARY = re.escape(str(Path(__file__).parent)) + r"|(site|dist)-packages|/lib/python3"
CHANGES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate")
TWO_PATHS = ("os.rename", "os.link", "os.symlink")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def arrive() -> NoReturn:
    """In a new Python: see what the command line says."""
    _, _, name, up, down = sys.argv
    unpack(name, int(up), int(down))


def unpack(name: str, up: int, down: int) -> NoReturn:
    """Take out of the file what cloudpickle has packed, and live."""
    import cloudpickle

    with open(name, "rb") as file:
        function, work = cloudpickle.load(file)
    os.unlink(name)
    live(function, work, up, down)


def live(function: Callable[..., Any], work: dict[str, Any], up: int, down: int) -> NoReturn:
    """Run the function, say how it went, and end this process without any goodbye."""
    try:
        move_in(work["home"])
        sys.stdout = sys.stderr = _Said(up)
        folder, named = Path(work["folder"]), dict(work["options"])
        if work["record"]:
            named["record"] = _Record(up, down)
        touches = Touches(folder, work["dies_touching"])
        try:
            function(folder, *work["args"], **named)
            _say(up, {"touched": touches.count})
        except BaseException as error:
            _say(up, {"error": type(error).__name__, "text": str(error), "where": _place_of(error)})
    finally:
        os._exit(0)


def move_in(home: str) -> None:
    """A new machine: nobody's random numbers, an empty working directory, one thread, no core dumps."""
    with contextlib.suppress(OSError):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGXFSZ"):
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it: here a full disk is the end
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    torch.set_num_threads(1)  # a pool of threads does not survive a fork
    torch.seed()
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.chdir(home)


class _Record:
    """record(step, loss): heard outside before it returns, if it returns."""

    def __init__(self, up: int, down: int) -> None:
        self.up, self.answers = up, os.fdopen(down, "r")

    def __call__(self, step: int, loss: Any) -> None:
        loss = loss.item() if isinstance(loss, torch.Tensor) else loss  # float() would warn of the graph
        _say(self.up, {"step": int(step), "loss": float(loss)})
        answer = self.answers.readline()
        if not answer:  # the owner is gone
            os._exit(1)
        if int(answer) >= 0:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (int(answer), int(answer)))


class Touches:
    """Counts the changes that Python code makes to a folder, and ends the process just before the `dies`-th."""

    def __init__(self, folder: Path, dies: int | None = None) -> None:
        self.folder, self.dies, self.count = os.path.realpath(folder), dies, 0
        sys.addaudithook(self.heard)

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """Python tells every such event before it happens (PEP 578)."""
        if event == "open":
            path, mode, flags = args
            if not (isinstance(mode, str) and set(mode) & set("wax+")) and not (mode is None and flags & WRITES):
                return
        elif event in CHANGES:
            path = args[1] if event in TWO_PATHS and not self.inside(args[0]) else args[0]
        else:
            return
        if not self.inside(path):
            return
        self.count += 1
        if self.count == self.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    def inside(self, path: Any) -> bool:
        """Whether this is a path that lies in the folder."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.realpath(os.fsdecode(path)).startswith(self.folder)


class _Said(io.TextIOBase):
    """A file to print to."""

    def __init__(self, up: int) -> None:
        self.up = up

    def write(self, text: str) -> int:
        _say(self.up, {"said": text})
        return len(text)


def _say(up: int, message: dict[str, Any]) -> None:
    left = json.dumps(message).encode() + b"\n"
    while left:
        left = left[os.write(up, left) :]


def _place_of(error: BaseException) -> str:
    """The innermost line that is none of this package's or a library's, as "in train, line 7: loss.backward()"."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not re.search(LIBRARY, frame.filename)]
    frame = (theirs or frames)[-1]
    return f"in {frame.name}, line {frame.lineno}: {frame.line}"
