"""What judges do in tests of the judge server: functions that its forks call by name."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def answer(job: dict[str, Any], warm: Any) -> Any:
    return {"got": job, "bound": warm.prepared.states["fixture_1"]["made_here"]}


def crash(job: dict[str, Any], warm: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(job: dict[str, Any], warm: Any) -> Any:
    raise ValueError("a bug of the grader's")


def sleep(job: dict[str, Any], warm: Any) -> Any:
    time.sleep(job["seconds"])
    return {"pid": os.getpid()}


def eat(job: dict[str, Any], warm: Any) -> Any:
    return len(bytes(4 << 30))


def spoil(job: dict[str, Any], warm: Any) -> Any:
    warm.prepared.states["fixture_1"]["made_here"].append(1)
    return len(warm.prepared.states["fixture_1"]["made_here"])


def crash_unless_careful(job: dict[str, Any], warm: Any) -> Any:
    if not warm.careful:
        os.kill(os.getpid(), signal.SIGKILL)
    return "careful"
