"""A student's process that is a plain fork of a clean one: no sandbox, so that the runner is tested by itself."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograde.wall.student import Student


@functools.cache
def _orders() -> socket.socket:
    """The way to the clean process (clean_forks.py), started once a test worker; it ends with the worker."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    command = [sys.executable, str(Path(__file__).with_name("clean_forks.py")), str(theirs.fileno())]
    global _process, _log
    _log = tempfile.TemporaryFile()
    _process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=_log)
    theirs.close()
    return ours


def _last_words() -> str:
    _log.seek(0)
    return f"the clean process ended with {_process.wait(5)}: {_log.read()[-2000:].decode(errors='replace')}"


class ForkedProcess:
    """What sandbox.Process is, for a fork."""

    def __init__(self) -> None:
        self.sock, theirs = socket.socketpair()
        self.ended: str | None = None
        order = json.dumps([os.getcwd(), {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}])
        try:
            socket.send_fds(_orders(), [order.encode()], [theirs.fileno()])
            self.pid = int(_orders().recv(100))
        except (OSError, ValueError) as error:
            raise RuntimeError(_last_words()) from error
        theirs.close()
        self.life: int | None = None
        with contextlib.suppress(ProcessLookupError):
            self.life = os.pidfd_open(self.pid)

    def alive(self) -> bool:
        return self.life is not None and not select.select([self.life], [], [], 0)[0]

    def interrupt(self) -> None:
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it and all its group (which it may have left or not yet made), and wait for it."""
        if self.life is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.life, signal.SIGKILL)
        select.select([self.life], [], [])
        os.close(self.life)
        self.life = None

    def close(self) -> None:
        self.kill()
        self.sock.close()


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
