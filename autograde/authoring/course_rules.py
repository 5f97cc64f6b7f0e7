"""Rules about the course as a whole: lessons and texts match, the docs' links resolve, the glossary is in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograde.authoring.facts import read_facts
from autograde.authoring.links import document_problems, prose_lines
from autograde.authoring.problems import Problem
from autograde.course import Course, read_text

GLOSSARY = "docs/glossary.md"
KEY = re.compile(r"\d\d_[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Term:
    """One `### term` of the glossary with the paragraphs below it; `line` counted from 1."""

    name: str
    line: int
    paragraphs: list[str]


def lesson_list_problems(course: Course) -> Iterator[Problem]:
    """A lesson in course.toml without a text, and the reverse."""
    toml = read_text(course.root / "course.toml").splitlines()
    seen: set[str] = set()
    for lesson in course.lessons:
        line = next((n for n, text in enumerate(toml, start=1) if text.strip() == f'key = "{lesson.key}"'), 1)
        if lesson.key in seen:
            yield Problem("course.toml", line, f"lesson {lesson.key!r} is there twice", "keep one of them")
        seen.add(lesson.key)
        if not KEY.fullmatch(lesson.key):
            yield Problem("course.toml", line, f"key {lesson.key!r} cannot be used", 'write it like "03_training_loop"')
        if not course.text(lesson.key).is_file():
            mend = f"write notebooks/{lesson.key}.py, or take the lesson out of course.toml"
            yield Problem("course.toml", line, f"lesson {lesson.key!r} has no text", mend)
    for path in sorted((course.root / "notebooks").glob("*.py")):
        if path.stem not in seen:
            mend = f'add a [[lesson]] with key = "{path.stem}", or remove the file'
            yield Problem(f"notebooks/{path.name}", 1, "course.toml has no lesson with this key", mend)


def course_problems(course: Course) -> list[Problem]:
    """What is wrong outside the lessons: facts, links and pictures in the docs, the glossary."""
    _, facts = read_facts(course.root)
    return sorted({*facts, *document_problems(course.root), *glossary_problems(course.root / GLOSSARY)})


def read_glossary(path: Path) -> list[Term]:
    """The glossary's terms in the order of the file."""
    terms: list[Term] = []
    paragraph: list[str] = []
    for number, line in [*prose_lines(read_text(path)), (0, "")]:
        heading = re.match(r"^### +(.*?) *$", line)
        if paragraph and (heading or not line.strip()):
            if terms:
                terms[-1].paragraphs.append("\n".join(paragraph))
            paragraph = []
        if heading:
            terms.append(Term(heading[1], number + 1, []))
        elif line.strip():
            paragraph = [*paragraph, line]
    return terms


def glossary_problems(path: Path) -> Iterator[Problem]:
    """Every term once, in the order of the alphabet, explained in one paragraph. A course may have no glossary."""
    if not path.is_file():
        return
    seen: dict[str, Term] = {}
    previous: Term | None = None
    for term in read_glossary(path):
        name = term.name.casefold()
        if name in seen:
            what = f"{term.name!r} is there twice (first at line {seen[name].line})"
            yield Problem(GLOSSARY, term.line, what, "make one entry of the two")
        elif previous and name < previous.name.casefold():
            what = f"{term.name!r} stands after {previous.name!r}"
            yield Problem(
                GLOSSARY, term.line, what, "put the terms in the order of the alphabet, capitals as small letters"
            )
        if len(term.paragraphs) != 1:
            what = f"{term.name!r} has {len(term.paragraphs)} paragraphs"
            yield Problem(GLOSSARY, term.line, what, "explain each term in one paragraph")
        seen.setdefault(name, term)
        previous = term
