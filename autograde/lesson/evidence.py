"""What a conversation shows so far: for each point of a rubric, whether it is covered, and by which sentence.

A sentence is evidence for a point when one of the point's `signals` (regular expressions) is found in it and the
sentence says something: it is no question, no "it depends", no "I don't know", no copy of what the partner or the
situation said, long enough, and no bare list of catchwords. Where that is missing, or where only one of the `vague`
patterns is found, the point is touched vaguely. All of it is a proposal: a person grades.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.lesson import wording

MISSING, VAGUE, COVERED = "missing", "vague", "covered"
RANK = {MISSING: 0, VAGUE: 1, COVERED: 2}
WORDS_A_POINT = 5  # a sentence that covers k points at once needs k times as many words, else it is a list
WORDS_WHEN_ASKED = 3  # a direct answer to the question just asked may be shorter


@dataclass(frozen=True)
class Point:
    """One point of the rubric. See docs/labs-and-quizzes.md for what the author writes into each field."""

    id: str
    points: float
    asks: str
    signals: tuple[re.Pattern[str], ...]
    vague: tuple[re.Pattern[str], ...]
    press: tuple[str, ...]
    acknowledge: tuple[str, ...]
    number: str
    vocabulary: frozenset[str]

    @property
    def name(self) -> str:
        """The point's id as words."""
        return self.id.replace("_", " ")


@dataclass(frozen=True)
class Evidence:
    """How a point stands. turn counts from 1 (0: nothing said); amounts are the quantities in the sentence."""

    status: str = MISSING
    turn: int = 0
    sentence: str = ""
    quote: str = ""
    amounts: tuple[str, ...] = ()
    why: str = ""  # why a sentence that has the signal counts as vague


def read_rubric(rubric: Sequence[Mapping[str, object]]) -> tuple[Point, ...]:
    """The rubric of a lab file as Points, patterns compiled."""
    return tuple(_read_point(entry) for entry in rubric)


def _read_point(entry: Mapping[str, object]) -> Point:
    signals, vague = _texts(entry.get("signals")), _texts(entry.get("vague"))
    press = _texts(entry.get("press"))
    literal = " ".join(re.sub(r"\\[a-zA-Z]", " ", pattern) for pattern in signals + vague)
    prose = " ".join([str(entry["asks"]), *press, str(entry["id"]).replace("_", " ")])
    return Point(
        id=str(entry["id"]),
        points=float(str(entry["points"])),
        asks=str(entry["asks"]),
        signals=tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in signals),
        vague=tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in vague),
        press=press,
        acknowledge=_texts(entry.get("acknowledge")),
        number=str(entry.get("number", "")),
        vocabulary=frozenset(wording.stems(literal) | wording.stems(prose)),
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)  # type: ignore[attr-defined]


def read_turn(
    points: Sequence[Point], turn: str, number: int, said: Sequence[str] = (), asked: str = ""
) -> dict[str, Evidence]:
    """The best evidence in one turn for each point that the turn touches.

    number: of the turn, from 1. said: sentences of the partner and of the situation, which are no evidence when they
    are copied. asked: the id of the point that the partner asked about last.
    """
    parts = [part for part in wording.sentences(turn) if not wording.is_question(part)]
    parts = [part for part in parts if not any(wording.repeats(part, line) for line in said)]
    found: dict[str, Evidence] = {}
    for part, after in zip(parts, [*parts[1:], ""], strict=False):
        hits = {point.id: match for point in points if (match := _search(point.signals, part))}
        for point in points:
            if match := hits.get(point.id):
                why = _why_vague(part, len(hits), point.id == asked)
            elif match := _search(point.vague, part):
                why = "loose"
            else:  # an argument may take two sentences
                match, why = _search_across(point.signals, part, after), ""
                if match and wording.IGNORANCE.search(match.string):
                    why = "not known"
            if match:
                amounts = wording.quantities(match.string) or wording.quantities(after)
                words = wording.quote(match.string, *match.span())
                status = VAGUE if why else COVERED
                mine = Evidence(status, number, match.string, words, tuple(amounts), why)
                found[point.id] = stronger(found.get(point.id), mine)
    return found


def _search(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.search(text))), None)


def _search_across(patterns: Sequence[re.Pattern[str]], one: str, two: str) -> re.Match[str] | None:
    """A signal that begins in one sentence and ends in the next."""
    joined = (pattern.search(f"{one} {two}") for pattern in patterns if two and not pattern.search(two))
    return next((match for match in joined if match), None)


def _why_vague(piece: str, hits: int, asked: bool) -> str:
    """Why a sentence with a signal does not count in full; "" when it does."""
    if wording.IGNORANCE.search(piece):
        return "not known"
    if wording.is_hedge(piece):
        return "it depends"
    count = len(wording.words(piece))
    if hits > 1 and count < WORDS_A_POINT * hits:
        return "a list"
    if count < (WORDS_WHEN_ASKED if asked else WORDS_A_POINT):
        return "too short"
    return ""


def stronger(old: Evidence | None, new: Evidence) -> Evidence:
    """The better of two pieces of evidence; the earlier one when they are equal, but an amount breaks the tie."""
    if old is None:
        return new
    before, after = (RANK[item.status] + 0.5 * bool(item.amounts) for item in (old, new))
    return new if after > before else old


def topics(points: Sequence[Point], turn: str) -> dict[str, float]:
    """How near a turn is to each point: the sum of its words' weights, a word shared by k points weighing 1/k.

    The last sentence counts one and a half times: that is where the student stopped, and where the partner goes on.
    """
    share: dict[str, int] = {}
    for point in points:
        for word in point.vocabulary:
            share[word] = share.get(word, 0) + 1
    parts = wording.sentences(turn)
    last = wording.stems(parts[-1]) if parts else set()
    here = wording.stems(turn)
    return {
        point.id: math.fsum((1.5 if word in last else 1.0) / share[word] for word in here & point.vocabulary)
        for point in points
    }


GENERIC = frozenset(wording.stem(word) for word in wording.GENERIC)
TRADE = frozenset(wording.stem(word) for word in wording.TRADE)


def on_topic(points: Sequence[Point], turn: str, background: set[str]) -> bool:
    """False for a turn that shares no word with the rubric, the situation (`background`: its stems) and the trade.

    Made to err towards True: calling a real attempt off topic is worse than missing an odd one.
    """
    shared = wording.stems(turn) & background.union(TRADE, *(point.vocabulary for point in points))
    return bool(shared - GENERIC) or len(shared) >= 3
