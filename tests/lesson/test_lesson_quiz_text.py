"""A quiz's text: every mistake named with its place and mend, and a file that gives nothing away."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from autograde.course import CourseError
from autograde.lesson.quiz import Quiz, key_of, read_quiz, seal_quiz
from autograde.lesson.quiz_text import validate_quiz


def broken(quiz: dict[str, Any], change) -> dict[str, Any]:
    copied = copy.deepcopy(quiz)
    change(copied)
    return copied


def question(quiz: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return quiz["question"][number]


MISTAKES = [
    (lambda q: q.pop("id"), 'q.toml: id is None: write id = "quiz_1" (small letters, digits and underscores)'),
    (lambda q: q.update(title=" "), 'q.toml: title is missing or empty: write title = "…"'),
    (lambda q: q.update(question=[]), "q.toml: no questions: add a [[question]] table"),
    (lambda q: q.update(subject="x"), 'q.toml: unknown entry "subject": known here are id, question, title'),
    (
        lambda q: question(q).update(id="Eager!"),
        "q.toml: question 1: id is 'Eager!': write id = \"a_short_name\" (small letters, digits and underscores)",
    ),
    (
        lambda q: question(q, 1).update(id="eager"),
        'q.toml: question "eager": a second question with this id: rename one',
    ),
    (lambda q: question(q).pop("text"), 'q.toml: question "eager": text is missing or empty: write text = "…"'),
    (
        lambda q: question(q)["option"].pop(),
        'q.toml: question "eager": 2 options: write at least 3 [[question.option]] tables',
    ),
    (
        lambda q: question(q)["option"][1].update(right=False),
        'q.toml: question "eager": exactly one option must be right, none is: write right = true in one option',
    ),
    (
        lambda q: question(q)["option"][2].update(right=True),
        'q.toml: question "eager": exactly one option must be right, b, c are: write right = true in one option',
    ),
    (
        lambda q: question(q)["option"][2].update(right="yes"),
        'q.toml: question "eager": option "c": right is \'yes\': write right = true, or leave it out',
    ),
    (
        lambda q: question(q)["option"][2].update(letter="a"),
        'q.toml: question "eager": option "a": a second option with this letter: give each its own',
    ),
    (
        lambda q: question(q)["option"][2].update(letter="C"),
        'q.toml: question "eager": option 3: letter is \'C\': write one small letter, letter = "a"',
    ),
    (
        lambda q: question(q)["option"][0].pop("feedback"),
        'q.toml: question "eager": option "a": feedback is missing or empty: write feedback = "why this is right or '
        'wrong"',
    ),
    (
        lambda q: question(q)["option"][0].update(correct=True),
        'q.toml: question "eager": option "a": unknown entry "correct": known here are feedback, letter, right, text',
    ),
    (
        lambda q: q.update(question=[1]),
        "q.toml: question 1 is 1: write a table, its [[heading]] and name = value lines below",
    ),
    (
        lambda q: question(q).update(option=["x", "y", "z"]),
        "q.toml: question \"eager\": option 1 is 'x': write a table, its [[heading]] and name = value lines below",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES, ids=[message[8:50] for _, message in MISTAKES])
def test_a_mistake_is_named_with_its_place_and_its_mend(quiz_toml, change, message: str) -> None:
    validate_quiz(quiz_toml, "q.toml")  # the twin: without the change there is nothing to say
    with pytest.raises(CourseError) as raised:
        seal_quiz(broken(quiz_toml, change), "q.toml")
    assert str(raised.value) == message


def four(quiz: dict[str, Any], rights: str) -> dict[str, Any]:
    """Four copies of the first question whose right options are `rights`, all options equally long."""
    made = {"id": "quiz_4", "title": "t", "question": []}
    for number, right in enumerate(rights):
        options = [{"letter": letter, "text": f"option {letter}", "feedback": "f"} for letter in "abc"]
        options["abc".index(right)]["right"] = True
        made["question"].append({"id": f"q{number}", "text": "?", "option": options})
    return made


def test_a_key_that_is_one_letter_throughout_is_refused(quiz_toml) -> None:
    validate_quiz(four(quiz_toml, "abca"), "q.toml")
    with pytest.raises(CourseError, match='^q.toml: the right option is "b" in every question: move some of them$'):
        validate_quiz(four(quiz_toml, "bbbb"), "q.toml")


def test_a_key_that_is_always_the_longest_option_is_refused(quiz_toml) -> None:
    quiz = four(quiz_toml, "abca")
    for entry in quiz["question"]:
        next(option for option in entry["option"] if option.get("right"))["text"] += ", and more"
    with pytest.raises(CourseError, match="^q.toml: the right option is the longest in every question: "):
        validate_quiz(quiz, "q.toml")
    question(quiz)["option"][1]["text"] += ", and much more"  # the twin: once is enough
    validate_quiz(quiz, "q.toml")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(CourseError, match=r"quiz\.toml: not readable as TOML: "):
        read_quiz(path)


def test_the_key_is_the_right_letter_of_each_question(quiz_toml) -> None:
    assert key_of(quiz_toml) == {"eager": "b", "zeroing": "a"}


def test_the_sealed_quiz_is_the_same_at_every_build(quiz_toml) -> None:
    assert json.dumps(seal_quiz(quiz_toml)) == json.dumps(seal_quiz(copy.deepcopy(quiz_toml)))


def test_nothing_in_the_sealed_quiz_tells_the_right_option_from_the_others(quiz_toml) -> None:
    sealed = seal_quiz(quiz_toml)
    options = [option for entry in sealed["questions"] for option in entry["options"]]
    assert {frozenset(option) for option in options} == {frozenset({"letter", "text", "feedback"})}
    assert len({len(option["feedback"]) for option in options}) == 1
    text = json.dumps(sealed)
    assert "right" not in text.replace("Because gradients add up.", "")
    assert "define-by-run" not in text and "habit with a reason" not in text


def test_moving_the_right_option_changes_no_length_and_no_place(quiz_toml) -> None:
    """The file of another key differs only inside the seals: comparing two versions of it tells nothing."""

    def without_seals(quiz: dict[str, Any]) -> str:
        sealed = seal_quiz(quiz)
        for entry in sealed["questions"]:
            for option in entry["options"]:
                option["feedback"] = len(option["feedback"])
        return json.dumps(sealed)

    other = copy.deepcopy(quiz_toml)
    del question(other)["option"][1]["right"]
    question(other)["option"][0]["right"] = True
    assert without_seals(other) == without_seals(quiz_toml)


def test_every_option_opens_to_its_own_verdict_and_feedback(quiz_toml) -> None:
    quiz = Quiz(json.loads(json.dumps(seal_quiz(quiz_toml))))
    for entry in quiz_toml["question"]:
        for option in entry["option"]:
            verdict = quiz.feedback(entry["id"], option["letter"])
            assert (verdict.right, verdict.text) == (option.get("right", False), option["feedback"])


NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.quiz_*.toml")), ids=lambda path: path.name)
def test_every_quiz_of_the_course_is_well_formed(path: Path) -> None:
    assert len(key_of(read_quiz(path), str(path))) >= 3
