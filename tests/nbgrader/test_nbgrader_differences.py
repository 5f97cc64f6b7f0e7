"""Each place where we score another course's notebook otherwise than nbgrader: ours here, both with --whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from differences import ANSWER, DIFFERENCES, PERSON, REFUSED, STOPPED, Difference, assignment
from two_graders import Graded, Handed, isolation_here, judged, make_course, released, stock

ROOT = Path(__file__).resolve().parents[2]
OTHERS = {"before": 3.0, "after": 1.0}  # the tests around the one that differs
PLAIN = Difference("plain", "", "assert answer == 1", ANSWER, 2.0, 2.0)


def slug(difference: Difference) -> str:
    return difference.name.replace(" ", "-")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One assignment with a notebook for each difference; not to be written to."""
    sources = {slug(found): assignment(found.test) for found in (*DIFFERENCES, PLAIN)}
    return make_course(tmp_path_factory.mktemp("differences") / "course", sources)


def handed_in(course: Path, difference: Difference) -> Handed:
    return {slug(difference): difference.submission(released(course, slug(difference)))}


def earned(graded: Graded, difference: Difference, cell: str = "test") -> float | str:
    """What a test earned, in the words of differences.py."""
    score, by_hand, _ = graded.rows[f"{slug(difference)}/{cell}"]
    if graded.refused:
        return STOPPED if "nbgrader update" in graded.log or "update your version" in graded.log else REFUSED
    return PERSON if by_hand and score is None else float(score or 0.0)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=slug)
def test_ours(difference: Difference, course: Path) -> None:
    graded = judged(course, handed_in(course, difference), isolation_here())
    assert earned(graded, difference) == difference.ours
    assert {name: earned(graded, difference, name) for name in OTHERS} == OTHERS


@pytest.mark.whole
@pytest.mark.parametrize("difference", DIFFERENCES, ids=slug)
def test_nbgrader_differs_as_we_say_and_a_kernel_gives_what_the_sandbox_gives(
    difference: Difference, course: Path
) -> None:
    notebooks = handed_in(course, difference)
    assert earned(stock(course, notebooks), difference) == difference.stock
    assert earned(judged(course, notebooks, "kernel"), difference) == difference.ours


@pytest.mark.whole
def test_one_broken_notebook_stops_nbgrader_and_not_us(course: Path) -> None:
    twin = next(found for found in DIFFERENCES if found.name == "duplicated cell")
    class_ = {"ada": handed_in(course, twin), "ben": handed_in(course, PLAIN)}
    theirs, ours = stock(course, class_, "ben"), judged(course, class_, isolation_here(), "ben")
    assert (theirs.refused, theirs.rows) == (True, {})
    assert (ours.refused, earned(ours, PLAIN)) == (False, 2.0)


def test_the_page_lists_every_difference() -> None:
    page = (ROOT / "docs" / "nbgrader.md").read_text(encoding="utf-8")
    missing = [d.name for d in DIFFERENCES if f"| {d.name} |" not in page]
    assert not missing, f"docs/nbgrader.md says nothing of {', '.join(missing)}"
