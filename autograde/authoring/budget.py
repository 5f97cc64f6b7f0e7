"""A lesson's contract in course.toml against what its headless run took."""

from __future__ import annotations

import dataclasses
from typing import Any

from autograde.authoring.executed import LessonRun
from autograde.course import Lesson


@dataclasses.dataclass(frozen=True)
class Limit:
    """One quantity of one run. allowed is None where the contract says nothing of it at this scale."""

    name: str
    unit: str
    measured: float
    allowed: float | None

    @property
    def broken(self) -> bool:
        return self.allowed is not None and self.measured > self.allowed

    def __str__(self) -> str:
        """ "peak memory 812 MiB, allowed 700 MiB" """
        return f"{self.name} {shown(self.measured)} {self.unit}, allowed {shown(self.allowed or 0.0)} {self.unit}"


def shown(number: float) -> str:
    """A quantity in three digits or more, without noise: 812.4 → "812", 0.0312 → "0.0312"."""
    return f"{number:.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def limits(lesson: Lesson, run: LessonRun, scale: str, clock: bool) -> list[Limit]:
    """Every quantity of the contract. scale: the run's SCALE parameter. clock: seconds count too (a busy machine is
    slow through no fault of the lesson, so they are asked for).

    Host memory is a promise for `ci` scale; GPU memory, GPU-hours and downloads are promises for `full`; at `ci` scale
    nothing may be downloaded.
    """
    ci, full = scale == "ci", scale == "full"
    return [
        Limit("time", "s", run.seconds, lesson.budget_seconds if clock else None),
        Limit("peak memory", "MiB", run.peak_mb, lesson.budget_peak_mb if ci else None),
        Limit("peak GPU memory", "MiB", run.gpu_mb, lesson.budget_gpu_mb if full else None),
        Limit("GPU time", "h", run.gpu_hours, lesson.budget_gpu_hours if full else None),
        Limit("download", "MB", run.download_mb, 0.0 if ci else lesson.budget_download_mb if full else None),
    ]


def judged(lesson: Lesson, run: LessonRun, parameters: dict[str, Any], clock: bool) -> LessonRun:
    """The run, its outcome "over budget: …" where it passed and broke the contract."""
    if run.outcome != "passed":
        return run
    scale = str(parameters.get("SCALE", "ci"))
    broken = [str(limit) for limit in limits(lesson, run, scale, clock) if limit.broken]
    if scale == "ci" and run.hosts:
        broken.append(f"asked the network for {', '.join(run.hosts)}, allowed none")
    return dataclasses.replace(run, outcome=f"over budget: {'; '.join(broken)}") if broken else run
