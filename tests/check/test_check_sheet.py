# ruff: noqa: E501
"""A test's answer sheet: what is said before grading, and what it is worth after it. Messages word for word."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from autograde import check
from autograde.check.session import Session, using
from autograde.lesson.exam import Exam
from autograde.lesson.exam_release import key_of_exam, release_exam

BANK = tomllib.loads((Path(__file__).parents[1] / "lesson" / "exams" / "two_items.toml").read_text(encoding="utf-8"))
EXAM, KEY = Exam(release_exam(BANK)), key_of_exam(BANK, {"zeroing": [("lesson 02", "https://example.org/02")]})
ADA, OTHER = "ada@example.org", "Other"  # whose paper has other variants of both items
DONE = "test_9: all 2 questions are answered. You may still change them. What is right is said after grading."


def answers(name: str, wrong: tuple[str, ...] = ()) -> dict[str, str]:
    """Right answers to the paper of `name`, but for the items in `wrong`."""
    return {
        item: next(one.id for one in variant.options if (one.id in KEY["right"]) == (item not in wrong))
        for item, variant in EXAM.paper(name).items()
    }


def run(student, given, graded: bool = True):
    """The outcome of the whole check cell, as at the judge (graded) or in the student's own notebook."""
    session = Session()
    with using(session):
        check.begin("test_9", points=2)
        try:
            check.sheet(EXAM, student, given)
            if graded:
                check.graded(EXAM, student, given, KEY)
            check.end()
        except check.CheckFailed:
            session.close()
    return session.outcomes["check_test_9"]


def test_the_two_papers_share_no_variant() -> None:
    assert all(EXAM.paper(ADA)[item].id != EXAM.paper(OTHER)[item].id for item in ("eager", "zeroing"))


@pytest.mark.parametrize("wrong", [(), ("eager",), ("eager", "zeroing")])
def test_before_grading_nothing_tells_a_right_answer_from_a_wrong_one(wrong, capsys) -> None:
    outcome = run(ADA, answers(ADA, wrong), graded=False)
    assert (outcome.status, outcome.message, outcome.sheet) == ("answered", DONE, None)
    assert capsys.readouterr().out == f"● {DONE}\n"


def test_before_grading_it_says_what_is_open(capsys) -> None:
    open_one = next(iter(EXAM.paper(ADA)))
    outcome = run(ADA, {**answers(ADA), open_one: ""}, graded=False)
    assert (outcome.status, outcome.message) == ("open", "test_9: 1 of 2 answered, still open: question 1.")
    assert capsys.readouterr().out == "○ test_9: 1 of 2 answered, still open: question 1.\n"


def test_all_right_is_passed() -> None:
    outcome = run(ADA, answers(ADA))
    assert (outcome.status, outcome.score) == ("passed", 2.0)
    assert outcome.message == "test_9: 2 of 2 items are right, 1 are needed: the test is passed."
    assert outcome.sheet["passed"] and outcome.sheet["right"] == 2 and not outcome.sheet["doubt"]


def test_some_right_is_their_share_and_says_which_are_not() -> None:
    outcome = run(ADA, answers(ADA, ("zeroing",)))
    assert (outcome.status, outcome.score) == ("partly", 1.0)
    assert outcome.message == "test_9: 1 of 2 items are right, 1 are needed: the test is passed. Not right: 'zeroing'."


def test_none_right_is_a_score_of_0_that_keeps_its_sheet(capsys) -> None:
    outcome = run(ADA, answers(ADA, ("eager", "zeroing")))
    assert (outcome.status, outcome.score) == ("failed", 0.0)
    told = "test_9: 0 of 2 items are right, 1 are needed: the test is not passed. Not right: 'eager' and 'zeroing'."
    assert outcome.message == told and len(outcome.sheet["items"]) == 2
    assert capsys.readouterr().out == f"✗ {told}\n"


@pytest.mark.parametrize(
    ("share", "right", "passed"), [(0.8, 12, True), (0.8, 11, False), (0.6, 9, True), (0.7, 10, False)]
)
def test_the_bound_is_exact_where_floats_are_not(share, right, passed, monkeypatch) -> None:
    items = [{"id": f"item_{n}", "variants": release_exam(BANK)["items"][0]["variants"]} for n in range(15)]
    exam = Exam({"id": "test_9", "title": "t", "pass": share, "items": items})
    paper = exam.paper(ADA)
    given = {
        item: next(o.id for o in one.options if (o.id in KEY["right"]) == (n < right))
        for n, (item, one) in enumerate(paper.items())
    }
    session = Session()
    with using(session):
        check.begin("test_9", points=15)
        check.graded(exam, ADA, given, KEY)
        check.end()
    assert session.outcomes["check_test_9"].sheet["passed"] is passed


