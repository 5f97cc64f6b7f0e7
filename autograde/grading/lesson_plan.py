"""What a submission is held against: the lesson's named cells with their texts as students have them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.grading.cells import grade_id, kind_of, ours, without_hidden
from autograde.grading.code_text import definitions, imported, is_function, tidy

LOCKED = ("setup", "settings", "fixture", "check")
ANSWERED = ("exercise", "written")
EXERCISE_LINE = re.compile(r"#+\s*exercise:\s*(\w+)\s*$")
CHECK_LINE = re.compile(r"""check\.begin\(\s*["'](\w+)["'](?:\s*,\s*part\s*=\s*["'](\w+)["'])?""")
HOLE = "NotAttempted"
SHORTEST_BLOCK = 40  # characters of a lesson's text that is looked for inside a student's cell


@dataclass(frozen=True)
class Place:
    """A cell of the lesson. text: as handed out. holes: the names that an exercise asks for; given: those it gives."""

    position: int
    name: str
    kind: str
    type: str
    text: str
    holes: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    exercise: str = ""
    requires: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def answered(self, text: str) -> frozenset[str]:
        """Those of the exercise's names that a text defines otherwise than the lesson's own hole does."""
        given, made = definitions(self.text), definitions(text)
        return frozenset(name for name in self.holes if name in made and made[name] != given.get(name))


@dataclass
class Plan:
    """A lesson's cells by position, by name, by text."""

    places: dict[int, Place] = field(default_factory=dict)
    by_name: dict[str, Place] = field(default_factory=dict)
    by_text: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    blocks: dict[str, list[Place]] = field(default_factory=dict)  # by their first line
    by_hole: dict[str, Place] = field(default_factory=dict)
    own_names: frozenset[str] = frozenset()  # what the lesson's own cells define or import

    @property
    def exercises(self) -> list[Place]:
        return [place for place in self.places.values() if place.kind == "exercise"]

    def checks_of(self, exercise: Place) -> list[Place]:
        """The checks of an exercise, in order."""
        return [place for place in self.places.values() if place.kind == "check" and place.exercise == exercise.name]

    def first_check(self, exercise: Place) -> int:
        """Where the first check of an exercise stands; behind everything where it has none."""
        return min((check.position for check in self.checks_of(exercise)), default=len(self.places) + 10**6)

    def exercise_named(self, name: str) -> Place | None:
        place = self.by_name.get(name)
        return place if place is not None and place.kind == "exercise" else None


def cell_name(cell: NotebookNode) -> str:
    """What identifies a cell of the source or release: its grade id or our id."""
    if grade_id(cell):
        return grade_id(cell)
    return str(cell.metadata.get("id", "")) if ours(cell) else ""


def plan_of(source: NotebookNode, stubs: dict[str, NotebookNode]) -> Plan:
    """The lesson as a plan. stubs: name → the cell as students have it."""
    plan, own = Plan(), set[str]()
    for position, cell in enumerate(source.cells):
        name = cell_name(cell)
        if not name:
            continue
        place = _place(position, name, cell, stubs[name])
        plan.places[position] = place
        plan.by_name.setdefault(name, place)
        plan.by_text.setdefault((place.type, place.text), []).append(place)
        if place.kind not in ANSWERED and len(place.text) >= SHORTEST_BLOCK:
            plan.blocks.setdefault(place.lines[0], []).append(place)
        plan.by_hole |= dict.fromkeys(place.holes, place)
        if place.kind in ("settings", "fixture"):
            own |= {*definitions(place.text), *imported(place.text)}
    plan.own_names = frozenset(own)
    return plan


def _place(position: int, name: str, cell: NotebookNode, stub: NotebookNode) -> Place:
    kind, about = kind_of(cell), ours(cell)
    text = tidy(without_hidden(cell.source) if kind in LOCKED else stub.source)
    holes = given = frozenset[str]()
    if kind == "exercise":
        whole = (made for made, what in definitions(text).items() if is_function(what) and HOLE not in what)
        given = frozenset(whole)
        holes = frozenset(about.get("binds") or definitions(text)) - given
    exercise, requires = str(about.get("exercise") or ""), tuple(about.get("requires") or ())
    cell_type = "code" if cell.cell_type == "code" else "markdown"
    return Place(position, name, kind, cell_type, text, holes, given, exercise, requires)
