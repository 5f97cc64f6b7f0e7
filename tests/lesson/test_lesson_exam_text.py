# ruff: noqa: E501
"""A test's file as its author writes it: what is refused, and in which words."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path

import pytest

from autograde.course import CourseError
from autograde.lesson.exam_text import read_exam, validate_exam

FILE = Path(__file__).parent / "exams" / "two_items.toml"
BANK = tomllib.loads(FILE.read_text(encoding="utf-8"))


def wrong_with(**changes) -> str:
    """What is said of the sample bank with some of its first item's or variant's entries changed ("" for nothing)."""
    bank = copy.deepcopy(BANK)
    for place, value in changes.items():
        target = {"exam": bank, "item": bank["item"][0], "variant": bank["item"][0]["variant"][0]}[
            place.partition("_")[0]
        ]
        name = place.partition("_")[2]
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    try:
        validate_exam(bank, "x.toml")
    except CourseError as error:
        return str(error)
    return ""


def option(text: str, right: bool = False, feedback: str = "Why.") -> dict:
    return {"text": text, "right": right, "feedback": feedback}


def test_the_sample_is_a_good_test() -> None:
    assert read_exam(FILE)["id"] == "test_9"
    assert wrong_with() == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exam_pass": None}, "x.toml: pass is None: write the share of the items that passes, pass = 0.8"),
        ({"exam_pass": 80}, "x.toml: pass is 80: write the share of the items that passes, pass = 0.8"),
        ({"exam_minutes": 0}, "x.toml: minutes is 0: write how long the test takes, minutes = 40"),
        ({"exam_item": []}, "x.toml: no items: add an [[item]] table"),
        ({"item_id": "zeroing"}, 'x.toml: item "zeroing": a second item with this id: rename one'),
        (
            {"item_id": "answered_as"},
            'x.toml: item "answered_as": this id is taken, it says under which name a student answered: rename the item',
        ),
        (
            {"item_subject": " "},
            'x.toml: item "eager": subject is missing or empty: write subject = "what the item tests, in a few words"',
        ),
        ({"item_teaches": None}, 'x.toml: item "eager": teaches is missing or empty: write a line or a list of lines'),
        (
            {"item_hint": "x"},
            'x.toml: item "eager": unknown entry "hint": known here are id, subject, teaches, variant',
        ),
        (
            {"item_variant": [BANK["item"][0]["variant"][0]]},
            'x.toml: item "eager": 1 variants: write at least 2 [[item.variant]] tables, one idea in two dresses',
        ),
        (
            {"item_variant": [BANK["item"][0]["variant"][0]] * 2},
            'x.toml: item "eager", variant 2: the same question and options as variant 1: change one',
        ),
        (
            {"variant_option": [option("a", True), option("b"), option("c"), option("d")]},
            'x.toml: item "eager": its variants have 4, 3 options: give all the same number, or one is easier to guess',
        ),
        (
            {"variant_option": [option("a", True), option("b")]},
            'x.toml: item "eager", variant 1: 2 options: write 3 to 8 [[item.variant.option]] tables',
        ),
        (
            {"variant_option": [option("a"), option("b"), option("c")]},
            'x.toml: item "eager", variant 1: exactly one option must be right, none is: write right = true in one option',
        ),
        (
            {"variant_option": [option("a", True), option("b"), option("c", True)]},
            'x.toml: item "eager", variant 1: exactly one option must be right, options 1, 3 are: write right = true in '
            "one option",
        ),
        (
            {"variant_option": [option("a", True), option("b"), option("  A ")]},
            'x.toml: item "eager", variant 1, option 3: the same text as option 1: change one',
        ),
        (
            {"variant_option": [option("a", True), option("b"), option("All of the above")]},
            "x.toml: item \"eager\", variant 1, option 3: 'All of the above': options are shuffled, so say what it is "
            "instead of where it stands",
        ),
        (
            {"variant_option": [option("a", True, ""), option("b"), option("c")]},
            'x.toml: item "eager", variant 1, option 1: feedback is missing or empty: write feedback = "why this is right '
            'or wrong"',
        ),
        ({"variant_text": 3}, 'x.toml: item "eager", variant 1: text is missing or empty: write text = "…"'),
    ],
)
def test_a_mistake_is_told_with_its_place_and_mend(changes: dict, said: str) -> None:
    assert wrong_with(**changes) == said


@pytest.mark.parametrize(
    "text", ["None of these options", "option b, with more data", "both of these", "the first answer"]
)
def test_an_option_that_speaks_of_the_others_places_is_refused(text: str) -> None:
    assert "options are shuffled" in wrong_with(variant_option=[option("a", True), option("b"), option(text)])


@pytest.mark.parametrize("text", ["The first of two GPUs", "All parameters of the model", "None"])
def test_an_option_that_speaks_of_other_things_is_not(text: str) -> None:
    assert wrong_with(variant_option=[option("a", True), option("b"), option(text)]) == ""


def many(right: str, others: list[str]) -> dict:
    variants = [
        {"text": f"Question {n}?", "option": [option(right, True), *(option(other) for other in others)]}
        for n in range(8)
    ]
    return {**BANK, "item": [{**BANK["item"][0], "variant": variants}]}


def test_a_key_that_can_be_guessed_by_length_is_refused() -> None:
    with pytest.raises(
        CourseError, match="the right option is the longest in 100% of the variants, at most 40% may be"
    ):
        validate_exam(many("the longest of all", ["short", "shorter"]), "x.toml")
    with pytest.raises(CourseError, match="the right option is the shortest in 100% of the variants"):
        validate_exam(many("short", ["a longer one", "the longest of all"]), "x.toml")
    validate_exam(many("of middle length", ["short", "the longest of all three"]), "x.toml")
