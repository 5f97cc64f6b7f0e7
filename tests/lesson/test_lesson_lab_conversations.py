"""The course's labs on conversations of every quality: each turn understood, the right point pressed, a fair proposal.

The conversations and their readings stand in labs/lab_N.toml. Those whose name begins with "blind" were written without
looking at the patterns; a reading there was wrong at first sight in 7 turns of 27, and the patterns were mended.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from autograde.check.conversation import why_not
from autograde.grading.rubric_reading import propose
from autograde.lesson.lab import Lab, read_lab, seal_lab
from autograde.lesson.partner import Partner

HERE = Path(__file__).parent / "labs"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LABS = ("lab_1", "lab_2", "lab_3", "lab_4")


def lab_of(name: str) -> dict[str, Any]:
    [path] = NOTEBOOKS.glob(f"*.{name}.toml")
    return read_lab(path)


def conversations(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["conversation"]


CASES = [(name, talk) for name in LABS for talk in conversations(name)]
IDS = [f"{name}: {talk['name']}" for name, talk in CASES]


@pytest.mark.parametrize(("name", "talk"), CASES, ids=IDS)
def test_each_turn_is_read_as_a_person_reads_it_and_the_right_point_is_pressed(name: str, talk: dict[str, Any]) -> None:
    lab = lab_of(name)
    partner = Partner.of(lab, lab["rubric"])
    heard = [partner.hear(turn) for turn in talk["turns"]]
    assert [f"{reply.kind} | {', '.join(reply.covered)} | {reply.press}" for reply in heard] == talk["reading"]
    assert all(reply.text and "{" not in reply.text and "  " not in reply.text for reply in heard)
    assert len({reply.text for reply in heard}) == len(heard)


@pytest.mark.parametrize(("name", "talk"), CASES, ids=IDS)
def test_participation_and_proposed_points(name: str, talk: dict[str, Any]) -> None:
    lab = lab_of(name)
    said = Lab(seal_lab(lab)).partner_words(talk["turns"])
    counted = sum(not why_not(talk["turns"], number, said) for number in range(len(talk["turns"])))
    assert counted == talk["counts"]
    assert [entry.points for entry in propose(lab, talk["turns"])] == talk["proposed"]


@pytest.mark.parametrize("name", LABS)
def test_there_are_ten_conversations_and_more_of_different_quality(name: str) -> None:
    kinds = {
        "vague", "one word", "off topic", "hostile", "it depends", "injection", "rambling", "copy of the page",
        "excellent, point by point", "non-native with typos", "contradicting itself", "words not foreseen",
    }  # fmt: skip
    names = {talk["name"] for talk in conversations(name)}
    assert len(names) >= 14 and len([kind for kind in kinds if any(kind in found for found in names)]) == len(kinds)


@pytest.mark.parametrize("name", LABS)
def test_proposals_stand_in_the_order_in_which_a_person_would_put_them(name: str) -> None:
    points = {talk["name"]: sum(talk["proposed"]) for talk in conversations(name)}
    full = sum(point["points"] for point in lab_of(name)["rubric"])
    assert points["excellent, point by point"] == full
    assert points["vague"] <= full / 2
    for worthless in ("off topic", "hostile", "copy of the page", "injection"):
        assert points[worthless] == 0, worthless
    assert points["it depends"] <= 1 and points["one word"] <= full / 3
    assert points["one word"] <= points["vague"] < points["excellent, point by point"]
