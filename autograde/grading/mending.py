"""Puts a submission back into the lesson's own shape before it is graded.

The instructor's notebook is the skeleton: each of its cells stands in the result exactly once and in its order. Locked
cells (fixtures, checks) come from the source, whatever the student did to them; exercises and written answers come from
the student; what the student added stays where it was. So a missing test cell, a duplicated one, an edited one, a cell
with a `skip-execution` tag or an old schema changes nothing, and all metadata is the source's.

Which of the student's cells is which is found out by pieces.py, aligning.py and answers.py; what was put right is said
by mending_said.py. docs/mending.md has the rules.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograde.grading.aligning import align
from autograde.grading.answers import Answers, anchors, settle
from autograde.grading.cells import NAMESPACE, kind_of, made_cell, ours
from autograde.grading.code_text import definitions, likeness
from autograde.grading.intake import BrokenSubmission, how_read, names_of
from autograde.grading.lesson_plan import ANSWERED, LOCKED, Place, Plan, cell_name, plan_of
from autograde.grading.mending_said import repairs_in
from autograde.grading.needed import bring_helpers
from autograde.grading.pieces import Piece, pieces_of
from autograde.grading.repairs import notes_of, put_in_doubt

__all__ = ["cell_name", "check_lesson", "mend", "notes_of", "read_pair"]


def mend(submitted: NotebookNode, source: NotebookNode, release: NotebookNode | None = None) -> NotebookNode:
    """The notebook to grade. What was put right is in `metadata.measure_first`: `notes`, a sentence each, `repairs`.

    submitted: as `read_submission` gives it. source: the instructor's notebook, hidden tests included. release: the
    student's notebook as handed out; an exercise that is missing from the submission is taken from there.
    """
    stubs = _stubs(source, release)
    plan = plan_of(source, stubs)
    pieces = pieces_of(submitted, plan)
    align(pieces, plan)
    answers = settle(pieces, plan)
    bring_helpers(pieces, plan, answers)
    repairs, doubts = repairs_in(pieces, plan, answers, how_read(submitted))
    about = {"notes": [repair.said for repair in repairs], "repairs": [repair.plain() for repair in repairs]}
    metadata = {
        key: copy.deepcopy(source.metadata[key]) for key in ("kernelspec", "language_info") if key in source.metadata
    }
    made = nbformat.v4.new_notebook(metadata=nbformat.from_dict({**metadata, NAMESPACE: about}))
    made.cells, made.nbformat_minor = list(_cells(pieces, plan, answers, source, stubs)), 5
    _number_own_cells(made.cells)
    for cell in made.cells:
        if cell_name(cell) in doubts and kind_of(cell) == "check":
            put_in_doubt(cell, doubts[cell_name(cell)])
    return made


def _stubs(source: NotebookNode, release: NotebookNode | None) -> dict[str, NotebookNode]:
    """Name → the cell as students have it, of every named cell of the source."""
    handed_out = {cell_name(cell): cell for cell in (release.cells if release else [])}
    return {
        cell_name(cell): handed_out.get(cell_name(cell)) or _stub_of(cell) for cell in source.cells if cell_name(cell)
    }


def _stub_of(original: NotebookNode) -> NotebookNode:
    """What stands for an exercise when there is no release to take it from: never the source's solution."""
    stub = copy.deepcopy(original)
    if kind_of(original) in ANSWERED:
        stub.source = ""
    return stub


def check_lesson(submitted: NotebookNode, source: NotebookNode, key: str) -> None:
    """Raise BrokenSubmission for a notebook that holds no exercise, check or written answer of this lesson."""
    wanted = {cell_name(cell) for cell in source.cells if kind_of(cell) in (*ANSWERED, "check")}
    if not wanted or any(name in wanted for cell in submitted.cells for name in names_of(cell)):
        return
    bound = {name for cell in source.cells if kind_of(cell) == "exercise" for name in ours(cell).get("binds") or ()}
    if any(bound & set(definitions(cell.source)) for cell in submitted.cells if cell.cell_type == "code"):
        return
    lines = (line.strip("# ") for cell in submitted.cells for line in cell.source.splitlines() if line[:2] == "# ")
    first = next((line for line in lines if line), "")
    begins = f"; it begins with “{first[:80]}”" if first else ""
    mend = f"ask the student for {key}.ipynb, or move the file to the lesson that it belongs to"
    raise BrokenSubmission(f"the notebook holds none of the exercises of {key}{begins}", mend)


