"""Rules about names across cells: who binds what, who may read it, and what grading would see differently.

Grading skips demo and setup cells, and runs checks where only fixtures' and exercises' names exist. So a name that
comes from anywhere else works in the author's notebook and fails, or means something else, when a student is graded.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograde.authoring.cell_rules import GRADED, python_of, released_code
from autograde.authoring.names import CellNames, bound_names, cell_names
from autograde.authoring.problems import Problem
from autograde.authoring.text import LessonText, TextCell

SETTINGS_NAMES = frozenset({"DEVICE", "SCALE", "SEED"})


@dataclass(frozen=True)
class Bound:
    """A code cell with its place in the lesson and its names, as written and as released."""

    place: int
    cell: TextCell
    names: CellNames
    released: CellNames

    @property
    def called(self) -> str:
        """How a message names the cell: "exercise 'split_heads'", "fixture at line 12"."""
        where = f"{self.cell.name!r}" if self.cell.kind in ("exercise", "check") else f"at line {self.cell.line}"
        return f"{self.cell.kind} {where}"


def bound_cells(cells: Sequence[TextCell]) -> list[Bound]:
    """The lesson's code cells (all of them parse) with their names."""
    return [
        Bound(place, cell, cell_names(python_of(cell)), cell_names(released_code(cell)))
        for place, cell in enumerate(cells)
        if cell.kind in (*GRADED, "demo")
    ]


def requirements(cells: Sequence[TextCell]) -> dict[str, list[str]]:
    """For each check (by grade id) the exercises that it needs besides its own: named in `requires`, or read by it."""
    owner = {name: c.name for c in cells if c.kind == "exercise" for name in bound_names(c.source)}
    needs = {}
    for cell in cells:
        if cell.kind == "check":
            read = [str(owner[name]) for name in cell_names(cell.source).needed if name in owner]
            needs[str(cell.grade_id)] = sorted({*cell.requires, *read} - {str(cell.name)})
    return needs


def name_problems(lesson: LessonText, cells: Sequence[TextCell]) -> Iterator[Problem]:
    """All that is wrong with the names of a lesson whose code cells parse."""
    bound = bound_cells(cells)
    yield from _two_owners(lesson, bound)
    for one in bound:
        if one.cell.kind in GRADED:
            yield from _unknown_names(lesson, one, bound)
        if one.cell.kind == "fixture":
            yield from _reads_answers(lesson, one, bound)
        if one.cell.kind == "check":
            yield from _own_exercise_unread(lesson, one, bound)
        if one.cell.kind in ("demo", "check"):
            yield from _rebound(lesson, one, bound)


def _at(one: Bound, name: str) -> int:
    lines = one.names.needed | one.released.needed
    return one.cell.source_line + lines.get(name, 0)


def _binder(others: Sequence[Bound], name: str, kinds: Sequence[str]) -> Bound | None:
    return next((other for other in others if other.cell.kind in kinds and name in other.names.bound), None)


def _two_owners(lesson: LessonText, bound: Sequence[Bound]) -> Iterator[Problem]:
    """A name that an exercise binds belongs to the student: no fixture and no other exercise may bind it too."""
    for one in bound:
        if one.cell.kind != "exercise":
            continue
        for other in bound:
            shared = sorted(one.names.bound & other.names.bound)
            fixture = other.cell.kind == "fixture"
            if not shared or other is one or not (fixture or other.cell.kind == "exercise" and other.place < one.place):
                continue
            what = f"{one.called} binds {_listed(shared)}, and so does the {other.called}"
            mend = "a name is either the student's (exercise) or the course's (fixture): rename one, or drop one"
            yield lesson.problem(one.cell.line, what, mend)


def _unknown_names(lesson: LessonText, one: Bound, bound: Sequence[Bound]) -> Iterator[Problem]:
    """Names that a fixture, exercise or check reads and that will not be there when it is graded."""
    needed = one.names.needed | one.released.needed
    for name in sorted(needed):
        if name in SETTINGS_NAMES:
            continue
        runs = name in one.names.now or name in one.released.now or one.cell.kind == "check"
        if one.cell.kind == "fixture" and runs and _binder(bound, name, ["exercise"]):
            continue  # _reads_answers says more of it
        givers = [
            other
            for other in bound
            if other.cell.kind in ("fixture", "exercise") and name in other.released.bound and other is not one
        ]
        if any(_gives(one, giver, runs) for giver in givers):
            continue
        yield lesson.problem(_at(one, name), *_why_unknown(one, name, givers, bound))


