"""What one submission may use, and what keeps it apart from everything else."""

from __future__ import annotations

from dataclasses import dataclass

from autograde.course import CourseError

ISOLATIONS = ("sandbox", "process", "kernel")
CHOICES = (*ISOLATIONS, "auto")


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Seconds are wall time. output_bytes: text and pictures of one cell that are kept. memory_bytes, disk_bytes,
    processes: of everything that the student's code starts, together. isolation: "sandbox" (a room of its own for the
    student's code, the checks outside it), "process" (the checks outside, but no room: only for code that one trusts)
    or "kernel" (everything in one Jupyter kernel, as nbgrader does it).
    """

    cell_seconds: float = 20.0
    fixture_seconds: float = 90.0
    submission_seconds: float = 180.0
    output_bytes: int = 1_000_000
    device: str = "cpu"
    scale: str = "ci"
    isolation: str = "sandbox"
    memory_bytes: int = 2 << 30
    disk_bytes: int = 256 << 20
    processes: int = 64

    def __post_init__(self) -> None:
        if self.isolation not in ISOLATIONS:
            raise CourseError(f"isolation {self.isolation!r}: choose one of {', '.join(ISOLATIONS)}")
        for name, value in vars(self).items():
            if isinstance(value, int | float) and not value > 0:
                raise CourseError(f"c.RunChecks.{name} is {value}: a limit is a number above 0")
