"""Proves that a built release holds no solution line, no hidden test, no model answer and no quiz key.

What is secret: the lines inside solution and hidden blocks, a quiz's or test's key and feedback, a lab's rubric and
model answer.
What may stand in the release all the same: a line that the author also wrote where students see it (prose, fixtures,
the visible part of a check). Whether the author gives too much away in that manner is asked in spoilers.py.
Where it is looked for: every string of every released file, as it stands and decoded (base64, hex, rot13, zlib).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograde.authoring.decoded import decoded_views
from autograde.authoring.exam_leaks import depends_on_the_key, secrets_of_exam
from autograde.authoring.expand import quiz_key
from autograde.authoring.stub import BEGIN_HIDDEN, END_HIDDEN, TEXT_STUB, inside, regions, student_code, without

# A secret of fewer characters (blanks not counted) is looked for as a whole line only, not inside other text.
SHORTEST_INSIDE = 16


@dataclass(frozen=True)
class Secret:
    """A line that no student may get, and what it belongs to. `line`: from a cell, so that it can leak as a line."""

    text: str
    origin: str
    line: bool = True


@dataclass(frozen=True)
class Leak:
    """A secret found in the release: in which file and part of it, what it belongs to, and its text."""

    where: str
    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.origin}: {self.text.strip()!r}"


def squeezed(text: str) -> str:
    """A text as it is compared: without blanks, with one kind of quote."""
    return re.sub(r"\s+", "", text).replace("'", '"')


def secrets_of(notebook: NotebookNode, side: Mapping[str, Mapping[str, Any]]) -> list[Secret]:
    """What the instructor notebook and the quizzes and labs hold that a student may not get."""
    found: list[Secret] = []
    for cell in notebook.cells:
        for begin_end, what in (((), "solution"), ((BEGIN_HIDDEN, END_HIDDEN), "hidden tests")):
            for region in regions(cell.source, *begin_end):
                found += [Secret(line, f"{what} of {cell.id}") for line in inside(cell.source, region)]
    for name, data in side.items():
        if "item" in data:
            found += [Secret(text, f"{what}, {name}", False) for text, what in secrets_of_exam(data)]
        else:
            found += _quiz_secrets(name, data) if "question" in data else _lab_secrets(name, data)
    return [secret for secret in found if squeezed(secret.text)]


def _quiz_secrets(name: str, quiz: Mapping[str, Any]) -> Iterator[Secret]:
    for question in quiz["question"]:
        for option in question["option"]:
            yield Secret(option["feedback"], f"feedback of {name}, {question['id']} {option['letter']}", False)
    key = quiz_key(quiz)
    for question_id, letter in key.items():
        yield Secret(f'"{question_id}":"{letter}"', f"key of {name}")
    letters = "".join(key.values())
    if len(letters) >= 4:
        for form in (letters, letters.upper(), ",".join(letters), json.dumps(list(letters))):
            yield Secret(form, f"key of {name}")


def _lab_secrets(name: str, lab: Mapping[str, Any]) -> Iterator[Secret]:
    for point in lab["rubric"]:
        for entry in ("asks", "signals", "vague", "press", "acknowledge"):
            values = point.get(entry, [])
            for value in [values] if isinstance(values, str) else values:
                yield Secret(value, f"rubric of {name}, {point['id']} {entry}", False)
        if "expects" in point:
            yield Secret(str(point["expects"]["assumes"]), f"rubric of {name}, {point['id']} expects", False)
    for line in str(lab["recommendation_model"]).splitlines():
        yield Secret(line, f"model recommendation of {name}")


def visible_lines(notebook: NotebookNode) -> set[str]:
    """The lines (squeezed) that the author wrote where students see them, and the holes that the build writes."""
    lines: list[str] = [TEXT_STUB]
    for cell in notebook.cells:
        hidden = regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)
        shown = without(cell.source, hidden)
        if regions(shown):
            shown = student_code(shown, cell.id) if cell.cell_type == "code" else without(shown, regions(shown))
        lines += shown.splitlines()
    return {squeezed(line) for line in lines}


def leaks(notebook: NotebookNode, side: Mapping[str, Mapping[str, Any]], released: Mapping[str, bytes]) -> list[Leak]:
    """The secrets of the instructor notebook, its quizzes and labs that stand in the released files (name → bytes)."""
    visible = visible_lines(notebook)
    everything_visible = "\n".join(sorted(visible))
    secrets = [(secret, squeezed(secret.text)) for secret in secrets_of(notebook, side)]
    lines = {text: secret for secret, text in secrets if secret.line and text not in visible}
    parts = [
        (text, secret) for secret, text in secrets if _long_enough(secret, text) and text not in everything_visible
    ]
    found: list[Leak] = []
    for name, data in released.items():
        for where, text in strings_of(name, data):
            for line in text.splitlines():
                if squeezed(line) in lines:
                    secret = lines[squeezed(line)]
                    found.append(Leak(where, secret.origin, secret.text))
            for how, view in decoded_views(text):
                flat = squeezed(view)
                found += [Leak(where + how, s.origin, s.text) for part, s in parts if _holds(flat, part, s)]
        found += [*_tells_apart(name, data, side), *_not_blind(name, data, side)]
    return sorted(set(found), key=str)


def _long_enough(secret: Secret, text: str) -> bool:
    return len(text) >= SHORTEST_INSIDE or secret.origin.startswith("key of")


def _holds(flat: str, part: str, secret: Secret) -> bool:
    """Whether a squeezed text holds the secret; a bare row of letters counts only where it stands alone."""
    if part not in flat:
        return False
    return not part.isalpha() or bool(re.search(rf"(?<![A-Za-z0-9+/=]){re.escape(part)}(?![A-Za-z0-9+/=])", flat))


def strings_of(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Every text in a released file with the place where it stands; a cell's source as one text."""
    try:
        content = json.loads(data)
    except ValueError:
        yield name, data.decode("utf-8", errors="replace")
        return
    if isinstance(content, dict) and isinstance(content.get("cells"), list):
        for cell in content["cells"]:
            where = f"{name}, cell {cell.get('id', '?')}"
            yield where, "".join(cell.get("source", ""))
            rest = {key: value for key, value in cell.items() if key != "source"}
            yield from _strings(where, rest)
        yield from _strings(name, {key: value for key, value in content.items() if key != "cells"})
    else:
        yield from _strings(name, content)


