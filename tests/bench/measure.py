"""Runs a command and measures it: wall time, processor time, and the peak memory of everything that it started."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    """seconds of wall time; cpu: seconds of processor time of the command and all it waited for; peak: bytes (PSS)."""

    seconds: float
    cpu: float
    peak: int
    rc: int
    output: str


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end. Its output is kept; a failure is the caller's to judge."""
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])  # alembic is there
    env = {**os.environ, "PATH": tools, "OMP_NUM_THREADS": "1", **(environment or {})}
    started, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace"
    )
    peaks, done = [0], threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peaks, done), daemon=True)
    watch.start()
    output, _ = process.communicate()
    seconds, after = time.perf_counter() - started, os.times()
    done.set()
    watch.join()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(seconds, cpu, peaks[0], process.returncode, output)


def _watch(pid: int, peaks: list[int], done: threading.Event) -> None:
    """Keep the largest sum of the proportional set sizes of a process and all that descend from it."""
    while not done.wait(EVERY):
        peaks[0] = max(peaks[0], tree_memory(pid))


def tree_memory(pid: int) -> int:
    """Bytes that a process and all its descendants hold together; shared pages count once (PSS)."""
    total = 0
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        total += _pss(process.pid)
    return total


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:  # it ended just now
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
