"""The answers of a quiz or a test as `check.end()` publishes them: read as data, whoever wrote them.

At the judge they are the judge's own. Where checks run in the student's kernel they may be anybody's, so every field is
looked at here, once, and nothing but texts, truth values, small numbers and addresses of pages goes on from here.
"""

from __future__ import annotations

from typing import Any

LONGEST = 2000  # characters of a text
MOST = 200  # items of a sheet
TEXTS = ("title", "typed", "answered_as", "doubt")
ITEM_TEXTS = ("item", "state", "variant", "option", "question", "answer", "feedback")


def sheet_of(reported: dict[str, Any]) -> dict[str, Any] | None:
    """The sheet in what a check reported, made of known fields only; None where there is none."""
    told = reported.get("sheet")
    if not isinstance(told, dict) or not isinstance(told.get("items"), list):
        return None
    items = [_item(entry) for entry in told["items"][:MOST] if isinstance(entry, dict)]
    made: dict[str, Any] = {"items": items}
    if "needed" in told:  # a test
        made |= {name: _text(told.get(name)) for name in TEXTS}
        made |= {name: _count(told.get(name)) for name in ("right", "needed", "of")}
        made["passed"] = told.get("passed") is True
    return made


def is_test(sheet: dict[str, Any] | None) -> bool:
    """Whether this is a module test's sheet, which is passed or not; a quiz's has answers only."""
    return sheet is not None and "needed" in sheet


def _item(entry: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {name: _text(entry[name]) for name in ITEM_TEXTS if name in entry}
    made["right"] = entry.get("right") is True
    if "teaches" in entry:
        made["teaches"] = _places(entry["teaches"])
    return made


def _places(value: Any) -> list[list[str]]:
    """(name, address) pairs; an address is a page's or none."""
    pairs = [pair for pair in value if isinstance(pair, list) and len(pair) == 2] if isinstance(value, list) else []
    texts = [[_text(name), _text(address)] for name, address in pairs]
    return [[name, address if address.startswith("https://") else ""] for name, address in texts]


def _text(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return min(max(value, 0), MOST) if isinstance(value, int) and not isinstance(value, bool) else 0
