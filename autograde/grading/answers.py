"""Decides what counts as the answer to each exercise, where a student's cells leave more than one way to read them.

An answer may stand in a cell of its own, in another exercise's cell, or in one of the lesson's; it may be split over
cells, or be there twice. What is moved, joined or chosen is noted as a repair; where two different answers are there, a
person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from autograde.grading.code_text import (
    definitions,
    is_function,
    only,
    same_code,
    without,
)
from autograde.grading.lesson_plan import Place, Plan
from autograde.grading.pieces import Piece
from autograde.grading.repairs import LIKELY, UNCLEAR, Repair


@dataclass
class Answers:
    """What counts. of: exercise's position → its pieces in the order in which they run; main: the one among them that
    stands in the exercise's own cell. extra: cells of the student's own that have to run before an exercise.
    doubts: exercise's name → why a person has to decide.
    """

    of: dict[int, list[Piece]] = field(default_factory=dict)
    main: dict[int, Piece] = field(default_factory=dict)
    extra: dict[int, list[Piece]] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)


def settle(pieces: list[Piece], plan: Plan) -> Answers:
    """The answers of a notebook whose pieces are aligned; pieces that are found to be answers get their place."""
    made = Answers()
    for place in plan.exercises:
        _adopt(place, pieces, plan, made)
    for place in plan.exercises:
        _choose(place, [piece for piece in pieces if piece.place is place], made)
    return made


def edited(place: Place, pieces: list[Piece]) -> list[Piece]:
    """Those that are not as the lesson handed them out."""
    return [piece for piece in pieces if not same_code(piece.text, place.text)]


def anchors(pieces: list[Piece]) -> dict[int, int]:
    """Piece (by its place in the list) → the position of the lesson's cell behind which it stands; -1: none."""
    found, here = {}, -1
    for number, piece in enumerate(pieces):
        if piece.place is not None:
            here = piece.place.position
        found[number] = piece.near if piece.near is not None else here
    return found


def _adopt(place: Place, pieces: list[Piece], plan: Plan, made: Answers) -> None:
    """Look for what the exercise's own cell does not answer: in cells of the student's own, then in others."""
    mine = [piece for piece in pieces if piece.place is place]
    answered = {name for piece in edited(place, mine) for name in place.answered(piece.text)}
    wanted = place.holes - answered
    if answered:
        wanted |= place.given - {name for piece in mine for name in definitions(piece.text)}
    if not wanted:
        return
    behind = anchors(pieces)
    where = {id(piece): behind[number] for number, piece in enumerate(pieces)}
    found = [(piece, text) for piece in pieces if (text := _offered(piece, place, wanted))]
    for piece, text in _last_of_each(place, wanted, found, made):
        names = ", ".join(sorted(wanted & set(definitions(text))))
        late = where[id(piece)] >= plan.first_check(place)
        above = where[id(piece)] < place.position and any(name in definitions(p.text) for p in mine for name in wanted)
        if piece.place is None and answered:
            if late or above:
                piece.near = place.position
                made.repairs.append(_split(place, f"only the other cell defines {names}"))
            continue
        _take(piece, text, place, pieces, f"it defines {names}")
        if late and mine and not _asks_for_code(place):
            made.doubts[place.name] = f"The value for {place.name} stands in a cell below its check."
        made.repairs.append(_adopted(place, names, made))


def _asks_for_code(place: Place) -> bool:
    """Whether an exercise asks for a function or a class, and not for values alone."""
    return any(is_function(what) for name, what in definitions(place.text).items() if name in place.holes)


def _adopted(place: Place, names: str, made: Answers) -> Repair:
    said = f"The answer to {place.name} stood in another cell; it counts as that."
    sure = UNCLEAR if place.name in made.doubts else LIKELY
    return Repair("adopted", said, (place.name,), f"it defines {names}", sure)


