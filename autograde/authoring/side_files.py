"""Quizzes, labs and tests as written beside the lesson (NN_name.quiz_1.toml), and as a notebook reads them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograde.authoring.banks import bank
from autograde.authoring.exam_places import PLACES, place_problems, places_of
from autograde.authoring.expand import model_turns
from autograde.authoring.facts import Fact, used_facts, with_facts_inside
from autograde.authoring.links import text_problems, with_absolute_links
from autograde.authoring.problems import Problem
from autograde.authoring.text import UNFOLDED, LessonText, TextCell, shown
from autograde.course import Course, CourseError

# Entries that are shown as prose. The others (a rubric's patterns) may look like a link and are none.
PROSE = {"text", "feedback", "situation", "role", "opening", "recommendation_model"}


def side_path(lesson: LessonText, name: str) -> Path:
    """The TOML file of a quiz or lab."""
    return lesson.path.with_name(f"{lesson.key}.{name}.toml")


def read_side_files(
    course: Course, lesson: LessonText, facts: dict[str, Fact]
) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """The lesson's quizzes and labs by name, facts and links in their places, and what is wrong with their files."""
    good: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for cell in lesson.cells:
        if cell.kind in UNFOLDED:
            data, wrong = _read(course, lesson, cell, facts)
            problems += wrong
            if data is not None:
                good[str(cell.name)] = data
    named = {side_path(lesson, str(cell.name)) for cell in lesson.cells if cell.kind in UNFOLDED}
    for path in sorted(lesson.path.parent.glob(f"{lesson.key}.*.toml")):
        if path not in named:
            name = path.name.split(".")[1]
            kind = {"lab": "lab", "test": "exam"}.get(name.partition("_")[0], "quiz")
            mend = f'add a cell `# %% {kind}="{name}" points=5` to the lesson, or remove the file'
            problems.append(Problem(shown(path), 1, "no cell of the lesson uses this file", mend))
    return good, problems


