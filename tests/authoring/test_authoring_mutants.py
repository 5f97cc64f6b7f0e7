"""The mutant runner: it must notice each way in which a mutant or a variant can go wrong."""

import sys
import textwrap

import nbformat
import pytest
from sample_lesson import KEY, make_course

from autograde.authoring.candidates import judge, read_candidate, too_few
from autograde.authoring.mutants import run_lesson
from autograde.authoring.run_cells import CellOutcome, in_fork
from autograde.cli import main
from autograde.course import CourseError


def cell(kind, source, name="", exercise=None):
    described = {"kind": kind, "name": name} | ({"exercise": exercise} if exercise else {})
    made = nbformat.v4.new_code_cell(textwrap.dedent(source), id=name or "x")
    made.metadata.update({"measure_first": described, "nbgrader": {"grade_id": name or "x"}})
    return made


LESSON = [
    cell("fixture", "from autograde import check\nLIMIT = 3", "imports"),
    cell("demo", "raise RuntimeError('demos are not run')", "demo"),
    cell("exercise", "def double(x):\n    return 2 * x", "double"),
    cell(
        "check",
        """
        check.begin("double", points=1)
        check.equal(double(LIMIT), 6, hint="two times, or plus two?")
        check.end()
        """,
        "check_double",
        "double",
    ),
    cell(
        "check",
        """
        check.begin("double", part="negative", points=1)
        check.equal(double(-1), -2)
        check.end()
        """,
        "check_double__negative",
        "double",
    ),
]


def candidate(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(textwrap.dedent(source).lstrip())
    return read_candidate(path)


def mutant(tmp_path, body, caught="check_double", says="two times, or plus two?"):
    header = f"# mistake: m\n# caught: {caught}\n# says: {says}\n"
    return candidate(tmp_path, "double__m.py", header + textwrap.dedent(body).lstrip())


def verdict_of(one):
    (found,) = [verdict for verdict in run_lesson(LESSON, [one]) if verdict.candidate is one]
    return found


def test_the_reference_answer_passes():
    (reference,) = run_lesson(LESSON, [])
    assert (reference.problem, reference.killers) == ("", [])


def test_a_mutant_caught_where_it_should_be_with_a_helpful_message_is_no_problem(tmp_path):
    verdict = verdict_of(mutant(tmp_path, "def double(x):\n    return x + 2"))
    assert (verdict.problem, verdict.killers) == ("", ["check_double", "check_double__negative"])


def test_a_survivor_is_a_problem(tmp_path):
    assert verdict_of(mutant(tmp_path, "def double(x):\n    return x + x")).problem == "survived: every check passed"


def test_a_mutant_caught_by_another_check_is_a_problem(tmp_path):
    verdict = verdict_of(mutant(tmp_path, "def double(x):\n    return abs(2 * x)"))
    assert verdict.problem.startswith("caught by check_double__negative, meant for check_double: double")


def test_a_message_that_does_not_name_the_mistake_is_a_problem(tmp_path):
    verdict = verdict_of(mutant(tmp_path, "def double(x):\n    return x + 2", says="did you square it?"))
    assert verdict.problem.startswith("the message does not say 'did you square it?': double: ")


def test_a_rejected_right_answer_is_a_problem(tmp_path):
    wrong = candidate(tmp_path, "double__ok_other.py", "# why: not right at all\ndef double(x):\n    return 5\n")
    assert verdict_of(wrong).problem.startswith("a right answer was rejected by check_double: double: ")


def test_an_answer_that_raises_is_caught_by_its_check(tmp_path):
    verdict = verdict_of(mutant(tmp_path, "def double(x):\n    return x.nope", says="AttributeError"))
    assert verdict.problem == ""


def test_an_answer_with_a_syntax_error_is_caught_by_its_check(tmp_path):
    verdict = verdict_of(mutant(tmp_path, "def double(x:\n", says="NameError: name 'double' is not defined"))
    assert verdict.problem == ""


def test_one_candidates_mess_does_not_reach_the_next(tmp_path):
    messy = mutant(tmp_path, "LIMIT = 0\ndef double(x):\n    return 1", says="two times")
    fine = candidate(tmp_path, "double__ok_plus.py", "# why: adds\ndef double(x):\n    return x + x\n")
    verdicts = {verdict.candidate.name: verdict for verdict in run_lesson(LESSON, [messy, fine])}
    assert verdicts["ok_plus"].problem == ""


def test_an_exercise_without_its_three_mutants_and_one_variant_is_named(tmp_path):
    assert too_few(LESSON, []) == ["double: 0 mutants and 0 variants; it needs at least 3 and 1"]


def test_a_candidate_for_no_exercise_is_named(tmp_path):
    stranger = candidate(tmp_path, "treble__ok_x.py", "# why: x\n")
    assert too_few(LESSON[:2], [stranger]) == ["treble__ok_x.py: no such exercise in the lesson"]


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("double.py", "", "the name must be EXERCISE__mistake.py or EXERCISE__ok_variant.py"),
        ("double__m.py", "# mistake: m\n", "the header lacks # caught: …, # says: …"),
        ("double__ok_m.py", "pass\n", "the header lacks # why: …"),
    ],
)
def test_a_badly_named_or_headed_file_says_what_it_lacks(tmp_path, name, source, says):
    with pytest.raises(CourseError, match=says):
        candidate(tmp_path, name, source)


def endless():
    while True:
        pass


def test_an_endless_loop_is_stopped():
    (outcome,) = in_fork(endless, seconds=0.3)
    assert (outcome.outcome, outcome.message) == ("timeout", "stopped after 0.3 s")


def test_a_child_that_dies_is_a_crash_and_not_a_pass():
    (outcome,) = in_fork(lambda: sys.exit(0) or [], seconds=5)
    assert outcome.outcome == "grader_error"
    import os

    (outcome,) = in_fork(lambda: os._exit(3), seconds=5)
    assert outcome.outcome == "crashed"


def test_a_broken_fixture_is_the_lessons_fault_and_not_the_mutants(tmp_path):
    one = mutant(tmp_path, "def double(x):\n    return 1")
    verdict = judge(one, [CellOutcome("", "grader_error", "Traceback\nValueError: no data", 0.0)])
    assert verdict.problem == "the lesson itself broke: ValueError: no data"


def test_a_reference_run_that_breaks_names_its_cell():
    broken = [LESSON[0], cell("fixture", "1 / 0", "fixture_2"), *LESSON[1:]]
    with pytest.raises(CourseError) as raised:
        run_lesson(broken, [])
    assert str(raised.value) == "the reference run stops in the cell fixture_2: ZeroDivisionError: division by zero"


def test_a_lesson_that_is_not_built_says_what_to_run(tmp_path, capsys):
    make_course(tmp_path / "course")
    assert main(["mutants", "--course", str(tmp_path / "course")]) == 2
    assert capsys.readouterr().err == f"error: not built yet: {KEY}. Run: make release\n"
