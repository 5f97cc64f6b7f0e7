"""Papers drawn from names: the same everywhere, different for different names, and fair to every option."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from autograde.lesson import drawing
from autograde.lesson.drawing import Dice, normal
from autograde.lesson.exam import Exam, exam
from autograde.lesson.trouble import LessonError

FILE = Path(__file__).parent / "exams" / "two_items.toml"


@pytest.fixture
def test_9(monkeypatch: pytest.MonkeyPatch) -> Exam:
    return exam(FILE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings for thousands of names: the derivation with one round in place of 200,000."""
    monkeypatch.setattr(drawing, "ROUNDS", 1)
    drawing.seed_of.cache_clear()
    yield
    drawing.seed_of.cache_clear()


def paper(test: Exam, name: str) -> list[tuple]:
    return [(item, one.id, [option.id for option in one.options]) for item, one in test.paper(name).items()]


def test_a_drawing_is_the_same_on_every_machine(test_9: Exam) -> None:
    assert paper(test_9, "ada@example.org") == [
        ("eager", "2rkpy", ["s7b7a", "h5vvn", "xpy9u"]),
        ("zeroing", "85kah", ["hejww", "xa2wr", "rvhgr"]),
    ]  # written down once: a change of the arithmetic would change every student's paper


@pytest.mark.parametrize("name", ["Ada Lovelace", "  ada   LOVELACE ", "ａｄａ lovelace", "ada\tlovelace"])
def test_ways_of_writing_one_name_are_one_name(test_9: Exam, name: str) -> None:
    assert normal(name) == "ada lovelace"
    assert paper(test_9, name) == paper(test_9, "ada lovelace")


@pytest.mark.parametrize("name", ["", "   ", None, ..., 7, ["ada"]])
def test_without_a_name_nothing_is_drawn(test_9: Exam, name) -> None:
    with pytest.raises(
        LessonError, match="test_9: type your e-mail address or student number into test_9_student first"
    ):
        test_9.paper(name)


def test_names_draw_variants_and_orders_evenly(test_9: Exam, quick) -> None:
    n = 3000
    papers = [test_9.paper(f"student {k}") for k in range(n)]
    for item in test_9.items:
        variants = Counter(one[item.id].id for one in papers)
        assert chi_squared(list(variants.values()), len(item.variants)) < 10.8  # 1 in 1000 for one degree of freedom
        for variant in item.variants:
            own = [tuple(o.id for o in one[item.id].options) for one in papers if one[item.id].id == variant.id]
            orders = Counter(own)
            assert (
                chi_squared(list(orders.values()), math.factorial(len(variant.options))) < 20.5
            )  # 5 degrees of freedom
    assert chi_squared(list(Counter(next(iter(one)) for one in papers).values()), 2) < 10.8


def chi_squared(counts: list[int], cells: int) -> float:
    expected = sum(counts) / cells
    return sum((count - expected) ** 2 / expected for count in [*counts, *[0] * (cells - len(counts))])


def test_the_statistic_notices_a_die_that_is_loaded() -> None:
    assert chi_squared([1600, 1400], 2) > 10.8


def test_a_hundred_names_have_a_hundred_papers(quick) -> None:
    course = Path(__file__).parents[2] / "release" / "13_module_test" / "test_1.json"
    test = exam(course)
    assert len({str(paper(test, f"s{k}@example.org")) for k in range(100)}) == 100


def test_dice_of_other_labels_are_others_and_every_number_is_likely() -> None:
    assert [Dice(b"x", "a").below(1000) for _ in range(2)] == [Dice(b"x", "a").below(1000)] * 2
    assert Dice(b"x", "a").below(10**6) != Dice(b"x", "b").below(10**6)
    dice = Dice(b"x", "many")
    assert chi_squared(list(Counter(dice.below(6) for _ in range(6000)).values()), 6) < 20.5


def test_a_name_costs_a_slow_derivation() -> None:
    assert drawing.ROUNDS >= 200_000
