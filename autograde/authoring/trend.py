"""What each headless run measured, a line a lesson, and the change against the last run that can be compared."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograde.authoring.budget import shown
from autograde.authoring.executed import LessonRun
from autograde.course import CourseError

HISTORY = "history.jsonl"
# Two runs of a lesson can be compared when these are the same: the machine, what was asked of it, and its neighbours.
SAME = ("lesson", "device", "card", "scale", "jobs")
QUANTITIES = ("seconds", "peak_mb", "gpu_mb", "download_mb")
COLUMNS = "| lesson | seconds | change | peak MB | change | GPU MB | change | download MB | change | compared with |"


def processor() -> str:
    """The name of this machine's processor and how many cores it lends, for "the same card"."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores"


def rows_of(runs: Sequence[LessonRun], scale: str, jobs: int, when: str = "") -> list[dict[str, Any]]:
    """A row for each lesson that ran through now: a kept run was written down when it was new, and of a broken
    one nothing can be compared. when: ISO date and time (default: now, UTC)."""
    when = when or datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return [
        {
            "when": when,
            "lesson": run.lesson,
            "device": run.device,
            "card": run.card or processor(),
            "scale": scale,
            "jobs": jobs,
            "torch": run.torch,
            "seconds": round(run.seconds, 2),
            "peak_mb": round(run.peak_mb, 1),
            "gpu_mb": round(run.gpu_mb, 1),
            "download_mb": round(run.download_mb, 3),
        }
        for run in runs
        if not run.reused and not run.traceback
    ]


def read_history(path: Path) -> list[dict[str, Any]]:
    """The rows of earlier runs, oldest first. Raises CourseError for a line that is no row."""
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            numbers = [float(row[name]) for name in QUANTITIES]
            found.append({**row, **dict(zip(QUANTITIES, numbers, strict=True)), "when": str(row["when"])})
        except (ValueError, TypeError, KeyError):
            raise CourseError(f"{path}, line {number}: no row of a run. Delete that line; the others stay") from None
    return found


def append(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows at the end of the record, in one write, so that two runs at once do not mix their lines."""
    if rows:
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows))


def table(rows: Sequence[dict[str, Any]], history: Sequence[dict[str, Any]]) -> str:
    """The rows with their change against the last comparable row of each lesson, as a Markdown table."""
    lines = [COLUMNS, "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
    for row in rows:
        like = [old for old in history if all(old.get(name) == row[name] for name in SAME)]
        cells = [row["lesson"]]
        for name in QUANTITIES:
            cells += [shown(row[name]), change(like[-1][name], row[name]) if like else "–"]
        cells.append(f"{like[-1]['when']}, torch {like[-1].get('torch') or 'unknown'}" if like else "first of its kind")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def change(before: float, now: float) -> str:
    """ "+12 %"; from 0 there is no percentage, so the difference itself."""
    if before == now:
        return "0 %"
    return f"{(now - before) / before * 100:+.0f} %" if before else f"+{shown(now)}"
