"""Hand-ins from files and folders that people named: e-mail, Drive, Google Classroom, and nbgrader's own layout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from autograde.grading.collecting import platforms
from autograde.grading.collecting.attribution import BY_LABEL, Verdict, by_path, by_platform, telling
from autograde.grading.collecting.entries import Entry, Unreadable
from autograde.grading.collecting.handins import (
    SMALL,
    STAMP,
    Context,
    HandIn,
    Told,
    chosen,
    hides_a_notebook,
    in_utc,
)
from autograde.grading.collecting.looking import Looked, copy_of, look
from autograde.grading.collecting.platforms import Who

PLAIN = "files and folders"
NEED_ROSTER = "give a roster with --roster, or have each student's work in a folder named with the id"


def plain_hand_ins(source: str, entries: Sequence[Entry], context: Context, told: Told) -> list[HandIn]:
    """Files without a platform's names: what lies in one folder and is one student's belongs together."""
    stamps = {
        entry.parts[:-1]: entry
        for entry in entries
        if entry.parts[-1] == STAMP and entry.outer > 2 and entry.outer == len(entry.parts)
    }
    own = _own_folders(entries, context.lesson.key) if context.people is None else set()
    of_folder: dict[tuple[tuple[str, ...], str, bool], HandIn] = {}
    beside: list[Entry] = []
    for entry in entries:
        if any(part in context.keys - {context.lesson.key} for part in entry.parts[:-1]):
            continue
        if not entry.is_notebook and not _could_be_notebook(entry):
            beside.append(entry)
            continue
        looked = look((entry.name,), entry, context.lesson)
        told()
        folder = entry.parts[:-1]
        verdict, when = _plain_verdict(entry, looked, stamps, own, context)
        whose = verdict.student.id if verdict.student else entry.shown
        place = (folder, whose, verdict.sure)
        made = of_folder.get(place)
        if made is None:
            made = HandIn(source, PLAIN, "/".join((*folder, whose)), [], verdict, [], None, when)
            of_folder[place] = made
        made.files.append(((entry.name,), entry))
        made.looked.append(looked)
    if context.people is None:
        _part_namesakes(list(of_folder.values()), own)
    hand_ins = [part for made in of_folder.values() for part in _attempts(made, context)]
    return [chosen(made, context) for made in [*hand_ins, *_with_beside(source, hand_ins, beside, context)]]


def _could_be_notebook(entry: Entry) -> bool:
    plain = entry.name.lower().endswith((".json", ".txt")) or "." not in entry.name
    return plain and entry.name != STAMP and entry.size <= SMALL and hides_a_notebook(entry)


def _plain_verdict(
    entry: Entry,
    looked: Looked,
    stamps: dict[tuple[str, ...], Entry],
    own: set[tuple[str, ...]],
    context: Context,
) -> tuple[Verdict, datetime | None]:
    """Whose a plain file is, and when it was handed in where nbgrader's own layout tells."""
    at = len(entry.parts) - 2
    if at >= 1 and at < entry.outer and entry.parts[at] == context.lesson.key:
        stamp = stamps.get(entry.parts[:-1])
        if stamp is not None or entry.name == f"{context.lesson.key}.ipynb":
            student = entry.parts[at - 1]
            verdict = by_platform(Who(ids=(student,)), looked.cell, context.people)
            if verdict.student or stamp is not None:
                return verdict, _stamp(stamp, context.zone)
    folders = [entry.parts[: depth + 1] for depth in range(entry.outer - 1)]
    labels = [folder[-1] for folder in folders if folder in own] + list(reversed(entry.parts[: entry.outer]))
    return by_path(entry.parts, entry.outer, context.lesson.key, looked.cell, context.people, labels), None


