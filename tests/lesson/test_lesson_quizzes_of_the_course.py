"""The course's own quizzes: well-formed, no key that can be guessed, every figure in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.facts import PLACE, facts_beside, used_facts
from autograde.lesson.quiz import Quiz, key_of, read_quiz, seal_quiz

QUIZZES = sorted((Path(__file__).parents[2] / "notebooks").glob("*.quiz_*.toml"))
NAMES = [path.name for path in QUIZZES]


def test_there_are_the_quizzes_of_the_syllabus() -> None:
    assert {name.split(".")[1] for name in NAMES} >= {"quiz_1", "quiz_2", "quiz_3", "quiz_4"}


@pytest.mark.parametrize("path", QUIZZES, ids=NAMES)
def test_a_quiz_has_five_questions_of_four_options_and_feedback_that_says_something(path: Path) -> None:
    quiz = read_quiz(path)
    assert len(quiz["question"]) == 5
    for question in quiz["question"]:
        assert len(question["option"]) >= 4, question["id"]
        said = [option["feedback"] for option in question["option"]]
        assert len(set(said)) == len(said) and min(len(text.split()) for text in said) >= 15, question["id"]


@pytest.mark.parametrize("path", QUIZZES, ids=NAMES)
def test_every_figure_is_in_its_place_and_every_fact_is_known(path: Path) -> None:
    known = facts_beside(path)
    assert [name for _, name in used_facts(path.read_text(encoding="utf-8")) if name not in known] == []
    assert not PLACE.search(str(read_quiz(path)))


@pytest.mark.parametrize("path", QUIZZES, ids=NAMES)
def test_neither_letter_nor_length_nor_a_date_gives_the_key_away(path: Path) -> None:
    quiz = read_quiz(path)
    key = key_of(quiz)
    assert len(set(key.values())) >= 3
    longest, shortest, dated = 0, 0, []
    for question in quiz["question"]:
        sizes = {option["letter"]: len(option["text"]) for option in question["option"]}
        right = sizes.pop(key[question["id"]])
        longest += right > max(sizes.values())
        shortest += right < min(sizes.values())
        dated += [option["letter"] for option in question["option"] if "(20" in option["text"]]
    assert longest <= 2 and shortest <= 2  # of five: by chance one or two
    assert dated == []  # a dated figure would mark the option that was made from a fact


@pytest.mark.parametrize("path", QUIZZES, ids=NAMES)
def test_a_students_choice_gets_the_verdict_and_the_reason(path: Path) -> None:
    quiz = read_quiz(path)
    sealed, key = Quiz(seal_quiz(quiz)), key_of(quiz)
    for question in quiz["question"]:
        for option in question["option"]:
            verdict = sealed.feedback(question["id"], option["letter"])
            assert verdict.right == (key[question["id"]] == option["letter"])
            assert verdict.text == option["feedback"].strip()
