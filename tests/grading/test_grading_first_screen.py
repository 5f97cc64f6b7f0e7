"""The first screen of a feedback page is honest about the score and says what to do next."""

from __future__ import annotations

from typing import Any

import pytest

from autograde.grading.feedback import breakable
from autograde.grading.first_screen import summary, total


def line(status: str, name: str = "double", **more: Any) -> dict[str, Any]:
    return {"status": status, "title": name, "message": "", "waiting": False, "open": 0.0, "test": "", **more}


@pytest.mark.parametrize(
    ("statuses", "first"),
    [
        (["passed", "not_attempted", "failed"], "failed"),
        (["passed", "skipped", "not_attempted"], "not_attempted"),
        (["skipped", "timeout"], "timeout"),
        (["passed", "partly"], "partly"),
    ],
)
def test_what_a_student_has_begun_comes_before_what_is_empty_or_waits_for_another(
    statuses: list[str], first: str
) -> None:
    assert summary([line(status) for status in statuses])["next"]["status"] == first


def test_the_first_message_does_not_repeat_the_name_before_it() -> None:
    found = summary([line("failed", "clip", message="clip: the cell is empty."), line("failed", message="2 is wrong")])
    assert found["next"]["message"] == "the cell is empty."
    assert summary([line("failed", "clip", message="clip, two rows: 3 is wrong")])["next"]["message"].startswith(
        "clip,"
    )


def test_nothing_is_asked_of_a_student_whose_answers_are_right_or_for_a_person() -> None:
    found = summary([line("passed"), line("grader_error", waiting=True), line("written", waiting=True)])
    assert found["next"] is None and found["left"] == 0
    assert found["waiting"] == "2 answers wait for a person"


def test_an_unwritten_answer_is_what_is_left() -> None:
    found = summary([line("passed"), line("written", "why", message="No answer.")])
    assert [row["title"] for row in found["unwritten"]] == ["why"]


def test_points_that_a_person_may_still_give_are_told_apart_from_points_that_are_lost() -> None:
    found = total({"score": 5.0, "max_score": 10.0, "late_penalty": 0.0}, [line("written", open=2.0), line("failed")])
    assert (found["score"], found["open"], found["open_percent"]) == ("5", "2", "20.0")
    assert total({"score": 5.0, "max_score": 10.0, "late_penalty": 0.0}, [line("failed")])["open"] == ""


def test_a_long_name_breaks_after_an_underscore_only() -> None:
    assert breakable("predict_<b>") == "predict_<wbr>&lt;b&gt;"
