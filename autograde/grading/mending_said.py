"""What there is to say of a submission that was put back into shape: each repair, and which checks a person decides."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

from autograde.grading.answers import Answers
from autograde.grading.code_text import same_code
from autograde.grading.intake import HowRead
from autograde.grading.lesson_plan import ANSWERED, LOCKED, Place, Plan
from autograde.grading.pieces import Piece
from autograde.grading.repairs import LIKELY, UNCLEAR, Repair, listed

EVERYDAY_CHANGES = ("setup", "settings")  # a student may change these for their own runs: not worth a word
GRADED = (*ANSWERED, "check", "fixture")  # the lesson's cells on which a score depends


def repairs_in(pieces: list[Piece], plan: Plan, answers: Answers, how: HowRead) -> tuple[list[Repair], dict[str, str]]:
    """Every repair, and the checks on which a person decides → why."""
    mine: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.place is not None:
            mine.setdefault(piece.place.position, []).append(piece)
    gone = _cut_away(mine, plan) if how.cut else []
    found = [Repair("saved", remark) for remark in how.remarks]
    found += _cut(gone, [name for name in how.lost if name in {place.name for place in gone}]) if how.cut else []
    found += [*_names(pieces), *_moved(pieces), *_taken_apart(pieces)]
    for position, place in plan.places.items():
        if place not in gone:
            found += _of_place(place, mine.get(position, []), answers)
    found += answers.repairs
    return found, _in_doubt(plan, answers, gone)


def _in_doubt(plan: Plan, answers: Answers, gone: list[Place]) -> dict[str, str]:
    """Checks that a person decides on: of an exercise with two answers, of what was cut away, and what needs either."""
    why = {
        name: f"{doubt} A person decides which counts; the points are provisional."
        for name, doubt in answers.doubts.items()
    }
    cut = "The file was cut off before this answer. The points are provisional until the whole file is there."
    why |= {place.name: cut for place in gone if place.kind == "exercise"}
    found = {}
    for check in plan.places.values():
        if check.kind == "check":
            needs = next((name for name in (check.exercise, *check.requires) if name in why), "")
            if needs:
                found[check.name] = why[needs]
    return found


def _cut_away(mine: dict[int, list[Piece]], plan: Plan) -> list[Place]:
    """The graded cells behind the last that was found: they stood in the part of the file that is not there."""
    last = max(mine, default=-1)
    return [place for place in plan.places.values() if place.position > last and place.kind in GRADED]


def _cut(gone: list[Place], lost: list[str]) -> list[Repair]:
    answers = [place.name for place in gone if place.kind in ANSWERED]
    if not answers:
        return [Repair("cut off", "The file's end is missing; no answer was in it.", (), "all answers were found")]
    where = f", in the middle of the cell {lost[0]}" if lost else ""
    said = f"The file was cut off{where}: {', '.join(answers)} could not be read."
    said += " The whole file has to be handed in again."
    return [Repair("cut off", said, tuple(answers), "the file ends before its end", UNCLEAR)]


def _names(pieces: list[Piece]) -> Iterator[Repair]:
    """Cells that had lost the course's names, or carried others."""
    lost, other = list[str](), list[str]()
    for piece in pieces:
        if piece.place is None or piece.place.kind not in GRADED or piece.place.name in piece.names or piece.part:
            continue
        if piece.adopted or (piece.place.kind == "written" and not piece.sure):
            continue  # said with the answer that was found there
        (other if piece.names else lost).append(piece.place.name)
    for names, had in ((lost, "had lost their names"), (other, "carried other names than the course's")):
        if names:
            count = f"{len(names)} cells" if len(names) > 1 else "One cell"
            said = f"{count} {had if len(names) > 1 else had.replace('their names', 'its name')}: {listed(names)}."
            yield Repair(
                "names", said, tuple(names), "known by text and place", LIKELY if _unsure(pieces, names) else "certain"
            )


def _unsure(pieces: list[Piece], names: Sequence[str]) -> bool:
    return any(not piece.sure for piece in pieces if piece.place is not None and piece.place.name in names)


