"""A lab's text: every mistake named with its place and mend, and a file from which the rubric cannot be read."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from autograde import check
from autograde.authoring.expand import model_turns
from autograde.course import CourseError
from autograde.lesson.evidence import COVERED
from autograde.lesson.lab import Lab, read_lab, seal_lab
from autograde.lesson.lab_text import lab_key, validate_lab
from autograde.lesson.partner import Partner, settled
from autograde.lesson.seal import unseal

MISTAKES = [
    (
        lambda lab: lab.update(id="Lab 1"),
        "l.toml: id is 'Lab 1': write id = \"lab_1\" (small letters, digits and underscores)",
    ),
    (lambda lab: lab.pop("opening"), 'l.toml: opening is missing or empty: write opening = "…"'),
    (lambda lab: lab.pop("partner"), "l.toml: no partner: add a [partner] table with name and persona"),
    (lambda lab: lab["partner"].pop("persona"), 'l.toml: partner: persona is missing or empty: write persona = "…"'),
    (lambda lab: lab.update(points=0), "l.toml: points is 0: write a number above 0"),
    (lambda lab: lab.update(closing=[]), "l.toml: closing is missing or empty: write a line or a list of lines"),
    (lambda lab: lab.update(hostile=[""]), "l.toml: hostile is missing or empty: write a line or a list of lines"),
    (lambda lab: lab.update(exchanges="3"), "l.toml: exchanges is '3': write a whole number from 1 to 20"),
    (
        lambda lab: lab.update(rubric=[]),
        "l.toml: no rubric: add a [[rubric]] table for each thing a good answer covers",
    ),
    (
        lambda lab: lab["rubric"][1].update(id="the_call"),
        'l.toml: rubric "the_call": a second rubric point with this id: rename one',
    ),
    (
        lambda lab: lab["rubric"][0].update(press="Yes or no?"),
        'l.toml: rubric "the_call": press: one question only: write at least 2, so that the partner can rephrase',
    ),
    (
        lambda lab: lab["rubric"][0].update(signals=["stay", "(migrate"]),
        "l.toml: rubric \"the_call\": signals: pattern 2, '(migrate', is no regular expression: missing ), "
        "unterminated subpattern at position 0",
    ),
    (
        lambda lab: lab["rubric"][0].update(vague=["(maybe)?"]),
        "l.toml: rubric \"the_call\": vague: pattern 1, '(maybe)?', matches the empty text: make it ask for a word",
    ),
    (
        lambda lab: lab["rubric"][0].update(sides=["stay"]),
        'l.toml: rubric "the_call": sides: one pattern only: write one for each of the opposite positions',
    ),
    (
        lambda lab: lab["rubric"][0].update(weight=2),
        'l.toml: rubric "the_call": unknown entry "weight": known here are acknowledge, asks, expects, id, number, '
        "points, press, sides, signals, vague",
    ),
    (
        lambda lab: lab.update(rubric=["asks"]),
        "l.toml: rubric point 1 is 'asks': write a table, its [[heading]] and name = value lines below",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES, ids=[message[8:50] for _, message in MISTAKES])
def test_a_mistake_is_named_with_its_place_and_its_mend(lab_toml, change, message: str) -> None:
    validate_lab(lab_toml, "l.toml")  # the twin: without the change there is nothing to say
    change(lab_toml)
    with pytest.raises(CourseError) as raised:
        seal_lab(lab_toml, "l.toml")
    assert str(raised.value) == message


def test_the_sealed_lab_holds_neither_the_rubric_nor_the_model_answer_in_clear(lab_toml) -> None:
    sealed = json.dumps(seal_lab(lab_toml), ensure_ascii=False)
    secrets = [lab_toml["recommendation_model"].strip()]
    for point in lab_toml["rubric"]:
        secrets += [point["asks"], *point["signals"], *point["vague"], *point["press"], *point["acknowledge"]]
    assert [secret for secret in secrets if secret in sealed or json.dumps(secret)[1:-1] in sealed] == []
    assert lab_toml["opening"] in sealed  # the twin: what may be read is there


def test_the_sealed_lab_opens_to_the_same_rubric_and_is_the_same_at_every_build(lab_toml) -> None:
    sealed = seal_lab(lab_toml)
    assert json.loads(unseal(sealed["rubric"], lab_key("lab_9"))) == lab_toml["rubric"]
    assert json.dumps(sealed) == json.dumps(seal_lab(copy.deepcopy(lab_toml)))


LABS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.lab_*.toml")) + [
    Path(__file__).parent / "labs/migration.toml"
]


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.name)
def test_the_model_recommendation_of_every_lab_covers_every_point_of_its_own_rubric(path: Path) -> None:
    """Signals that do not even find the author's own answer would fail every student."""
    lab = read_lab(path)
    partner = Partner.of(lab, lab["rubric"])
    partner.hear(lab["recommendation_model"])
    assert [point.id for point in partner.points if not settled(point, partner.standing[point.id])] == []


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.name)
def test_no_lab_takes_its_own_situation_or_questions_for_an_answer(path: Path) -> None:
    lab = read_lab(path)
    partner = Partner.of(lab, lab["rubric"])
    for text in (lab["situation"], lab["role"], lab["opening"]):
        partner.hear(text)
    covered = [point.id for point in partner.points if partner.standing[point.id].status == COVERED]
    assert covered == []


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.name)
def test_the_reference_conversation_that_the_build_makes_of_a_lab_counts(path: Path) -> None:
    lab = read_lab(path)
    asked = lab.get("exchanges", 3)
    check.exchanges(Lab(seal_lab(lab)), model_turns(lab["recommendation_model"], asked), at_least=asked)
