"""How learning platforms name what they export. Each recogniser reads one part of a path; the sources are in the docs.

A student chooses the name of the file that is handed in, never what the platform puts before it: so the outermost part
that tells counts, and a platform must fit more than half of what lies at one depth before it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from dateutil import parser as date_parser
from dateutil import tz

from autograde.grading.collecting.entries import Entry

SHALLOWEST = 4  # depths at which a platform's names are looked for


@dataclass(frozen=True)
class Who:
    """What a platform says of who handed in. ids: logins. number, participant: Canvas's and Moodle's own numbers.

    joined: the name as Canvas writes it, without gaps.
    """

    ids: tuple[str, ...] = ()
    number: str = ""
    participant: str = ""
    email: str = ""
    name: str = ""
    joined: str = ""

    @property
    def shown(self) -> str:
        """The most telling of it."""
        return self.name or self.joined or next(iter(self.ids), "") or self.email or self.number


@dataclass(frozen=True)
class Clue:
    """What a path tells: the platform, which hand-in the file belongs to, whose that is, and the file's own path in it.

    order: a later attempt has a larger one; 0 where it is not told.
    """

    platform: str
    key: str
    who: tuple[Who, ...]
    inside: tuple[str, ...]
    submitted: datetime | None = None
    late: bool = False
    order: int = 0


Recogniser = Callable[[tuple[str, ...], int, tzinfo], Clue | None]

CANVAS = re.compile(r"(?P<name>\w+?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
CANVAS_ANONYMOUS = re.compile(
    r"(?:(?P<late>LATE)_)?anon_(?P<anonymous>\w{5})_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL
)
CANVAS_TEXT = re.compile(r"(?P<name>\w+?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<file>(?:text|link)\.html)")
MOODLE = re.compile(
    r"(?P<name>[^_]*)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
BLACKBOARD = re.compile(
    r"(?P<before>.+)_(?P<user>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<report>\.txt))", re.DOTALL
)
INBOUND = re.compile(
    r"(?P<student>.+?)\+(?P<lesson>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d[:_-]\d\d[:_-]\d\d[^+]*)"
    r"(?:\+(?P<random>[^+]*))?"
)
GRADESCOPE = re.compile(r"submission_(?P<number>\d+)")


def canvas(parts: tuple[str, ...], at: int, zone: tzinfo) -> Clue | None:
    """`lastfirst_LATE_USER_ATTACHMENT_file`; the attachment's number grows with time. Tells no time."""
    part = parts[at]
    if match := CANVAS_ANONYMOUS.fullmatch(part):
        who, key = Who(), f"anon_{match['anonymous']}"
    elif match := CANVAS.fullmatch(part) or CANVAS_TEXT.fullmatch(part):
        if match["name"] != match["name"].lower() or match["name"].isdigit():
            return None
        who, key = Who(number=match["user"], joined=match["name"]), match["user"]
    else:
        return None
    order = int(match.groupdict().get("attachment") or 0)
    return Clue("Canvas", key, (who,), (match["file"], *parts[at + 1 :]), None, bool(match["late"]), order)


def moodle(parts: tuple[str, ...], at: int, zone: tzinfo) -> Clue | None:
    """`Full Name_PARTICIPANT_assignsubmission_file_/file`, or the same in one name. Tells no time."""
    match = MOODLE.fullmatch(parts[at])
    if match is None:
        return None
    inside = (*((match["file"],) if match["file"] else ()), *parts[at + 1 :])
    anonymous = match["name"].casefold() in ("participant", "teilnehmer/in", "teilnehmer")
    who = Who(participant=match["number"] or "", name="" if anonymous else match["name"])
    return Clue("Moodle", f"{match['name']}_{match['number']}", (who,), inside) if inside else None


def blackboard(parts: tuple[str, ...], at: int, zone: tzinfo) -> Clue | None:
    """`gradebook_COURSE_Assignment_USER_attempt_2026-11-20-10-11-12_file`, and a report `.txt` for each attempt."""
    match = BLACKBOARD.fullmatch(parts[at])
    if match is None:
        return None
    inside = ("" if match["report"] else match["file"], *parts[at + 1 :])
    try:
        when = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
    except ValueError:
        return None
    return Clue("Blackboard", f"{match['user']} {match['time']}", (Who(ids=(match["user"],)),), inside, when)


def inbound(parts: tuple[str, ...], at: int, zone: tzinfo) -> Clue | None:
    """nbgrader's exchange: `STUDENT+LESSON+2026-11-20 10:11:12.000000 UTC+RANDOM/`."""
    match = INBOUND.fullmatch(parts[at])
    if match is None or at + 1 >= len(parts):
        return None
    day, _, rest = match["time"].partition(" ")
    when = moment(f"{day} {rest[:8].replace('_', ':').replace('-', ':')}{rest[8:]}", zone)
    return Clue("nbgrader exchange", parts[at], (Who(ids=(match["student"],)),), parts[at + 1 :], when)


def gradescope(parts: tuple[str, ...], at: int, zone: tzinfo) -> Clue | None:
    """`submission_123456/file`; who and when stand in submission_metadata.yml beside the folders."""
    match = GRADESCOPE.fullmatch(parts[at])
    if match is None or at + 1 >= len(parts):
        return None
    return Clue("Gradescope", parts[at], (), parts[at + 1 :], None, False, int(match["number"]))


RECOGNISERS: dict[str, Recogniser] = {
    "moodle": moodle, "blackboard": blackboard, "exchange": inbound, "gradescope": gradescope, "canvas": canvas
}  # fmt: skip


def moment(text: str, zone: tzinfo) -> datetime | None:
    """A point of time in UTC from text; a time without a zone is taken in `zone`. None where it is none."""
    try:
        when = date_parser.parse(text[:100], tzinfos=_zone_called)
        when = when if when.tzinfo else when.replace(tzinfo=zone)
        return when.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _zone_called(name: str, seconds: int | None) -> tzinfo | None:
    """The zone of "CET" or of "+0100", as nbgrader reads it."""
    return tz.tzoffset(name, seconds) if seconds is not None else tz.gettz(name)


def recogniser_of(entries: Sequence[Entry], zone: tzinfo, named: str | None = None) -> tuple[str, int]:
    """The platform that made an archive, and the depth of its names: ("", 0) where none is known.

    named: the platform that a person says it is.
    """
    for depth in range(SHALLOWEST):
        there = {entry.parts[: depth + 1]: entry for entry in entries if entry.outer > depth}
        if not there:
            break
        fits = {
            name: sum(recognise(entry.parts, depth, zone) is not None for entry in there.values())
            for name, recognise in RECOGNISERS.items()
            if named in (None, name)
        }
        best = max(fits, key=lambda name: fits[name], default="")
        needed = 1 if named else len(there) // 2 + 1
        if best and fits[best] >= needed:
            return best, depth
    return "", 0
