"""A student's process that is a plain fork of the test's: no sandbox, so that the runner is tested by itself."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import logging
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograde.wall import runner
from autograde.wall.shell import make_shell
from autograde.wall.student import Student


class ForkedProcess:
    """What sandbox.Process is, for a fork."""

    def __init__(self) -> None:
        self.sock, theirs = socket.socketpair()
        self.ended: str | None = None
        self.gone = False
        self.pid = os.fork()
        if self.pid == 0:
            self.sock.close()
            os.setpgid(0, 0)
            _forget_pytest()
            runner.main(theirs, make_shell(), [])
        theirs.close()
        with contextlib.suppress(OSError):  # either of the two is first
            os.setpgid(self.pid, self.pid)

    def alive(self) -> bool:
        if not self.gone:
            self.gone = os.waitpid(self.pid, os.WNOHANG)[0] == self.pid
        return not self.gone

    def interrupt(self) -> None:
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        if not self.gone:
            os.waitpid(self.pid, 0)
            self.gone = True

    def close(self) -> None:
        self.kill()
        self.sock.close()


def _forget_pytest() -> None:
    """Undo what pytest has done to standard input, logging, warnings and the words of a crash, and tests to plots."""
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcdefaults()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    sys.stdin = open(0)
    faulthandler.disable()
    logging.getLogger().handlers.clear()
    importlib.reload(warnings)
    warnings.resetwarnings()
    warnings.simplefilter("ignore", DeprecationWarning)


@contextmanager
def forked_student(**settings: Any) -> Iterator[Student]:
    student = Student(ForkedProcess, **settings)
    try:
        yield student
    finally:
        student.close()


def text_of(outputs: list[dict[str, Any]], name: str = "stdout") -> str:
    """What was printed."""
    return "".join(output["text"] for output in outputs if output.get("name") == name)


def wait_until(true: Any, seconds: float = 5.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
