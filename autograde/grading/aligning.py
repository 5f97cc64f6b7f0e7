"""Finds out which of the lesson's cells each piece of a student's notebook is.

By its text, by the line "# exercise: NAME", by the names in its metadata and by the names that it defines; what is then
still without a name is held against what is still missing, by likeness and order. Text goes before metadata: a student
sees the one and not the other.
"""

from __future__ import annotations

from autograde.grading.code_text import definitions, is_python, likeness, tidy, unfenced
from autograde.grading.lesson_plan import ANSWERED, CHECK_LINE, Place, Plan
from autograde.grading.pieces import Piece, exercise_of

ALIKE, IN_ITS_GAP = 0.75, 0.2  # likeness of a changed cell without a name; where it stands counts as so much of it
COMPARED = 20_000  # pairs of texts; where there are more, only those in the same gap are compared
STILL_ALIKE = 0.5  # below this, a cell that carries the name of a cell of the lesson's is something else


def align(pieces: list[Piece], plan: Plan) -> None:
    """Say of each piece which place of the lesson it is."""
    for piece in pieces:
        if piece.place is None:
            _by_itself(piece, plan)
    _impostors(pieces)
    _by_likeness(pieces, plan)
    _written_by_place(pieces, plan)


def _by_itself(piece: Piece, plan: Plan) -> None:
    """By what the piece itself says."""
    named = next((plan.by_name[name] for name in piece.names if name in plan.by_name), None)
    exact = plan.by_text.get((piece.type, piece.text), []) if piece.text else []
    if exact:
        place = named if named in exact else exact[0] if len(exact) == 1 else None
        if place is not None:
            return _put(piece, place, "its text")
    if piece.type != "code":
        return _not_code(piece, named, plan)
    first = next((line for line in piece.text.splitlines() if line.strip()), "")
    if check := _check_of(first, plan):
        return _put(piece, check, "its first line")
    said, made = _exercise_line(piece.text, plan), _exercises_made(piece.text, plan)
    if said is not None:
        return _by_line(piece, said, named, made)
    if named is not None:
        _put(piece, named, "its metadata")


def _put(piece: Piece, place: Place, how: str, *, sure: bool = True) -> None:
    piece.place, piece.how, piece.sure = place, how, sure


def _check_of(line: str, plan: Plan) -> Place | None:
    found = CHECK_LINE.match(line.strip())
    name = f"check_{found[1]}" + (f"__{found[2]}" if found[2] else "") if found else ""
    return plan.by_name.get(name)


def _exercise_line(text: str, plan: Plan) -> Place | None:
    return next((found for line in text.splitlines() if (found := exercise_of(line, plan))), None)


def _exercises_made(text: str, plan: Plan) -> list[Place]:
    """The exercises that ask for a name that a text defines."""
    found = [plan.by_hole[name] for name in definitions(text) if name in plan.by_hole]
    return list({place.name: place for place in found}.values())


def _by_line(piece: Piece, said: Place, named: Place | None, made: list[Place]) -> None:
    """A piece with a line "# exercise: NAME"; where it defines another exercise's names only, that line was copied."""
    line = f"its line # exercise: {said.name}"
    if said in made or not made:
        return _put(piece, said, line, sure=said in made or named in (said, None))
    other = named if named in made else made[0]
    if other is named or (len(made) == 1 and named is None):
        defined = ", ".join(sorted(set(definitions(piece.text)) & other.holes))
        return _put(piece, other, f"it defines {defined}", sure=other is named)
    _put(piece, said, line, sure=False)


def _not_code(piece: Piece, named: Place | None, plan: Plan) -> None:
    """A Markdown or raw piece: the lesson's prose, a written answer, or code whose cell was given another type."""
    code = tidy(unfenced(piece.text))
    said = _exercise_line(code, plan)
    place = said or (named if named is not None and named.kind == "exercise" else None)
    if place is not None and (place.answered(code) or (place == named and is_python(code))):
        piece.text = code
        return _put(piece, place, f"its line # exercise: {place.name}" if said else "its metadata")
    if named is not None and (named.type != "code" or named is place):
        return _put(piece, named, "its metadata")
    if named is not None and likeness(code, named.text) >= STILL_ALIKE:
        _put(piece, named, "its metadata")


