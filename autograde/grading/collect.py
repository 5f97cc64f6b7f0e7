"""`autograde collect`: from what a learning platform gives to grading/submitted, with nothing lost on the way."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from autograde.course import Course, CourseError, load_course
from autograde.grading.collecting.entries import Refused
from autograde.grading.collecting.exported import gather
from autograde.grading.collecting.handins import Context, HandIn
from autograde.grading.collecting.journal import PLACED, REFUSED, Journal, collected_folder
from autograde.grading.collecting.looking import lesson_of
from autograde.grading.collecting.people import People
from autograde.grading.collecting.platforms import RECOGNISERS, moment
from autograde.grading.collecting.roster import read_roster
from autograde.grading.collecting.rows import LOST, Row
from autograde.grading.collecting.settling import Settling
from autograde.grading.collecting.sources import Found, open_sources
from autograde.grading.collecting.student_folders import Folders
from autograde.grading.collecting.summary import complete, due_date, earlier_rows, table, to_do, write_tables
from autograde.grading.collecting.unowned import forget_what_was_found
from autograde.grading.only_one import only_one
from autograde.grading.progress import EVERY, Progress
from autograde.grading.submissions import submitted_folder
from autograde.grading.terminal import printable

MOST_SOURCES = 10  # that are named one by one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "archives", nargs="+", type=Path, metavar="ARCHIVE_OR_FOLDER", help="zip archives, folders, or single notebooks"
    )
    parser.add_argument("--lesson", required=True, metavar="KEY", help="which lesson was handed in")
    parser.add_argument("--roster", type=Path, default=None, metavar="CSV", help="the class: ids, names, e-mails")
    parser.add_argument("--course", type=Path, default=None, help="the course's folder (default: found from here up)")
    parser.add_argument(
        "--platform",
        choices=(*RECOGNISERS, "plain"),
        default=None,
        help="whose names the files have, where it is not seen (plain: files and folders named by people)",
    )
    parser.add_argument(
        "--zone",
        default=None,
        metavar="NAME",
        help="of times that are written without one, such as Europe/Vienna (default: this machine's)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")


def run(args: argparse.Namespace) -> int:
    """Collect and say what came of it; 1 where an archive could not be opened."""
    course = load_course(args.course)
    lesson = lesson_of(course, course.lesson(args.lesson).key)
    for path in args.archives:
        _not_our_own(course, path)
    zone = _zone(args.zone)
    people, remarks = _people(args.roster)
    keys = frozenset(one.key for one in course.lessons)
    context = Context(lesson, keys, people, zone, args.platform)
    with ExitStack() as stack:
        if not args.dry_run:
            stack.enter_context(only_one(course))
        found = open_sources(args.archives, stack)
        journal = Journal(course)
        with _Collecting(2 * sum(entry.is_notebook for entry in found.entries)) as progress:
            hand_ins = gather(found.entries, context, progress.one)
            hand_ins = [_with_rosters_time(one, zone) for one in hand_ins]
            settling = Settling(course, lesson, journal, _folders(course, journal), not args.dry_run)
            rows = settling.settle(hand_ins, progress.one)
    if not args.dry_run:
        forget_what_was_found(course, lesson.key, journal)
        _log_refused(journal, lesson.key, found)
    _say_platforms(hand_ins)
    for remark in remarks:
        print(printable(remark, 300), file=sys.stderr)
    _conclude(course, context, journal, found, rows, args.dry_run)
    return int(bool(found.whole))


def _say_platforms(hand_ins: Sequence[HandIn]) -> None:
    """By whose names each source was read: to be seen, for it can be told otherwise."""
    read = Counter((Path(one.source).name, one.platform) for one in hand_ins)
    for (source, platform), count in list(read.items())[:MOST_SOURCES]:
        print(f"{printable(source, 60)}: {count} hand-in{'s' if count > 1 else ''} ({platform})")


def _people(path: Path | None) -> tuple[People | None, list[str]]:
    if path is None:
        return None, []
    students, remarks = read_roster(path)
    return People(students), remarks


def _zone(name: str | None) -> tzinfo:
    """The zone of times that are written without one. Raises CourseError."""
    if name is None:
        return datetime.now().astimezone().tzinfo or UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise CourseError(f"--zone {name}: there is no such zone: write it like Europe/Vienna or UTC") from error


def _not_our_own(course: Course, path: Path) -> None:
    """Raise CourseError for a folder that collecting itself writes to."""
    there, own = path.resolve(), submitted_folder(course).resolve()
    if there == own or own in there.parents or there in own.parents:
        raise CourseError(f"{path} is where submissions are collected: give the archive or folder that they come from")


def _folders(course: Course, journal: Journal) -> Folders:
    """Who has which folder: as the log says; folders that were made by hand are taken too."""
    there = [path.name for path in submitted_folder(course).glob("*") if path.is_dir()]
    return Folders(journal.folders(), there)


def _with_rosters_time(one: HandIn, zone: tzinfo) -> HandIn:
    """Moodle's grading worksheet tells the time that its archive does not."""
    student = one.verdict.student
    if one.submitted is not None or student is None or not student.submitted or one.platform != "Moodle":
        return one
    when = moment(student.submitted, zone)
    if when is None and student.submitted != "-":
        said = f"the roster's time is not understood: {student.submitted}"
        return replace(one, remarks=[*one.remarks, said])
    return replace(one, submitted=when)


