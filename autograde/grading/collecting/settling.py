"""Decides for each student which attempt counts, and has it laid down. A second run of the same changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser as date_parser

from autograde.course import Course
from autograde.grading.collecting import placing
from autograde.grading.collecting.attribution import Verdict
from autograde.grading.collecting.handins import STAMP, HandIn
from autograde.grading.collecting.journal import KEPT, NO_NOTEBOOK, PLACED, Attempt, Journal, newest_last
from autograde.grading.collecting.looking import Lesson
from autograde.grading.collecting.people import Student
from autograde.grading.collecting.rows import NEW, NEWER, OLDER, SAME, UNCLEAR, Row, about, notebooks_of
from autograde.grading.collecting.student_folders import Folders
from autograde.grading.collecting.unowned import keep_unowned


@dataclass
class Settling:
    """One run: where to, what is known, and whether anything is written (`writes`)."""

    course: Course
    lesson: Lesson
    journal: Journal
    folders: Folders
    writes: bool

    def settle(self, hand_ins: Sequence[HandIn], told: Callable[[], object]) -> list[Row]:
        """A row for each student and for each hand-in that is nobody's, by student."""
        theirs: dict[str, list[HandIn]] = defaultdict(list)
        lost: list[HandIn] = []
        for one in hand_ins:
            if one.verdict.student is None:
                lost.append(one)
            else:
                theirs[one.verdict.student.id].append(one)
        rows = []
        for identity in sorted(theirs):
            mine, doubtful = self._sure(theirs[identity])
            lost += doubtful
            if mine:
                rows.append(self._student(mine))
            told()
        _say_who_shares(rows_by := {row.student: row for row in rows}, theirs, self.lesson)
        unowned = [keep_unowned(self.course, self.lesson.key, self.journal, one, self.writes) for one in lost]
        return [*rows_by.values(), *unowned]

    def _sure(self, mine: list[HandIn]) -> tuple[list[HandIn], list[HandIn]]:
        """Those of a student, and those that only say so themselves where others have better evidence."""
        weak = [one for one in mine if not one.verdict.sure]
        student = mine[0].verdict.student
        known = self.journal.attempts(self.lesson.key, student.id) if student else []
        if not weak or (len(weak) == len(mine) and not any(one.sure for one in known)) or student is None:
            return mine, []
        for one in weak:
            reason = f"its {one.verdict.evidence} says {student.shown}, who handed in under their own name"
            one.verdict = Verdict(None, "", reason, "ask whose it is, then collect it from a folder named with the id")
        return [one for one in mine if one not in weak], weak

    def _student(self, mine: list[HandIn]) -> Row:
        """Lay down what is new of one student's hand-ins."""
        student = mine[0].verdict.student or Student("")
        folder = self.folders.of(student.id)
        row = Row("", student.id, student.name, folder)
        if folder != student.id:
            row.remarks.append(f"its folder is {folder}")
        if link := placing.links_in_the_way(self.course, folder, self.lesson.key):
            row.state, row.mend = "refused", "take the link away and collect again"
            row.remarks.append(f"{link} is a symbolic link: nothing is written through it")
            return row
        whole = [one for one in mine if notebooks_of(one)]
        without = [one for one in mine if not notebooks_of(one)]
        if whole:
            self._with_notebook(row, whole)
        for one in without:
            self._without_notebook(row, one, bool(whole))
        return row

    def _with_notebook(self, row: Row, mine: list[HandIn]) -> None:
        parcels = [placing.parcel_of(one, self.lesson.key) for one in mine]
        known = self.journal.attempts(self.lesson.key, row.student)
        marks = {one.mark for one in known}
        found: dict[str, tuple[HandIn, placing.Parcel, Attempt]] = {}
        for number, (one, parcel) in enumerate(zip(mine, parcels, strict=True)):
            times = (one.submitted, one.modified)
            attempt = Attempt(parcel.mark, one.platform, *times, one.order, one.verdict.sure, 10**6 + number)
            found[parcel.mark] = (one, parcel, attempt)
        fresh = [attempt for mark, (_, _, attempt) in found.items() if mark not in marks]
        order, by = newest_last([*known, *fresh])
        newest = order[-1]
        counted = found.get(newest.mark)
        row.attempts = len(order)
        for attempt in order[:-1]:
            if attempt in fresh:
                self._keep(row, *found[attempt.mark])
        shown = counted or found[max(fresh or [one[2] for one in found.values()], key=lambda one: one.number).mark]
        self._tell(row, *shown)
        if len(order) > 1 and fresh and by not in ("the time of handing in", "the platform's numbers"):
            row.remarks.append(f"the newest by {by}")
        if counted is None:
            row.state = OLDER if fresh else SAME
        else:
            self._place(row, *counted, newest.mark in marks)
        if shown[0].counts is None and row.state in (NEW, NEWER):
            row.state, row.mend = UNCLEAR, f"rename the one that counts to {self.lesson.key}.ipynb in {row.folder}"

    def _tell(self, row: Row, one: HandIn, parcel: placing.Parcel, attempt: Attempt) -> None:
        row.submitted, row.late = one.submitted, one.late
        row.source, row.member, row.evidence = one.source, one.shown, one.verdict.evidence
        row.remarks += [*one.remarks, *parcel.left_out]

    def _place(self, row: Row, one: HandIn, parcel: placing.Parcel, attempt: Attempt, known: bool) -> None:
        """The attempt that counts, to where it is graded."""
        place = placing.graded_place(self.course, row.folder, self.lesson.key)
        there = place.exists() and any(place.iterdir())
        if known and there:
            row.state = SAME
            if one.submitted is not None and not (place / STAMP).exists():
                row.remarks.append("its time of handing in is known now")
                if self.writes:
                    placing.write_time(place, one.submitted)
            return
        row.state = NEW
        if there and one.counts is not None and placing.notebook_mark(place, self.lesson.key) == one.counts.mark:
            self._log(PLACED, row, one, attempt, place)
            return
        if there:
            if self._by_hand_is_newer(place, one, row):
                self._keep(row, one, parcel, attempt)
                row.state = OLDER
                return
            row.state = NEWER
            self._save(row, place)
        if self.writes:
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                place.rmdir()
            placing.lay_down(parcel, place, one.submitted)
            self._log(PLACED, row, one, attempt, place)

    def _by_hand_is_newer(self, place: Path, one: HandIn, row: Row) -> bool:
        """Whether somebody put a submission there that says that it was handed in later."""
        if self.journal.entries(self.lesson.key, row.student, PLACED) or one.submitted is None:
            return False
        try:
            when = date_parser.parse((place / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError, OverflowError):
            return False
        newer = (when if when.tzinfo else when.replace(tzinfo=UTC)) > one.submitted
        if newer:
            row.remarks.append("what lies in its folder was put there by hand and is newer")
        return newer

    def _save(self, row: Row, place: Path) -> None:
        """Move away what is in the student's folder, with a word where that was not as it was collected."""
        last = self.journal.entries(self.lesson.key, row.student, PLACED)[-1:]
        now = placing.notebook_mark(place, self.lesson.key)
        changed = not last or (last[0].get("notebook") and last[0]["notebook"] != now)
        when = datetime.fromisoformat(last[0]["submitted"]) if last and last[0].get("submitted") else None
        mark = now if changed else last[0]["mark"]
        kept = placing.attempt_place(self.course, row.folder, self.lesson.key, when, mark)
        if self.writes:
            placing.move_away(place, kept)
        if changed:
            shown = kept.relative_to(self.course.root)
            row.remarks.append(f"what lay there had been put or changed by hand; it is kept in {shown}")

    def _keep(self, row: Row, one: HandIn, parcel: placing.Parcel, attempt: Attempt) -> None:
        """An attempt that does not count."""
        if self.writes:
            when = one.submitted or one.modified
            kept = placing.attempt_place(self.course, row.folder, self.lesson.key, when, parcel.mark)
            placing.lay_down(parcel, kept, one.submitted)
            self._log(KEPT, row, one, attempt, kept)

    def _log(self, what: str, row: Row, one: HandIn, attempt: Attempt, place: Path) -> None:
        if self.writes:
            said = about(one, self.lesson.key, attempt.mark, place.relative_to(self.course.root))
            self.journal.add(what, student=row.student, name=row.name, folder=row.folder, sure=attempt.sure, **said)

    def _without_notebook(self, row: Row, one: HandIn, also: bool) -> None:
        """A hand-in without any notebook is kept, and replaces none."""
        parcel = placing.parcel_of(one, self.lesson.key)
        names = ", ".join(sorted({inside[-1] for inside, _ in one.files})[:5])
        row.remarks += [*([] if one.looked else [f"no notebook in {names}"]), *one.remarks]
        if not also:
            row.state, row.source, row.member, row.evidence = NO_NOTEBOOK, one.source, one.shown, one.verdict.evidence
            row.submitted, row.late, row.mend = one.submitted, one.late, "ask the student for the notebook (.ipynb)"
        known = {entry["mark"] for entry in self.journal.entries(self.lesson.key, row.student, NO_NOTEBOOK)}
        if self.writes and parcel.mark not in known:
            when = one.submitted or one.modified
            kept = placing.attempt_place(self.course, row.folder, self.lesson.key, when, parcel.mark)
            placing.lay_down(parcel, kept, one.submitted)
            said = about(one, self.lesson.key, parcel.mark, kept.relative_to(self.course.root))
            self.journal.add(NO_NOTEBOOK, student=row.student, name=row.name, folder=row.folder, **said)


def _say_who_shares(rows: dict[str, Row], theirs: dict[str, list[HandIn]], lesson: Lesson) -> None:
    """A word where two students handed in the very same file, but for the one that they were given, and for groups."""
    holders: dict[str, set[str]] = defaultdict(set)
    for identity, mine in theirs.items():
        for one in mine:
            if one.counts and one.counts.mark and one.counts.mark != lesson.handed_out and not one.group:
                holders[one.counts.mark].add(identity)
    for mark, students in holders.items():
        if len(students) > 1:
            for identity in students & set(rows):
                others = ", ".join(sorted(students - {identity})[:5])
                if any(one.counts and one.counts.mark == mark for one in theirs[identity]):
                    rows[identity].remarks.append(f"the very same file as {others}")
