"""Tables of answers, each entry worth the same: partial credit is the share of right entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograde.check.compare import difference
from autograde.check.describe import listed, pair_text, short
from autograde.check.failure import CheckFailed, Problem, head, settle
from autograde.check.numeric import How
from autograde.check.session import active
from autograde.check.shapes import wrong_kind

MOST_HINTS = 3  # of entries that have one of their own: more than that is a wall


def each(
    got: Any, expected: Any, *, reveal: bool = False, rtol: float | None = None, atol: float | None = None,
    of: str | None = None, hint: str | Mapping[Any, str] | None = None,
) -> None:  # fmt: skip
    """Compare a dict with a dict (or a list with a list), entry by entry.

    Some entries right: the cell goes on and earns that share of its points. None right: CheckFailed. The message lists
    the wrong entries by key; what is expected shows with reveal=True only. hint: a text, or a dict key → text.
    """
    tables = Mapping if isinstance(expected, Mapping) else (list, tuple)
    if not isinstance(got, tables):
        settle(wrong_kind(got, "a dict" if tables is Mapping else "a list"), of=of)
    mine, theirs = as_table(got), as_table(expected)
    problems = {key: entry_problem(key, mine, theirs, How(rtol=rtol, atol=atol)) for key in theirs}
    wrong = {key: problem for key, problem in problems.items() if problem}
    if wrong and all(mine.get(key, ...) is ... for key in theirs):
        settle(Problem("", untouched=True))
    if not wrong:
        settle(None)
        return
    message = head(of) + table_message(wrong, mine, theirs, reveal, hint)
    if len(wrong) == len(theirs):
        raise CheckFailed(message)
    active().partly(1 - len(wrong) / len(theirs), message)


def as_table(entries: Any) -> dict[Any, Any]:
    """A list as a dict from its indices."""
    return dict(entries) if isinstance(entries, Mapping) else dict(enumerate(entries))


def entry_problem(key: Any, mine: dict[Any, Any], theirs: dict[Any, Any], how: How) -> Problem | None:
    """What is wrong with one entry; a missing one is like one that is not filled in."""
    return difference(mine.get(key, ...), theirs[key], how)


def table_message(
    wrong: dict[Any, Problem], mine: dict[Any, Any], theirs: dict[Any, Any], reveal: bool, hint: Any
) -> str:
    """2 of 3 entries are right. Not right: 'c' (yours: 5): is c counted from 0?"""
    by_key = hint if isinstance(hint, Mapping) else {}
    hints = {key: by_key[key] for key in wrong if key in by_key and not wrong[key].untouched}
    told = {key: f"{key!r} ({entry_text(problem, key, mine, theirs, reveal)})" for key, problem in wrong.items()}
    first = [key for key in told if key in hints][:MOST_HINTS]
    rest = [told[key] for key in told if key not in first]
    parts = [f"{len(theirs) - len(wrong)} of {len(theirs)} entries are right. Not right:"]
    parts += [f"{told[key]}: {hints[key]}" for key in first]
    parts += [f"{listed(rest, most=13)}."] if rest else []
    unknown = [repr(key) for key in mine if key not in theirs]
    parts += [f"Not asked for: {listed(unknown)}."] if unknown else []
    parts += [hint] if isinstance(hint, str) else []
    return " ".join(parts)


def entry_text(problem: Problem, key: Any, mine: dict[Any, Any], theirs: dict[Any, Any], reveal: bool) -> str:
    """yours: 5; or no answer yet; or yours: 'three', expected a number; with reveal, expected: 6, yours: 5."""
    if problem.untouched:
        return "no answer yet"
    yours = short(mine[key], 40)
    if problem.wanted and not reveal:
        return f"yours: {yours}, expected {problem.wanted}"
    if reveal and isinstance(theirs[key], (int, float)) and isinstance(mine[key], (int, float)):
        expected, yours = pair_text(theirs[key], mine[key])
        return f"expected {expected}, yours: {yours}"
    return f"expected {short(theirs[key], 40)}, yours: {yours}" if reveal else f"yours: {yours}"
