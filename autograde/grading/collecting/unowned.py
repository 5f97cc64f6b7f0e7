"""Hand-ins that are nobody's yet: kept under grading/collected/unattributed until somebody says whose they are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.course import Course
from autograde.grading.collecting import placing
from autograde.grading.collecting.handins import HandIn
from autograde.grading.collecting.journal import ATTRIBUTED, KEPT, PLACED, UNATTRIBUTED, Journal
from autograde.grading.collecting.rows import LOST, Row, about, notebooks_of


def keep_unowned(course: Course, lesson: str, journal: Journal, one: HandIn, writes: bool) -> Row:
    """Keep it, once, and list it."""
    parcel = placing.parcel_of(replace(one, counts=None), lesson)
    place = _kept_before(course, lesson, journal, one, parcel.mark)
    place = place or placing.unattributed_place(course, one, lesson, parcel.mark)
    shown = place.relative_to(course.root)
    if writes and not place.exists():
        placing.lay_down(parcel, place, one.submitted)
    if writes and not any(entry["place"] == shown.as_posix() for entry in unsettled(journal, lesson)):
        why = {"reason": one.verdict.reason, "mend": one.verdict.mend, "notebooks": notebooks_of(one)}
        journal.add(UNATTRIBUTED, **why, **about(one, lesson, parcel.mark, shown))
    return Row(
        LOST,
        folder=shown.as_posix(),
        submitted=one.submitted,
        late=one.late,
        attempts=1,
        source=one.source,
        member=one.shown,
        remarks=[one.verdict.reason, *one.remarks, *parcel.left_out, f"kept in {shown}"],
        mend=one.verdict.mend,
    )


def _kept_before(course: Course, lesson: str, journal: Journal, one: HandIn, mark: str) -> Path | None:
    """Where the same files, or the same notebooks, wait already."""
    notebooks = notebooks_of(one)
    for entry in unsettled(journal, lesson):
        place = course.root / entry["place"]
        if (entry["mark"] == mark or (notebooks and entry.get("notebooks") == notebooks)) and place.is_dir():
            return place
    return None


def forget_what_was_found(course: Course, lesson: str, journal: Journal) -> None:
    """Take away copies of what was nobody's and has been collected for somebody since."""
    collected = {entry["notebook"] for entry in journal.of_lesson(lesson, PLACED, KEPT) if entry.get("notebook")}
    for entry in unsettled(journal, lesson):
        place = course.root / entry["place"]
        if not entry.get("notebooks") or not set(entry["notebooks"]) <= collected:
            continue
        if place.name.endswith(f"~{entry['mark'][:8]}") and place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        journal.add(ATTRIBUTED, lesson=lesson, mark=entry["mark"], place=entry["place"])


def unsettled(journal: Journal, lesson: str) -> list[dict[str, Any]]:
    """What is nobody's to this day, the latest word on each."""
    settled = {entry["mark"] for entry in journal.of_lesson(lesson, ATTRIBUTED)}
    return [entry for entry in journal.of_lesson(lesson, UNATTRIBUTED) if entry["mark"] not in settled]
