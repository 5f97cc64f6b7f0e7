"""Brings what an answer needs up before it: a function of the student's that stands in a cell further down.

In a kernel such a cell may have been run first; when a notebook is graded from the top, the answer would miss it.
"""

from __future__ import annotations

from autograde.grading.answers import Answers, anchors
from autograde.grading.code_text import definitions, free_names, imported, is_function, only, statements
from autograde.grading.lesson_plan import Place, Plan
from autograde.grading.pieces import Piece
from autograde.grading.repairs import LIKELY, Repair

ROUNDS = 4  # a function may need another one, and so on
HELPFUL = ("fixture", "check", "setup", "settings")  # the lesson's own cells that may hold something of the student's


def bring_helpers(pieces: list[Piece], plan: Plan, made: Answers) -> None:
    """Bring cells of the student's own that an answer needs, and that stand below its check, up before it."""
    for place in plan.exercises:
        if place.position in made.of:
            _bring(place, pieces, plan, made)


def _bring(place: Place, pieces: list[Piece], plan: Plan, made: Answers) -> None:
    texts = [piece.text for piece in made.of[place.position]]
    for _ in range(ROUNDS):
        missing = _missing(place, texts, pieces, plan, made)
        found = next(((piece, text) for piece in pieces if (text := _helps(piece, missing))), None) if missing else None
        if found is None:
            return
        piece, text = found
        names = ", ".join(sorted(missing & ({*definitions(text)} | imported(text))))
        if piece.place is None:
            pieces.remove(piece)
        extra = Piece(text, "code", piece.order, (), piece.cell, near=place.position)
        made.extra.setdefault(place.position, []).insert(0, extra)
        texts.append(text)
        said = (
            f"What {place.name} needs ({names}) stood in another cell, below its check or in one of the lesson's own;"
        )
        said = f"{said}; it was run before it."
        made.repairs.append(Repair("helper", said, (place.name,), f"it defines {names}", LIKELY))


def _missing(place: Place, texts: list[str], pieces: list[Piece], plan: Plan, made: Answers) -> frozenset[str]:
    """Names that the answer reads and that nothing above it makes."""
    needed = {name for text in texts for name in free_names(text)} - plan.own_names
    if not needed:
        return frozenset()
    plain = all(is_function(what) for text in texts for what in definitions(text).values())
    until = plan.first_check(place) if plain and all(_only_defines(text) for text in texts) else place.position
    where = anchors(pieces)
    made_above = {name for text in texts for name in (*definitions(text), *imported(text))}
    for number, piece in enumerate(pieces):
        own = piece.place is None or piece.place.kind == "exercise"
        if own and where[number] < until:
            made_above |= {*definitions(piece.text), *imported(piece.text)}
    for position, extra in made.extra.items():
        if position <= place.position:
            made_above |= {name for piece in extra for name in (*definitions(piece.text), *imported(piece.text))}
    return frozenset(needed - made_above)


def _only_defines(text: str) -> bool:
    """Whether running a text reads nothing yet: functions and classes, which do so when they are called."""
    return all(type(statement).__name__ in ("FunctionDef", "ClassDef") for statement in statements(text) or ())


def _helps(piece: Piece, missing: frozenset[str]) -> str:
    """What a piece has of the names that are missing, as text; "" where that is nothing."""
    if piece.type != "code" or (piece.place is not None and piece.place.kind not in HELPFUL):
        return ""
    text = piece.text if piece.place is None else only(piece.text, piece.place.text)
    return text if missing & ({*definitions(text)} | imported(text)) else ""
