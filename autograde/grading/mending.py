"""Puts a submission back into the lesson's own shape before it is graded.

The instructor's notebook is the skeleton: each of its cells stands in the result exactly once and in its order. Locked
cells (fixtures, checks) come from the source, whatever the student did to them; exercises and written answers come from
the student; what the student added stays where it was. So a missing test cell, a duplicated one, an edited one, a cell
with a `skip-execution` tag or an old schema changes nothing, and all metadata is the source's.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograde.grading.cells import NAMESPACE, grade_id, kind_of, made_cell, ours, without_hidden
from autograde.grading.intake import BrokenSubmission, names_of, remarks_of

LOCKED = ("setup", "settings", "fixture", "check")
ANSWERED = ("exercise", "written")
EVERYDAY_CHANGES = ("setup", "settings")  # a student may change these for their own runs: not worth a word


@dataclass
class Copies:
    """The student's cells, sorted: those of each source cell (by position), and their own after each source cell."""

    of: dict[int, list[NotebookNode]] = field(default_factory=dict)
    own: dict[int, list[NotebookNode]] = field(default_factory=dict)


def mend(submitted: NotebookNode, source: NotebookNode, release: NotebookNode | None = None) -> NotebookNode:
    """The notebook to grade. What had to be mended is in `metadata.measure_first.notes`, a sentence each.

    submitted: as `read_submission` gives it. source: the instructor's notebook, hidden tests included. release: the
    student's notebook as handed out; an exercise that is missing from the submission is taken from there.
    """
    stubs = {cell_name(cell): cell for cell in (release.cells if release else [])}
    copies = _sort(submitted, source, stubs)
    notes = remarks_of(submitted)
    cells = [_own_cell(cell, n) for n, cell in enumerate(copies.own.get(-1, []), start=1)]
    for position, original in enumerate(source.cells):
        if not cell_name(original):
            continue  # another course's prose, which nothing identifies
        stub = stubs.get(cell_name(original), _stub_of(original))
        cells += _cells_for(original, stub, copies.of.get(position, []), notes)
        cells += [_own_cell(cell, 0) for cell in copies.own.get(position, [])]
    _number_own_cells(cells)
    metadata = {
        key: copy.deepcopy(source.metadata[key]) for key in ("kernelspec", "language_info") if key in source.metadata
    }
    made = nbformat.v4.new_notebook(metadata=nbformat.from_dict({**metadata, NAMESPACE: {"notes": notes}}))
    made.cells, made.nbformat_minor = cells, 5
    return made


def check_lesson(submitted: NotebookNode, source: NotebookNode, key: str) -> None:
    """Raise BrokenSubmission for a notebook that holds no exercise, check or written answer of this lesson."""
    wanted = {cell_name(cell) for cell in source.cells if kind_of(cell) in (*ANSWERED, "check")}
    if not wanted or any(name in wanted for cell in submitted.cells for name in names_of(cell)):
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


def cell_name(cell: NotebookNode) -> str:
    """What identifies a cell of the source or release: its grade id or our id."""
    if grade_id(cell):
        return grade_id(cell)
    return str(cell.metadata.get("id", "")) if ours(cell) else ""


def _sort(submitted: NotebookNode, source: NotebookNode, stubs: dict[str, NotebookNode]) -> Copies:
    """Match each of the student's cells with a source cell; an unmatched one is the student's own.

    A cell that lost every name is known by its text where that is just as it was handed out.
    """
    positions = {cell_name(cell): n for n, cell in enumerate(source.cells) if cell_name(cell)}
    texts = {stubs[name].source.strip(): n for name, n in positions.items() if name in stubs}
    copies, here = Copies(), -1
    for cell in submitted.cells:
        names = names_of(cell)
        found = next((positions[name] for name in names if name in positions), None)
        if found is None and not names:
            found = texts.get(cell.source.strip())
        if found is None:
            copies.own.setdefault(here, []).append(cell)
        else:
            here = found
            copies.of.setdefault(found, []).append(cell)
    _find_answers(copies, source)
    return copies


