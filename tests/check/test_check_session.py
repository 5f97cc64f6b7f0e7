"""The session: outcomes, partial credit, seeds."""

from __future__ import annotations

import random
import subprocess
import sys
import threading

import pytest
import torch

from autograde import check


def test_a_cell_that_reaches_its_end_has_passed_and_says_how_many_checks(session, capsys):
    check.equal(3, 3)
    check.shape(torch.zeros(2), (2,))
    assert check.end() is None
    assert capsys.readouterr().out == "✓ demo: 2 checks passed\n"
    assert session.outcomes["check_demo"] == check.Outcome("check_demo", "passed", 1.0, "demo: 2 checks passed", 2)
    assert session.outcomes["check_demo"].score == 2


def test_a_part_has_a_grade_id_of_its_own(session, capsys):
    check.begin("heads", part="split", points=1)
    check.equal(3, 3)
    check.end()
    assert capsys.readouterr().out == "✓ heads (split): 1 check passed\n"
    assert check.record() == {"check_demo": "failed", "check_heads__split": "passed"}


def test_a_failing_check_is_recorded_as_failed_with_its_message(session):
    with pytest.raises(check.CheckFailed):
        check.equal(3, 4)
    assert check.record() == {"check_demo": "failed"}
    outcome = session.outcomes["check_demo"]
    assert (outcome.fraction, outcome.score) == (0.0, 0.0)
    assert outcome.message == "demo: expected 4, your answer is 3. It is one too small: do you count from 0 or from 1?"


def test_an_untouched_exercise_is_recorded_as_not_attempted(session):
    with pytest.raises(check.NotAttempted):
        raise check.NotAttempted("demo")
    assert check.record() == {"check_demo": "not_attempted"}


def test_a_students_own_error_is_a_failed_cell_when_the_next_one_begins(session):
    with pytest.raises(ZeroDivisionError):
        check.equal(1 / 0, 3)
    check.begin("next")
    assert session.outcomes["check_demo"].status == "failed"
    assert session.outcomes["check_demo"].message == (
        "demo: the test cell stopped before its end. The error below the cell says why."
    )


def test_a_failure_that_the_test_itself_catches_does_not_count(session):
    with pytest.raises(check.CheckFailed):
        check.equal(3, 4)
    check.end()
    assert check.record() == {"check_demo": "passed"}


def test_running_a_cell_again_replaces_its_outcome(session):
    check.begin("demo", points=2)
    assert check.record() == {"check_demo": "failed"}
    check.begin("demo", points=2)
    check.end()
    assert check.record() == {"check_demo": "passed"}


def test_a_partly_right_cell_yields_its_points_and_keeps_the_smallest_fraction(session, capsys):
    check.each([1, 2], [1, 3], of="first")
    check.each({"a": 1, "b": 2, "c": 3, "d": 4}, {"a": 1, "b": 2, "c": 3, "d": 5})
    check.each([1, 2], [1, 2], of="third")
    assert check.end() == 1.0
    assert capsys.readouterr().out == (
        "✗ demo, first: 1 of 2 entries are right. Not right: 1 (yours: 2).\n"
        "✗ demo: 3 of 4 entries are right. Not right: 'd' (yours: 4).\n"
        "Partly right: 1 of 2 points.\n"
    )
    assert session.outcomes["check_demo"].status == "partly"
    assert session.outcomes["check_demo"].fraction == 0.5


def test_another_failure_takes_the_points_of_a_partly_right_cell(session):
    check.each([1, 2], [1, 3])
    with pytest.raises(check.CheckFailed):
        check.equal(1, 2)
    assert check.record() == {"check_demo": "failed"}
    assert session.outcomes["check_demo"].score == 0.0


def test_nothing_happens_outside_a_cell(capsys):
    with check.using(check.Session()) as outside:
        assert check.end() is None
        check.equal(3, 3)
        with pytest.raises(check.CheckFailed, match="^expected 4, your answer is 3."):
            check.equal(3, 4)
        assert check.record() == {} and outside.outcomes == {}
    assert capsys.readouterr().out == ""


def test_begin_seeds_torch_random_and_numpy_for_the_cell(session):
    numpy = pytest.importorskip("numpy")

    def draws():
        check.begin("demo", points=2)
        return torch.rand(1).item(), random.random(), numpy.random.rand()

    first = draws()
    torch.rand(9), random.random(), numpy.random.rand()
    assert draws() == first
    check.begin("other")
    assert torch.rand(1).item() != first[0]


def test_seeds_depend_on_secret_student_and_cell_and_on_nothing_else():
    def seed(secret, student, name):
        return check.Session(secret, student).seed(name)

    assert seed("s", "ada", "check_demo") == seed("s", "ada", "check_demo")
    assert len({seed("s", "ada", "x"), seed("t", "ada", "x"), seed("s", "bob", "x"), seed("s", "ada", "y")}) == 4
    assert seed("ab", "c", "x") != seed("a", "bc", "x")


def test_seeds_are_the_same_in_every_python():
    assert check.Session("measure-first", "").seed("check_demo") == 1729013495469591964


def test_the_environment_names_secret_and_student_at_each_begin(monkeypatch):
    session = check.Session()
    seeds = [session.seed("x")]
    monkeypatch.setenv("MEASURE_FIRST_STUDENT", "ada")
    seeds.append(session.seed("x"))
    monkeypatch.setenv("MEASURE_FIRST_SECRET", "winter")
    seeds.append(session.seed("x"))
    assert len(set(seeds)) == 3
    assert seeds[2] == check.Session("winter", "ada").seed("x")


def test_a_judge_holds_a_session_of_its_own_beside_the_kernels(session):
    judge = check.Session("s", "ada")
    with check.using(judge):
        check.begin("heads", points=3)
        check.end()
    assert list(judge.outcomes) == ["check_heads"]
    assert check.active() is session and "check_heads" not in check.record()


def test_two_threads_can_judge_at_once():
    outcomes = {}

    def judge(name, answer):
        with check.using(check.Session("s", name)) as mine:
            check.begin("demo")
            try:
                check.equal(answer, 3)
                check.end()
            except check.CheckFailed:
                mine.close()
            outcomes[name] = mine.outcomes["check_demo"].status

    threads = [threading.Thread(target=judge, args=pair) for pair in (("ada", 3), ("bob", 4))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"ada": "passed", "bob": "failed"}


LOADED = "import sys; before = set(sys.modules); import {}; print(*sorted({{n.split('.')[0] for n in sys.modules}}))"


def test_importing_the_room_loads_torch_and_the_standard_library_only():
    def loaded(module):
        done = subprocess.run([sys.executable, "-c", LOADED.format(module)], capture_output=True, text=True, check=True)
        return set(done.stdout.split())

    extra = loaded("autograde.check") - loaded("torch")
    assert extra - set(sys.stdlib_module_names) == {"autograde"}
    assert "json" in sys.stdlib_module_names and "numpy" not in sys.stdlib_module_names  # the guard can fail
