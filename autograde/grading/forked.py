"""Work done in a fork, whose end is watched from outside: whatever happens in it, its parent learns of it in time."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LARGEST_ANSWER = 256 << 20  # bytes of JSON
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Fallen:
    """A fork that gave no answer. why: "timeout", "memory", "error" (an exception) or "ended" (a signal)."""

    why: str
    said: str = ""


def in_fork(work: Callable[[], Any], seconds: float, memory_bytes: int = 0) -> Any | Fallen:
    """What `work()` returns, as JSON carried it over from a fork, or how the fork failed.

    The fork is killed after `seconds`. memory_bytes: how much more memory it may use than this process now (0: any).
    """
    reader, pid = start_fork(work, memory_bytes)
    data = _read_until(reader, time.monotonic() + seconds)
    os.close(reader)
    if data is None:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return Fallen("timeout") if data is None else read_answer(data, status)


def start_fork(work: Callable[[], Any], memory_bytes: int = 0) -> tuple[int, int]:
    """(descriptor to read the answer from, process id) of a fork that does `work`. See `read_answer`."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        os.close(reader)
        _child(work, writer, memory_bytes, parent)
    os.close(writer)
    return reader, pid


def read_answer(data: bytes, status: int) -> Any | Fallen:
    """What a fork answered; status: its wait status."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        code = os.waitstatus_to_exitcode(status)
        return Fallen("ended", signal.Signals(-code).name if code < 0 else f"exit code {code}")
    return Fallen(answer["why"], answer["said"]) if "why" in answer else answer["answer"]


def _child(work: Callable[[], Any], writer: int, memory_bytes: int, parent: int) -> None:
    """The fork's side; never returns."""
    code = 1
    try:
        end_with_parent(parent)
        if memory_bytes:
            limit_memory(memory_bytes)
        try:
            answer = json.dumps({"answer": work()})
        except MemoryError:
            answer = json.dumps({"why": "memory", "said": ""})
        except BaseException:
            answer = json.dumps({"why": "error", "said": traceback.format_exc()})
        if memory_bytes:
            limit_memory(0)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer.encode())
        code = 0
    finally:
        os._exit(code)


def end_with_parent(parent: int) -> None:
    """Let this process be killed when its parent ends, however that ends (Linux)."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def limit_memory(more: int) -> None:
    """Let this process use this many bytes more than now; 0 lifts the limit. Allocations beyond it are refused."""
    limit = resource.RLIM_INFINITY
    if more:
        with contextlib.suppress(OSError, ValueError), open("/proc/self/statm", encoding="ascii") as file:
            data_pages = int(file.read().split()[5])
            limit = data_pages * resource.getpagesize() + more
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _read_until(descriptor: int, deadline: float) -> bytes | None:
    """Everything up to the end of file, or None when the deadline passes first or there is too much of it."""
    data = bytearray()
    while (left := deadline - time.monotonic()) > 0 and len(data) <= LARGEST_ANSWER:
        if select.select([descriptor], [], [], left)[0]:
            block = os.read(descriptor, 1 << 20)
            if not block:
                return bytes(data)
            data += block
    return None