def _moved(pieces: list[Piece]) -> Iterator[Repair]:
    """Cells that stood elsewhere than in the lesson: those outside the longest run that is in its order."""
    seen: dict[str, Piece] = {}
    for piece in pieces:
        if piece.place is None or piece.place.kind not in GRADED or piece.part or piece.adopted:
            continue
        first = seen.setdefault(piece.place.name, piece)
        if piece.place.kind in ANSWERED and same_code(first.text, piece.place.text):
            seen[piece.place.name] = piece  # of several copies the one with an answer
    order = sorted(seen.values(), key=lambda piece: piece.order)
    places = [piece.place for piece in order if piece.place is not None]
    steady = _in_order([place.position for place in places])
    names = [place.name for number, place in enumerate(places) if number not in steady]
    if names:
        cells, stood = ("cells", "stood elsewhere; each") if len(names) > 1 else ("cell", "stood elsewhere; it")
        said = f"The {cells} {listed(names)} {stood} counts in its own place."
        yield Repair("moved", said, tuple(names), "the lesson's order")


def _in_order(numbers: Sequence[int]) -> set[int]:
    """Which entries form a longest rising subsequence (patience sorting)."""
    tops, ends, before = list[int](), list[int](), list[int]()
    for index, number in enumerate(numbers):
        place = bisect.bisect_left(tops, number)
        tops[place : place + 1] = [number]
        ends[place : place + 1] = [index]
        before.append(ends[place - 1] if place else -1)
    kept, at = set[int](), ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _taken_apart(pieces: list[Piece]) -> Iterator[Repair]:
    """Cells that had been merged."""
    parts: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.part:
            parts.setdefault(piece.order, []).append(piece)
    for found in parts.values():
        different = tuple(dict.fromkeys(piece.place.name for piece in found if piece.place is not None))
        if len(different) > 1:
            said = f"The cells {listed(different)} had been merged into one; they were taken apart."
            yield Repair("merged", said, different, "the lesson's own lines in it")
        elif different and any(piece.place is None for piece in found):
            said = f"The cell {different[0]} held lines of yours as well; they became a cell of their own."
            yield Repair("added to", said, different, "the lesson's text stands in it whole")


def _of_place(place: Place, mine: list[Piece], answers: Answers) -> Iterator[Repair]:
    """What there is to say of one of the lesson's cells."""
    name = (place.name,)
    if place.kind in LOCKED and place.kind not in EVERYDAY_CHANGES:
        yield from _of_locked(place, mine)
    elif place.kind in ANSWERED and not mine:
        yield Repair(
            "missing",
            f"The cell {place.name} was missing, so there is no answer in it.",
            name,
            "nothing like it was found",
        )
    elif place.kind in ANSWERED:
        yield from _of_answer(place, mine)


def _of_locked(place: Place, mine: list[Piece]) -> Iterator[Repair]:
    name = (place.name,)
    if not mine:
        yield Repair("missing", f"The cell {place.name} was missing; it was put back.", name)
    elif len(mine) > 1:
        yield Repair("copied", f"The cell {place.name} was there {len(mine)} times; it counts once.", name)
    elif not same_code(mine[0].text, place.text):
        yield Repair("changed", f"The cell {place.name} had been changed; the lesson's own was used.", name)
    elif mine[0].type != "code":
        yield Repair("retyped", f"The cell {place.name} was no code cell any more; it was put back.", name)


def _of_answer(place: Place, mine: list[Piece]) -> Iterator[Repair]:
    name = (place.name,)
    if place.type == "code" and any(piece.type != "code" for piece in mine):
        kind = next(piece.type for piece in mine if piece.type != "code")
        said = f"The cell {place.name} had become a {kind.replace('markdown', 'Markdown')} cell; it was read as code."
        yield Repair("retyped", said, name, mine[0].how)
    if place.kind == "written":
        if any(piece.type != "markdown" for piece in mine):
            yield Repair(
                "retyped", f"The cell {place.name} was no text cell any more; it was read as one.", name, mine[0].how
            )
        edited = {piece.text for piece in mine if piece.text != place.text}
        if len(mine) > 1 and len(edited) > 1:
            said = f"The answer to {place.name} stood in {len(edited)} cells; a person reads all of them."
            yield Repair("split", said, name, "the names of the cells, or where they stood", LIKELY)
        elif len(mine) > 1:
            yield Repair(
                "copied", f"The cell {place.name} was there {len(mine)} times; the last edited one counts.", name
            )
        elif not mine[0].sure:
            said = f"The answer to {place.name} stood in a cell without its name."
            yield Repair("names", said, name, mine[0].how, LIKELY)
