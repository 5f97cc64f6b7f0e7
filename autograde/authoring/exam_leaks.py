"""Proves that a test's released file depends on neither its key nor its feedback.

Two ways. By construction: the file must be, to the byte, what a bank gives whose right options, feedback, subjects and
places are all others. By search: no feedback and no list of right ids stands in any released file (leak.py looks).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from autograde.lesson.exam_release import key_of_exam, release_exam


def other_bank(exam: Mapping[str, Any]) -> dict[str, Any]:
    """The same questions and options with all secrets changed: the key moved on by one, every feedback another."""
    bank = copy.deepcopy(dict(exam))
    for item in bank["item"]:
        item["subject"], item["teaches"] = "another", "another"
        for variant in item["variant"]:
            options = variant["option"]
            place = next(n for n, option in enumerate(options) if option.get("right"))
            for n, option in enumerate(options):
                option["feedback"] = f"another {n}"
                option["right"] = n == (place + 1) % len(options)
    return bank


def depends_on_the_key(data: bytes, exam: Mapping[str, Any]) -> bool:
    """Whether the released file would be another one if the bank's secrets were."""
    return bool(json.loads(data) != release_exam(other_bank(exam)))


def secrets_of_exam(exam: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(text, what it is) that no student may get."""
    key = key_of_exam(exam)
    for option, feedback in key["feedback"].items():
        yield feedback, f"feedback of option {option}"
    for item in exam["item"]:
        yield item["subject"], f"subject of {item['id']}"
    for joint in ("", ",", " ", '","'):
        yield joint.join(key["right"]), "right options in a row"