def _reads_answers(lesson: LessonText, one: Bound, bound: Sequence[Bound]) -> Iterator[Problem]:
    """A fixture runs at the grader too, once for all students, where no answer is: it cannot read one while it runs.

    Its functions may, when a check or the student's own code calls them.
    """
    for name in sorted({*one.names.now, *one.released.now}):
        if giver := _binder(bound, name, ["exercise"]):
            what = f"{one.called} reads {name!r}, which the {giver.called} binds: a fixture runs without any answer"
            yield lesson.problem(_at(one, name), what, "let a check do this, or a function that a check calls")


def _gives(one: Bound, giver: Bound, runs: bool) -> bool:
    """Whether the name is there in time: an earlier cell, or any one for a function that is called later."""
    later_is_fine = not runs and not (one.cell.kind == "fixture" and giver.cell.kind == "exercise")
    return giver.place < one.place or later_is_fine


def _why_unknown(one: Bound, name: str, givers: Sequence[Bound], bound: Sequence[Bound]) -> tuple[str, str]:
    """What is wrong and the mend, for a name that `one` reads and nobody gives it in time."""
    reads = f"{one.called} reads {name!r}"
    if name in one.names.bound and name not in one.names.needed:
        return f"{reads}, which only its own hidden lines bind", "bind it in the visible lines"
    if givers:
        giver = givers[0]
        what = f"{reads}, which the {giver.called} (line {giver.cell.line}) binds only later"
        if one.cell.kind == "fixture" and giver.cell.kind == "exercise":
            return what, "move the fixture below the exercise, or let the check do this"
        return what, "move that cell above this one"
    others = [other for other in bound if other is not one]
    if solution := _binder(others, name, ["exercise"]):
        what = f"{reads}, which only the solution of {solution.called} binds"
        return what, "bind it outside the solution block too, so that the release has it"
    if elsewhere := _binder(others, name, ["demo", "check"]):
        missing = "demo cells are skipped when grading" if elsewhere.cell.kind == "demo" else "each check is on its own"
        what = f"{reads}, which only the {elsewhere.called} binds: {missing}"
        return what, f"bind {name!r} in a fixture, or in this cell"
    if name in one.names.bound:
        return f"{reads} above the line that binds it", "bind or import it first"
    known = {n for other in bound if other.cell.kind in ("fixture", "exercise") for n in other.released.bound}
    close = difflib.get_close_matches(name, sorted(known | one.names.bound), n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"{reads}, which no exercise or fixture binds", f"bind or import it in a fixture.{hint}"


def _own_exercise_unread(lesson: LessonText, one: Bound, bound: Sequence[Bound]) -> Iterator[Problem]:
    own = [other for other in bound if other.cell.kind == "exercise" and other.cell.name == one.cell.name]
    if own and not own[0].names.bound & set(one.names.needed):
        what = f"{one.called} reads nothing that its exercise binds ({_listed(sorted(own[0].names.bound))})"
        yield lesson.problem(one.cell.line, what, "test the student's answer, or name the right exercise in the header")


def _rebound(lesson: LessonText, one: Bound, bound: Sequence[Bound]) -> Iterator[Problem]:
    """A demo or check that binds a fixture's or exercise's name anew: later cells see another value when graded."""
    for name in sorted(one.names.bound):
        givers = [o for o in bound if o.cell.kind in ("fixture", "exercise") and name in o.names.bound]
        before = [giver for giver in givers if giver.place < one.place]
        if not before:
            continue
        again = min((giver.place for giver in givers if giver.place > one.place), default=len(bound) + 10**6)
        for reader in bound:
            now = reader.place > one.place and reader.place < again and name in reader.names.needed
            if reader.cell.kind in GRADED and reader is not one and (now or name in reader.names.later):
                giver = before[-1].called
                what = f"{one.called} binds {name!r} anew, which the {giver} binds and the {reader.called} reads"
                mend = "give it another name here: grading does not run this cell before that one"
                yield lesson.problem(one.cell.line, what, mend)
                break


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
