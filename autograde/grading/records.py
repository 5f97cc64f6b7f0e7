"""What is kept of each graded submission, so that a re-run repeats nothing: grading/cache/records/ID/LESSON.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograde.course import Course
from autograde.grading.folders import write_whole
from autograde.grading.outcomes import Outcome
from autograde.grading.repairs import Repair
from autograde.grading.timings import Timings

GRADED, BROKEN = "graded", "broken"


@dataclass(frozen=True)
class Record:
    """The result of one submission. `mark` is the hash of all it depends on; a broken one has a reason and a mend.

    run: the hash of the executed notebook. feedback: the hash of what the feedback page shows besides it (page_mark in
    publish.py) when that was written. timings: what was measured, which no product holds. notes, repairs: what was put
    right before grading, as sentences and with what speaks for each.
    """

    student: str
    lesson: str
    status: str
    mark: str
    outcomes: list[Outcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    mend: str = ""
    timings: Timings = field(default_factory=Timings)
    run: str = ""
    feedback: str = ""
    repairs: list[Repair] = field(default_factory=list)


def cache_folder(course: Course) -> Path:
    """Everything in it can be deleted: it only saves time."""
    return course.root / "grading" / "cache"


def executed_folder(course: Course) -> Path:
    """Notebooks that were run but are not in the gradebook yet, by content hash."""
    return cache_folder(course) / "executed"


def _path(course: Course, student: str, lesson: str) -> Path:
    return cache_folder(course) / "records" / student / f"{lesson}.json"


def save_record(course: Course, record: Record) -> None:
    """Write it whole or not at all."""
    path = _path(course, record.student, record.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(asdict(record), separators=(",", ":")).encode())


def forget_record(course: Course, record: Record) -> None:
    """Take away what an earlier run said, before anything that it speaks of is changed."""
    _path(course, record.student, record.lesson).unlink(missing_ok=True)


def read_record(course: Course, student: str, lesson: str) -> Record | None:
    """The record of an earlier run; None where there is none that can be read."""
    try:
        return record_from(json.loads(_path(course, student, lesson).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def record_from(made: dict[str, Any]) -> Record:
    """A record from what `dataclasses.asdict` makes of one. Raises KeyError or TypeError."""
    found = [Outcome(**entry) for entry in made["outcomes"]]
    repairs = [Repair.from_plain(entry) for entry in made.get("repairs", ())]
    return Record(**{**made, "outcomes": found, "timings": Timings(**made["timings"]), "repairs": repairs})


def all_records(course: Course) -> list[Record]:
    """Every record of a lesson that the course still has and a submission that is still there."""
    submitted = course.root / "grading" / "submitted"
    keys = {lesson.key for lesson in course.lessons}
    found = []
    for path in sorted((cache_folder(course) / "records").glob("*/*.json")):
        student, lesson = path.parent.name, path.stem
        if lesson in keys and (submitted / student / lesson).is_dir():
            record = read_record(course, student, lesson)
            if record is not None:
                found.append(record)
    return found
