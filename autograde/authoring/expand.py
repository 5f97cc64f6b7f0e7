"""Quiz, lab and test headers become cells: prose, the widget's fixture and demo, the exercise, its check."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from autograde.authoring.exam_cells import cells_of
from autograde.authoring.problems import Problem
from autograde.authoring.text import UNFOLDED, LessonText, TextCell

QUIZ_TEXT = """\
## {title}

{count} questions. Choose an option and its explanation appears at once, right or wrong; you may choose again.
Clicks are lost when a notebook is downloaded; what stands in a cell is kept. So **paste the line that appears under the
last question into the cell below the quiz**, and run it."""

QUIZ_ANSWERS = """\
# exercise: {name}
# One letter for each question. The quiz above shows this line ready to paste.
{name}_answers = {blank}
### BEGIN SOLUTION
{name}_answers = {key}
### END SOLUTION"""

QUIZ_CHECK = """\
check.answers({name}, {name}_answers)
### BEGIN HIDDEN TESTS
check.key({name}_answers, {key})
### END HIDDEN TESTS"""

LAB_TEXT = """\
## {title}

{situation}

{role}

{partner} opens the conversation and answers what you write. Say something of substance at least {exchanges} times.

| | points | who decides |
|---|---|---|
| {exchanges} exchanges | {points:g} | the autograder |
| your recommendation | {recommendation_points:g} | a person, by the rubric that {partner}'s questions follow |"""

LAB_TURNS = '''\
# exercise: {name}
# Your side of the conversation, one text a turn. Add a turn, run this cell and the next, read the answer, go on:
#     """What you say to {partner}, in two or three sentences.""",
{name}_turns = []
### BEGIN SOLUTION
{name}_turns = [
{turns}
]
### END SOLUTION'''

LAB_RECOMMENDATION = """\
**Your recommendation.** Make the call, and give the reasons in five to ten sentences.

### BEGIN SOLUTION
{model}
### END SOLUTION"""


def expand(lesson: LessonText, side: Mapping[str, dict[str, Any]]) -> tuple[list[TextCell], list[Problem]]:
    """The lesson's cells with each quiz, lab and test replaced by its cells (none where `side` lacks it)."""
    cells: list[TextCell] = []
    problems: list[Problem] = []
    for cell in lesson.cells:
        data = side.get(str(cell.name))
        if cell.kind not in UNFOLDED:
            cells.append(cell)
            continue
        if cell.source:
            what = f"the {cell.kind} cell has a body, which the build would lose"
            problems.append(lesson.problem(cell.source_line, what, "empty the cell: its text is the TOML file"))
        if data is not None:
            cells += CELLS[cell.kind](cell, data)
    return cells, problems


def made_cell(
    origin: TextCell, kind: str, source: str, points: float | None = None, name: str | None = None
) -> TextCell:
    """A cell that the build writes where the lesson has only a header."""
    named = (name or origin.name) if kind in ("exercise", "check", "written") else None
    tags = [kind] if kind in ("fixture", "demo") else []
    return TextCell(kind, named, None, points, [], tags, source, origin.line, origin.line)


def quiz_key(quiz: Mapping[str, Any]) -> dict[str, str]:
    """The right letter of each question of a checked quiz; quiz_text.key_of without its checks, and without torch."""
    return {
        question["id"]: option["letter"]
        for question in quiz["question"]
        for option in question["option"]
        if option.get("right")
    }


def quiz_cells(cell: TextCell, data: Mapping[str, Any]) -> list[TextCell]:
    """How it works · `quiz_1 = lesson.quiz(…)` · `quiz_1.show()` · the answers · the check, its key hidden."""
    name = str(cell.name)
    right = quiz_key(data)
    blank = "{\n" + "".join(f'    "{question}": "",\n' for question in right) + "}"
    key = json.dumps(right, ensure_ascii=False)
    return [
        made_cell(cell, "markdown", QUIZ_TEXT.format(title=data["title"], count=len(right))),
        made_cell(cell, "fixture", f'{name} = lesson.quiz("{name}.json")'),
        made_cell(cell, "demo", f"{name}.show()"),
        made_cell(cell, "exercise", QUIZ_ANSWERS.format(name=name, blank=blank, key=key)),
        made_cell(cell, "check", QUIZ_CHECK.format(name=name, key=key), cell.points),
    ]


def lab_cells(cell: TextCell, data: Mapping[str, Any]) -> list[TextCell]:
    """The situation · the partner's fixture · the student's turns · the talk · its check · the recommendation."""
    name, partner = str(cell.name), data["partner"]["name"]
    exchanges = int(data.get("exchanges", 3))
    asked = f", at_least={exchanges}" if "exchanges" in data else ""
    text = LAB_TEXT.format(
        title=data["title"],
        situation=str(data["situation"]).strip(),
        role=str(data["role"]).strip(),
        partner=partner,
        exchanges=exchanges,
        points=cell.points or 0,
        recommendation_points=data["recommendation_points"],
    )
    model = str(data["recommendation_model"]).strip()
    turns = "\n".join(f"    {_quoted(turn)}," for turn in model_turns(model, exchanges))
    written = LAB_RECOMMENDATION.format(model=model)
    points = float(data["recommendation_points"])
    return [
        made_cell(cell, "markdown", text),
        made_cell(cell, "fixture", f'{name} = lesson.lab("{name}.json")'),
        made_cell(cell, "exercise", LAB_TURNS.format(name=name, partner=partner, turns=turns)),
        made_cell(cell, "demo", f"{name}.talk({name}_turns)"),
        made_cell(cell, "check", f"check.exchanges({name}, {name}_turns{asked})", cell.points),
        made_cell(cell, "written", written, points, f"{name}_recommendation"),
    ]


def model_turns(model: str, count: int) -> list[str]:
    """The reference conversation: the model recommendation's sentences, told in `count` turns, or fewer."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(model.split()))
    turns: list[str] = [""] * min(count, len(sentences))
    for place, sentence in enumerate(sentences):
        turn = place * len(turns) // len(sentences)
        turns[turn] = f"{turns[turn]} {sentence}".strip()
    return turns


def _quoted(text: str) -> str:
    """A turn as a triple-quoted string."""
    safe = text.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{safe}"""'


def exam_cells(cell: TextCell, data: Mapping[str, Any]) -> list[TextCell]:
    """See exam_cells.py."""
    return [made_cell(cell, *one) for one in cells_of(cell, data)]


CELLS = {"quiz": quiz_cells, "lab": lab_cells, "exam": exam_cells}
