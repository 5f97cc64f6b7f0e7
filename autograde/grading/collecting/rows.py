"""What became of a hand-in: a row of the summary, and a line of the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograde.grading.collecting.handins import HandIn

NEW, NEWER, SAME, OLDER = "collected", "replaced an older one", "unchanged", "older than what is there"
UNCLEAR = "several notebooks"
LOST = "not attributed"


@dataclass
class Row:
    """What became of a student's hand-ins, or of one that is nobody's (`student` is then empty)."""

    state: str
    student: str = ""
    name: str = ""
    folder: str = ""
    submitted: datetime | None = None
    late: bool = False
    attempts: int = 0
    source: str = ""
    member: str = ""
    evidence: str = ""
    remarks: list[str] = field(default_factory=list)
    mend: str = ""


def notebooks_of(one: HandIn) -> list[str]:
    """The hashes of a hand-in's notebooks."""
    return sorted({looked.mark for looked in one.looked if looked.mark})


def about(one: HandIn, lesson: str, mark: str, place: Path) -> dict[str, Any]:
    """What the log says of a hand-in: from which archive and member, its hashes, when, by which evidence."""
    return {
        "lesson": lesson,
        "mark": mark,
        "notebook": one.counts.mark if one.counts else "",
        "place": place.as_posix(),
        "source": one.source,
        "member": one.shown,
        "platform": one.platform,
        "submitted": one.submitted.astimezone(UTC).isoformat() if one.submitted else "",
        "modified": one.modified.isoformat() if one.modified else "",
        "late": one.late,
        "key": one.key,
        "order": one.order,
        "evidence": one.verdict.evidence,
        "remarks": one.remarks,
    }