def _find_answers(copies: Copies, source: NotebookNode) -> None:
    """A nameless Markdown cell where a written answer is missing is that answer."""
    for position, cell in enumerate(source.cells):
        if kind_of(cell) != "written" or position in copies.of:
            continue
        before = max((n for n in (*copies.of, *copies.own) if n < position), default=-1)
        nameless = [own for own in copies.own.get(before, []) if own.cell_type == "markdown" and not names_of(own)]
        if nameless:
            copies.of[position] = nameless[:1]
            copies.own[before] = [own for own in copies.own[before] if own is not nameless[0]]


def _cells_for(
    original: NotebookNode, stub: NotebookNode, copies: list[NotebookNode], notes: list[str]
) -> list[NotebookNode]:
    """The source cell as it is graded, after any earlier edited copies of it."""
    kind, name = kind_of(original), cell_name(original)
    if kind in ANSWERED:
        return _answer(original, stub, copies, notes)
    if kind in LOCKED:
        released = without_hidden(original.source).strip()
        if not copies and kind not in EVERYDAY_CHANGES:
            notes.append(f"The cell {name} was missing; it was put back.")
        elif len(copies) > 1:
            notes.append(f"The cell {name} was there {len(copies)} times; it counts once.")
        elif copies and kind not in EVERYDAY_CHANGES and copies[0].source.strip() != released:
            notes.append(f"The cell {name} had been changed; the lesson's own was used.")
        return [_as_cell(original, original.source)]
    if kind == "demo" and copies:
        return [_as_cell(original, copies[-1].source)]
    return [_as_cell(stub, stub.source)]


def _answer(
    original: NotebookNode, stub: NotebookNode, copies: list[NotebookNode], notes: list[str]
) -> list[NotebookNode]:
    """The student's answer: the last edited copy; earlier edited copies run before it as cells of their own."""
    name = cell_name(original)
    if not copies:
        notes.append(f"The cell {name} was missing, so there is no answer in it.")
        return [_as_cell(stub, stub.source)]
    edited = [cell for cell in copies if cell.source.strip() != stub.source.strip()] or copies[-1:]
    if len(copies) > 1:
        notes.append(f"The cell {name} was there {len(copies)} times; the last edited one counts.")
    earlier = [_own_cell(cell, 0) for cell in edited[:-1]] if kind_of(original) == "exercise" else []
    answer = _as_cell(stub, edited[-1].source)
    _keep_pictures(edited[-1], answer)
    return [*earlier, answer]


def _keep_pictures(cell: NotebookNode, made: NotebookNode) -> None:
    """Pictures that the student pasted into a Markdown cell belong to the answer."""
    if made.cell_type == "markdown" and cell.get("attachments"):
        made.attachments = cell.attachments


def _stub_of(original: NotebookNode) -> NotebookNode:
    """What stands for an exercise when there is no release to take it from: never the source's solution."""
    stub = copy.deepcopy(original)
    if kind_of(original) in ANSWERED:
        stub.source = ""
    return stub


def _as_cell(model: NotebookNode, source: str) -> NotebookNode:
    """A fresh cell with the model's type, id and metadata, and this text."""
    metadata, name = copy.deepcopy(dict(model.metadata)), str(model.get("id") or cell_name(model))
    if name:
        return made_cell("code" if model.cell_type == "code" else "markdown", source, name, metadata)
    new_cell = new_code_cell if model.cell_type == "code" else new_markdown_cell
    return new_cell(source, metadata=nbformat.from_dict(metadata))


def _own_cell(cell: NotebookNode, number: int) -> NotebookNode:
    """A cell that the student added: its text, and none of its metadata."""
    kind = "code" if cell.cell_type == "code" else "markdown"
    made = made_cell(kind, cell.source, f"own-{number}", {NAMESPACE: {"kind": "own"}})
    _keep_pictures(cell, made)
    return made


def _number_own_cells(cells: list[NotebookNode]) -> None:
    """Ids of the student's own cells by their order: the same submission always gives the same notebook."""
    own = (cell for cell in cells if kind_of(cell) == "own" and str(cell.id).startswith("own-"))
    for number, cell in enumerate(own, start=1):
        cell.id = f"own-{number}"


def notes_of(nb: NotebookNode) -> list[str]:
    """What `mend` had to mend."""
    notes: Any = ours(nb).get("notes", [])
    return [str(note) for note in notes]
