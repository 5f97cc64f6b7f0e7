"""The answers of the sample class: the source's solutions, and the wrong and other right ones of tests/mutants."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.authoring.candidates import HEADER, read_candidates
from autograde.authoring.stub import BEGIN_SOLUTION, END_SOLUTION
from autograde.course import Course, CourseError
from autograde.grading.cells import grade_id, kind_of

GUESSES = (
    "It is faster this way, I think. I compared two runs and the second one took less time.",
    "Because the shapes have to fit. I would try the smaller one first and measure again.",
)


@dataclass
class Answers:
    """A lesson's answers by grade id: `reference` from the source; `wrong` and `right` by exercise, in file order."""

    reference: dict[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)
    right: dict[str, list[str]] = field(default_factory=dict)
    written: tuple[str, ...] = ()

    def fill(self, nb: NotebookNode, answers: dict[str, str]) -> None:
        """Put answers into the cells of a student's notebook, in place; a cell without one keeps what it has."""
        for cell in nb.cells:
            if grade_id(cell) in answers and kind_of(cell) in ("exercise", "written"):
                cell.source = answers[grade_id(cell)]

    def variants(self) -> dict[str, str]:
        """Right all over, differently where tests/mutants has another right answer."""
        return self.reference | {name: found[0] for name, found in self.right.items() if found}

    def mistakes(self, which: int) -> dict[str, str]:
        """Two of three exercises wrong. Every other mistake is the same for each `which`: classes share mistakes."""
        made = dict(self.reference)
        for n, (name, found) in enumerate(sorted(self.wrong.items())):
            if found and (n + which) % 3:
                made[name] = found[0 if n % 2 else which % len(found)]
        return made | {name: GUESSES[n % len(GUESSES)] for n, name in enumerate(self.written)}

    def first_half(self, answers: dict[str, str]) -> dict[str, str]:
        """The first half of some answers, in the lesson's order."""
        names = list(self.reference)
        return {name: answers[name] for name in names[: (len(names) + 1) // 2]}

    def with_slip(self, answers: dict[str, str]) -> dict[str, str]:
        """The last code answer with a bracket that is never closed."""
        coded = [name for name in answers if name not in self.written]
        return answers | ({coded[-1]: answers[coded[-1]] + "\nprint((1, 2)"} if coded else {})


def read_notebook(path: Path) -> NotebookNode:
    """A built notebook. Raises CourseError for a file that is none."""
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError):
        raise CourseError(f"{path} is no notebook any more. Run: make release") from None


def read_answers(course: Course, key: str) -> Answers:
    """Read a lesson's answers from its built source and its mutants' folder."""
    source = read_notebook(course.source(key))
    cells = [cell for cell in source.cells if kind_of(cell) in ("exercise", "written")]
    answers = Answers({grade_id(cell): _solution(cell.source) for cell in cells})
    answers.written = tuple(grade_id(cell) for cell in cells if kind_of(cell) == "written")
    for candidate in read_candidates(course.mutants(key)):
        kept = answers.right if candidate.right else answers.wrong
        if candidate.exercise in answers.reference:
            kept.setdefault(candidate.exercise, []).append(_as_student(candidate.exercise, candidate.source))
    return answers


def _solution(source: str) -> str:
    """An answered cell of the source as a student would write it: without the markers."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))


def _as_student(exercise: str, source: str) -> str:
    """A file of tests/mutants as a student's cell: without the comments that explain the mistake."""
    lines = source.strip().splitlines()
    while lines and HEADER.match(lines[0]):
        lines.pop(0)
    first = f"# exercise: {exercise}"
    body = [line for line in lines if line.strip() != first]
    return "\n".join([first, *body])
