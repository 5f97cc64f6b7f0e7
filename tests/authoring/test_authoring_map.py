"""The course map: drawn from course.toml, every lesson on it, and fresh."""

import dataclasses
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from autograde.authoring import map
from autograde.authoring.products import course_files, differences
from autograde.course import Course, Lesson, load_course

ROOT = Path(__file__).resolve().parents[2]


def course_of(*needs):
    lessons = [Lesson(f"{n:02}_x", f"T<{n}>", "s", 5, list(need)) for n, need in enumerate(needs, start=1)]
    return Course(ROOT, "C", "a/b", "main", lessons)


@pytest.mark.parametrize(
    ("need", "numbers"),
    [("Lesson 01", {1}), ("Lessons 01 to 03", {1, 2, 3}), ("Lessons 01 and 04", {1, 4}), ("Python 3 and 10", set())],
)
def test_needs_are_read_as_numbers_of_lessons(need, numbers):
    assert map.numbers_needed(Lesson("09_x", "T", "s", 1, [need])) == numbers


def test_an_arrow_that_follows_from_others_is_left_out():
    course = course_of([], ["Lesson 01"], ["Lessons 01 to 02"], ["Lesson 01"])
    assert map.arrows(course) == [(0, 1), (1, 2), (0, 3)]


def test_every_lesson_is_on_the_map_with_its_title_whatever_signs_it_holds():
    texts = [
        found.text for found in ElementTree.fromstring(map.picture(course_of([], ["Lesson 01"]))).iter() if found.text
    ]
    assert {"01  T<1>", "02  T<2>", "5 min"} <= set(texts)


def test_our_map_is_fresh_and_a_new_lesson_makes_it_stale():
    course = load_course(ROOT)
    assert map.PATH not in differences(course, course_files(course))
    more = dataclasses.replace(course, lessons=[*course.lessons, Lesson("99_x", "New", "s", 1)])
    assert map.PATH in differences(more, course_files(more))
