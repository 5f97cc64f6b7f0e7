"""A student's notebook as pieces: mostly a cell each; a cell that holds several of the lesson's is taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.grading.code_text import is_python, statements, tidy
from autograde.grading.lesson_plan import EXERCISE_LINE, Place, Plan

# What Colab and Kaggle put in front of a notebook: a link with a picture, and nothing else.
BADGE = re.compile(r'\A\s*<a href="[^"]*"[^>]*>\s*<img [^>]*(?:colab-badge|open-in-kaggle)\.svg"[^>]*>\s*</a>\s*\Z')


@dataclass
class Piece:
    """A cell that was handed in, or a part of one.

    order: the cell's number in the notebook; parts of one cell share it. names: from its metadata. place: the lesson's
    cell that it is, None for the student's own. how: what speaks for that. part: it was cut out of a larger cell.
    adopted: it is an answer by what it defines alone, and that has been said.
    """

    text: str
    type: str
    order: int
    names: tuple[str, ...] = ()
    cell: NotebookNode | None = field(default=None, repr=False)
    place: Place | None = None
    how: str = ""
    sure: bool = True
    part: bool = False
    near: int | None = None  # the lesson's cell behind which a piece of the student's own is to stand
    adopted: bool = False


def pieces_of(submitted: NotebookNode, plan: Plan) -> list[Piece]:
    """All of a notebook, in order. A badge that a platform put first is left out."""
    made: list[Piece] = []
    for order, cell in enumerate(submitted.cells):
        if BADGE.match(cell.source) or "view-in-github" in cell.metadata.get("names", []):
            continue
        names = tuple(cell.metadata.get("names", []))
        whole = Piece(tidy(cell.source), cell.cell_type, order, names, cell)
        made += _parts(whole, plan)
    return made


def _parts(whole: Piece, plan: Plan) -> list[Piece]:
    """A cell as one piece, or what it has to be taken apart into."""
    if (whole.type, whole.text) in plan.by_text or len(whole.text.splitlines()) < 2:
        return [whole]
    return [part for piece in _without_blocks(whole, plan) for part in _by_exercise(piece, plan)]


def _without_blocks(whole: Piece, plan: Plan) -> list[Piece]:
    """Cut the lesson's own texts out of a cell that holds more than one of them."""
    lines, rest, parts = whole.text.splitlines(), list[str](), list[Piece]()
    answers = _holds_answer(whole, plan)
    at = 0
    while at < len(lines):
        found = next((place for place in plan.blocks.get(lines[at], ()) if _stands(place, whole, lines, at)), None)
        if found is None or (found.kind == "demo" and not answers):
            rest.append(lines[at])
            at += 1
            continue
        parts += _rest(whole, rest)
        rest = []
        parts.append(Piece(found.text, whole.type, whole.order, place=found, how="its text", part=True))
        at += len(found.lines)
    if not parts:
        return [whole]
    parts += _rest(whole, rest)
    taken = {part.place.name for part in parts if part.place is not None}
    for part in parts:
        part.names = tuple(name for name in part.names if name not in taken)
    return parts


def _stands(place: Place, whole: Piece, lines: list[str], at: int) -> bool:
    return (
        place.type == ("code" if whole.type == "code" else "markdown")
        and lines[at : at + len(place.lines)] == place.lines
    )


def _holds_answer(whole: Piece, plan: Plan) -> bool:
    """Whether a cell is an exercise's: by a name in its metadata, or by a line of its text."""
    named = any(plan.exercise_named(name) for name in whole.names)
    return named or any(exercise_of(line, plan) for line in whole.text.splitlines())


def _rest(whole: Piece, lines: list[str]) -> list[Piece]:
    text = tidy("\n".join(lines))
    return [Piece(text, whole.type, whole.order, whole.names, whole.cell, part=True)] if text else []


def exercise_of(line: str, plan: Plan) -> Place | None:
    """The exercise that a line "# exercise: NAME" names."""
    found = EXERCISE_LINE.match(line)
    return plan.exercise_named(found[1]) if found else None


def _by_exercise(piece: Piece, plan: Plan) -> list[Piece]:
    """Take apart a cell that holds the lines "# exercise: NAME" of several exercises."""
    if piece.place is not None or piece.type != "code":
        return [piece]
    lines = piece.text.splitlines()
    marks = [(number, found) for number, line in enumerate(lines) if (found := exercise_of(line, plan))]
    if len({place.name for _, place in marks}) < 2:
        return [piece]
    ends = [number for number, _ in marks[1:]] + [len(lines)]
    texts = [(place, tidy("\n".join(lines[start:end]))) for (start, place), end in zip(marks, ends, strict=True)]
    parts = _joined(texts)
    if len(parts) < 2 or (is_python(piece.text) and not all(is_python(text) for _, text in parts)):
        return [piece]
    before = tidy("\n".join(lines[: marks[0][0]]))
    if before:  # imports above all of them: with the one that the lesson asks for first
        first = min(range(len(parts)), key=lambda number: parts[number][0].position)
        parts[first] = (parts[first][0], f"{before}\n{parts[first][1]}")
    return [
        Piece(text, "code", piece.order, (), piece.cell, place, f"its line # exercise: {place.name}", part=True)
        for place, text in parts
    ]


def _joined(texts: list[tuple[Place, str]]) -> list[tuple[Place, str]]:
    """Texts that hold code, one for each exercise; a comment without code stays with what stands above it."""
    parts: list[tuple[Place, str]] = []
    for place, text in texts:
        empty = statements(text) == ()
        if parts and (empty or parts[-1][0].name == place.name):
            parts[-1] = (parts[-1][0], f"{parts[-1][1]}\n{text}")
        elif not empty:
            parts.append((place, text))
    return parts