def _strings(where: str, content: Any) -> Iterator[tuple[str, str]]:
    """The strings inside a JSON value, and its pairs of strings as `"key":"value"`."""
    if isinstance(content, str):
        yield where, content
    elif isinstance(content, list):
        for entry in content:
            yield from _strings(where, entry)
        if content and all(isinstance(entry, str) for entry in content):
            yield where, json.dumps(content, ensure_ascii=False)
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _strings(where, value)
            if isinstance(value, str):
                yield where, f'"{key}": "{value}"'


def _tells_apart(name: str, data: bytes, side: Mapping[str, Mapping[str, Any]]) -> Iterator[Leak]:
    """An entry of a quiz's options that marks the right one in every question: a flag, a number, the text's length."""
    quiz = side.get(name.rsplit("/", 1)[-1].removesuffix(".json"), {})
    if "question" not in quiz:
        return
    key = quiz_key(quiz)
    questions = {q["id"]: q.get("options", []) for q in json.loads(data).get("questions", []) if q.get("id") in key}
    marks: dict[str, list[tuple[set[Any], set[Any]]]] = {}
    for question, options in questions.items():
        for entry in {field for option in options for field in option} - {"letter", "text"}:
            right = {_mark(option.get(entry)) for option in options if option.get("letter") == key[question]}
            wrong = {_mark(option.get(entry)) for option in options if option.get("letter") != key[question]}
            marks.setdefault(entry, []).append((right, wrong))
    for entry, pairs in sorted(marks.items()):
        common = set.intersection(*(right for right, _ in pairs))
        if common and not any(common & wrong for _, wrong in pairs):
            yield Leak(name, f"key of {quiz['id']}", f"{entry!r} is the same for every right option and no other")


def _not_blind(name: str, data: bytes, side: Mapping[str, Mapping[str, Any]]) -> Iterator[Leak]:
    """A test's file that would be another one if its key were."""
    exam = side.get(name.rsplit("/", 1)[-1].removesuffix(".json"), {})
    if "item" in exam and depends_on_the_key(data, exam):
        yield Leak(name, f"key of {exam['id']}", "the file depends on which options are right, or on their feedback")


def _mark(value: Any) -> Any:
    """What could mark an option: a plain value; of a longer text, its length."""
    return len(value) if isinstance(value, str) and len(value) > 3 else json.dumps(value)
