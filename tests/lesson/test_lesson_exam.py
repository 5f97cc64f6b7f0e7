# ruff: noqa: E501
"""A test as the student meets it: what is answered, what is open, and never what is right."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograde.lesson import place
from autograde.lesson.exam import Exam, exam
from autograde.lesson.trouble import LessonError

FILE = Path(__file__).parent / "exams" / "two_items.toml"
TEXT = """\
A test of two items, drawn for ada@example.org

1. [eager] You put `print(y)` under `y = x * 2`. What does it print?
   ○ s7b7a   A node of a graph without values.
   ○ h5vvn   Nothing before `backward()`.
   ○ xpy9u   The values of y.

2. [zeroing] A loop calls `backward()` twice without clearing. What stands in `.grad`?
   ○ hejww   The mean of the two.
   ● xa2wr   The last gradient.
   ○ rvhgr   The sum of both gradients.

1 of 2 answered, still open: question 1.
An answer is the short code in front of its text. This is the cell for your answers, with those that you
have given; put the code of your choice between the quotes, and paste it over the cell that is there:

# exercise: test_9
test_9_student = "ada@example.org"
test_9_answers = {
    "answered_as": "ada@example.org",
    "eager": "",
    "zeroing": "xa2wr",
}
"""


@pytest.fixture
def test_9() -> Exam:
    return exam(FILE)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    shown: list[dict] = []
    monkeypatch.setattr(place, "in_notebook", lambda: True)
    monkeypatch.setattr(place, "publish", lambda data, metadata=None: shown.append(data))
    return shown


def test_the_paper_as_text_with_the_answers_so_far(test_9: Exam, capsys) -> None:
    test_9.show("ada@example.org", {"zeroing": "XA2WR "})
    assert capsys.readouterr().out == TEXT


def test_plain_asks_for_text_in_a_notebook_too(test_9: Exam, notebook, capsys) -> None:
    test_9.show("ada@example.org", {"zeroing": "xa2wr"}, plain=True)
    assert capsys.readouterr().out == TEXT and notebook == []


def test_without_ipywidgets_the_paper_is_text(test_9: Exam, notebook, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "autograde.lesson.exam_widget", raising=False)
    test_9.show("ada@example.org", {"zeroing": "xa2wr"})
    assert capsys.readouterr().out == TEXT


@pytest.mark.parametrize("name", ["", "  ", ..., None])
def test_without_a_name_it_says_what_to_do(test_9: Exam, name, capsys) -> None:
    test_9.show(name, {})
    assert capsys.readouterr().out == (
        "Type your e-mail address or student number into test_9_student in the cell above, between the quotes. Run that "
        "cell, then this one: your questions are drawn from it.\n"
    )


@pytest.mark.parametrize("answers", [None, ..., [], "x", {"eager": 3}, {"eager": "zzzzz"}, {"nobody": "xpy9u"}])
def test_answers_that_make_no_sense_are_shown_as_open(test_9: Exam, answers) -> None:
    assert test_9.chosen("ada@example.org", answers) == {}


def test_answers_of_another_paper_are_shown_as_open(test_9: Exam) -> None:
    other = next(one for item in test_9.items for one in item.variants if one.id == "ek8ud")
    assert test_9.chosen("ada@example.org", {"eager": other.options[0].id}) == {}


def test_the_pasted_cell_is_python_whatever_the_name(test_9: Exam) -> None:
    for name in ('Ada "the first"', "back\\slash", "Åsa Ünal", "a'b", "{ada}"):
        bound: dict = {}
        exec(test_9.answers_cell(name, {"eager": "xpy9u"}), bound)
        assert bound["test_9_student"] == name
        assert bound["test_9_answers"] == {"answered_as": name, "eager": "xpy9u", "zeroing": ""}


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "test_9.json").write_text('{"id": "test_9"}')
    with pytest.raises(LessonError, match="is not a test's file .*: run the setup cell to fetch it again"):
        exam(tmp_path / "test_9.json")


def test_nothing_that_a_student_can_reach_knows_what_is_right(test_9: Exam) -> None:
    seen = repr(vars(test_9)) + test_9.as_text("ada@example.org")
    for secret in ("Define-by-run", "right", "key", "teaches", "subject"):
        assert secret not in seen
