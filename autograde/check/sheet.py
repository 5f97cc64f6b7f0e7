"""A module test: what of an answer sheet can be said before grading (`sheet`), and grading it (`graded`).

An answer names an option by its id, and an id belongs to one variant of one item. So a sheet says by itself for which
paper it was filled in, and is graded by what was answered. It counts for one drawing only: that of the name in the
cell, or of the name under which it says it was answered, whichever it fits better. Answers to variants that neither has
drawn do not count until a person says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograde.check.conversation import is_blank, tidy
from autograde.check.describe import listed, short
from autograde.check.failure import NotAttempted, Problem, head, settle
from autograde.check.session import active
from autograde.check.shapes import wrong_kind

ANSWERED_AS = "answered_as"
LONGEST_NAME = 60  # characters of a name that a message quotes
ANSWERED, BLANK, UNKNOWN, FOREIGN = "answered", "blank", "unknown", "foreign"


@dataclass(frozen=True)
class Answer:
    """One item of a sheet: its state, the variant that was answered or else drawn, and the option, if any."""

    item: str
    state: str
    variant: Any = None
    option: Any = None
    given: Any = None


def sheet(exam: Any, student: Any, answers: Any) -> None:
    """Say what is answered and what is open: the visible half of a test's check. Nothing here knows what is right.

    exam: lesson.exam(…). student, answers: the student's. Raises NotAttempted for an empty sheet, CheckFailed for one
    that cannot be read at all; whatever can be read is graded.
    """
    name, read = _read(exam, student, answers)
    cell = active().cell
    if cell is None:
        return
    chosen = {one.item: one.option.id for one in read if one.state == ANSWERED}
    odd = _oddities(exam, read, answers, str(student), name)
    told = [exam.standing(name, chosen), *odd]
    if len(chosen) == len(read) and not odd:
        told = [
            f"all {len(read)} questions are answered. You may still change them. What is right is said after grading."
        ]
    cell.said = head() + " ".join(told)
    cell.ungraded = "answered" if len(chosen) == len(read) else "open"
    active().count()


def graded(exam: Any, student: Any, answers: Any, key: Mapping[str, Any]) -> None:
    """Grade a sheet: the hidden half. key: what exam_release.key_of_exam makes.

    Each item is worth the same. The cell passes with all of them right and is partly right with some; whether the test
    is passed is said in either case, and stands in the outcome's `sheet` with every item's feedback.
    """
    name, read = _read(exam, student, answers)
    right_ids, of = set(key["right"]), len(read)
    right = [one.item for one in read if one.state == ANSWERED and one.option.id in right_ids]
    needed = math.ceil(round(exam.pass_share * of, 9))
    passed = len(right) >= needed
    told = f"{len(right)} of {of} items are right, {needed} are needed: the test is {'' if passed else 'not '}passed."
    wrong = [f"{one.item!r}" for one in read if one.item not in right]
    told += f" Not right: {listed(wrong, most=of)}." if wrong else ""
    told = " ".join([head() + told, *_oddities(exam, read, answers, str(student), name)])
    cell = active().cell
    if cell is not None:
        cell.ungraded, cell.said = "", told
        cell.sheet = {
            "title": exam.title,
            "typed": short_name(student),
            "answered_as": short_name(name),
            "passed": passed,
            "right": len(right),
            "needed": needed,
            "of": of,
            "doubt": _doubt(read, right_ids),
            "items": [_entry(one, set(right), key) for one in _in_paper_order(exam, name, read)],
        }
    if wrong:
        active().partly(len(right) / of, told)
    active().count()


def _read(exam: Any, student: Any, answers: Any) -> tuple[str, list[Answer]]:
    """The name whose paper the sheet counts for, and the answer to each item."""
    if not isinstance(answers, Mapping):
        settle(wrong_kind(answers, 'a dict like {"item": "code"}'))
    items = [item.id for item in exam.items]
    if all(is_blank(answers.get(item)) for item in items):
        raise NotAttempted()
    if not _is_name(student):
        got = "is blank" if is_blank(student) or isinstance(student, str) else f"is {short(student)}"
        text = f"expected your e-mail address or student number in {exam.id}_student, yours {got}."
        settle(Problem(text, cause="Your questions were drawn from it: write what you answered under."))
    names = [str(student)]
    also = answers.get(ANSWERED_AS)
    if _is_name(also) and _plain(also) != _plain(student):
        names.append(str(also))
    readings = [_reading(exam, name, answers) for name in names]
    best = max(range(len(names)), key=lambda n: (sum(one.state == ANSWERED for one in readings[n]), -n))
    return names[best], readings[best]


def _reading(exam: Any, name: str, answers: Mapping[str, Any]) -> list[Answer]:
    paper = exam.paper(name)
    return [_answer(exam, item.id, paper[item.id], answers.get(item.id)) for item in exam.items]


def _answer(exam: Any, item: str, drawn: Any, given: Any) -> Answer:
    if is_blank(given) or (isinstance(given, str) and not given.strip()):
        return Answer(item, BLANK, drawn)
    found = exam.find(item, tidy(given)) if isinstance(given, str) else None
    if found is None:
        return Answer(item, UNKNOWN, drawn, given=given)
    variant, option = found
    return Answer(item, ANSWERED if variant.id == drawn.id else FOREIGN, variant, option, given)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def short_name(name: Any) -> str:
    """A name as a message quotes it: one line, of bounded length."""
    plain = " ".join(str(name).split())
    return plain if len(plain) <= LONGEST_NAME else plain[:LONGEST_NAME] + "…"


def _oddities(exam: Any, read: list[Answer], answers: Mapping[str, Any], typed: str, name: str) -> list[str]:
    """What is odd about a sheet, in sentences. None of them says what is right."""
    told = []
    if _plain(name) != _plain(typed):
        told.append(f"It was answered as {short_name(name)!r}, and counts for the questions drawn for that name.")
    strange = [one for one in read if one.state == UNKNOWN]
    told += [f"{short(one.given, 20)} is no option of {one.item!r}." for one in strange[:3]]
    told += [f"{len(strange) - 3} more answers are no options of their items."] if len(strange) > 3 else []
    items = {item.id for item in exam.items}
    unknown = [short(key, 20) for key in answers if key not in items and key != ANSWERED_AS]
    told += [f"Not asked for: {listed(unknown, most=5)}."] if unknown else []
    foreign = [f"{one.item!r}" for one in read if one.state == FOREIGN]
    if foreign:
        told.append(
            f"{listed(foreign, most=len(read))}: answered in another version than the one drawn for "
            f"{short_name(name)!r}, so not counted. Was the name changed? Put back the one that you answered under."
        )
    return told


def _doubt(read: list[Answer], right: set[str]) -> str:
    """Why a person has to decide ("" when nobody has to)."""
    foreign = [one for one in read if one.state == FOREIGN]
    if not foreign:
        return ""
    what = "1 answer belongs" if len(foreign) == 1 else f"{len(foreign)} answers belong"
    worth = sum(one.option.id in right for one in foreign)
    return (
        f"{what} to another version of the question than the name has drawn; {worth} of them would be right. "
        "A person decides; the points are provisional."
    )


def _in_paper_order(exam: Any, name: str, read: list[Answer]) -> list[Answer]:
    by_item = {one.item: one for one in read}
    return [by_item[item] for item in exam.paper(name)]


def _entry(one: Answer, right: set[str], key: Mapping[str, Any]) -> dict[str, Any]:
    """One item for the feedback page and the item statistics, as plain data."""
    chosen = one.option.id if one.option is not None else ""
    counted = one.state == ANSWERED
    return {
        "item": one.item,
        "state": one.state,
        "variant": one.variant.id,
        "option": chosen,
        "right": one.item in right,
        "question": one.variant.text,
        "answer": one.option.text if one.option is not None else "",
        "feedback": str(key["feedback"].get(chosen, "")) if counted else "",
        "teaches": [list(place) for place in key["teaches"].get(one.item, [])],
    }