def test_the_sheet_has_feedback_and_places_for_every_item() -> None:
    items = {one["item"]: one for one in run(ADA, answers(ADA, ("zeroing",))).sheet["items"]}
    assert items["eager"]["feedback"] == "The product was computed before the next line began."
    assert items["zeroing"]["feedback"] == "Nobody divides."
    assert items["zeroing"]["teaches"] == [["lesson 02", "https://example.org/02"]]
    assert [one["item"] for one in run(ADA, answers(ADA)).sheet["items"]] == list(EXAM.paper(ADA)), (
        "as the student saw them"
    )


def test_a_name_changed_after_answering_costs_nothing_and_is_said() -> None:
    outcome = run("Ada L.", {"answered_as": ADA, **answers(ADA)})
    assert outcome.score == 2.0 and not outcome.sheet["doubt"]
    assert (outcome.sheet["typed"], outcome.sheet["answered_as"]) in [("Ada L.", ADA), ("Ada L.", "Ada L.")]
    outcome = run(OTHER, {"answered_as": ADA, **answers(ADA)})
    assert outcome.score == 2.0 and outcome.message == (
        "test_9: 2 of 2 items are right, 1 are needed: the test is passed. It was answered as 'ada@example.org', and counts "
        "for the questions drawn for that name."
    )


def test_answers_to_a_paper_that_neither_name_has_drawn_do_not_count_until_a_person_says_so() -> None:
    outcome = run(OTHER, answers(ADA))
    assert outcome.score == 0.0
    assert outcome.message == (
        "test_9: 0 of 2 items are right, 1 are needed: the test is not passed. Not right: 'eager' and 'zeroing'. "
        "'eager' and 'zeroing': answered in another version than the one drawn for 'Other', so not counted. Was the name "
        "changed? Put back the one that you answered under."
    )
    assert outcome.sheet["doubt"] == (
        "2 answers belong to another version of the question than the name has drawn; 2 of them would be right. A person "
        "decides; the points are provisional."
    )
    assert all(one["feedback"] == "" for one in outcome.sheet["items"])


def test_of_two_papers_only_one_counts() -> None:
    mixed = {"answered_as": OTHER, "eager": answers(ADA)["eager"], "zeroing": answers(OTHER)["zeroing"]}
    assert run(ADA, mixed).score == 1.0


def test_every_way_of_hedging_is_one_wrong_answer() -> None:
    right = answers(ADA)
    for given in (
        list(KEY["right"]),
        " ".join(KEY["right"]),
        {right["eager"]: 1},
        3,
        True,
        ("eager",),
        right["zeroing"],
        "*",
    ):
        outcome = run(ADA, {**right, "eager": given})
        assert outcome.score == 1.0, given
        assert "is no option of 'eager'" in outcome.message


def test_an_entry_that_is_equal_to_everything_is_no_answer() -> None:
    class Yes(str):
        def __eq__(self, other):
            return True

        def __hash__(self):
            return hash("")

        def strip(self, *_):
            return self

        def lower(self):
            return self

    assert run(ADA, {**answers(ADA), "eager": Yes("anything")}).score == 1.0


def test_a_tampered_sheet_is_graded_for_what_can_be_read() -> None:
    outcome = run(ADA, {**answers(ADA), "score": 15, "pass": True})
    assert outcome.score == 2.0
    assert outcome.message.endswith("the test is passed. Not asked for: 'score' and 'pass'.")


@pytest.mark.parametrize("given", [{}, {"eager": "", "zeroing": None}, {"answered_as": ADA}, {"zeroing": ...}])
def test_an_empty_sheet_is_not_attempted(given) -> None:
    assert run(ADA, given).status == "not_attempted" and run(ADA, given, graded=False).status == "not_attempted"


@pytest.mark.parametrize("graded", [True, False])
def test_without_a_name_it_asks_for_one(graded: bool) -> None:
    for name, got in (("", "is blank"), ("  ", "is blank"), (4711, "is 4711"), (None, "is blank")):
        outcome = run(name, answers(ADA), graded)
        assert outcome.status == "failed"
        assert outcome.message == (
            f"test_9: expected your e-mail address or student number in test_9_student, yours {got}. Your questions were "
            "drawn from it: write what you answered under."
        )


def test_a_list_is_no_sheet() -> None:
    assert run(ADA, ["a", "b"]).message == 'test_9: expected a dict like {"item": "code"}, your answer is a list.'


def test_a_long_name_is_cut_in_messages() -> None:
    outcome = run("x" * 10_000, answers(ADA))
    assert len(outcome.message) < 700 and len(outcome.sheet["typed"]) == 61
