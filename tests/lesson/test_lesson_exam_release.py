"""What a student's file of a test holds: questions and options, and nothing that depends on the key."""

from __future__ import annotations

import copy
import json
import random
import tomllib
from pathlib import Path

from autograde.lesson.exam_release import ALPHABET, ids_of, key_of_exam, release_exam
from autograde.lesson.exam_text import every_variant, right_option, validate_exam

BANK = tomllib.loads((Path(__file__).parent / "exams" / "two_items.toml").read_text(encoding="utf-8"))


def everything_else_changed(bank: dict, dice: random.Random) -> dict:
    """The same questions and options; key, feedback, subjects, places and the author's order all others."""
    made = copy.deepcopy(bank)
    for item in made["item"]:
        item["subject"], item["teaches"] = f"subject {dice.random()}", ["docs/students.md"]
        dice.shuffle(item["variant"])
        for variant in item["variant"]:
            options = variant["option"]
            dice.shuffle(options)
            right = dice.randrange(len(options))
            for n, option in enumerate(options):
                option["right"], option["feedback"] = n == right, f"feedback {dice.random()}"
    return made


def test_the_released_file_is_the_same_to_the_byte_whatever_is_right() -> None:
    released = json.dumps(release_exam(BANK))
    dice = random.Random(1)
    keys = set()
    for _ in range(50):
        other = everything_else_changed(BANK, dice)
        validate_exam(other, "other")
        assert json.dumps(release_exam(other)) == released
        keys.add(json.dumps(key_of_exam(other)["right"]))
    assert len(keys) > 20, "the key did change"


def test_another_question_or_option_gives_other_ids_so_the_test_above_can_fail() -> None:
    other = copy.deepcopy(BANK)
    other["item"][0]["variant"][0]["option"][0]["text"] += "!"
    assert release_exam(other) != release_exam(BANK)


def test_it_holds_ids_and_texts_and_nothing_else() -> None:
    made = release_exam(BANK)
    assert set(made) == {"format", "id", "title", "pass", "items"}
    for item in made["items"]:
        assert set(item) == {"id", "variants"}
        for variant in item["variants"]:
            assert set(variant) == {"id", "text", "options"}
            assert all(set(option) == {"id", "text"} for option in variant["options"])


def test_no_feedback_subject_or_place_is_in_it() -> None:
    text = json.dumps(release_exam(BANK), ensure_ascii=False)
    for item, variant in every_variant(BANK):
        assert item["subject"] not in text
        assert not any(option["feedback"] in text for option in variant["option"])
    assert "teaches" not in text and "03_training_loop" not in text and "right" not in text


def test_ids_stand_in_their_own_order_and_all_differ() -> None:
    made = release_exam(BANK)
    ids = []
    for item in made["items"]:
        assert [one["id"] for one in item["variants"]] == sorted(one["id"] for one in item["variants"])
        for variant in item["variants"]:
            own = [option["id"] for option in variant["options"]]
            assert own == sorted(own)
            ids += [variant["id"], *own]
    assert len(set(ids)) == len(ids) and all(set(one) <= set(ALPHABET) and len(one) == 5 for one in ids)


def test_the_key_names_the_right_option_of_every_variant() -> None:
    key, ids = key_of_exam(BANK, {"eager": [("lesson 03", "https://example.org/03")]}), ids_of(BANK)
    right = {ids[item["id"], variant["text"], right_option(variant)["text"]] for item, variant in every_variant(BANK)}
    assert set(key["right"]) == right and len(right) == 4
    assert len(key["feedback"]) == 12
    assert key["teaches"] == {"eager": [["lesson 03", "https://example.org/03"]], "zeroing": []}