def read_pair(source: Path, release: Path) -> tuple[NotebookNode, NotebookNode | None]:
    """The instructor's and the student's notebook of a lesson, not to be changed; the release may be missing."""
    handed_out = _read(release, *_state(release)) if release.is_file() else None
    return _read(source, *_state(source)), handed_out


def _state(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_mtime_ns, about.st_size


@functools.lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int) -> NotebookNode:
    """A notebook, read once for all submissions as long as its file stays as it is."""
    return nbformat.read(path, as_version=4)


def _cells(
    pieces: list[Piece], plan: Plan, answers: Answers, source: NotebookNode, stubs: dict[str, NotebookNode]
) -> Iterator[NotebookNode]:
    """The notebook's cells in order: the lesson's, and the student's own where they were."""
    own: dict[int, list[Piece]] = {}
    behind = anchors(pieces)
    for number, piece in enumerate(pieces):
        if piece.place is None and piece.text:
            own.setdefault(behind[number], []).append(piece)
    yield from map(_own_cell, own.get(-1, []))
    for position, original in enumerate(source.cells):
        place = plan.places.get(position)
        if place is None:
            continue  # another course's prose, which nothing identifies
        mine = [piece for piece in pieces if piece.place is place]
        if place.kind == "exercise":
            yield from _exercise(place, stubs[place.name], answers)
        else:
            yield _cell_for(place, original, stubs[place.name], mine)
        yield from map(_own_cell, own.get(position, []))


def _exercise(place: Place, stub: NotebookNode, answers: Answers) -> Iterator[NotebookNode]:
    """An exercise's cell, with what has to run before and after it."""
    yield from map(_own_cell, answers.extra.get(place.position, []))
    run = answers.of.get(place.position, [])
    for piece in run:
        yield _as_cell(stub, piece.text) if piece is answers.main[place.position] else _own_cell(piece)
    if not run:
        yield _as_cell(stub, stub.source)


def _cell_for(place: Place, original: NotebookNode, stub: NotebookNode, mine: list[Piece]) -> NotebookNode:
    """One of the lesson's cells other than an exercise's, as it is graded."""
    if place.kind in LOCKED:
        return _as_cell(original, original.source)
    if place.kind == "written" and mine:
        return _written(place, stub, mine)
    if place.kind == "demo" and mine:
        return _as_cell(original, max(mine, key=lambda piece: likeness(piece.text, place.text)).text)
    return _as_cell(stub, stub.source)


def _written(place: Place, stub: NotebookNode, mine: list[Piece]) -> NotebookNode:
    """A written answer: all that was edited of it, since a person reads it."""
    edited = [piece for piece in mine if piece.text != place.text] or mine[-1:]
    different = list({piece.text: piece for piece in edited}.values())
    made = _as_cell(stub, "\n\n".join(piece.text for piece in different))
    for piece in different:
        _keep_pictures(piece, made)
    return made


def _keep_pictures(piece: Piece, made: NotebookNode) -> None:
    """Pictures that the student pasted into a Markdown cell belong to the answer."""
    if made.cell_type == "markdown" and piece.cell is not None and piece.cell.get("attachments"):
        made.attachments = nbformat.from_dict({**made.get("attachments", {}), **piece.cell.attachments})


def _as_cell(model: NotebookNode, source: str) -> NotebookNode:
    """A fresh cell with the model's type, id and metadata, and this text."""
    metadata, name = copy.deepcopy(dict(model.metadata)), str(model.get("id") or cell_name(model))
    if name:
        return made_cell("code" if model.cell_type == "code" else "markdown", source, name, metadata)
    new_cell = new_code_cell if model.cell_type == "code" else new_markdown_cell
    return new_cell(source, metadata=nbformat.from_dict(metadata))


def _own_cell(piece: Piece) -> NotebookNode:
    """A cell that the student added: its text, and none of its metadata."""
    kind = "code" if piece.type == "code" else "markdown"
    made = made_cell(kind, piece.text, "own-0", {NAMESPACE: {"kind": "own"}})
    _keep_pictures(piece, made)
    return made


def _number_own_cells(cells: list[NotebookNode]) -> None:
    """Ids of the student's own cells by their order: the same submission always gives the same notebook."""
    own = (cell for cell in cells if kind_of(cell) == "own" and str(cell.id).startswith("own-"))
    for number, cell in enumerate(own, start=1):
        cell.id = f"own-{number}"
