# ruff: noqa: E501
"""Answer sheets for the module test in tests/mutants/13_module_test: `python tests/exam_mutants.py` writes them anew.

An option's id follows from its text, so the sheets change whenever a question of the bank does. A test compares them with
what this gives (tests/test_exam_bank.py). Run it after every change to notebooks/13_module_test.test_1.toml.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from autograde.authoring.source import read_source
from autograde.course import load_course
from autograde.lesson.exam import Exam
from autograde.lesson.exam_release import key_of_exam, release_exam

COURSE = load_course(Path(__file__).parents[1])
KEY, NAME = "13_module_test", "test_1"
ADA, BEN = "ada@example.org", "s4711"


class Sheets:
    """Right and wrong answers to any student's paper."""

    def __init__(self) -> None:
        self.bank = read_source(COURSE, KEY).side[NAME]
        self.exam = Exam(release_exam(self.bank))
        self.right = set(key_of_exam(self.bank)["right"])
        self.items = [item.id for item in self.exam.items]

    def answers(self, student: str, wrong: Collection[str] = (), blank: Collection[str] = ()) -> dict[str, str]:
        """item → option's id: right, but for the items in `wrong` and `blank`."""
        chosen = {}
        for item, variant in self.exam.paper(student).items():
            ids = [option.id for option in variant.options if (option.id in self.right) == (item not in wrong)]
            chosen[item] = "" if item in blank else ids[0]
        return chosen

    def cell(self, student: str, chosen: dict[str, str], typed: str | None = None, said: bool = True) -> str:
        """The answers cell. typed: another name than the paper's; said: whether the answers say whose they are."""
        text = self.exam.answers_cell(student, chosen)
        if typed is not None:
            text = text.replace(f'{NAME}_student = "{student}"', f'{NAME}_student = "{typed}"')
        return text if said else text.replace(f'    "answered_as": "{student}",\n', "")


def mutants() -> dict[str, str]:
    """File name → text."""
    sheets = Sheets()
    ada, ben = sheets.answers(ADA), sheets.answers(BEN)
    by_hand = {item: code.upper() if n % 2 else f" {code} " for n, (item, code) in enumerate(ben.items())}
    two = [option.id for option in sheets.exam.paper(ADA)["eager"].options[:2]]
    hedged = sheets.cell(ADA, ada).replace(f'"eager": "{ada["eager"]}"', f'"eager": {json.dumps(two)}')
    shared = sum(sheets.exam.paper(ADA)[item].id == sheets.exam.paper(BEN)[item].id for item in sheets.items)
    slips = ("share", "approach", "lora", "nan", "checkpointing")
    at_bound, below = ("share", "lora", "nan"), ("share", "lora", "nan", "space")
    made = {
        "ok_all_right": _right("every question right, on another paper than the reference's", sheets.cell(ADA, ada)),
        "ok_another_student": _right("every question right, on a third paper", sheets.cell(BEN, ben)),
        "ok_name_changed_afterwards": _right(
            "answered as one name, which was then changed: the answers say whose they are",
            sheets.cell(ADA, ada, "Ada L."),
        ),
        "ok_capitals_and_blanks": _right(
            "codes typed by hand, some in capitals, some with blanks", sheets.cell(BEN, by_hand, said=False)
        ),
        "exactly_80_percent": _wrong(
            "twelve of fifteen right, which is exactly what passes",
            "12 of 15 items are right, 12 are needed: the test is passed.",
            sheets.cell(ADA, sheets.answers(ADA, at_bound)),
        ),
        "just_below": _wrong(
            "eleven of fifteen right, one short of what passes",
            "11 of 15 items are right, 12 are needed: the test is not passed.",
            sheets.cell(ADA, sheets.answers(ADA, below)),
        ),
        "typical_mistakes": _wrong(
            "takes LoRA for faster, NaN for bad luck, a checkpoint for a backup; leaves one question open",
            "Not right: 'zero_grad', 'share', 'approach', 'lora', 'nan' and 'checkpointing'.",
            sheets.cell(BEN, sheets.answers(BEN, slips, ("zero_grad",))),
        ),
        "half_answered": _wrong(
            "stops in the middle",
            "7 of 15 items are right",
            sheets.cell(BEN, sheets.answers(BEN, (), sheets.items[7:])),
        ),
        "all_wrong": _wrong(
            "all the way wrong",
            "0 of 15 items are right, 12 are needed: the test is not passed.",
            sheets.cell(ADA, sheets.answers(ADA, sheets.items)),
        ),
        "no_name": _wrong(
            "takes the name out",
            "expected your e-mail address or student number in test_1_student, yours is blank",
            sheets.cell(ADA, ada, typed=""),
        ),
        "letters_as_in_a_quiz": _wrong(
            "writes the letters of the buttons in place of the codes",
            "'b' is no option of",
            sheets.cell(ADA, dict.fromkeys(sheets.items, "b")),
        ),
        "a_list": _wrong(
            "hands in a list",
            "expected a dict",
            f'{NAME}_student = "{ADA}"\n{NAME}_answers = {json.dumps([*ada.values()][:9])}',
        ),
        "several_codes_for_one": _wrong(
            "gives two codes for one question, to be on the safe side", "is no option of 'eager'", hedged
        ),
        "a_neighbours_answers": _wrong(
            "copies a neighbour's answers under the own name",
            f"{shared} of 15 items are right",
            sheets.cell(BEN, ben, ADA, said=False),
        ),
    }
    return {f"{NAME}__{name}.py": text for name, text in made.items()}


def _right(why: str, cell: str) -> str:
    return f"# why: {why}\n{cell}\n"


def _wrong(mistake: str, says: str, cell: str) -> str:
    return f"# mistake: {mistake}\n# caught: check_{NAME}\n# says: {says}\n{cell}\n"


if __name__ == "__main__":
    for name, text in mutants().items():
        (COURSE.mutants(KEY) / name).write_text(text, encoding="utf-8")
