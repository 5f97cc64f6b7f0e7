"""What a conversation shows so far: for each point of a rubric, whether it is covered, and by which sentence.

A sentence is evidence for a point when one of the point's `signals` (regular expressions) is found in it and the
sentence says something: it is no question, no "it depends", no "I don't know", no copy of what the partner or the
situation said, long enough, and no bare list of catchwords. Where that is missing, or where only one of the `vague`
patterns is found, the point is touched vaguely. A figure that the course can work out (`expects`) is compared with the
estimator's: see autograde.lesson.expected. All of it is a proposal: a person grades.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograde.lesson import wording
from autograde.lesson.expected import FITS, Claim, Expectation, claim_in, read_expectation

MISSING, VAGUE, COVERED = "missing", "vague", "covered"
RANK = {MISSING: 0, VAGUE: 1, COVERED: 2}
WORDS_A_POINT = 5  # a sentence that covers k points at once needs k times as many words, else it is a list
RAMBLING = 40  # words from which "I had no idea" in one place does not speak for the others
WORDS_WHEN_ASKED = 3  # a direct answer to the question just asked may be shorter


@dataclass(frozen=True)
class Point:
    """One point of the rubric. See docs/labs-and-quizzes.md for what the author writes into each field."""

    id: str
    points: float
    asks: str
    signals: tuple[re.Pattern[str], ...]
    vague: tuple[re.Pattern[str], ...]
    sides: tuple[re.Pattern[str], ...]
    press: tuple[str, ...]
    acknowledge: tuple[str, ...]
    number: str
    prose: frozenset[str]  # stems of what the author says about the point
    vocabulary: frozenset[str]  # the same and the literal words of its signals
    expects: Expectation | None = None

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
    fit: int = 0  # how many words of the point's own the sentence holds: decides between two sentences
    claim: Claim | None = None  # the last figure given for what the point expects


def read_rubric(rubric: Sequence[Mapping[str, object]]) -> tuple[Point, ...]:
    """The rubric of a lab file as Points, patterns compiled."""
    return tuple(_read_point(entry) for entry in rubric)


def _read_point(entry: Mapping[str, object]) -> Point:
    signals, vague = _texts(entry.get("signals")), _texts(entry.get("vague"))
    press = _texts(entry.get("press"))
    literal = " ".join(
        word for pattern in signals for word in re.findall(r"[a-z]{4,}", re.sub(r"\\[a-zA-Z]", " ", pattern))
    )
    prose = " ".join([str(entry["asks"]), *press, str(entry["id"]).replace("_", " ")])
    expects = read_expectation(expected) if isinstance(expected := entry.get("expects"), Mapping) else None
    return Point(
        id=str(entry["id"]),
        points=float(str(entry["points"])),
        asks=str(entry["asks"]),
        signals=tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in signals),
        vague=tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in vague),
        sides=tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in _texts(entry.get("sides"))),
        press=press,
        acknowledge=_texts(entry.get("acknowledge")),
        number=str(entry.get("number", "")) or (expects.what if expects else ""),
        prose=frozenset(wording.stems(prose)),
        vocabulary=frozenset(wording.stems(literal) | wording.stems(prose)),
        expects=expects,
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)  # type: ignore[attr-defined]


def read_turn(
    points: Sequence[Point],
    turn: str,
    number: int,
    said: Sequence[frozenset[str]] = (),
    asked: str = "",
    earlier: str = "",
) -> dict[str, Evidence]:
    """The best evidence in one turn for each point that the turn touches.

    number: of the turn, from 1. said: the sentences that the student has read (`wording.spoken`), which are no evidence
    when they are copied. asked: the id of the point that the partner asked about last. earlier: the turns before this.
    """
    parts = [part for part in wording.sentences(turn) if not wording.is_question(part)]
    parts = [part for part in parts if not wording.INJECTION.search(part)]
    parts = [part for part in parts if not wording.copied(part, said)]
    found: dict[str, Evidence] = {}
    for part, after in zip(parts, [*parts[1:], ""], strict=False):
        hits = {point.id: match for point in points if (match := _search(point.signals, part))}
        for point in points:
            if match := hits.get(point.id):
                why = _why_vague(_near(part, match), after, len(hits), point.id == asked)
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
                fit = len(wording.stems(match.string) & point.vocabulary)
                mine = Evidence(status, number, match.string, words, tuple(amounts), why, fit)
                found[point.id] = stronger(found.get(point.id), mine, bool(point.number))
    for point in points:
        if point.expects is not None:
            _add_claim(point, parts, f"{earlier} {turn}", number, found, asked)
    return found


def _add_claim(
    point: Point, parts: Sequence[str], context: str, number: int, found: dict[str, Evidence], asked: str
) -> None:
    """Put the turn's figure for what a point expects beside the point's evidence, or in the place of evidence."""
    assert point.expects is not None
    known = found.get(point.id)
    about = [part for part in parts if _search((*point.signals, *point.vague), part)] if known else []
    about += [known.sentence] if known else []
    given = claim_in(point.expects, parts, context, about, point.id == asked)
    if given is None:
        if known is not None:  # another quantity is not the one that is wanted
            found[point.id] = replace(known, amounts=())
        return
    claim, sentence = given
    if known is None:
        at = max(0, sentence.find(claim.text))
        words = wording.quote(sentence, at, at + len(claim.text))
        known = Evidence(VAGUE, number, sentence, words, why="figure alone")
    found[point.id] = replace(known, claim=claim, amounts=(claim.text,))


def _search(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.search(text))), None)


def _search_across(patterns: Sequence[re.Pattern[str]], one: str, two: str) -> re.Match[str] | None:
    """A signal that begins in one sentence and ends in the next."""
    joined = (pattern.search(f"{one} {two}") for pattern in patterns if two and not pattern.search(two))
    return next((match for match in joined if match), None)


def _near(part: str, match: re.Match[str]) -> str:
    """The part of a sentence that decides whether it says something: of a rambling one, the clauses near the match."""
    return part if len(wording.words(part)) <= RAMBLING else wording.quote(part, *match.span(), longest=RAMBLING)


def _why_vague(piece: str, after: str, hits: int, asked: bool) -> str:
    """Why a sentence with a signal does not count in full; "" when it does. after: the sentence that follows it."""
    if wording.IGNORANCE.search(piece):
        return "not known"
    if wording.is_hedge(piece):
        return "it depends"
    count = len(wording.words(piece))
    if wording.is_list(piece):
        return "a list"
    if hits > 1 and count < WORDS_A_POINT * hits:
        return "a list"
    if count >= (WORDS_WHEN_ASKED if asked else WORDS_A_POINT):
        return ""
    # "No, stay." is a heading when the reason follows in the next sentence.
    return "" if count >= 2 and len(wording.words(after)) >= WORDS_A_POINT else "too short"


def stronger(old: Evidence | None, new: Evidence, wants_number: bool = False) -> Evidence:
    """The better of two pieces of evidence; the earlier one when they are equal."""
    if old is None:
        return new

    def rank(item: Evidence) -> tuple[int, bool, int]:
        return RANK[item.status], wants_number and bool(item.amounts), item.fit

    return new if rank(new) > rank(old) else old


def merged(old: Evidence | None, new: Evidence, point: Point) -> Evidence:
    """How a point stands after `new`: the better evidence, and the later of the two figures where one is expected."""
    best = stronger(old, new, bool(point.number))
    claim = new.claim or (old.claim if old is not None else None)
    return replace(best, claim=claim, amounts=(claim.text,)) if claim is not None else best


def settled(point: Point, evidence: Evidence) -> bool:
    """True for a point that is covered, with a number where the rubric wants one, and with one that fits."""
    if evidence.status != COVERED or (point.number and not evidence.amounts):
        return False
    return point.expects is None or (evidence.claim is not None and evidence.claim.verdict == FITS)


def is_off(evidence: Evidence | None) -> bool:
    """True when the last figure given does not fit what is expected."""
    return evidence is not None and evidence.claim is not None and evidence.claim.verdict != FITS


def side(point: Point, sentence: str) -> int | None:
    """Which of a point's opposite sides a sentence takes: the first whose pattern is found, or None."""
    return next((number for number, pattern in enumerate(point.sides) if pattern.search(sentence)), None)


