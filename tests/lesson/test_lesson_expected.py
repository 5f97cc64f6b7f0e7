"""A figure in a lab: its unit understood, compared with the course's own sum, objected to when it is off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograde.course import CourseError
from autograde.grading.rubric_reading import propose
from autograde.lesson.amounts import amounts, said
from autograde.lesson.expected import FITS, TOO_HIGH, TOO_LOW, claim_in, read_expectation
from autograde.lesson.lab_text import read_lab
from autograde.lesson.partner import Partner
from autograde.lesson.speakers import chat

HOUR, GB = 3600.0, 1e9
[LAB_3] = (Path(__file__).parents[2] / "notebooks").glob("*.lab_3.toml")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about 16 GPU-hours", [("16 GPU-hours", 16 * HOUR, 16 * HOUR, "")]),
        ("8-9 h", [("8-9 h", 8 * HOUR, 9 * HOUR, "")]),
        ("between 20 and 30 hours", [("between 20 and 30 hours", 20 * HOUR, 30 * HOUR, "")]),
        ("batch 4 and 20 hours", [("20 hours", 20 * HOUR, 20 * HOUR, "")]),
        ("2,6 hours", [("2,6 hours", 2.6 * HOUR, 2.6 * HOUR, "")]),
        ("15,625 s and 15 625 s", [("15,625 s", 15_625, 15_625, ""), ("15 625 s", 15_625, 15_625, "")]),
        ("a day and a half", [("a day and a half", 36 * HOUR, 36 * HOUR, "")]),
        ("5 and a half hours", [("5 and a half hours", 5.5 * HOUR, 5.5 * HOUR, "")]),
        ("90 minutes", [("90 minutes", 1.5 * HOUR, 1.5 * HOUR, "")]),
        ("30 hours a week", [("30 hours", 30 * HOUR, 30 * HOUR, "week")]),
        ("0.63 s/step", [("0.63 s", 0.63, 0.63, "step")]),
        ("14 gigs", [("14 gigs", 14 * GB, 14 * GB, "")]),
        ("14.6 GiB", [("14.6 GiB", 14.6 * 2**30, 14.6 * 2**30, "")]),
        ("$1 to $3 an hour", [("$1 to $3", 1, 3, "hour")]),
        ("110$ a month, $1.2k", [("110$", 110, 110, "month"), ("$1.2k", 1200, 1200, "")]),
        ("62,500 steps of a 3B model", []),
    ],
)
def test_amounts_are_read_with_their_units(text: str, found: list[tuple[str, float, float, str]]) -> None:
    assert [(a.text, pytest.approx(a.low), pytest.approx(a.high), a.per) for a in amounts(text)] == found


def test_a_value_is_said_in_the_authors_unit() -> None:
    assert [said(60_000, "hours"), said(8.24e9, "GB"), said(1440, "dollars")] == ["17 hours", "8.2 GB", "$1,440"]


def entry(**changed: Any) -> dict[str, Any]:
    run = {"estimator": "gpu_hours", "examples": 50_000, "batch": 32, "epochs": 10, "forward": 0.2}
    return {"what": "GPU-hours", "unit": "hours", "value": run, "factor": 2, "assumes": "the page", **changed}


def verdict(text: str, **changed: Any) -> str | None:
    given = claim_in(read_expectation(entry(**changed)), [text], text, [text], True)
    return given[0].verdict if given else None


def test_the_sum_is_the_estimators_and_its_factor_is_kept_on_both_sides() -> None:
    assert read_expectation(entry()).value == pytest.approx(9375)
    assert [verdict(f"It takes {hours} hours.") for hours in (1.29, 1.31, 2.6, 5.2, 5.3)] == [
        TOO_LOW, FITS, FITS, FITS, TOO_HIGH
    ]  # fmt: skip
    assert verdict("It takes 8-9 h.") == TOO_HIGH and verdict("It takes 156 minutes.") == FITS
    assert verdict("It takes 1.2 hours.", factor=[3, 1.5]) == FITS and verdict("4 hours.", factor=[3, 1.5]) == TOO_HIGH


def test_rates_other_dimensions_and_what_the_author_names_are_no_claims() -> None:
    assert verdict("We have 30 hours a week and 16 GB.") is None
    assert verdict("A session of 12 hours.", other=r"\bsession") is None
    assert verdict("A session of 12 hours, and the run takes 2.6 hours.", other=r"\bsession") == FITS
    assert verdict("The bill is $200 a month.", unit="dollars", value=150) is None
    assert verdict("The bill is $200 a month.", unit="dollars", value=150, per=["month"]) == FITS


def test_a_variant_is_right_only_when_the_conversation_speaks_of_it() -> None:
    variant = [{"when": "two gpus", "value": 0.5}]
    assert verdict("It takes half an hour.", variant=variant) == TOO_LOW
    assert verdict("On two GPUs it takes half an hour.", variant=variant) == FITS


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"unit": "parsecs"}, "unit is 'parsecs': choose one of seconds, minutes, hours"),
        ({"factor": 1}, "factor is 1: write a number above 1"),
        ({"value": "x"}, "value is 'x': write a number of hours"),
        ({"value": {"estimator": "guess"}}, "no estimator 'guess': choose one of gpu_hours"),
        ({"value": {"estimator": "gpu_hours", "examples": 1}}, "gpu_hours() missing 3 required positional arguments"),
        ({"unit": "GB"}, "gpu_hours gives hours, and the unit is GB"),
        ({"other": "("}, "other: pattern 1, '(', is no regular expression"),
        ({"assumes": ""}, 'assumes is missing or empty: write assumes = "what the value rests on"'),
        (
            {"value": {**entry()["value"], "forward": "{{fact:unknown.number}}"}},
            "forward: {{fact:unknown.number}} is no known number: see data/facts.toml",
        ),
    ],
)
def test_a_mistake_in_an_expectation_is_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(CourseError) as raised:
        read_expectation(entry(**changed))
    assert message in str(raised.value)


RIGHT = "62,500 steps of three times 0.32 s are 60,000 s, so the whole run takes 17 hours."
WRONG = "250,000 pairs times 0.96 s each step, so the whole run takes 67 hours."


def hear(*turns: str) -> Partner:
    lab = read_lab(LAB_3)
    partner = Partner.of(lab, lab["rubric"])
    for turn in turns:
        partner.hear(turn)
    return partner


def test_a_right_figure_is_accepted_and_a_wrong_one_is_pressed_on_without_telling() -> None:
    right, wrong = hear(RIGHT).replies[0], hear(WRONG).replies[0]
    assert right.covered == ("gpu_hours",) and "My pencil says about the same." in right.text
    assert (wrong.kind, wrong.press) == ("off", "gpu_hours")
    assert wrong.text.startswith("67 hours? I did it with my pencil and I get a lot less.")
    assert "17" not in wrong.text


def test_the_last_figure_counts_in_both_directions() -> None:
    mended, spoiled = hear(WRONG, RIGHT), hear(RIGHT, WRONG)
    assert mended.replies[1].covered == ("gpu_hours",)
    assert spoiled.replies[1].text.startswith("Before it was 60,000 s, now it is 67 hours. 67 hours? I did it")
    assert "gpu_hours" in [point.id for point in spoiled.open_points()]


def test_from_the_third_time_on_the_partner_shows_what_its_own_sum_rests_on() -> None:
    third = hear(WRONG, "No, it takes 66 hours in total, really.", "It takes 65 hours in total, and that is it.")
    assert "are 4 times apart. Mine rests on this: 62,500 steps" in third.replies[2].text


def test_a_person_who_grades_sees_the_figure_and_what_was_expected() -> None:
    [hours, *_] = propose(read_lab(LAB_3), [WRONG])
    assert (hours.status, hours.points) == ("vague", 1.0)
    assert hours.note.startswith("67 hours is too high: about 17 hours expected (62,500 steps of 0.32 s forward")
    [hours, *_] = propose(read_lab(LAB_3), [WRONG], RIGHT)
    assert (hours.status, hours.points) == ("covered", 2.0)


def test_a_language_model_in_the_partners_place_is_told_the_figures() -> None:
    partner = hear(WRONG)
    brief = chat(partner.lab, [], WRONG, partner.replies[0], None)[0]["content"]
    assert (
        "do not tell them or do the sum: the GPU-hours of the whole run: the student says 67 hours, which is" in brief
    )
    assert "too high. The course's estimator gives about 17 hours (62,500 steps" in brief
    assert "Figures" not in chat(partner.lab, [], "hello", hear("hello").replies[0], None)[0]["content"]
