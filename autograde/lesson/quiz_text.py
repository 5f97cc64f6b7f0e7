"""A quiz as its author writes it (TOML), checked, and sealed into what the student's notebook reads (JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograde.course import CourseError
from autograde.facts import facts_beside, with_facts_inside
from autograde.lesson.entries import named_tables, need_known, need_name, need_table, need_text, read_toml
from autograde.lesson.seal import seal, sealed_bytes

FORMAT = 1
LETTER = re.compile(r"[a-z]")
TABLES = {
    "quiz": {"id", "title", "question"},
    "question": {"id", "text", "option"},
    "option": {"letter", "text", "right", "feedback"},
}


def read_quiz(path: Path) -> dict[str, Any]:
    """The quiz in a TOML file, checked. Raises CourseError that names the file, the question and the mend."""
    quiz = with_facts_inside(read_toml(path), facts_beside(path))
    validate_quiz(quiz, str(path))
    return quiz


def key_of(quiz: Mapping[str, Any], where: str = "quiz") -> dict[str, str]:
    """The right letter of each question: {"eager": "b", …}. Raises CourseError for a quiz with a mistake."""
    validate_quiz(quiz, where)
    return {
        question["id"]: option["letter"]
        for question in quiz["question"]
        for option in question["option"]
        if option.get("right", False)
    }


def seal_quiz(quiz: Mapping[str, Any], where: str = "quiz") -> dict[str, Any]:
    """What the student's quiz file holds: questions and options in clear, each option's verdict and feedback sealed.

    Every sealed text of the quiz has the same length, and the verdict is inside the seal, so that nothing in the file
    tells the right option from the others. See autograde.lesson.seal for what that protects and what not.
    """
    validate_quiz(quiz, where)
    notes = {
        (question["id"], option["letter"]): json.dumps([bool(option.get("right", False)), option["feedback"].strip()])
        for question in quiz["question"]
        for option in question["option"]
    }
    size = max(sealed_bytes(note) for note in notes.values())
    questions = []
    for question in quiz["question"]:
        options = [
            {
                "letter": option["letter"],
                "text": option["text"].strip(),
                "feedback": seal(
                    notes[question["id"], option["letter"]],
                    option_key(quiz["id"], question["id"], option["letter"]),
                    size,
                ),
            }
            for option in question["option"]
        ]
        questions.append({"id": question["id"], "text": question["text"].strip(), "options": options})
    return {"format": FORMAT, "id": quiz["id"], "title": quiz["title"], "questions": questions}


def option_key(quiz_id: str, question_id: str, letter: str) -> str:
    """The text that an option's feedback is sealed under."""
    return f"quiz/{quiz_id}/{question_id}/{letter}"


def validate_quiz(quiz: Mapping[str, Any], where: str) -> None:
    """Raise CourseError for the first mistake in a quiz: `where: question "id": what is wrong: the mend`."""
    need_known(quiz, TABLES["quiz"], where)
    need_name(quiz.get("id"), where, 'write id = "quiz_1"')
    need_text(quiz.get("title"), f"{where}: title", 'write title = "…"')
    none = "no questions: add a [[question]] table"
    for question, here in named_tables(quiz.get("question"), where, "question", none):
        _validate_question(question, here)
    _not_given_away(quiz["question"], where)


def _validate_question(question: Mapping[str, Any], here: str) -> None:
    need_known(question, TABLES["question"], here)
    need_text(question.get("text"), f"{here}: text", 'write text = "…"')
    options = question.get("option")
    if not isinstance(options, list) or len(options) < 3:
        count = len(options) if isinstance(options, list) else 0
        raise CourseError(f"{here}: {count} options: write at least 3 [[question.option]] tables")
    seen: set[str] = set()
    for number, option in enumerate(options, start=1):
        need_table(option, f"{here}: option {number}")
        letter = option.get("letter")
        if not isinstance(letter, str) or not LETTER.fullmatch(letter):
            raise CourseError(f'{here}: option {number}: letter is {letter!r}: write one small letter, letter = "a"')
        at = f'{here}: option "{letter}"'
        if letter in seen:
            raise CourseError(f"{at}: a second option with this letter: give each its own")
        seen.add(letter)
        need_known(option, TABLES["option"], at)
        need_text(option.get("text"), f"{at}: text", 'write text = "…"')
        need_text(option.get("feedback"), f"{at}: feedback", 'write feedback = "why this is right or wrong"')
        if not isinstance(option.get("right", False), bool):
            raise CourseError(f"{at}: right is {option['right']!r}: write right = true, or leave it out")
    right = [option["letter"] for option in options if option.get("right", False)]
    if len(right) != 1:
        found = "none is" if not right else f"{', '.join(right)} are"
        raise CourseError(f"{here}: exactly one option must be right, {found}: write right = true in one option")


def _not_given_away(questions: list[dict[str, Any]], where: str) -> None:
    """A key that can be guessed without reading: all the same letter, or always the longest option."""
    if len(questions) < 4:
        return
    letters = {option["letter"] for question in questions for option in question["option"] if option.get("right")}
    if len(letters) == 1:
        raise CourseError(f'{where}: the right option is "{letters.pop()}" in every question: move some of them')
    if all(_right_is_longest(question["option"]) for question in questions):
        raise CourseError(
            f"{where}: the right option is the longest in every question: shorten some, or say more in others"
        )


def _right_is_longest(options: list[dict[str, Any]]) -> bool:
    right = max(len(option["text"].strip()) for option in options if option.get("right"))
    return all(len(option["text"].strip()) < right for option in options if not option.get("right"))
