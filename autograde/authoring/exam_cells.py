"""A test's header as cells: how it works · the paper's fixture · name and answers · the paper · the check."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from autograde.authoring.exam_places import PLACES
from autograde.authoring.text import TextCell
from autograde.lesson.exam import Exam
from autograde.lesson.exam_release import key_of_exam, release_exam

REFERENCE = "reference@example.org"  # under which name the instructor notebook's answers are given

TEXT = """\
## {title}

**{count} questions, about {minutes} minutes. {needed} right answers pass ({share:.0%}).**

1. Type your e-mail address or student number into the next cell, between the quotes, and run it. Your questions and
   their order are drawn from it: your neighbour has others. Use the one that your course knows you by.
2. Run the cell below that one. The questions appear. You may change an answer as often as you like.
3. The grey box at the end always holds your answers as text. **Copy it over the whole cell for your answers** and run
   that cell: clicks are lost when a notebook is downloaded, text is kept. You may stop in between and go on tomorrow.
4. The check says which questions are still open. What is right it does not know: the key is not in this notebook, in no
   form. You read it on your feedback page, with a sentence on each answer and the lesson to read again."""

ANSWERS = """\
# exercise: {name}
# First your e-mail address or student number between the quotes. In the end: the box under the questions, pasted here.
{name}_student = ""
{name}_answers = {{}}
### BEGIN SOLUTION
{solution}
### END SOLUTION"""

CHECK = """\
check.sheet({name}, {name}_student, {name}_answers)
### BEGIN HIDDEN TESTS
check.graded({name}, {name}_student, {name}_answers, {key})
### END HIDDEN TESTS"""

Made = tuple[str, str] | tuple[str, str, float | None]


def cells_of(cell: TextCell, data: Mapping[str, Any]) -> list[Made]:
    """(kind, source, points) of each cell; what `expand` makes cells of. data: the bank, with its items' places."""
    name = str(cell.name)
    exam = Exam(release_exam(data))
    count = len(exam.items)
    text = TEXT.format(
        title=data["title"],
        count=count,
        minutes=data["minutes"],
        needed=math.ceil(round(exam.pass_share * count, 9)),
        share=exam.pass_share,
    )
    # One line: a hidden line is looked for in what feedback pages show, and an option's id is no secret.
    key = json.dumps(key_of_exam(data, data.get(PLACES)), ensure_ascii=False)
    return [
        ("markdown", text),
        ("fixture", f'{name} = lesson.exam("{name}.json")'),
        ("exercise", ANSWERS.format(name=name, solution=solution(exam, data))),
        ("demo", f"{name}.show({name}_student, {name}_answers)"),
        ("check", CHECK.format(name=name, key=key), cell.points),
    ]


def solution(exam: Exam, data: Mapping[str, Any]) -> str:
    """The reference: every item right on the reference's own paper."""
    right = set(key_of_exam(data)["right"])
    paper = exam.paper(REFERENCE)
    chosen = {item: next(option.id for option in paper[item].options if option.id in right) for item in paper}
    return exam.answers_cell(REFERENCE, chosen).partition("\n")[2]
