"""Other courses' notebooks: put in order, and scored from their outputs cell by cell, as nbgrader scores them.

Such a notebook knows nothing of `check.begin` or of our metadata: its tests are plain cells that run in the student's
own process (foreign_run.py). Scores equal nbgrader's but for the differences that docs/nbgrader.md lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograde.grading.cells import NAMESPACE, grade_id, nbgraders, ours, points_of, without_hidden
from autograde.grading.intake import BrokenSubmission, remarks_of
from autograde.grading.outcomes import Outcome

SCHEMA_VERSION = 3  # of nbgrader's metadata
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
UNFINISHED = ("timeout", "crashed", "out_of_memory", "tampered")
SKIP_TAG = "skip-execution"

# A result that looks like a number, or like a comparison that went wrong, but is no plain number: 'nan', tensor(1.),
# np.float64(0.5), [0.5], False. nbgrader gives full marks for each of them.
NUMBER_LIKE = re.compile(
    r"""['"\[({\s]*( [-+]? (\d | \.\d | nan\b | inf\b) | (none|false)\b
    | parameter\ containing | ([\w.]*\.)? (tensor|array|u?int\d*|b?float\d*|complex\d*|decimal|fraction)\( )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Given:
    """One of the course's named cells. text: a test with its hidden lines; an answer as it was handed out, a stub."""

    name: str
    cell_type: str
    text: str
    nbgrader: dict[str, Any]

    @property
    def solution(self) -> bool:
        """Whether the student writes here."""
        return bool(self.nbgrader["solution"])


def is_foreign(nb: NotebookNode) -> bool:
    """Whether a notebook was not made by this project's build: no cell says of what kind it is."""
    return bool(ours(nb).get("foreign")) or not any("kind" in ours(cell) for cell in nb.cells)


def given_cells(gradebook: Any, notebook: str, assignment: str, order: Sequence[str] = ()) -> list[Given]:
    """The named cells of a notebook, as `nbgrader generate_assignment` left them in the gradebook.

    order: their names as the source has them; without it, in the order in which the gradebook came to know them.
    """
    found = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: float(cell.max_score) for cell in (*found.grade_cells, *found.task_cells)}
    graded = {cell.name for cell in found.grade_cells}
    solutions, tasks = {cell.name for cell in found.solution_cells}, {cell.name for cell in found.task_cells}
    made = []
    for cell in found.source_cells:
        about = {
            "grade": cell.name in graded,
            "grade_id": cell.name,
            "locked": bool(cell.locked),
            "schema_version": SCHEMA_VERSION,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        about |= {"points": points[cell.name]} if cell.name in points else {}
        made.append(Given(cell.name, cell.cell_type, cell.source, about))
    places = {name: place for place, name in enumerate(order)}
    return sorted(made, key=lambda cell: places.get(cell.name, len(places)))


def check_notebook(submitted: NotebookNode, given: list[Given], name: str) -> None:
    """Raise BrokenSubmission for a notebook whose graded cells are all of another assignment."""
    theirs = {grade_id(cell) for cell in submitted.cells if _is_named(cell)} - {""}
    if theirs and not theirs & {cell.name for cell in given}:
        shown = ", ".join(sorted(theirs)[:3]) + (", …" if len(theirs) > 3 else "")
        reason = f"the notebook has none of the cells of {name}; it has {shown}"
        raise BrokenSubmission(reason, "another assignment's notebook was handed in: move it where it belongs")


def check_language(nb: NotebookNode) -> None:
    """Raise BrokenSubmission for a notebook in another language than Python."""
    about = nb.metadata.get("kernelspec", {})
    language = str(about.get("language") or about.get("name") or "python").lower()
    if not language.startswith(("python", "ipython")):
        mend = "only Python notebooks can be graded here: grade it with nbgrader's own autograde"
        raise BrokenSubmission(f"the notebook asks for the kernel {about.get('name')!r}", mend)


def _is_named(cell: NotebookNode) -> bool:
    about = nbgraders(cell)
    return any(about.get(flag) for flag in ("grade", "solution", "locked", "task"))


def restore(submitted: NotebookNode, given: list[Given], before: NotebookNode | None = None) -> NotebookNode:
    """The notebook to grade: the student's cells in their order, with the course's metadata and the course's tests.

    submitted: as `parse_submission` gives it. before: the same notebook with its outputs and kernel, which are kept.
    Of a cell that is there several times the last edited copy counts. A missing test is put back, where no cell of the
    course's follows; a missing answer is not, since it may stand in a cell that lost its name. What had to be mended is
    in `metadata.measure_first.notes`.
    """
    notes = remarks_of(submitted)
    counting = _counting(submitted, given, notes)
    cells = []
    for index, cell in enumerate(submitted.cells):
        made = _as_given(counting[index], cell) if index in counting else _own(cell, index)
        if before is not None and made.cell_type == "code":
            made.outputs = before.cells[index].get("outputs", [])
            made.execution_count = before.cells[index].get("execution_count")
        cells.append(made)
    _put_back(cells, given, notes)
    about = {NAMESPACE: {"foreign": True, "notes": notes}}
    if before is not None and isinstance(before.metadata.get("kernelspec"), dict):
        about["kernelspec"] = dict(before.metadata["kernelspec"])
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(about))


