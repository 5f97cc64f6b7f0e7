"""The module test's own bank: complete, balanced, in step with the facts that it uses, and its answer sheets fresh."""

import json
import re

import exam_mutants
import pytest

from autograde.authoring.facts import read_facts
from autograde.lesson.exam_text import every_variant, right_option

SUBJECTS = [
    "eager", "zero_grad", "init_forward", "share", "pipeline", "approach", "kaggle", "lora", "device", "search_first",
    "nan", "space", "paying", "judgment", "checkpointing",
]  # fmt: skip


@pytest.fixture(scope="module")
def sheets():
    return exam_mutants.Sheets()


def test_there_are_the_fifteen_subjects_of_the_syllabus_with_three_variants_each(sheets):
    assert [item["id"] for item in sheets.bank["item"]] == SUBJECTS
    assert all(len(item["variant"]) == 3 for item in sheets.bank["item"])
    assert all(len(variant["option"]) == 4 for _, variant in every_variant(sheets.bank))
    assert sheets.bank["pass"] == 0.8


def test_nobody_passes_by_the_length_of_the_options(sheets):
    variants = [variant for _, variant in every_variant(sheets.bank)]
    for best in (max, min):
        hits = sum(right_option(one) is best(one["option"], key=lambda option: len(option["text"])) for one in variants)
        assert hits <= len(variants) / 3, f"the {best.__name__} in length is right {hits} times of {len(variants)}"


def test_the_item_on_kaggle_fits_the_figures(sheets):
    facts, _ = read_facts(exam_mutants.COURSE.root)
    week, session = facts["kaggle_week"].number / 3600, facts["kaggle_session"].number / 3600
    assert 2 * session == 24 <= week < 40 and 9 <= session < 15, (
        "the figures have changed: rewrite the variants of the item kaggle, whose sums rest on them"
    )


def test_the_answer_sheets_are_those_of_the_bank_as_it_is():
    made, folder = exam_mutants.mutants(), exam_mutants.COURSE.mutants(exam_mutants.KEY)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")} == made, (
        "run: python tests/exam_mutants.py"
    )


def test_the_committed_release_says_nothing_of_the_key(sheets):
    folder = exam_mutants.COURSE.release(exam_mutants.KEY).parent
    released = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    assert set(released) == {"13_module_test.ipynb", "test_1.json"}
    everything = "\n".join(released.values())
    for _, variant in every_variant(sheets.bank):
        for option in variant["option"]:
            assert option["feedback"] not in everything
            assert json.dumps(option["feedback"], ensure_ascii=False)[1:-1] not in everything
    ids = {option.id for item in sheets.exam.items for one in item.variants for option in one.options}
    assert not [one for one in ids if re.search(rf"\b{one}\b", released["13_module_test.ipynb"])]


def test_setup_does_not_bring_the_bank_to_a_students_machine():
    setup = (exam_mutants.COURSE.root / "setup_colab.py").read_text(encoding="utf-8")
    wanted = re.search(r"wanted = \((.*?)\)", setup)
    assert wanted is not None and "notebooks" not in wanted[1] and "tests" not in wanted[1]
