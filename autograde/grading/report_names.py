"""Whose paper a test is: names that students typed for the drawing, held against the folders they handed in as.

A test is graded for the name that was typed, whatever it is. But who types many names sees many papers, and two who type
one name have one paper: so the report says where a name is not the folder's, and where one stands in two notebooks.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from autograde.grading.scores import Row
from autograde.grading.sheets import is_test

SHORTEST = 3  # characters of a word that two names may have in common


def names_on_tests(rows: Sequence[Row]) -> str:
    """A section on names that a person should look at; "" where there is none."""
    items = "".join(
        f"<li><strong>{escape(row.student)}</strong>, {escape(row.lesson)}: {escape(' '.join(told))}</li>"
        for row, told in remarks(rows)
    )
    if not items:
        return ""
    what = (
        "A student’s questions are drawn from what they typed as their name, and graded for that. Here it is not plainly "
        "the folder’s, or it stands in two notebooks. An e-mail address or number that you know them by is in order."
    )
    return f'<section><h2>Names on tests</h2><p>{what}</p><ul class="plain">{items}</ul></section>'


def remarks(rows: Sequence[Row]) -> Iterator[tuple[Row, list[str]]]:
    """Each row with something odd about the name on its test, and what."""
    sheets = [(row, sheet) for row in rows if not row.broken for sheet in tests_of(row)]
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, sheet in sheets:
        for name in {plain(sheet["typed"]), plain(sheet["answered_as"])}:
            users[row.lesson, name].add(row.student)
    for row, sheet in sheets:
        if told := list(_odd(row, sheet, users)):
            yield row, told


def tests_of(row: Row) -> list[dict[str, Any]]:
    """The module tests in one submission."""
    return [one.sheet for one in row.record.outcomes if one.sheet is not None and is_test(one.sheet)]


def _odd(row: Row, sheet: dict[str, Any], users: dict[tuple[str, str], set[str]]) -> Iterator[str]:
    typed, drawn = sheet["typed"], sheet["answered_as"]
    if not alike(row.student, typed):
        yield f"typed “{typed}”."
    if plain(typed) != plain(drawn):
        yield f"The cell says “{typed}”, the answers say that they were given as “{drawn}”, and count for that."
    others = (users[row.lesson, plain(typed)] | users[row.lesson, plain(drawn)]) - {row.student}
    if others:
        yield f"The same name is on the test of {', '.join(sorted(others))}: they had the same paper."


def plain(name: str) -> str:
    """A name as it is compared here."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def alike(folder: str, typed: str) -> bool:
    """Whether a typed name may be the folder's: one holds the other, or they have a word in common."""
    mine, theirs = (_words(name) for name in (folder, typed))
    joined = "".join(mine), "".join(theirs)
    short, long = sorted(joined, key=len)
    whole = bool(short) and short in long and (len(short) >= SHORTEST or short in (*mine, *theirs))
    return whole or any(len(word) >= SHORTEST for word in set(mine) & set(theirs))


def _words(name: str) -> list[str]:
    """Words of letters and digits, accents taken off; of an e-mail address the part before the @."""
    local = name.partition("@")[0] if "@" in name else name
    letters = "".join(c for c in unicodedata.normalize("NFKD", local.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", letters) or re.findall(r"\w+", local.casefold())
