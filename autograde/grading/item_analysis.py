"""A test or quiz analysed: each item, its variants and options with their figures, and what is odd about them in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograde.grading.item_numbers import (
    FEWEST,
    Figures,
    Given,
    OptionCount,
    Sheet,
    Whole,
    differs,
    figures,
    option_counts,
    score,
    whole,
)

EASY, LOW = 0.95, 0.1  # a share right that tells students apart no more; a correlation that hardly does
WRONG = 10  # wrong answers; of fewer, none at one of three distractors is chance ((2/3)^10 = 2 %)
ONE_IN = 5  # of the best third at least so many must there be to suspect a key


@dataclass(frozen=True)
class Asked:
    """What a variant asks: its text, its options (id → text), the right one's id ("": not known)."""

    text: str
    options: Mapping[str, str]
    key: str


@dataclass(frozen=True)
class Bank:
    """The texts of a test or quiz as it was built. pass_count: None for a quiz."""

    name: str
    title: str
    items: Mapping[str, Mapping[str, Asked]]
    subjects: Mapping[str, str] = field(default_factory=dict)
    pass_count: int | None = None


@dataclass(frozen=True)
class VariantReport:
    """One variant with its figures; `odd` says in sentences what to look at."""

    variant: str
    asked: Asked
    figures: Figures
    options: list[OptionCount]
    blank: int
    odd: list[str]


@dataclass(frozen=True)
class ItemReport:
    """One item with its variants."""

    item: str
    subject: str
    figures: Figures
    variants: list[VariantReport]
    odd: list[str]


@dataclass(frozen=True)
class Analysis:
    """All of one test or quiz. scores: of each sheet, sorted. left_out: students without a sheet that can be read."""

    bank: Bank
    whole: Whole
    scores: list[int]
    items: list[ItemReport]
    left_out: int


def analyse(bank: Bank, sheets: Sequence[Sheet], left_out: int) -> Analysis:
    """The statistics of all sheets; items and variants in the bank's order."""
    items = [_item(bank, item, sheets) for item in bank.items]
    return Analysis(bank, whole(sheets), sorted(map(score, sheets)), items, left_out)


def _item(bank: Bank, item: str, sheets: Sequence[Sheet]) -> ItemReport:
    rests = [float(score(sheet) - sheet[item].right) for sheet in sheets]
    all_of_it = figures([sheet[item].right for sheet in sheets], rests)
    variants = []
    for variant, asked in bank.items[item].items():
        places = [place for place, sheet in enumerate(sheets) if sheet[item].variant == variant]
        given, own = [sheets[place][item] for place in places], [rests[place] for place in places]
        variants.append(_variant(variant, asked, given, own))
    return ItemReport(item, bank.subjects.get(item, ""), all_of_it, variants, _between(variants))


def _variant(variant: str, asked: Asked, given: Sequence[Given], rests: Sequence[float]) -> VariantReport:
    found = figures([one.right for one in given], rests)
    counts = option_counts(given, rests, {option: option == asked.key for option in asked.options})
    blank = sum(one.option not in asked.options for one in given)
    return VariantReport(variant, asked, found, counts, blank, _odd(asked, found, counts, len(given)))


def _odd(asked: Asked, found: Figures, counts: Sequence[OptionCount], n: int) -> list[str]:
    """What to look at in one variant, the gravest first; nothing where there are too few students to say."""
    if n < FEWEST or found.difficulty is None:
        return []
    told = []
    key = next((one for one in counts if one.key), None)
    for one in counts:
        few = one.best is None or one.best * round(n / 3) < min(ONE_IN, round(n / 3) / 2)
        if key is not None and not one.key and not few and (one.best or 0) > (key.best or 0):
            told.append(
                f"More of the best third chose “{asked.options[one.option]}” ({one.best:.0%}) than the key "
                f"({key.best or 0:.0%}): is the key right, and is the question clear?"
            )
    telling = found.discrimination
    if telling is not None and telling < 0:
        told.append(f"Who is right here does worse on the rest ({telling:+.2f}): look at the key and the wording.")
    elif telling is not None and telling < LOW:
        told.append(f"It hardly tells strong from weak students ({telling:+.2f}).")
    if found.difficulty < 1 / len(asked.options):
        told.append(f"Fewer are right ({found.difficulty:.0%}) than by guessing ({1 / len(asked.options):.0%}).")
    elif found.difficulty > EASY:
        told.append(f"Nearly everybody is right ({found.difficulty:.0%}).")
    wrong = sum(one.count for one in counts if not one.key)
    if wrong >= WRONG:
        dead = [asked.options[one.option] for one in counts if not one.key and not one.count]
        told += [f"None of {wrong} wrong answers is “{text}”: it distracts nobody." for text in dead]
    return told


def _between(variants: Sequence[VariantReport]) -> list[str]:
    """Variants of one item that are clearly not equally hard."""
    ranked = sorted((one for one in variants if one.figures.n), key=lambda one: one.figures.difficulty or 0.0)
    if len(ranked) < 2 or not differs(ranked[0].figures, ranked[-1].figures):
        return []
    places = {id(one): place for place, one in enumerate(variants, start=1)}
    hard, easy = ranked[0], ranked[-1]
    return [
        f"Variant {places[id(easy)]} ({easy.figures.difficulty:.0%} right) was easier than variant {places[id(hard)]} "
        f"({hard.figures.difficulty:.0%}): who drew which made a difference."
    ]