def _counting(submitted: NotebookNode, given: list[Given], notes: list[str]) -> dict[int, Given]:
    """Position → the course's cell that the student's cell there is."""
    by_name = {cell.name: cell for cell in given}
    by_text = {text.strip(): cell.name for cell in given for text in (without_hidden(cell.text), cell.text)}
    by_text.pop("", None)
    copies: dict[str, list[int]] = {}
    for index, cell in enumerate(submitted.cells):
        names = [name for name in cell.metadata.get("names", []) if name in by_name]
        name = names[0] if names else by_text.get(cell.source.strip())
        if name is not None:
            copies.setdefault(name, []).append(index)
    found = {}
    for name, places in copies.items():
        stub = by_name[name].text.strip()
        edited = [place for place in places if submitted.cells[place].source.strip() != stub]
        found[(edited or places)[-1] if by_name[name].solution else places[-1]] = by_name[name]
        if len(places) > 1:
            last = "the last edited one counts" if by_name[name].solution else "it counts once"
            notes.append(f"The cell {name} was there {len(places)} times; {last}.")
    return found


def _as_given(given: Given, cell: NotebookNode | None) -> NotebookNode:
    """The course's cell, with the student's text where the student writes."""
    text = cell.source if cell is not None and not given.nbgrader["locked"] else given.text
    made = NEW_CELL[given.cell_type](text, id=_cell_id(given.name))
    made.metadata = nbformat.from_dict({"nbgrader": dict(given.nbgrader)})
    if cell is not None and cell.metadata.get("skip") and not given.nbgrader["grade"]:
        made.metadata["tags"] = [SKIP_TAG]
    return _with_pictures(made, cell)


def _own(cell: NotebookNode, index: int) -> NotebookNode:
    """A cell that the course does not know by name: its text alone."""
    made = NEW_CELL[cell.cell_type](cell.source, id=f"own-{index}")
    if cell.metadata.get("skip"):
        made.metadata["tags"] = [SKIP_TAG]
    return _with_pictures(made, cell)


def _with_pictures(made: NotebookNode, cell: NotebookNode | None) -> NotebookNode:
    if made.cell_type == "markdown" and cell is not None and cell.get("attachments"):
        made.attachments = cell.attachments
    return made


def _cell_id(name: str) -> str:
    """A grade id as the file format's id of a cell, which knows fewer characters."""
    return "given-" + re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:50]


def _put_back(cells: list[NotebookNode], given: list[Given], notes: list[str]) -> None:
    """Put each of the course's tests and other locked cells that is missing before the next that is there."""
    present = {grade_id(cell) for cell in cells}
    for position, wanted in enumerate(given):
        if wanted.name in present:
            continue
        if wanted.solution:
            notes.append(f"The cell {wanted.name} was missing.")
            continue
        later = {cell.name for cell in given[position + 1 :]}
        place = next((n for n, cell in enumerate(cells) if grade_id(cell) in later), len(cells))
        cells.insert(place, _as_given(wanted, None))
        notes.append(f"The cell {wanted.name} was missing; it was put back.")


def earned(cell: NotebookNode) -> float | None:
    """What a graded cell earns without a person; None where a person decides.

    An answer that a person grades earns 0 while it is as it was handed out. A test earns 0 for an error or for not
    ending, its result where that is a plain number in [0, points], and else all its points.
    """
    from nbgrader.utils import determine_grade

    if nbgraders(cell).get("solution") or cell.cell_type != "code":
        return determine_grade(cell)[0]
    status = ours(cell).get("run", {}).get("status", "ok")
    if status == "grader_error":
        return None
    if status in UNFINISHED or any(output.output_type == "error" for output in cell.outputs):
        return 0.0
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    return of_result(results[-1].get("data", {}).get("text/plain", ""), points_of(cell)) if results else points_of(cell)


def of_result(text: str | Iterable[str], points: float) -> float | None:
    """What the value of a test cell's last line says: partial credit. None for what only looks like a number."""
    shown = text if isinstance(text, str) else "".join(text)
    try:
        value = float(shown)
    except ValueError:
        return None if NUMBER_LIKE.match(shown) or not shown else points
    return value if 0.0 <= value <= points else None


def outcomes_of(nb: NotebookNode) -> list[Outcome]:
    """How each test cell of an executed notebook ended, in order."""
    tests = [cell for cell in nb.cells if cell.cell_type == "code" and _is_test(cell)]
    return [_outcome(cell, earned(cell)) for cell in tests]


def _is_test(cell: NotebookNode) -> bool:
    return bool(nbgraders(cell).get("grade")) and not nbgraders(cell).get("solution")


def _outcome(cell: NotebookNode, score: float | None) -> Outcome:
    name, points, run = grade_id(cell), points_of(cell), ours(cell).get("run", {})
    errors = [output for output in cell.outputs if output.output_type == "error"]
    said = f"{errors[-1].get('ename')}: {errors[-1].get('evalue')}" if errors else str(run.get("message", ""))
    if score is None:
        status, said = "grader_error", said or "the result of the test is no plain number of points"
    elif run.get("status") in UNFINISHED:
        status = str(run["status"])
    else:
        status = "passed" if score == points else "partly" if score else "failed"
    share = score / points if score and points else float(score == points)
    return Outcome(name, name, None, status, share, points, said, float(run.get("seconds", 0.0)))
