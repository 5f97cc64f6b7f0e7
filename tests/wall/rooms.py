"""Sandboxes for tests: a fork server with the stand-in for a runner, and questions to the processes that it forks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograde.wall.ability import Ability, ability
from autograde.wall.room import Preload, Room
from autograde.wall.sandbox import Process, Sandbox

STAND_IN = Path(__file__).with_name("stand_in.py")
REPOSITORY = Path(__file__).resolve().parents[2]
MIB = 1 << 20
needs_room = pytest.mark.skipif(ability().mode == "none", reason=f"no sandbox here: {ability().why}")
NOBODY = 65534  # an ordinary user's id


def nobody_may_run_this() -> bool:
    """Whether this is root, and this Python is not in a folder that is root's alone."""
    if os.geteuid() != 0:
        return False
    try:
        return subprocess.run([sys.executable, "-c", ""], user=NOBODY, group=NOBODY, extra_groups=[]).returncode == 0
    except OSError:
        return False


as_nobody = pytest.mark.skipif(not nobody_may_run_this(), reason="needs root, and a Python that others may run")
# What root can choose between; others have the second alone.
WALLS = ["own id", "user namespace"] if os.geteuid() == 0 else ["user namespace"]


def preload(modules: tuple[str, ...] = (), cells: tuple[str, ...] = (), **more: Any) -> Preload:
    """A preload with the stand-in."""
    files = [STAND_IN, *more.pop("files", [])]
    return Preload(["stand_in", *modules], [("fixture", cell) for cell in cells], files, **more)


@contextmanager
def started(
    isolation: str = "sandbox", room: Room | None = None, what: Preload | None = None, walls: str = ""
) -> Iterator[Sandbox]:
    """A running sandbox; walls: one of WALLS, or "cold", or "" for what this machine does by itself."""
    sandbox = Sandbox(isolation, room or Room(), what or preload())
    with pytest.MonkeyPatch.context() as patch:
        if walls:
            mode = "cold" if walls == "cold" else "warm"
            namespace = walls == "user namespace" or os.geteuid() != 0
            patch.setattr("autograde.wall.sandbox.ability", lambda: Ability(mode, "", "", namespace))
        sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.close()


class Student:
    """Asks a process to evaluate Python; `ask` gives the repr of the value, or the error as text."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def ask(self, source: str, seconds: float = 20.0) -> str:
        """The answer, or "gone" when there is nobody to give one."""
        sock = self.process.sock
        sock.settimeout(seconds)
        try:
            sock.sendall(json.dumps(source).encode() + b"\n")
            text = b""
            while not text.endswith(b"\n"):
                part = sock.recv(1 << 16)
                if not part:
                    return "gone"
                text += part
        except (BrokenPipeError, ConnectionResetError):
            return "gone"
        reply = json.loads(text)
        return reply.get("value", reply.get("error"))

    def run(self, source: str, seconds: float = 20.0) -> Any:
        """Run statements that set `out`, and give what it is."""
        said = self.ask(source, seconds)
        return (
            said if said != "None" else json.loads(json.loads(repr_to_json(self.ask("__import__('json').dumps(out)"))))
        )


def repr_to_json(text: str) -> str:
    """A repr of a str as JSON."""
    import ast

    return json.dumps(ast.literal_eval(text))


@contextmanager
def forked(sandbox: Sandbox, student: str = "ada", files: tuple[Path, ...] = ()) -> Iterator[Student]:
    """A student's process, ended afterwards."""
    process = sandbox.fork(student, list(files))
    try:
        yield Student(process)
    finally:
        process.close()


def until(condition: Callable[[], Any], seconds: float = 5.0) -> bool:
    """Wait until this holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def descendants(pid: int) -> set[int]:
    """Processes below this one, wherever their namespaces are."""
    from autograde.wall.watch import family

    return set(family(pid)) - {pid}


def running(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
