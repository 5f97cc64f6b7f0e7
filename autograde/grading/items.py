"""`autograde items LESSON`: what the answers of a class say about the questions of a test or quiz. No names.

A command of its own and no part of the class's report: the report has names and is for Monday's lesson; this page is for
whoever writes and mends the questions, and may be passed on. It reads what grading kept and runs nothing.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograde.course import Course, CourseError, load_course
from autograde.grading.item_analysis import Analysis, Asked, Bank, analyse
from autograde.grading.item_numbers import FEWEST, Given, Sheet
from autograde.grading.item_page import write_csv, write_html
from autograde.grading.outcomes import Outcome
from autograde.grading.records import BROKEN, all_records

KEY_WORDS = {"check.graded": "test", "check.key": "quiz"}  # the calls in whose last argument a key stands


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `autograde items`."""
    parser.add_argument("lesson", metavar="LESSON", help="a lesson's key or number, such as 13_module_test or 3")
    parser.add_argument("--course", metavar="DIR", type=Path, help="the course's folder (default: found from here up)")


def run(args: argparse.Namespace) -> int:
    """Analyse every test and quiz of the lesson; write grading/items/LESSON.html and .csv."""
    course = load_course(args.course)
    key = course.lesson(args.lesson).key
    analyses = [analysed(course, key, bank) for bank in banks(course, key)]
    folder = course.root / "grading" / "items"
    folder.mkdir(parents=True, exist_ok=True)
    write_html(folder / f"{key}.html", course, key, analyses)
    write_csv(folder / f"{key}.csv", analyses)
    for one in analyses:
        odd = sum(len(item.odd) + sum(len(variant.odd) for variant in item.variants) for item in one.items)
        few = f"; {FEWEST} are needed for more than shares" if one.whole.n < FEWEST else f", {odd} things to look at"
        print(f"{one.bank.name}: answers of {one.whole.n} students{few}")
    print(f"the questions, by the answers to them: {folder / key}.html and .csv")
    return 0


def banks(course: Course, key: str) -> list[Bank]:
    """The lesson's tests and quizzes as they were built: texts from the files beside source/, keys from the checks.

    Raises CourseError where the lesson is not built, or has neither.
    """
    path = course.source(key)
    if not path.is_file():
        raise CourseError(f"{key} has no source ({path} is missing). Run: autograde build {key}")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [made for cell in cells if (made := _bank(path.parent, "".join(cell["source"]), cell)) is not None]
    if not found:
        raise CourseError(f"{key} has neither a test nor a quiz: item statistics are of questions with options")
    return found


def _bank(folder: Path, source: str, cell: Mapping[str, Any]) -> Bank | None:
    about = cell.get("metadata", {}).get("measure_first", {})
    if about.get("kind") != "check":
        return None
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    keyed = next((node for node in calls if ast.unparse(node.func) in KEY_WORDS), None)
    file = folder / f"{about['exercise']}.json"
    if keyed is None or not file.is_file():
        return None
    data, key = json.loads(file.read_text(encoding="utf-8")), ast.literal_eval(keyed.args[-1])
    return _test(data, key) if KEY_WORDS[ast.unparse(keyed.func)] == "test" else _quiz(data, key)


def _test(data: Mapping[str, Any], key: Mapping[str, Any]) -> Bank:
    right = set(key["right"])
    items = {item["id"]: {one["id"]: _asked(one, "id", right) for one in item["variants"]} for item in data["items"]}
    needed = math.ceil(round(float(data["pass"]) * len(items), 9))
    return Bank(data["id"], data["title"], items, key.get("subjects", {}), needed)


def _quiz(data: Mapping[str, Any], key: Mapping[str, str]) -> Bank:
    items = {one["id"]: {"": _asked(one, "letter", {key.get(one["id"], "")})} for one in data["questions"]}
    return Bank(data["id"], data["title"], items)


def _asked(entry: Mapping[str, Any], name: str, right: set[str]) -> Asked:
    options = {option[name]: option["text"] for option in entry["options"]}
    return Asked(entry["text"], options, next((option for option in options if option in right), ""))


def analysed(course: Course, key: str, bank: Bank) -> Analysis:
    """One test or quiz with the answers that grading kept of it."""
    sheets, left_out = [], 0
    for record in all_records(course):
        if record.lesson != key or record.status == BROKEN:
            continue
        outcome = next((one for one in record.outcomes if one.check == f"check_{bank.name}"), None)
        sheet = _sheet(bank, outcome)
        if sheet is None:
            left_out += 1
        else:
            sheets.append(sheet)
    if not sheets and not left_out:
        raise CourseError(f"no graded submissions of {key} are known here. Run: autograde grade {key}")
    return analyse(bank, sheets, left_out)


def _sheet(bank: Bank, outcome: Outcome | None) -> Sheet | None:
    """The answers of one student; None where there are none, or of a test with other items than the bank has."""
    if outcome is None or outcome.sheet is None:
        return None
    given = {
        entry.get("item", ""): Given(entry.get("variant", ""), _option(entry), entry.get("right") is True)
        for entry in outcome.sheet["items"]
    }
    return {item: given[item] for item in bank.items} if set(bank.items) <= set(given) else None


def _option(entry: Mapping[str, Any]) -> str:
    """The option that counts: an answer to a version that was not drawn says nothing about the item."""
    return "" if entry.get("state") == "foreign" else str(entry.get("option", ""))
