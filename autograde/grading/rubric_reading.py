"""Reads a lab out of a submitted notebook, as text that is never executed, and proposes points for each rubric point.

The proposal is the scripted partner's reading of the turns (autograde.lesson.partner), with the written
recommendation read as a last turn. A person decides.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograde.grading.intake import BrokenSubmission, names_of, read_submission
from autograde.grading.submissions import Submission
from autograde.lesson.evidence import COVERED, VAGUE, Evidence, Point, is_off, merged, read_turn, settled
from autograde.lesson.partner import Partner, page_of
from autograde.lesson.wording import spoken

UNTOUCHED = "YOUR ANSWER HERE"
SHARE = {
    COVERED: 1.0,
    VAGUE: 0.5,
}  # of a point's points; a covered point without the number it asks for counts as vague


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one rubric point: status, points, and the sentence that speaks for it."""

    point: Point
    status: str
    points: float
    evidence: Evidence
    where: str  # "turn 2", "recommendation" or ""
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """One student's lab as read: the conversation, the recommendation, the proposals; or why it could not be read."""

    student: str
    turns: list[str] = field(default_factory=list)
    recommendation: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    trouble: str = ""

    @property
    def points(self) -> float:
        """Proposed rubric points in all."""
        return sum(proposal.points for proposal in self.proposals)


def read_student(lab: dict[str, Any], submission: Submission) -> Reading:
    """One student's lab; what cannot be read is said in `trouble`, and never raised."""
    student = submission.student
    try:
        notebook = read_submission(submission.checked())
    except BrokenSubmission as error:
        return Reading(student, trouble=str(error))
    turns, trouble = find_turns(notebook, str(lab["id"]))
    recommendation = find_recommendation(notebook, str(lab["id"]))
    try:
        return Reading(student, turns, recommendation, propose(lab, turns, recommendation), trouble)
    except Exception as error:  # one student's odd text must not keep the others' proposals from being written
        return Reading(student, turns, recommendation, [], f"not analysed ({type(error).__name__}: {error})")


def find_turns(notebook: NotebookNode, name: str) -> tuple[list[str], str]:
    """The student's turns in the lab `name`, and what is odd about them ("" when nothing is).

    The cell is found by its id or by its comment `# exercise: lab_1`; failing that, any cell that binds the list.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = [cell for cell in code if name in names_of(cell) or f"# exercise: {name}" in cell.source.splitlines()]
    cells = cells or [cell for cell in code if f"{name}_turns" in cell.source and "=" in cell.source]
    if not cells:
        return [], f"no cell for {name} in the notebook"
    read = [read_list(cell.source, f"{name}_turns") for cell in cells]
    turns, trouble = max(read, key=lambda found: len(found[0]))
    if len(cells) > 1:
        trouble = f"{len(cells)} cells for {name}: the one with most turns is shown. {trouble}".strip()
    return turns, trouble or ("" if turns else "no turns written")


def read_list(source: str, name: str) -> tuple[list[str], str]:
    """The list of texts that `source` binds to `name`, read from its syntax and never executed; and what is odd."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return [], f"the cell is not valid Python{line}: read the turns in the notebook"
    found: list[Any] = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) or node.value is None:
            continue
        if not any(isinstance(target, ast.Name) and target.id == name for target in targets):
            continue
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return [], f"{name} is not written as a plain list of texts: read it in the notebook"
        items = [value] if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else []
        found = found + items if isinstance(node, ast.AugAssign) else items
    turns = [item.strip() for item in found if isinstance(item, str) and item.strip()]
    return turns, "" if len(turns) == len(found) else "some entries of the list are empty or no text"


def find_recommendation(notebook: NotebookNode, name: str) -> str:
    """The written recommendation, "" where there is none."""
    wanted = f"{name}_recommendation"
    written = next((cell.source.strip() for cell in notebook.cells if wanted in names_of(cell)), "")
    # The release's own lines (what to write, and the place for it) are no answer.
    return "" if UNTOUCHED in written else written


def propose(lab: dict[str, Any], turns: Sequence[str], recommendation: str = "") -> list[Proposal]:
    """A proposal for each point of the lab's rubric."""
    partner = Partner.of(lab, lab["rubric"])
    for turn in turns:
        partner.hear(turn)
    written = read_turn(partner.points, recommendation, len(turns) + 1, spoken(*page_of(lab)), earlier=" ".join(turns))
    return [_proposal(point, partner.standing[point.id], written.get(point.id), len(turns)) for point in partner.points]


def _proposal(point: Point, spoken: Evidence, written: Evidence | None, turns: int) -> Proposal:
    best = merged(spoken, written, point) if written is not None else spoken
    status, note = best.status, {"loose": "", "": ""}.get(best.why, best.why)
    if is_off(best) and best.claim is not None and point.expects is not None:
        claim = best.claim
        status = VAGUE
        note = f"{claim.text} is {claim.verdict}: about {claim.expected} expected ({point.expects.assumes})"
    elif status == COVERED and not settled(point, best):
        status, note = VAGUE, f"no number given ({point.number})"
    where = "" if not best.turn else "recommendation" if best.turn > turns else f"turn {best.turn}"
    return Proposal(point, status, point.points * SHARE.get(status, 0.0), best, where, note)