def _read(
    course: Course, lesson: LessonText, cell: TextCell, facts: dict[str, Fact]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    path = side_path(lesson, str(cell.name))
    if cell.kind == "exam":
        path = bank(path)
    where = shown(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError:
        what = f"{cell.kind} {cell.name!r} has no file of its own"
        return None, [lesson.problem(cell.line, what, f"write {where}, or take the cell out")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        return None, [Problem(where, int(line[1]) if line else 1, f"not valid TOML: {error}", "mend the line")]
    problems = _prose_problems(course, where, text, data, facts)
    data = with_facts_inside(data, facts)  # before the check: a lab's sums need their numbers
    if problems and "{{" in str(data):
        return None, problems
    try:
        _validate(cell.kind, data, where)
    except CourseError as error:
        what = str(error).removeprefix(f"{where}: ")
        problems.append(Problem(where, _line_of(text, what), what, ""))
        return None, problems
    if data["id"] != cell.name:
        what = f"id is {data['id']!r}, and the lesson calls it {cell.name!r}"
        problems.append(Problem(where, _line_with(text, "id"), what, f'write id = "{cell.name}"'))
    if cell.kind == "lab" and data["points"] != cell.points:
        what = f"points = {data['points']} here, and points={cell.points or 0:g} in the lesson's cell"
        problems.append(Problem(where, _line_with(text, "points"), what, "write the same number in both"))
    if cell.kind == "lab" and len(model_turns(data["recommendation_model"], asked := data.get("exchanges", 3))) < asked:
        what = f"the reference conversation needs {asked} sentences of the model recommendation, and it has fewer"
        problems.append(Problem(where, _line_with(text, "recommendation_model"), what, "write more sentences"))
    made = _mapped(data, lambda prose: absolute(course, prose))
    if cell.kind == "exam":
        problems += place_problems(course, data, where, lambda what: _line_of(text, what))
        made[PLACES] = places_of(course, data)
    return made, problems


def _validate(kind: str, data: Mapping[str, Any], where: str) -> None:
    """Raise CourseError for a mistake in a quiz, lab or test. Imported here: the lesson room brings torch."""
    if kind == "quiz":
        from autograde.lesson.quiz_text import validate_quiz

        validate_quiz(data, where)
    elif kind == "exam":
        from autograde.lesson.exam_text import validate_exam

        validate_exam(data, where)
    else:
        from autograde.lesson.lab_text import validate_lab

        validate_lab(data, where)


def _prose_problems(
    course: Course, where: str, text: str, data: Mapping[str, Any], facts: dict[str, Fact]
) -> list[Problem]:
    """Links that do not resolve, pictures without alt text, facts that nobody knows."""
    found = []
    for prose in _prose(data):
        for problem in text_problems(course.root, ".", where, prose):
            target = re.search(r"'([^']*)'", problem.what)
            line = _line_with(text, target[1]) if target else 1
            found.append(Problem(where, line, problem.what, problem.mend))
    for number, name in used_facts(text):
        if name not in facts:
            what = f"no fact {name!r} in data/facts.toml"
            found.append(Problem(where, number + 1, what, f"add a [{name}] table there"))
        elif facts[name].number is None and f"{name}.number" in text.splitlines()[number]:
            found.append(Problem(where, number + 1, f"the fact {name!r} is no number", "write number = … in its table"))
    return found


def _prose(data: Any, name: str = "") -> list[str]:
    if isinstance(data, Mapping):
        return [prose for key, entry in data.items() for prose in _prose(entry, key)]
    if isinstance(data, list):
        return [prose for entry in data for prose in _prose(entry, name)]
    return [data] if isinstance(data, str) and name in PROSE else []


def _mapped(data: Any, change: Any, name: str = "") -> Any:
    if isinstance(data, dict):
        return {key: _mapped(entry, change, key) for key, entry in data.items()}
    if isinstance(data, list):
        return [_mapped(entry, change, name) for entry in data]
    return change(data) if isinstance(data, str) and name in PROSE else data


def _line_with(text: str, part: str) -> int:
    """The first line, counted from 1, that holds `part`."""
    return next((n for n, line in enumerate(text.splitlines(), start=1) if part in line), 1)


def _line_of(text: str, what: str) -> int:
    """The line that a message speaks of: of the name that it quotes first; in a test, of the variant or option too."""
    named = re.search(r'"([a-z0-9_]+)"', what)
    line = _line_with(text, f'"{named[1]}"') if named else 1
    for word, head in (("variant", "[[item.variant]]"), ("option", "[[item.variant.option]]")):
        if number := re.search(rf", {word} (\d+)", what):
            line = _nth_after(text, line, head, int(number[1]))
    return line


def _nth_after(text: str, line: int, head: str, count: int) -> int:
    """The line of the count-th table `head` below line `line`; that line itself where there are not so many."""
    found = [n for n, here in enumerate(text.splitlines(), start=1) if n > line and here.strip() == head]
    return found[count - 1] if len(found) >= count else line


def absolute(course: Course, prose: str) -> str:
    """The prose with repository-relative links made absolute: a notebook is read far from its repository."""
    return with_absolute_links(prose, course.blob_url, course.raw_url)


def sealed_files(side: Mapping[str, dict[str, Any]], lesson: LessonText) -> dict[str, str]:
    """The JSON files that lie beside the notebook, by file name."""
    from autograde.lesson.exam_release import release_exam
    from autograde.lesson.lab_text import seal_lab
    from autograde.lesson.quiz_text import seal_quiz

    files = {}
    for cell in lesson.cells:
        if cell.kind in UNFOLDED:
            data, where = side[str(cell.name)], shown(side_path(lesson, str(cell.name)))
            if cell.kind == "exam":  # nothing of it is sealed: what students may not have is left out
                sealed = release_exam(data)
            else:
                sealed = seal_quiz(data, where) if cell.kind == "quiz" else seal_lab(data, where)
            files[f"{cell.name}.json"] = json.dumps(sealed, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    return files
