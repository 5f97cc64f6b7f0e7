"""A student's side for tests of calls: a fork that runs some code and serves it, without a sandbox."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from autograde.wall.channel import Channel
from autograde.wall.peer import Wall
from autograde.wall.serve import serve

CELL = "<student's cell>"


def namespace_of(source: str) -> dict[str, Any]:
    """The names that a student's code binds, as in one cell, number 7."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, CELL, "exec"), names)
    return names


def cell_of(filename: str) -> int | None:
    return 7 if filename == CELL else None


@contextmanager
def student(source: str, seconds: float = 120.0, **settings: Any) -> Iterator[Wall]:
    """A Wall to a process that ran this code."""
    mine, theirs = socket.socketpair()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        mine.close()
        with contextlib.suppress(BaseException):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            torch.set_num_threads(1)
            try:
                serve(Channel(theirs), namespace_of(source), cell_of)
            except BaseException:
                traceback.print_exc()
        os._exit(0)
    theirs.close()
    deadline = time.monotonic() + seconds
    wall = Wall(Channel(mine), lambda: deadline, **settings)
    try:
        yield wall
    finally:
        wall.close()
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@contextmanager
def scripted(play: Callable[[Channel], None], seconds: float = 5.0, **settings: Any) -> Iterator[Wall]:
    """A Wall to a peer that follows a script, in a thread: it may send what no code of ours sends."""
    mine, theirs = socket.socketpair()
    channel = Channel(theirs)

    def run() -> None:
        with contextlib.suppress(Exception):
            play(channel)
        with contextlib.suppress(Exception):
            theirs.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    deadline = time.monotonic() + seconds
    wall = Wall(Channel(mine), lambda: deadline, **settings)
    try:
        yield wall
    finally:
        wall.close()
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_RDWR)
        thread.join(5)
