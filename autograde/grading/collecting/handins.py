"""A hand-in: the files that belong together, whose they are, and which notebook of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from autograde.grading.collecting.attribution import Verdict
from autograde.grading.collecting.entries import Entry, Unreadable
from autograde.grading.collecting.looking import Lesson, Looked, choose, look, looks_like_a_notebook
from autograde.grading.collecting.people import People

SMALL = 2 * 2**20  # bytes: files of other names that are looked into for a notebook
STAMP = "timestamp.txt"
Told = Callable[[], object]


@dataclass
class HandIn:
    """What one student handed in at one time. files: path inside, as the student named it, and the file.

    counts: the notebook that counts; None where there is none, or where it cannot be told which of several.
    submitted: as the platform says. modified: the files' own time. group: whose else it is, verdict by verdict.
    """

    source: str
    platform: str
    key: str
    files: list[tuple[tuple[str, ...], Entry]]
    verdict: Verdict
    looked: list[Looked] = field(default_factory=list)
    counts: Looked | None = None
    submitted: datetime | None = None
    modified: datetime | None = None
    late: bool = False
    order: int = 0
    remarks: list[str] = field(default_factory=list)
    group: list[Verdict] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Where it lies in what was given."""
        return (self.counts.entry if self.counts else self.files[0][1]).shown


@dataclass(frozen=True)
class Context:
    """What is collected: the lesson, all lessons' keys, the roster (None: there is none), the zone of bare times."""

    lesson: Lesson
    keys: frozenset[str]
    people: People | None
    zone: tzinfo
    platform: str | None = None


def in_utc(when: datetime | None, zone: tzinfo) -> datetime | None:
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def looked_at(files: Iterable[tuple[tuple[str, ...], Entry]], context: Context, told: Told) -> list[Looked]:
    """The notebooks among the files, read; files of other names only where there is no notebook."""
    files = list(files)
    found = []
    for inside, entry in files:
        if entry.is_notebook:
            found.append(look(inside, entry, context.lesson))
            told()
    for inside, entry in [] if found else files:
        if entry.size <= SMALL and not entry.trouble and hides_a_notebook(entry):
            found.append(look(inside, entry, context.lesson))
    return found


def hides_a_notebook(entry: Entry) -> bool:
    try:
        return looks_like_a_notebook(entry.read())
    except Unreadable:
        return False


def chosen(made: HandIn, context: Context) -> HandIn:
    """The notebook that counts, and what there is to say."""
    made.counts, said = choose([one for one in made.looked if one.mark], context.lesson)
    made.remarks += said
    made.remarks += [f"{one.name} cannot be read: {one.trouble}" for one in made.looked if not one.mark]
    made.remarks += [entry.trouble for _, entry in made.files if entry.trouble]
    return made