def _impostors(pieces: list[Piece]) -> None:
    """Of several pieces with the name of one of the lesson's own cells, those with another text are the student's own.

    So a cell that was copied with all its metadata, and then rewritten, is not taken for the one that it was.
    """
    copies: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.place is not None and piece.place.kind not in ANSWERED:
            copies.setdefault(piece.place.position, []).append(piece)
    for found in copies.values():
        if len(found) > 1:
            best = max(likeness(piece.text, piece.place.text) for piece in found if piece.place)
            for piece in found:
                alike = likeness(piece.text, piece.place.text) if piece.place else 0.0
                if piece.how == "its metadata" and alike < min(best, STILL_ALIKE):
                    piece.place, piece.how = None, ""


def _by_likeness(pieces: list[Piece], plan: Plan) -> None:
    """Pieces without a name that are nearly the text of a cell that is missing, the likeliest first."""
    taken = {piece.place.position for piece in pieces if piece.place is not None}
    missing = [place for place in plan.places.values() if place.position not in taken and place.text]
    loose = [(n, piece) for n, piece in enumerate(pieces) if piece.place is None and piece.text]
    if not missing or not loose:
        return
    gaps, few = _gaps(pieces), len(missing) * len(loose) <= COMPARED
    found = []
    for number, piece in loose:
        before, after = gaps[number]
        for place in missing:
            inside = before < place.position < after
            wrong = place.kind == "written" or place.type != ("code" if piece.type == "code" else "markdown")
            if wrong or not (few or inside):
                continue
            alike = likeness(piece.text, place.text)
            score = alike + IN_ITS_GAP * inside
            if alike >= STILL_ALIKE and score >= ALIKE:
                found.append((-score, number, place.position, piece, place))
    for _, _, _, piece, place in sorted(found, key=lambda entry: entry[:3]):
        if piece.place is None and place.position not in taken:
            taken.add(place.position)
            same = piece.text == place.text
            _put(piece, place, "its place" if same else "its likeness to the lesson's text", sure=same)


def _gaps(pieces: list[Piece]) -> list[tuple[int, int]]:
    """For each piece the lesson's cells between which it stands: the last known one above it, the next one below."""
    above, last = [], -1
    for piece in pieces:
        above.append(last)
        last = piece.place.position if piece.place is not None else last
    below, following = [], 10**9
    for piece in reversed(pieces):
        below.append(following)
        following = piece.place.position if piece.place is not None else following
    return list(zip(above, reversed(below), strict=True))


def _written_by_place(pieces: list[Piece], plan: Plan) -> None:
    """A written answer that is missing, or untouched with the answer in a cell of its own beside it.

    A person reads it in any case; so all that stands there is taken.
    """
    for place in plan.places.values():
        if place.kind != "written":
            continue
        mine = [n for n, piece in enumerate(pieces) if piece.place is place]
        if any(pieces[n].text != place.text for n in mine):
            continue
        for piece in _beside(pieces, mine) if mine else _in_gap(pieces, place):
            _put(piece, place, "its place", sure=False)
    empty = [place for place in plan.places.values() if place.kind == "written"]
    empty = [place for place in empty if not any(piece.place is place for piece in pieces)]
    loose = [piece for piece in pieces if _loose_text(piece)]
    if len(empty) == len(loose) == 1:  # an answer that was moved, too
        _put(loose[0], empty[0], "no other text is without a name", sure=False)


def _loose_text(piece: Piece) -> bool:
    return piece.place is None and piece.type == "markdown" and bool(piece.text)


def _beside(pieces: list[Piece], mine: list[int]) -> list[Piece]:
    """Markdown of the student's own right below an untouched answer, or else right above it."""
    below = list[Piece]()
    for piece in pieces[mine[-1] + 1 :]:
        if not _loose_text(piece):
            break
        below.append(piece)
    if below or not mine[0]:
        return below
    return [piece for piece in pieces[mine[0] - 1 : mine[0]] if _loose_text(piece)]


def _in_gap(pieces: list[Piece], place: Place) -> list[Piece]:
    """Markdown of the student's own where a missing answer would stand."""
    gaps = _gaps(pieces)
    there = [n for n, piece in enumerate(pieces) if _loose_text(piece) and gaps[n][0] < place.position < gaps[n][1]]
    return [pieces[n] for n in there]
