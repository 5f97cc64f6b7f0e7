"""What was collected so far: grading/collected/log.jsonl, a line for each thing that happened. Lines are only added."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograde.course import Course, CourseError

PLACED, KEPT, UNATTRIBUTED, NO_NOTEBOOK, REFUSED = "placed", "kept", "not attributed", "no notebook", "refused"
AS_THEY_CAME = "the order in which they came, as nothing else tells"
ATTRIBUTED = "attributed since"  # what was nobody's has been collected for somebody


@dataclass(frozen=True)
class Attempt:
    """One hand-in of a student's: the hash of all its files, and what its place in the order is told by.

    submitted: as the platform says; modified: the files' own time. sure: known by more than its own id cell.
    number: which attempt of this run or of the log it is; a later one is larger.
    """

    mark: str
    platform: str
    submitted: datetime | None
    modified: datetime | None
    order: int
    sure: bool
    number: int


def newest_last(attempts: Sequence[Attempt]) -> tuple[list[Attempt], str]:
    """The attempts in order, and by what: the platform's times, its numbers, the files' times, or as they came."""
    if all(one.submitted for one in attempts):
        return sorted(attempts, key=lambda one: (one.sure, one.submitted, one.number)), "the time of handing in"
    if all(one.order for one in attempts) and len({one.platform for one in attempts}) == 1:
        return sorted(attempts, key=lambda one: (one.sure, one.order, one.number)), "the platform's numbers"
    if all(one.modified for one in attempts):
        by_time = sorted(attempts, key=lambda one: (one.sure, one.modified, one.order, one.number))
        told = {(one.sure, one.modified, one.order) for one in by_time[-2:]}
        return by_time, "the files' own times" if len(told) > 1 else AS_THEY_CAME
    return sorted(attempts, key=lambda one: (one.sure, one.number)), AS_THEY_CAME


class Journal:
    """The log as it was, and what is added to it now."""

    def __init__(self, course: Course) -> None:
        """Raises CourseError for a log that cannot be read; a last line that was cut off is passed over."""
        self.path = collected_folder(course) / "log.jsonl"
        self.lines: list[dict[str, Any]] = []
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace") if self.path.is_file() else ""
        except OSError as error:
            raise CourseError(f"{self.path}: cannot be read: {error.strerror}") from error
        *whole, last = text.split("\n")
        for number, line in enumerate([*whole, last], 1):
            try:
                self.lines += [_entry(line)] if line.strip() else []
            except ValueError as error:
                if number <= len(whole):
                    mend = "take that line out, or move the file away (what was collected stays where it is)"
                    raise CourseError(f"{self.path}: line {number} is no entry of it: {mend}") from error
        self._cut_off = bool(last.strip())
        self._of_student: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for entry in self.lines:
            self._of_student[(str(entry.get("lesson")), str(entry.get("student")))].append(entry)

    def folders(self) -> dict[str, str]:
        """Id → folder of everybody who handed in before."""
        return {entry["student"]: entry["folder"] for entry in self.lines if entry.get("student") and "folder" in entry}

    def entries(self, lesson: str, student: str, *what: str) -> list[dict[str, Any]]:
        """The lines about one student's lesson."""
        return [entry for entry in self._of_student[(lesson, student)] if entry["what"] in what]

    def of_lesson(self, lesson: str, *what: str) -> list[dict[str, Any]]:
        """The lines of one lesson."""
        return [entry for entry in self.lines if entry.get("lesson") == lesson and entry["what"] in what]

    def attempts(self, lesson: str, student: str) -> list[Attempt]:
        """The attempts that were collected, each once."""
        found = {
            entry["mark"]: Attempt(
                entry["mark"],
                entry.get("platform", ""),
                _time(entry.get("submitted")),
                _time(entry.get("modified")),
                int(entry.get("order") or 0),
                bool(entry.get("sure", True)),
                number,
            )
            for number, entry in enumerate(self.entries(lesson, student, PLACED, KEPT))
        }
        return list(found.values())

    def add(self, what: str, **about: Any) -> None:
        """Add a line, at once and whole."""
        entry = {"what": what, "at": datetime.now(UTC).isoformat(timespec="seconds"), **about}
        self.lines.append(entry)
        self._of_student[(str(entry.get("lesson")), str(entry.get("student")))].append(entry)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        data = text.encode("utf-8", "replace")
        if self._cut_off:
            self._drop_last()
        with self.path.open("ab") as file:
            file.write(data)

    def _drop_last(self) -> None:
        """Take away a last line that an interruption cut off: what it told of is found again."""
        data = self.path.read_bytes()
        with self.path.open("r+b") as file:
            file.truncate(data.rfind(b"\n") + 1)
            os.fsync(file.fileno())
        self._cut_off = False


def collected_folder(course: Course) -> Path:
    """Where older attempts, what nobody owns, and the log of collecting lie."""
    return course.root / "grading" / "collected"


def _entry(line: str) -> dict[str, Any]:
    made = json.loads(line)
    if not isinstance(made, dict) or not isinstance(made.get("what"), str):
        raise ValueError("not an entry")
    return made


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
