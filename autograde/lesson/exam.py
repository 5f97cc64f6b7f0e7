"""A module test in the notebook: a paper drawn for each student, and the cell that keeps the answers.

It says what is answered and what is open, and nothing of what is right: neither the key nor the feedback is in any of
the student's files. The answers live in the notebook's source, as a quiz's do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson import place
from autograde.lesson.drawing import Dice, normal, seed_of
from autograde.lesson.exam_release import release_exam
from autograde.lesson.exam_text import RESERVED, read_exam
from autograde.lesson.trouble import LessonError


@dataclass(frozen=True)
class Choice:
    """One option: its id, which is what an answer names, and its text."""

    id: str
    text: str


@dataclass(frozen=True)
class Variant:
    """One dress of an item: its question and options, in the order of their ids or in a student's own."""

    id: str
    text: str
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class Item:
    """One item with its variants in the order of their ids."""

    id: str
    variants: tuple[Variant, ...]


class Exam:
    """The test in one file. `show(student, answers)` shows a student's paper; `paper(student)` is it as data."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.id = str(data["id"])
        self.title = str(data["title"])
        self.pass_share = float(data["pass"])
        self.items = tuple(
            Item(
                entry["id"],
                tuple(
                    Variant(one["id"], one["text"], tuple(Choice(**option) for option in one["options"]))
                    for one in entry["variants"]
                ),
            )
            for entry in data["items"]
        )

    def __repr__(self) -> str:
        return f"Exam({self.id!r}, {len(self.items)} items)"

    def paper(self, student: str) -> dict[str, Variant]:
        """A student's paper: item's id → the variant drawn, its options in the student's order; items in theirs, too.

        student: what was typed as name, e-mail address or number. Raises LessonError for a blank one.
        """
        if not isinstance(student, str) or not normal(student):
            raise LessonError(f"{self.id}: type your e-mail address or student number into {self.id}_student first.")
        seed = seed_of(self.id, student)
        drawn = {}
        for item in Dice(seed, "items").shuffled(self.items):
            dice = Dice(seed, f"item/{item.id}")
            variant = item.variants[dice.below(len(item.variants))]
            drawn[item.id] = Variant(variant.id, variant.text, tuple(dice.shuffled(variant.options)))
        return drawn

    def find(self, item: str, option: str) -> tuple[Variant, Choice] | None:
        """The variant and option of this item that an answer's id names; None where there is none."""
        for entry in self.items:
            if entry.id == item:
                for variant in entry.variants:
                    for choice in variant.options:
                        if choice.id == option:
                            return variant, choice
        return None

    def chosen(self, student: str, answers: Any) -> dict[str, str]:
        """Of the answers, those that are options of this student's paper: item → option's id."""
        given = answers if isinstance(answers, Mapping) else {}
        paper = self.paper(student)
        found = {}
        for item, variant in paper.items():
            got = tidy(given.get(item))
            if got in [option.id for option in variant.options]:
                found[item] = got
        return found

    def answers_cell(self, student: str, chosen: Mapping[str, str]) -> str:
        """The whole cell that keeps the answers, to be pasted over the one that is there."""
        lines = [f"# exercise: {self.id}", f"{self.id}_student = {json.dumps(student, ensure_ascii=False)}"]
        lines += [f"{self.id}_answers = {{", f'    "{RESERVED}": {json.dumps(student, ensure_ascii=False)},']
        lines += [f'    "{item.id}": "{chosen.get(item.id, "")}",' for item in self.items]
        return "\n".join([*lines, "}"])

    def show(self, student: str, answers: Any = None, plain: bool = False) -> None:
        """Show the student's paper: with widgets in a notebook that has ipywidgets, as text elsewhere.

        answers: what the answers cell holds so far, so that the paper begins where the student stopped.
        """
        if not isinstance(student, str) or not normal(student):
            print(
                f"Type your e-mail address or student number into {self.id}_student in the cell above, between the "
                "quotes. Run that cell, then this one: your questions are drawn from it."
            )
            return
        if not plain and place.in_notebook():
            try:
                from autograde.lesson.exam_widget import exam_box
            except ImportError:
                pass
            else:
                place.publish_widget(
                    exam_box(self, student, self.chosen(student, answers)), self.as_text(student, answers)
                )
                return
        print(self.as_text(student, answers))

    def as_text(self, student: str, answers: Any = None) -> str:
        """The whole paper as plain text, with how to answer it."""
        chosen = self.chosen(student, answers)
        lines = [f"{self.title}, drawn for {student.strip()}", ""]
        for number, (item, variant) in enumerate(self.paper(student).items(), start=1):
            lines.append(f"{number}. [{item}] {variant.text}")
            for option in variant.options:
                mark = "●" if chosen.get(item) == option.id else "○"
                lines.append(f"   {mark} {option.id}   {option.text}")
            lines.append("")
        lines += [
            self.standing(student, chosen),
            "An answer is the short code in front of its text. This is the cell for your answers, with those that you",
            "have given; put the code of your choice between the quotes, and paste it over the cell that is there:",
            "",
            self.answers_cell(student, chosen),
        ]
        return "\n".join(lines)

    def standing(self, student: str, chosen: Mapping[str, str]) -> str:
        """What is answered and what is open: "13 of 15 answered, still open: questions 3 and 7."."""
        numbers = [str(n) for n, item in enumerate(self.paper(student), start=1) if item not in chosen]
        done = f"{len(self.items) - len(numbers)} of {len(self.items)} answered"
        if not numbers:
            return f"{done}. You may still change them."
        listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
        return f"{done}, still open: question{'s' * (len(numbers) > 1)} {listed}."


def tidy(answer: Any) -> Any:
    """An answer's id as the file writes it; anything but a text stays what it is."""
    return str.lower(str.strip(answer)) if isinstance(answer, str) else answer  # str's own: a subclass may lie


def exam(path: str | os.PathLike[str]) -> Exam:
    """Read a test: `test_1.json` beside the notebook or in the course's data folder, or an author's .toml file."""
    found = place.find_file(path)
    if Path(found).suffix == ".toml":
        return Exam(release_exam(read_exam(found)))
    try:
        return Exam(json.loads(found.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise LessonError(f"{found} is not a test's file ({error}): run the setup cell to fetch it again.") from None
