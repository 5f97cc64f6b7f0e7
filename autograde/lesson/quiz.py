"""A quiz in the notebook: options to choose from, feedback for each choice, and the line that keeps the answers.

The answers live in the notebook's source (`quiz_1_answers = {…}`), because outputs and widget states do not survive
every download. The feedback lies sealed in the quiz file (see autograde.lesson.seal for what that does not protect).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson import place, quiz_text
from autograde.lesson.quiz_text import key_of, read_quiz, seal_quiz
from autograde.lesson.seal import SealError, unseal
from autograde.lesson.trouble import LessonError

__all__ = ["Option", "Question", "Quiz", "Verdict", "key_of", "quiz", "read_quiz", "seal_quiz"]


@dataclass(frozen=True)
class Option:
    """One option: its letter, its text, and its sealed verdict and feedback."""

    letter: str
    text: str
    feedback: str


@dataclass(frozen=True)
class Question:
    """One question and its options in order."""

    id: str
    text: str
    options: tuple[Option, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that can be chosen, in order."""
        return tuple(option.letter for option in self.options)


@dataclass(frozen=True)
class Verdict:
    """What choosing an option says: whether it is right, and why. Prints as one text."""

    right: bool
    text: str

    def __str__(self) -> str:
        return f"{'✓ Right.' if self.right else '✗ Not this one.'} {self.text}"


class Quiz:
    """The questions of one quiz file. `show()` shows them; `feedback(question, letter)` says what a choice is worth."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.id = str(data["id"])
        self.title = str(data["title"])
        self.questions = tuple(
            Question(entry["id"], entry["text"], tuple(Option(**option) for option in entry["options"]))
            for entry in data["questions"]
        )

    def __repr__(self) -> str:
        return f"Quiz({self.id!r}, {len(self.questions)} questions)"

    @property
    def letters(self) -> dict[str, tuple[str, ...]]:
        """For each question the letters that can be chosen: {"eager": ("a", "b", "c"), …}."""
        return {question.id: question.letters for question in self.questions}

    def feedback(self, question: str, letter: str) -> Verdict:
        """The verdict on one option. Raises LessonError for a question or letter that the quiz does not have."""
        if question not in self.letters:
            raise LessonError(f"{self.id} has no question {question!r}: choose one of {', '.join(self.letters)}.")
        chosen = str(letter).strip().lower()
        for option in next(entry.options for entry in self.questions if entry.id == question):
            if option.letter == chosen:
                try:
                    right, text = json.loads(unseal(option.feedback, quiz_text.option_key(self.id, question, chosen)))
                except SealError as error:
                    raise LessonError(f"{self.id}: the quiz file is damaged ({error}): fetch it again.") from None
                return Verdict(right, text)
        raise LessonError(f"{question} has no option {letter!r}: choose one of {', '.join(self.letters[question])}.")

    def answers_line(self, chosen: Mapping[str, str]) -> str:
        """The line to paste into the exercise cell, with an empty text for each question not answered yet."""
        entries = ", ".join(f'"{question.id}": "{chosen.get(question.id, "")}"' for question in self.questions)
        return f"{self.id}_answers = {{{entries}}}"

    def show(self, plain: bool = False) -> None:
        """Show the quiz: with widgets in a notebook that has ipywidgets, as text elsewhere and with `plain=True`."""
        if not plain and place.in_notebook():
            try:
                from autograde.lesson.quiz_widget import quiz_box
            except ImportError:
                pass
            else:
                place.publish_widget(quiz_box(self), self.as_text())
                return
        print(self.as_text())

    def as_text(self) -> str:
        """The whole quiz as plain text, with how to answer it."""
        lines = [self.title, ""]
        for number, question in enumerate(self.questions, start=1):
            lines += [f"{number}. [{question.id}] {question.text}"]
            lines += [f"   {option.letter}) {option.text}" for option in question.options] + [""]
        first = self.questions[0]
        lines += [
            "Feedback for an option:",
            f'   print({self.id}.feedback("{first.id}", "{first.letters[0]}"))',
            "Put your letters into this line, in the cell for your answers:",
            f"   {self.answers_line({})}",
        ]
        return "\n".join(lines)


def quiz(path: str | os.PathLike[str]) -> Quiz:
    """Read a quiz: `quiz_1.json` beside the notebook or in the course's data folder, or an author's .toml file."""
    found = place.find_file(path)
    if Path(found).suffix == ".toml":
        return Quiz(seal_quiz(read_quiz(found), str(found)))
    try:
        return Quiz(json.loads(found.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise LessonError(f"{found} is not a quiz file ({error}): run the setup cell to fetch it again.") from None