def _offered(piece: Piece, place: Place, wanted: frozenset[str]) -> str:
    """What a piece that is not the exercise's own has to offer it, as text; "" where that is nothing."""
    if piece.type != "code" or piece.place is place:
        return ""
    there = piece.place
    if there is None or (there.kind == "exercise" and not there.answered(piece.text)):
        text = piece.text
    elif there.kind == "exercise":
        text = without(piece.text, there.holes)
    else:
        text = only(piece.text, there.text)
    given = definitions(text)
    return text if any(name in given and not _is_hole(given[name]) for name in wanted) else ""


def _is_hole(dumped: str) -> bool:
    return "NotAttempted" in dumped or "value=Constant(value=Ellipsis)" in dumped


def _last_of_each(
    place: Place, wanted: frozenset[str], found: list[tuple[Piece, str]], made: Answers
) -> list[tuple[Piece, str]]:
    """Of what is offered, the last that defines each name; a doubt where others define it otherwise."""
    chosen: dict[int, str] = {}
    for name in sorted(wanted):
        offers = [(number, text) for number, (_, text) in enumerate(found) if name in definitions(text)]
        if not offers:
            continue
        chosen[offers[-1][0]] = offers[-1][1]
        if len({definitions(text)[name] for _, text in offers}) > 1:
            made.doubts[place.name] = f"There are different answers to {place.name}, all in cells of other names."
    return [(found[number][0], text) for number, text in sorted(chosen.items())]


def _take(piece: Piece, text: str, place: Place, pieces: list[Piece], how: str) -> None:
    """Make a piece, or a part of it, the answer to an exercise."""
    if piece.place is None or text == piece.text:
        piece.place, piece.how, piece.sure, piece.adopted = place, how, False, True
        return
    part = Piece(text, "code", piece.order, (), piece.cell, place, how, False, part=True, adopted=True)
    if piece.place.kind == "exercise":
        piece.text, piece.part = without(piece.text, place.holes), True
    pieces.insert(pieces.index(piece) + 1, part)


def _split(place: Place, evidence: str) -> Repair:
    said = f"The answer to {place.name} was split over several cells; they were run together, in their order."
    return Repair("split", said, (place.name,), evidence)


def _choose(place: Place, mine: list[Piece], made: Answers) -> None:
    """Of several cells of an exercise, which counts; the others that were edited run with it."""
    if not mine:
        return
    changed = edited(place, mine)
    different = [p for n, p in enumerate(changed) if not any(same_code(p.text, q.text) for q in changed[n + 1 :])]
    if not different:
        made.of[place.position], made.main[place.position] = mine[-1:], mine[-1]
        _say_copies(place, mine, "all of them are as they were handed out", made)
        return
    answering = [piece for piece in different if place.answered(piece.text)]
    made.main[place.position] = (answering or different)[-1]
    made.of[place.position] = different
    if len(different) == 1:
        _say_copies(place, mine, _why_clear(changed, mine), made)
    elif _conflict(place, different):
        made.doubts[place.name] = f"There are {len(different)} different answers to {place.name}."
        said = f"The cell {place.name} was there {len(mine)} times, with {len(different)} different answers;"
        said += " the last edited one counts for now, and a person decides."
        made.repairs.append(Repair("two answers", said, (place.name,), "they define the same names otherwise", UNCLEAR))
    else:
        names = ", ".join(sorted(place.answered(made.main[place.position].text)))
        made.repairs.append(_split(place, f"only one of them defines {names}" if names else "none is like another"))


def _why_clear(changed: list[Piece], mine: list[Piece]) -> str:
    return "the edited ones are the same" if len(changed) == len(mine) else "the others are as they were handed out"


def _say_copies(place: Place, mine: list[Piece], evidence: str, made: Answers) -> None:
    if sum(not piece.adopted for piece in mine) > 1:
        said = f"The cell {place.name} was there {len(mine)} times; the last edited one counts."
        made.repairs.append(Repair("copied", said, (place.name,), evidence))


def _conflict(place: Place, different: list[Piece]) -> bool:
    """Whether two pieces answer the same thing in different ways."""
    if not place.holes:
        return True
    seen: dict[str, str] = {}
    for piece in different:
        given = definitions(piece.text)
        for name in place.answered(piece.text):
            if seen.setdefault(name, given[name]) != given[name]:
                return True
    return not seen
