"""Wrong answers in tests/mutants fail where they should and say why, right ones pass, and nothing is missing.

The tests of one lesson: each tests/test_mutants_KEY.py takes them all over for its own KEY, so that workers share them.
"""

import functools
from pathlib import Path

import nbformat
import pytest

from autograde.authoring.candidates import read_candidates, too_few
from autograde.authoring.judged import disagreements, judge_lesson
from autograde.authoring.mutants import beside_data, lesson_cells, run_lesson
from autograde.authoring.run_cells import RUNNABLE, about, in_fork, new_namespace, run_check, run_source
from autograde.course import load_course

pytestmark = pytest.mark.slow
COURSE = load_course(Path(__file__).parents[1])
LESSONS = [lesson.key for lesson in COURSE.lessons]


def pytest_generate_tests(metafunc):
    """`key` is the lesson of the file that takes the tests over, `path` each of its candidates."""
    key = metafunc.module.KEY
    if "path" in metafunc.fixturenames:
        paths = sorted(COURSE.mutants(key).glob("*.py"))
        metafunc.parametrize(("key", "path"), [(key, path) for path in paths], ids=[path.stem for path in paths])
    elif "key" in metafunc.fixturenames:
        metafunc.parametrize("key", [key])


@functools.cache
def verdicts(key):
    """All verdicts of a lesson, run once for all tests of this file."""
    with beside_data(COURSE, key):
        found = run_lesson(lesson_cells(COURSE, key), read_candidates(COURSE.mutants(key)), jobs=2)
    return by_name(found)


def by_name(found):
    """The verdicts by their candidate's file."""
    return {verdict.candidate.path.name or f"reference of {verdict.candidate.exercise}": verdict for verdict in found}


@functools.cache
def verdicts_at_the_judge(key):
    """The same answers at the judge, with each one's own process for the student's side."""
    with beside_data(COURSE, key):
        return by_name(judge_lesson(lesson_cells(COURSE, key), read_candidates(COURSE.mutants(key)), jobs=2))


def test_an_answer_goes_as_its_header_says(key, path):
    verdict = verdicts(key)[path.name]
    assert not verdict.problem, verdict.problem


def test_every_reference_answer_passes_its_checks(key):
    problems = [verdict.problem for name, verdict in verdicts(key).items() if name.startswith("reference")]
    assert problems and not any(problems), problems


def test_the_judge_gives_every_answer_the_verdict_of_a_kernel(key):
    here, there = verdicts(key), verdicts_at_the_judge(key)
    assert list(here) == list(there)
    differing = [str(one) for one in disagreements(list(here.values()), list(there.values()))]
    assert not differing, "\n".join(differing)


def test_the_judges_messages_help_as_much(key):
    problems = {name: verdict.problem for name, verdict in verdicts_at_the_judge(key).items() if verdict.problem}
    assert not problems, problems


def test_every_exercise_has_three_mutants_and_one_variant(key):
    assert too_few(lesson_cells(COURSE, key), read_candidates(COURSE.mutants(key))) == []


def test_the_untouched_release_is_not_attempted_everywhere(key):
    cells = nbformat.read(COURSE.release(key), as_version=4).cells

    def work():
        namespace, outcomes = new_namespace(), []
        for cell in cells:
            kind = about(cell).get("kind")
            if cell.cell_type == "code" and kind in RUNNABLE:
                if kind == "check":
                    outcomes.append(run_check(cell, namespace))
                else:
                    run_source(cell.source, cell.id, namespace)
        return outcomes

    with beside_data(COURSE, key):
        outcomes = in_fork(work, seconds=60)
    assert outcomes
    assert {outcome.check: outcome.outcome for outcome in outcomes if outcome.outcome != "not_attempted"} == {}
    assert all(len(outcome.message) < 300 for outcome in outcomes), "one clear line, no wall"


def test_every_lesson_has_a_file_that_takes_these_tests_over():
    found = sorted(path.stem.removeprefix("test_mutants_") for path in Path(__file__).parent.glob("test_mutants_*.py"))
    assert found == sorted(LESSONS)
