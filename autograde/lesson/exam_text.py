"""A module test as its author writes it (TOML): a bank of items, each with two or more variants. Checked.

What students get of it, and what only the judge gets, is made in exam_release.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograde.course import CourseError
from autograde.facts import facts_beside, with_facts_inside
from autograde.lesson.entries import (
    as_lines,
    named_tables,
    need_known,
    need_lines,
    need_name,
    need_table,
    need_text,
    read_toml,
)

TABLES = {
    "exam": {"id", "title", "pass", "minutes", "item"},
    "item": {"id", "subject", "teaches", "variant"},
    "variant": {"text", "option"},
    "option": {"text", "right", "feedback"},
}
RESERVED = "answered_as"  # an entry of the answers that is no item: under which name they were given
# Options stand in an order of the student's own: a word about the others' places means nothing there.
OF_PLACES = re.compile(
    r"\b(all|none|both|neither|any|each) of (the|these) (above|below|others?|options?|answers?)\b"
    r"|^(all|none|both|neither|any) of (these|those|them)\W*$"
    r"|\b(options?|answers?) [a-h1-8]\b|\b(the )?(first|last|previous|next) (option|answer)\b",
    re.IGNORECASE,
)
FEW = 8  # variants: of fewer, nobody can say which habit the author has
HABIT = 0.4  # the most of all variants in which the right option may be the longest (or the shortest) of all


def read_exam(path: Path) -> dict[str, Any]:
    """The test in a TOML file, checked. Raises CourseError that names the file, the item, the variant and the mend."""
    exam = with_facts_inside(read_toml(path), facts_beside(path))
    validate_exam(exam, str(path))
    return exam


def validate_exam(exam: Mapping[str, Any], where: str) -> None:
    """Raise CourseError for the first mistake in a test: `where: item "id", variant 2: what is wrong: the mend`."""
    need_known(exam, TABLES["exam"], where)
    need_name(exam.get("id"), where, 'write id = "test_1"')
    need_text(exam.get("title"), f"{where}: title", 'write title = "…"')
    _need_share(exam.get("pass"), f"{where}: pass")
    _need_minutes(exam.get("minutes"), f"{where}: minutes")
    for item, here in named_tables(exam.get("item"), where, "item", "no items: add an [[item]] table"):
        if item["id"] == RESERVED:
            raise CourseError(f"{here}: this id is taken, it says under which name a student answered: rename the item")
        _validate_item(item, here)
    _not_given_away(exam["item"], where)


def _need_share(value: Any, here: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise CourseError(f"{here} is {value!r}: write the share of the items that passes, pass = 0.8")


def _need_minutes(value: Any, here: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise CourseError(f"{here} is {value!r}: write how long the test takes, minutes = 40")


def _validate_item(item: Mapping[str, Any], here: str) -> None:
    need_known(item, TABLES["item"], here)
    need_text(item.get("subject"), f"{here}: subject", 'write subject = "what the item tests, in a few words"')
    need_lines(item.get("teaches"), f"{here}: teaches")
    variants = item.get("variant")
    count = len(variants) if isinstance(variants, list) else 0
    if not isinstance(variants, list) or count < 2:
        raise CourseError(
            f"{here}: {count} variants: write at least 2 [[item.variant]] tables, one idea in two dresses"
        )
    texts: dict[str, int] = {}
    for number, variant in enumerate(variants, start=1):
        at = f"{here}, variant {number}"
        need_table(variant, at)
        _validate_variant(variant, at)
        first = texts.setdefault(_squeezed(variant), number)
        if first != number:
            raise CourseError(f"{at}: the same question and options as variant {first}: change one")
    sizes = [len(variant["option"]) for variant in variants]
    if len(set(sizes)) > 1:
        told = ", ".join(map(str, sizes))
        raise CourseError(
            f"{here}: its variants have {told} options: give all the same number, or one is easier to guess"
        )


def _squeezed(variant: Mapping[str, Any]) -> str:
    return repr((_plain(variant["text"]), sorted(_plain(option["text"]) for option in variant["option"])))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _validate_variant(variant: Mapping[str, Any], here: str) -> None:
    need_known(variant, TABLES["variant"], here)
    need_text(variant.get("text"), f"{here}: text", 'write text = "…"')
    options = variant.get("option")
    count = len(options) if isinstance(options, list) else 0
    if not isinstance(options, list) or not 3 <= count <= 8:
        raise CourseError(f"{here}: {count} options: write 3 to 8 [[item.variant.option]] tables")
    seen: dict[str, int] = {}
    for number, option in enumerate(options, start=1):
        at = f"{here}, option {number}"
        need_table(option, at)
        need_known(option, TABLES["option"], at)
        need_text(option.get("text"), f"{at}: text", 'write text = "…"')
        need_text(option.get("feedback"), f"{at}: feedback", 'write feedback = "why this is right or wrong"')
        if not isinstance(option.get("right", False), bool):
            raise CourseError(f"{at}: right is {option['right']!r}: write right = true, or leave it out")
        if found := OF_PLACES.search(option["text"]):
            raise CourseError(f"{at}: {found[0]!r}: options are shuffled, so say what it is instead of where it stands")
        first = seen.setdefault(_plain(option["text"]), number)
        if first != number:
            raise CourseError(f"{at}: the same text as option {first}: change one")
    right = [number for number, option in enumerate(options, start=1) if option.get("right", False)]
    if len(right) != 1:
        found_right = "none is" if not right else f"options {', '.join(map(str, right))} are"
        raise CourseError(f"{here}: exactly one option must be right, {found_right}: write right = true in one option")


def every_variant(exam: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """(item, variant) in the author's order."""
    for item in exam["item"]:
        for variant in item["variant"]:
            yield item, variant


def right_option(variant: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variant's right option."""
    return next(option for option in variant["option"] if option.get("right"))


def targets(item: Mapping[str, Any]) -> list[str]:
    """What an item's `teaches` names: lessons (`03_training_loop`, `03_training_loop#Takeaways`) and pages of docs/."""
    return as_lines(item["teaches"])


def _not_given_away(items: list[dict[str, Any]], where: str) -> None:
    """A key that can be guessed without reading: the right option is mostly the longest, or mostly the shortest."""
    variants = [variant for item in items for variant in item["variant"]]
    if len(variants) < FEW:
        return
    for word, mend, sign in (
        ("longest", "shorten some, or say more in others", 1),
        ("shortest", "say more in some", -1),
    ):
        share = sum(_stands_out(variant, sign) for variant in variants) / len(variants)
        if share > HABIT:
            told = f"the right option is the {word} in {share:.0%} of the variants, at most {HABIT:.0%} may be"
            raise CourseError(f"{where}: {told}: {mend}")


def _stands_out(variant: Mapping[str, Any], sign: int) -> bool:
    right = sign * len(right_option(variant)["text"].strip())
    return all(
        sign * len(option["text"].strip()) < right for option in variant["option"] if not option.get("right", False)
    )
