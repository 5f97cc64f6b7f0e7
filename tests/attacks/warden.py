"""Runs a command and says what it left: exit status, seconds, peak memory, and processes that outlived it.

    python warden.py REPORT.json SECONDS COMMAND…

As the child subreaper of everything below it, it inherits every process whose parents are gone, daemons too. They are
listed, then killed. Standard library only; it imports nothing of what it runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE = 3.0  # seconds that the command's processes may take to end after it


def children(parent: int) -> list[int]:
    """The processes whose parent is `parent`, zombies left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, above = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if int(above) == parent and state != "Z":
                found.append(int(stat.parent.name))
    return found


def descendants(parent: int) -> list[int]:
    """Everything below `parent`."""
    below = children(parent)
    return below + [deeper for child in below for deeper in descendants(child)]


def command_line(pid: int) -> str:
    """How a process was called, as far as it can be read."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200]
    return "?"


def reap() -> None:
    """Bury the dead."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> int:
    """Run, wait, look, clear up."""
    report, seconds, command = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        status: int | None = process.wait(seconds)
    except subprocess.TimeoutExpired:
        status = None
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    took, until = time.monotonic() - began, time.monotonic() + GRACE
    while descendants(os.getpid()) and time.monotonic() < until:
        time.sleep(0.05)
        reap()
    left = descendants(os.getpid())
    shown = [command_line(pid) for pid in left]
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    report.write_text(json.dumps({"status": status, "seconds": took, "left": shown, "peak_mb": peak / 1024}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