def topics(points: Sequence[Point], turn: str) -> dict[str, float]:
    """How near a turn is to each point: the sum of its words' weights, a word shared by k points weighing 1/k.

    The last sentence counts one and a half times: that is where the student stopped, and where the partner goes on. A
    turn that speaks of how long or how much is near to the points that want a number.
    """
    share: dict[str, int] = {}
    for point in points:
        for word in point.vocabulary:
            share[word] = share.get(word, 0) + 1
    parts = wording.sentences(turn)
    last = wording.stems(parts[-1]) if parts else set()
    here = wording.stems(turn) - GENERIC
    much = bool(wording.HOW_MUCH.search(turn))
    return {
        point.id: math.fsum((1.5 if word in last else 1.0) / share[word] for word in here & point.vocabulary)
        + (1.0 if much and point.number else 0.0)
        for point in points
    }


GENERIC = frozenset(wording.stem(word) for word in wording.GENERIC)
TRADE = frozenset(wording.stem(word) for word in wording.TRADE)


def on_topic(points: Sequence[Point], turn: str, background: set[str]) -> bool:
    """False for a turn that shares no word with the rubric, the situation (`background`: its stems) and the trade.

    Made to err towards True: calling a real attempt off topic is worse than missing an odd one.
    """
    here = wording.stems(turn) - GENERIC
    about = background.union(TRADE, *(point.prose for point in points))
    near = frozenset().union(*(point.vocabulary for point in points))
    return bool(here & about) or len(here & near) >= 2