def _log_refused(journal: Journal, lesson: str, found: Found) -> None:
    known = {(entry["source"], entry["member"]) for entry in journal.of_lesson(lesson, REFUSED)}
    for one in (*found.whole, *found.refused):
        if (one.source, one.path) not in known:
            journal.add(REFUSED, lesson=lesson, source=one.source, member=one.path, reason=one.reason, mend=one.mend)


def _conclude(course: Course, context: Context, journal: Journal, found: Found, rows: list[Row], dry_run: bool) -> None:
    """Write the tables, print the summary and the next command."""
    key, due = context.lesson.key, due_date(course, context.lesson.key)
    refused: Sequence[Refused] = (*found.whole, *found.refused)
    before = earlier_rows(journal, key, rows)
    now = complete(rows, refused, context.people, {row.student for row in before})
    print(table(now, due))
    if waiting := to_do(now):
        print(f"to look at:\n{waiting}")
    if found.left_out:
        print(f"{found.left_out} files of operating systems and tools (such as __MACOSX) were left out")
    if strangers := _not_in_roster(journal, context):
        print(f"in grading/submitted, and not in the roster: {printable(', '.join(strangers), 300)}")
        print("      collected without it, or as somebody else: take their folders away if they are others' doubles")
    if dry_run:
        print("nothing was written (--dry-run)")
        return
    others = {one.key: earlier_rows(journal, one.key, []) for one in course.lessons if one.key != key}
    tables = {key: [*now, *before], **{other: made for other, made in others.items() if made}}
    path = write_tables(course, tables, {other: due_date(course, other) for other in tables})
    print(f"look at:\n  {path}   the same for a spreadsheet")
    if any(row.state == LOST for row in now):
        print(f"  {collected_folder(course) / 'unattributed' / key}   what is nobody's yet")
    if any(row.student and row.folder for row in tables[key]):
        print(f"next:\n  autograde grade {key}")


def _not_in_roster(journal: Journal, context: Context) -> list[str]:
    """Students of this lesson whom an earlier run collected and the roster does not know."""
    if context.people is None:
        return []
    lines = journal.of_lesson(context.lesson.key, PLACED)
    return sorted({str(entry["student"]) for entry in lines} - set(context.people.students))


class _Collecting(Progress):
    """How collecting is going: half of the steps are files that are read, half are students that are settled."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        if self._bar is not None:
            self._bar.set_description("collecting")

    def __enter__(self) -> _Collecting:
        return self

    def one(self) -> None:
        """One more file was read, or one student settled."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self.said >= EVERY:
            self.said = time.monotonic()
            print(f"collecting: {min(99, 100 * self.done // max(self.total, 1))} %", file=self.stream, flush=True)
