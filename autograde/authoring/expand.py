"""Quiz and lab headers become cells: prose, the widget's fixture and demo, the exercise, its check."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from autograde.authoring.problems import Problem, raise_if_any
from autograde.authoring.text import LessonText, TextCell, shown


def side_file(lesson: LessonText, name: str) -> Path:
    """The TOML file beside the lesson's text that holds a quiz or a lab: notebooks/NN_name.quiz_1.toml."""
    return lesson.path.with_name(f"{lesson.key}.{name}.toml")


def read_side_file(lesson: LessonText, cell: TextCell) -> dict[str, Any]:
    """What a quiz's or lab's TOML file says. Raises LessonProblems that name the file."""
    path = side_file(lesson, str(cell.name))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        mend = f"write {shown(path)}, or take the cell out"
        raise_if_any([lesson.problem(cell.line, f"{cell.kind} {cell.name!r} has no text file", mend)])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise_if_any([Problem(shown(path), 1, f"not valid TOML: {error}", "mend the file")])
    raise AssertionError("unreachable")


def side_products(lesson: LessonText) -> dict[str, str]:
    """The JSON files that go beside the notebook, by file name: sealed quizzes and labs."""
    from autograde.lesson import lab, quiz

    products = {}
    for cell in lesson.cells:
        if cell.kind in ("quiz", "lab"):
            data = read_side_file(lesson, cell)
            sealed = quiz.seal_quiz(data) if cell.kind == "quiz" else lab.seal_lab(data)
            products[f"{cell.name}.json"] = json.dumps(sealed, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    return products


def expand(lesson: LessonText) -> list[TextCell]:
    """The lesson's cells with each quiz and lab cell replaced by the cells it stands for."""
    cells: list[TextCell] = []
    for cell in lesson.cells:
        if cell.kind == "quiz":
            cells += quiz_cells(cell, read_side_file(lesson, cell))
        elif cell.kind == "lab":
            cells += lab_cells(cell, read_side_file(lesson, cell))
        else:
            cells.append(cell)
    return cells


def _cell(origin: TextCell, kind: str, source: str, points: float | None = None, name: str | None = None) -> TextCell:
    named = name if kind in ("exercise", "check", "written") else None
    tags = [kind] if kind in ("fixture", "demo") else []
    return TextCell(kind, named, None, points, [], tags, source, origin.line, origin.line)


def quiz_cells(cell: TextCell, data: dict[str, Any]) -> list[TextCell]:
    """How it works · `quiz_1 = lesson.quiz(…)` · `quiz_1.show()` · the answers · the check, key hidden."""
    name = str(cell.name)
    key = {
        question["id"]: next((option["letter"] for option in question["option"] if option.get("right")), "")
        for question in data["question"]
    }
    blank = "\n".join(f'    "{question}": "",' for question in key)
    how = f"""\
## {data["title"]}

{len(key)} questions. Choose an answer and its explanation appears, right or wrong. Your choices earn points only where the
notebook keeps them: paste the line that appears under the last question into the cell below the quiz, and run it."""
    answers = f"""\
# exercise: {name}
# A letter for each question: paste the quiz's own line over these, or write them here.
{name}_answers = {{
{blank}
}}
### BEGIN SOLUTION
{name}_answers = {json.dumps(key, ensure_ascii=False)}
### END SOLUTION"""
    test = f"""\
check.answers({name}, {name}_answers)
### BEGIN HIDDEN TESTS
check.key({name}_answers, {json.dumps(key, ensure_ascii=False)})
### END HIDDEN TESTS"""
    return [
        _cell(cell, "markdown", how),
        _cell(cell, "fixture", f'{name} = lesson.quiz("{name}.json")'),
        _cell(cell, "demo", f"{name}.show()"),
        _cell(cell, "exercise", answers, name=name),
        _cell(cell, "check", test, points=cell.points, name=name),
    ]


def lab_cells(cell: TextCell, data: dict[str, Any]) -> list[TextCell]:
    """The situation · the partner's fixture · the student's turns · the talk · its check · the recommendation."""
    name = str(cell.name)
    turns = data.get("model_turns") or [entry["asks"] for entry in data["rubric"]]
    model = ",\n".join(f"    {_quoted(turn)}" for turn in turns)
    how = f"## {data['title']}\n\n{str(data['situation']).strip()}\n\n**Your role.** {str(data['role']).strip()}"
    exercise = f'''\
# exercise: {name}
# Add a turn between the brackets, run this cell and the next, read the answer, then add the next turn:
#     """What you say to {data["partner"]["name"]}, in a few sentences.""",
{name}_turns = []
### BEGIN SOLUTION
{name}_turns = [
{model},
]
### END SOLUTION'''
    written = f"### BEGIN SOLUTION\n{str(data['recommendation_model']).strip()}\n### END SOLUTION"
    return [
        _cell(cell, "markdown", how),
        _cell(cell, "fixture", f'{name} = lesson.lab("{name}.json")'),
        _cell(cell, "exercise", exercise, name=name),
        _cell(cell, "demo", f"{name}.talk({name}_turns)"),
        _cell(cell, "check", f"check.exchanges({name}, {name}_turns)", points=cell.points, name=name),
        _cell(cell, "written", written, points=float(data["recommendation_points"]), name=f"{name}_recommendation"),
    ]


def _quoted(text: str) -> str:
    """A turn as a triple-quoted string."""
    safe = text.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{safe}"""'
