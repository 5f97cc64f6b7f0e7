"""Where the author's own visible text gives a solution away: a demo, a fixture or a hint that holds the same lines.

A few lines in common are everyday (`loss.backward()`, `optimizer.step()`). Most of a solution in one piece is not,
unless the cell says that it means to: tags=["demo", "reveals"].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograde.authoring.leak import squeezed
from autograde.authoring.problems import Problem
from autograde.authoring.stub import BEGIN_HIDDEN, END_HIDDEN, inside, regions
from autograde.authoring.text import LessonText, TextCell

MOST = 0.6  # of a solution's telling lines, in a row
LEAST_CHARACTERS = 30  # of a whole solution: shorter ones (`return x + y`) are anybody's
LEAST_OF_A_LINE = 8
ALLOWED = "reveals"


def spoiler_problems(lesson: LessonText, cells: Sequence[TextCell]) -> Iterator[Problem]:
    """Cells whose visible lines hold a solution of an exercise."""
    shown = [(cell, _telling(_visible(cell))) for cell in cells if ALLOWED not in cell.tags]
    for exercise in (cell for cell in cells if cell.kind == "exercise"):
        for region in regions(exercise.source):
            solution = [line for _, line in _telling("\n".join(inside(exercise.source, region)))]
            if sum(map(len, solution)) < LEAST_CHARACTERS:
                continue
            for cell, lines in shown:
                run, first = _longest_run([line for _, line in lines], solution)
                if run and run >= MOST * len(solution):
                    at = cell.source_line + lines[first][0]
                    what = f"{run} {'line' if run == 1 else 'lines'} of the solution of {exercise.name!r} stand here"
                    mend = f'write it differently, or, if it is meant, add "{ALLOWED}" to the cell\'s tags'
                    yield lesson.problem(at, what, mend)


def _visible(cell: TextCell) -> str:
    cut = regions(cell.source) + regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)
    gone = {n for region in cut for n in range(region.first, region.last + 1)}
    return "\n".join("" if n in gone else line for n, line in enumerate(cell.source.splitlines()))


def _telling(text: str) -> list[tuple[int, str]]:
    """The lines that say something (number, squeezed): no comments, no `else:`, no lone brackets."""
    lines = [(n, squeezed(line)) for n, line in enumerate(text.splitlines()) if not line.strip().startswith("#")]
    return [(n, line) for n, line in lines if len(line) >= LEAST_OF_A_LINE]


def _longest_run(text: Sequence[str], solution: Sequence[str]) -> tuple[int, int]:
    """The most lines of `solution` that follow each other in `text`, and where in `text` they begin."""
    best, first = 0, 0
    for i in range(len(text)):
        for j in range(len(solution)):
            run = 0
            while i + run < len(text) and j + run < len(solution) and text[i + run] == solution[j + run]:
                run += 1
            if run > best:
                best, first = run, i
    return best, first
