"""Our scores equal nbgrader's, cell by cell, on every notebook that nbgrader ships and on its example course.

A few here; all of them with `make nbgrader-suite` (pytest tests/nbgrader --whole).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import LEFT_OUT, NO_SOURCE, Case, cases, name_of, sources
from two_graders import (
    FIXTURES,
    MORE_FIXTURES,
    Graded,
    Handed,
    apart,
    isolation_here,
    judged,
    make_course,
    of_notebook,
    released,
    stock,
)

QUICK = [
    Case(FIXTURES / "submitted-unchanged.ipynb", FIXTURES / "submitted-changed.ipynb"),
    Case(FIXTURES / "submitted-unchanged.ipynb", FIXTURES / "submitted-cheat-attempt.ipynb"),
]
OLD_SCHEMA = "metadata of an old schema stops nbgrader, even for the other students; the course's own is used"
BROKEN = "metadata that is not whole makes nbgrader give the notebook up; the course's own is used"
TYPE = "a cell of another type makes nbgrader give the notebook up; the type is put right"
MISSING = "missing tests are put back and run; nbgrader leaves them to a person"

# Shipped notebooks that we score otherwise, on purpose: what was handed in → why.
ON_PURPOSE = {
    "preprocessors.submitted-answer-cell-type-changed": TYPE,
    "preprocessors.submitted-grade-cell-type-changed": TYPE,
    "apps.test-no-metadata": MISSING,
    "apps.test-no-metadata-autotest": MISSING,
    "apps.test-v0-invalid": BROKEN,
    "apps.test-v0": OLD_SCHEMA,
    "apps.test-v1": OLD_SCHEMA,
    "apps.test-v2": OLD_SCHEMA,
    "preprocessors.bad-markdown-cell-2": BROKEN,
    "preprocessors.blank-grade-id": BROKEN,
}
SHORT = {"Execute": {"timeout": 5}}  # for cells that never end


def course_of(found: list[Path], root: Path) -> Path:
    """One assignment with each of these sources as a notebook of its own."""
    return make_course(root / "course", {name_of(path): path for path in found})


def handed_in(course: Path, case: Case) -> Handed:
    name = name_of(case.source)
    return {name: case.submission or released(course, name)}


def differing(course: Path, case: Case, isolations: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many cells there were, and a sentence for each that we score otherwise and not on purpose."""
    name, notebooks = name_of(case.source), handed_in(course, case)
    settings = SHORT if "infinite" in name or "timeout" in name else {}
    theirs = of_notebook(stock(course, notebooks, **settings), name)
    ours = [of_notebook(judged(course, notebooks, isolation, **settings), name) for isolation in isolations]
    said = []
    reason = ON_PURPOSE.get(name_of(case.submission)) if case.submission and case.submission != case.source else None
    for isolation, graded in zip(isolations, ours, strict=True):
        found = apart(theirs, graded)
        if reason is not None:
            said += _not_as_said(case, theirs, graded, reason)
        else:
            said += [f"{case} ({isolation}): {cell}: nbgrader {a}, ours {b}" for cell, (a, b) in found.items()]
    return len(theirs.rows), said


def _not_as_said(case: Case, theirs: Graded, ours: Graded, reason: str) -> list[str]:
    """A sentence where a difference on purpose is none, or another one than was said."""
    scored = not ours.refused and all(row[0] is not None for row in ours.rows.values() if row[2] is None and not row[1])
    left = theirs.refused if reason != MISSING else any(row[0] is None and row[1] for row in theirs.rows.values())
    if scored and left and apart(theirs, ours):
        return []
    return [f"{case} was to differ because {reason}: nbgrader {theirs.rows}, ours {ours.rows}"]


def test_a_few_of_the_shipped_notebooks_score_the_same(tmp_path: Path) -> None:
    course = course_of([QUICK[0].source], tmp_path)
    for case in QUICK:
        cells, said = differing(course, case, (isolation_here(),))
        assert (cells, said) == (5, [])


@pytest.mark.whole
def test_every_shipped_notebook_scores_the_same_in_the_sandbox_and_in_a_kernel(tmp_path: Path) -> None:
    course, cells, wrong, count = course_of(sources(), tmp_path), 0, [], 0
    for case in cases():
        graded, said = differing(course, case, (isolation_here(), "kernel"))
        cells, count, wrong = cells + graded, count + 1, wrong + said
    assert not wrong, "\n".join(wrong)
    assert (count, cells) >= (100, 400)
    print(
        f"\n{count} notebooks, {cells} cells: as nbgrader scores them, but for {len(ON_PURPOSE)} notebooks on purpose"
    )


def test_what_is_left_out_is_still_shipped_and_nothing_else_is(tmp_path: Path) -> None:
    names = {path.name for folder in (FIXTURES, MORE_FIXTURES) for path in folder.glob("*.ipynb")}
    assert LEFT_OUT | NO_SOURCE <= names
    compared = {path.name for case in cases() for path in (case.source, case.submission) if path is not None}
    assert names - compared == LEFT_OUT | {"cell-type-changed.ipynb"}


def test_a_score_that_is_not_nbgraders_is_noticed() -> None:
    theirs, ours = Graded({"p1/a": (1.0, False, None)}), Graded({"p1/a": (0.5, False, None)})
    assert apart(theirs, ours) == {"p1/a": ((1.0, False, None), (0.5, False, None))}
    assert apart(theirs, Graded(theirs.rows, refused=True, log="no"))[""][1] == (None, True, "no")
    assert apart(theirs, theirs) == {}
