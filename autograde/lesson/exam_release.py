"""What of a module test goes where: questions and options to students, the key and the feedback to the judge alone.

The student's file is a function of the bank *with key and feedback taken out* (`blind`), so nothing in it can depend on
them: not a field, not an order, not an id. An option's id is a hash of texts that stand beside it in the clear; whoever
computes it again learns what they could read. Options and variants stand in the order of their ids, so that the
author's order, in which a habit might show, is gone too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from autograde.course import CourseError
from autograde.lesson.exam_text import every_variant, right_option

FORMAT = 1
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no l, 1, i, o, 0: an id may be typed by hand
SHORTEST = 5
Places = list[tuple[str, str]]  # (how a page calls it, its address; "" for a lesson that is not there yet)


def blind(exam: Mapping[str, Any]) -> dict[str, Any]:
    """The bank without its secrets: no key, no feedback, no subject, nothing of where the answer is taught."""
    return {
        "id": exam["id"],
        "title": exam["title"],
        "pass": exam["pass"],
        "items": [
            {
                "id": item["id"],
                "variants": [
                    {
                        "text": variant["text"].strip(),
                        "options": [option["text"].strip() for option in variant["option"]],
                    }
                    for variant in item["variant"]
                ],
            }
            for item in exam["item"]
        ],
    }


def release_exam(exam: Mapping[str, Any]) -> dict[str, Any]:
    """What the student's file holds, from `blind(exam)` alone. exam: checked by validate_exam."""
    seen = blind(exam)
    length = _length(seen)
    return {
        "format": FORMAT,
        "id": seen["id"],
        "title": seen["title"],
        "pass": seen["pass"],
        "items": [
            {
                "id": item["id"],
                "variants": _by_id(_released(seen["id"], item["id"], variant, length) for variant in item["variants"]),
            }
            for item in seen["items"]
        ],
    }


def _released(exam: str, item: str, variant: Mapping[str, Any], length: int) -> dict[str, Any]:
    own = _digest("variant", exam, item, variant["text"], *sorted(variant["options"]))
    options = ({"id": _digest("option", own, text)[:length], "text": text} for text in variant["options"])
    return {"id": own[:length], "text": variant["text"], "options": _by_id(options)}


def _by_id(entries: Any) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: str(entry["id"]))


def _digest(*texts: str) -> str:
    """A hash of texts as letters and digits; lengths stand in it, so that no two lists of texts run together."""
    number = int.from_bytes(hashlib.sha256(json.dumps(texts, ensure_ascii=True).encode()).digest(), "big")
    letters = []
    while number:
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def _length(seen: Mapping[str, Any]) -> int:
    """The fewest characters, five at least, in which all ids of the test differ."""
    for length in range(SHORTEST, 30):
        ids: list[str] = []
        for item in seen["items"]:
            for variant in item["variants"]:
                made = _released(seen["id"], item["id"], variant, length)
                ids += [made["id"], *(option["id"] for option in made["options"])]
        if len(set(ids)) == len(ids):
            return length
    raise CourseError(f"{seen['id']}: two variants have the same texts: change one")


def ids_of(exam: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """(item's id, variant's text, option's text) → the option's id; with "" for the option, the variant's."""
    found = {}
    for item in release_exam(exam)["items"]:
        for variant in item["variants"]:
            found[item["id"], variant["text"], ""] = variant["id"]
            for option in variant["options"]:
                found[item["id"], variant["text"], option["text"]] = option["id"]
    return found


def key_of_exam(exam: Mapping[str, Any], places: Mapping[str, Places] | None = None) -> dict[str, Any]:
    """What the check's hidden block holds: the right ids, feedback by option, and of each item its subject and
    where it is taught.

    places: item's id → (name, address) pairs, for the links on the feedback page.
    """
    ids = ids_of(exam)
    right, feedback = [], {}
    for item, variant in every_variant(exam):
        for option in variant["option"]:
            own = ids[item["id"], variant["text"].strip(), option["text"].strip()]
            feedback[own] = option["feedback"].strip()
            if option is right_option(variant):
                right.append(own)
    teaches = {item["id"]: [list(place) for place in (places or {}).get(item["id"], [])] for item in exam["item"]}
    subjects = {item["id"]: item["subject"].strip() for item in exam["item"]}
    return {
        "right": sorted(right),
        "feedback": dict(sorted(feedback.items())),
        "teaches": teaches,
        "subjects": subjects,
    }