def _own_folders(entries: Sequence[Entry], key: str) -> set[tuple[str, ...]]:
    """Folders that seem to be one student's each: what lies in them and in those beside them has one name, or none."""
    inside: dict[tuple[str, ...], set[str]] = defaultdict(set)
    notebooks = [entry.parts[: entry.outer] for entry in entries if entry.is_notebook]
    for parts in notebooks:
        for depth in range(1, len(parts)):
            inside[parts[:depth]].add("/".join(filter(None, (telling(part, key) for part in parts[depth:]))))
    shared = {folder[:-1] for folder, labels in inside.items() if len(labels) > 1}
    alone = len({parts[:1] for parts in notebooks}) == 1 and len(notebooks) > 1  # a folder around all is nobody's
    return {folder for folder in inside if folder[:-1] not in shared and not (alone and len(folder) == 1)}


def _part_namesakes(hand_ins: Sequence[HandIn], own: set[tuple[str, ...]]) -> None:
    """Without a roster, a file's name stands for a student: not where folders have files of the same names.

    Are the folders classes, and two students namesakes? Or are they students, and the files tasks? Nothing tells.
    """
    folders: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    places = []
    for one in hand_ins:
        if one.verdict.student is not None and one.verdict.evidence == BY_LABEL:
            parts = one.files[0][1].parts[: one.files[0][1].outer]
            place = next((parts[:depth] for depth in range(1, len(parts)) if parts[:depth] in own), parts[:-1])
            folders[one.verdict.student.id].add(place)
            places.append((one, place))
    for name, there in folders.items():
        for one, place in places if len(there) > 1 else ():
            if place in there:
                one.verdict = Verdict(None, "", f"{len(there)} folders hold work called {name}", NEED_ROSTER)


def _stamp(entry: Entry | None, zone: tzinfo) -> datetime | None:
    try:
        text = entry.read()[:200].decode("utf-8", "replace").strip() if entry is not None else ""
    except Unreadable:
        return None
    return platforms.moment(text, zone) if text else None


def _attempts(made: HandIn, context: Context) -> list[HandIn]:
    """A folder's notebooks are one hand-in, unless their times or their copies' numbers tell an order."""
    mine = [one for one in made.looked if one.holds]
    copies = [copy_of(one, context.lesson.key) for one in mine]
    times = [in_utc(one.entry.modified, context.zone) for one in mine]
    names = {one.name for one in mine}
    made.modified = max((when for when in times if when), default=None)
    if (
        len(mine) < 2
        or len(mine) != len(made.looked)
        or f"{context.lesson.key}.ipynb" in names
        and len(set(copies)) < 2
    ):
        return [made]
    if len(set(copies)) < len(copies) and len(set(times)) < len(times):
        return [made]
    return [
        replace(made, files=[(one.inside, one.entry)], looked=[one], modified=when, order=copy, remarks=[])
        for one, when, copy in zip(mine, times, copies, strict=True)
    ]


def _with_beside(source: str, hand_ins: Sequence[HandIn], files: Sequence[Entry], context: Context) -> list[HandIn]:
    """Give the other files to the one student whose notebooks lie in or above their folder; the rest stay apart."""
    owners: dict[tuple[str, ...], list[HandIn]] = defaultdict(list)
    for made in hand_ins:
        owners[made.files[0][1].parts[:-1]].append(made)
    alone: dict[tuple[tuple[str, ...], str], HandIn] = {}
    for entry in files:
        folder = entry.parts[:-1]
        while folder and folder not in owners:
            folder = folder[:-1]
        theirs = owners.get(folder, [])
        whose = {made.verdict.student.id if made.verdict.student else made.key for made in theirs}
        if len(whose) == 1 and (folder or len(theirs) == 1):
            for made in theirs:
                made.files.append((entry.parts[len(folder) :], entry))
        elif entry.name != STAMP:
            verdict = by_path(entry.parts, entry.outer, context.lesson.key, {}, context.people)
            key = (entry.parts[:-1], verdict.student.id if verdict.student else entry.shown)
            made = alone.setdefault(key, HandIn(source, PLAIN, entry.shown, [], verdict))
            made.files.append(((entry.name,), entry))
    return list(alone.values())
