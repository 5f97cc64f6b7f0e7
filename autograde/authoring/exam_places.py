"""Where an item's subject is taught: names in a test's file become links for its feedback page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograde.authoring.header import release_path
from autograde.authoring.links import unresolved
from autograde.authoring.problems import Problem
from autograde.course import Course
from autograde.lesson.exam_release import Places
from autograde.lesson.exam_text import targets

PLACES = "places"  # entry of a bank that was read: item's id → (name, address) pairs
KEY = re.compile(r"(\d\d)_[a-z][a-z0-9_]*")
HEADING = re.compile(r"(?m)^# #{1,6} +(.*?) *$")


def places_of(course: Course, exam: Mapping[str, Any]) -> dict[str, Places]:
    """Item's id → how the page calls each place where it is taught, and its address ("": not in the course yet)."""
    return {item["id"]: [_place(course, target) for target in targets(item)] for item in exam["item"]}


def _place(course: Course, target: str) -> tuple[str, str]:
    page, _, section = target.partition("#")
    if not KEY.fullmatch(page):
        return page.removeprefix("docs/").removesuffix(".md") + (f", {section}" if section else ""), course.blob_url(
            target
        )
    lesson = next((lesson for lesson in course.lessons if lesson.key == page), None)
    told = f", “{section}”" if section else ""
    if lesson is None:
        return f"lesson {page[:2]}{told}", ""
    return f"lesson {lesson.number} · {lesson.title}{told}", course.blob_url(release_path(page))


def place_problems(course: Course, exam: Mapping[str, Any], where: str, line_of: Any) -> list[Problem]:
    """`teaches` that lead nowhere: a lesson without that heading, a page that is not there."""
    found = []
    for item in exam["item"]:
        for target in targets(item):
            why, mend = _wrong(course, target)
            if why:
                what = f'item "{item["id"]}": teaches {target!r}: {why}'
                found.append(Problem(where, line_of(what), what, mend))
    return found


def _wrong(course: Course, target: str) -> tuple[str, str]:
    """What is wrong with one target, and the mend; ("", "") for a good one."""
    page, _, section = target.partition("#")
    if page.startswith("docs/"):
        return unresolved(course.root, ".", target), "mend the path or the #anchor, or write the page"
    if not KEY.fullmatch(page):
        return "neither a lesson's key nor a page of docs/", 'write teaches = "03_training_loop#Takeaways"'
    text = course.text(page)
    if not section or not any(lesson.key == page for lesson in course.lessons) or not text.is_file():
        return "", ""
    headings = HEADING.findall(text.read_text(encoding="utf-8"))
    if section in headings:
        return "", ""
    return f"notebooks/{page}.py has no heading {section!r}", f"write one of: {', '.join(headings)}"


def not_there_yet(course: Course, exam: Mapping[str, Any]) -> list[str]:
    """The lessons that a test refers to and that course.toml does not have: a note, no error."""
    known = {lesson.key for lesson in course.lessons}
    pages = (target.partition("#")[0] for item in exam["item"] for target in targets(item))
    return sorted({page for page in pages if KEY.fullmatch(page)} - known)
