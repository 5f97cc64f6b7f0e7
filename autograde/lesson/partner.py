"""The scripted partner of a lab: no fixed sequence, but a reading of each turn against the rubric.

After each turn it says what it has just understood, in the student's own words, and presses on one point that is not
covered yet: the one the student was just vague about, else the one nearest to what the student talked about, else the
weightiest. It needs no network and no GPU, and the same turns always get the same replies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograde.lesson import wording
from autograde.lesson.evidence import (
    COVERED,
    VAGUE,
    Evidence,
    Point,
    is_off,
    merged,
    on_topic,
    read_rubric,
    read_turn,
    settled,
    side,
    topics,
)
from autograde.lesson.voice import Voice, quoted

__all__ = ["EXCHANGES", "Partner", "Reply", "page_of", "settled"]

PATIENCE = 3  # times in a row that one point is pressed on while others are open
LAST_CALL = 5  # times in all, after which the point is left open
NEAR = 1.0  # how much of a point's own vocabulary a turn must hold to count as talking about it
SHORT = 5  # words: a turn below that which covers nothing is too short to answer
ALIKE = 0.8  # share of common words from which a turn repeats an earlier one
EVASIONS = ("injection", "hostile", "repetition", "echo", "it_depends", "too_short", "off_topic")
EXCHANGES = 3  # how many turns a lab asks for where its file does not say


@dataclass(frozen=True)
class Reply:
    """What the partner made of one turn.

    kind: what the turn was: "progress", "more" (on a covered point), "turned" (to the other side), "off" (a figure
    that does not fit), "vague", "not known", "no progress", "go on" (near an open point), "question_back" or one of
    EVASIONS.
    covered: ids of the points that this turn covered. press: the id of the point pressed on, "" when none is left.
    heard: what is said to the turn. question: what is asked next. done: the conversation is over. note: what a language
    model in the partner's place has to know about the student's figures, and may not tell.
    """

    kind: str
    covered: tuple[str, ...]
    press: str
    heard: str
    question: str
    done: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """The whole reply."""
        return " ".join(part for part in (self.heard, self.question) if part)


@dataclass
class Partner:
    """One conversation. `hear(turn)` takes the student's next turn; `standing` says how each point stands."""

    lab: Mapping[str, Any]
    points: tuple[Point, ...]
    voice: Voice
    standing: dict[str, Evidence]
    said: list[frozenset[str]]  # the sentences that the student has read: copying one is no evidence
    replies: list[Reply] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lab: Mapping[str, Any], rubric: Sequence[Mapping[str, Any]]) -> Partner:
        """A fresh conversation for a lab file (or an author's lab) and its rubric in clear."""
        points = read_rubric(rubric)
        return cls(lab, points, Voice(lab), {point.id: Evidence() for point in points}, wording.spoken(*page_of(lab)))

    def hear(self, turn: str) -> Reply:
        """Read the next turn and answer it."""
        asked = self.replies[-1].press if self.replies else max(self.points, key=lambda point: point.points).id
        touched = read_turn(self.points, turn, len(self.turns) + 1, self.said, asked, " ".join(self.turns))
        self._add_amounts(turn, asked, touched)
        before = dict(self.standing)
        for point in self.points:
            if evidence := touched.get(point.id):
                self.standing[point.id] = merged(before[point.id] if before[point.id].turn else None, evidence, point)
        turned = [point for point in self.points if self._turned(point, before[point.id], touched)]
        for point in turned:
            self.standing[point.id] = touched[point.id]
        new = [point for point in self.points if self._gained(point, before[point.id], self.standing[point.id])]
        new.sort(key=lambda point: -point.points)
        kind = "turned" if turned else "progress" if new else self._kind(turn, touched)
        earlier = before[turned[0].id] if turned else None
        off = self._off(touched, asked)
        if off is not None and not turned:
            reply = self._object(off, new, before[off.id], touched[off.id])
        else:
            reply = self._answer(turn, kind, new, touched, asked, earlier)
        reply = replace(reply, note=self._note())
        self.turns.append(turn)
        self.replies.append(reply)
        if not reply.done:  # without what was heard, which quotes the student
            self.said += wording.spoken(reply.question)
        return reply

    def open_points(self) -> list[Point]:
        """The points that are not covered, or that want a number and have none; in the order of the rubric."""
        return [point for point in self.points if not settled(point, self.standing[point.id])]

    @staticmethod
    def _gained(point: Point, before: Evidence, now: Evidence) -> bool:
        if point.expects is not None:
            first = now.status == COVERED and before.status != COVERED and not is_off(now)
            return first or (settled(point, now) and not settled(point, before))
        return now.status == COVERED and (before.status != COVERED or bool(now.amounts) > bool(before.amounts))

    def _off(self, touched: Mapping[str, Evidence], asked: str) -> Point | None:
        """The point for which this turn gives a figure that does not fit; not one that was pressed on long enough."""
        presses = [reply.press for reply in self.replies]
        off = [point for point in self._pressable() if is_off(touched.get(point.id))]
        if len(self._pressable()) > len(off):
            off = [point for point in off if presses[-PATIENCE:] != [point.id] * PATIENCE]
        return max(off, key=lambda point: (point.id == asked, point.points), default=None)

    def _object(self, point: Point, new: list[Point], before: Evidence, now: Evidence) -> Reply:
        """What the partner says to a figure that is off: what was good in the turn, what changed, where to look."""
        heard = self.voice.acknowledge(new, self.standing, len(self.turns) + 1) if new else ""
        if before.claim is not None and now.claim is not None and before.claim.text != now.claim.text:
            heard = f"{heard} {self.voice.line('revised', before=before.claim.text, amount=now.claim.text)}".strip()
        names = tuple(item.id for item in new)
        return Reply("off", names, point.id, heard, self.voice.off(point, now))

    def _note(self) -> str:
        """The figures given so far beside the course's own, for a model that speaks in the partner's place."""
        notes = []
        for point in self.points:
            claim = self.standing[point.id].claim
            if point.expects is not None and claim is not None:
                notes.append(
                    f"{point.expects.what}: the student says {claim.text}, which {_verdict(claim.verdict)}. "
                    f"The course's estimator gives about {claim.expected} ({point.expects.assumes})."
                )
        return " ".join(notes)

    @staticmethod
    def _turned(point: Point, before: Evidence, touched: Mapping[str, Evidence]) -> bool:
        """True when this turn takes the other side of a point that the student had taken a side on."""
        now = touched.get(point.id)
        if now is None or now.status != COVERED or before.status != COVERED:
            return False
        sides = side(point, before.sentence), side(point, now.sentence)
        return None not in sides and sides[0] != sides[1]

    def _add_amounts(self, turn: str, asked: str, touched: dict[str, Evidence]) -> None:
        """A figure given in answer to the question just asked belongs to that point, whatever words are around it."""
        point = next((point for point in self.points if point.id == asked), None)
        if point is None or not point.number or point.expects is not None or touched:
            return
        for part in wording.sentences(turn):
            amounts = tuple(wording.quantities(part))
            if (
                not amounts
                or wording.copied(part, self.said)
                or wording.is_question(part)
                or wording.IGNORANCE.search(part)
                or wording.INJECTION.search(part)
            ):
                continue
            known = self.standing[asked]
            alone = Evidence(VAGUE, len(self.turns) + 1, part, wording.quote(part, 0, 1), amounts, "figure alone")
            touched[asked] = replace(known, amounts=amounts) if known.status == COVERED else alone
            return

    def _kind(self, turn: str, touched: Mapping[str, Evidence]) -> str:
        """What sort of turn this is, when it covers nothing new; the first that fits."""
        parts = wording.sentences(turn)
        questions = [part for part in parts if wording.is_question(part)]
        if wording.INJECTION.search(turn):
            return "injection"
        if wording.HOSTILE.search(turn):
            return "hostile"
        if len(wording.words(turn)) >= 3 and any(wording.likeness(turn, old) >= ALIKE for old in self.turns):
            return "repetition"
        if parts and all(wording.copied(part, self.said) for part in parts):
            return "echo"
        if any(evidence.status == COVERED for evidence in touched.values()):
            return "more"
        background = wording.stems(" ".join(page_of(self.lab)))
        elsewhere = not on_topic(self.points, turn, background)
        if questions and elsewhere and len(wording.stems(turn)) >= 4:
            return "off_topic"
        if questions and 2 * len(wording.words(" ".join(questions))) >= len(wording.words(turn)):
            return "question_back"
        if any(wording.is_hedge(part) for part in parts):
            return "it_depends"
        if any(evidence.status == VAGUE for evidence in touched.values()):
            return "vague"
        if len(wording.words(turn)) < SHORT:
            return "too_short"
        if any(wording.IGNORANCE.search(part) for part in parts):
            return "not known"
        return "off_topic" if elsewhere else "no progress"

    def _answer(
        self,
        turn: str,
        kind: str,
        new: list[Point],
        touched: Mapping[str, Evidence],
        asked: str,
        earlier: Evidence | None,
    ) -> Reply:
        names = tuple(point.id for point in new)
        if not self._pressable():
            return self._finish(kind, names, self._react(turn, kind, new, touched, earlier))
        point, link = self._choose(turn, kind, touched, asked)
        if kind == "no progress" and link == "near":
            kind, link = "go on", "same"
        heard = self._react(turn, kind, new, touched, earlier, point)
        return Reply(kind, names, point.id, heard, self.voice.press(point, self.standing[point.id], link))

    def _react(
        self,
        turn: str,
        kind: str,
        new: list[Point],
        touched: Mapping[str, Evidence],
        earlier: Evidence | None,
        press: Point | None = None,
    ) -> str:
        """What the partner says to the turn, before it asks on."""
        if earlier is not None:
            now = next(item for name, item in touched.items() if self.standing[name] is item)
            return self.voice.line("turned", before=earlier.quote, quote=now.quote)
        if new:
            return self.voice.acknowledge(new, self.standing, len(self.turns) + 1)
        if kind == "vague" and press is not None and any(item.status == VAGUE for item in touched.values()):
            return self.voice.not_enough(touched.get(press.id) or next(iter(touched.values())))
        if kind == "more" and press is not None:
            name = next(name for name, item in touched.items() if item.status == COVERED)
            return self.voice.line(kind, quote=touched[name].quote, name=name.replace("_", " "))
        if press is None and kind not in EVASIONS and kind != "question_back":  # an answer to a challenge
            return self.voice.line("answered", quote=quoted(_last_words(turn)))
        return self.voice.line(kind, quote=_last_words(turn))

    def _pressable(self) -> list[Point]:
        """The open points that were not asked for too often already."""
        asked = [reply.press for reply in self.replies]
        return [point for point in self.open_points() if asked.count(point.id) < LAST_CALL]

    def _choose(self, turn: str, kind: str, touched: Mapping[str, Evidence], asked: str) -> tuple[Point, str]:
        """The point to press on, and how that follows what was said: "same" subject, "near" it, or an "other" one."""
        presses = [reply.press for reply in self.replies]
        tired = asked if presses[-PATIENCE:] == [asked] * PATIENCE else ""
        candidates = [point for point in self._pressable() if point.id != tired] or self._pressable()
        near = topics(self.points, turn)

        def nearest(points: list[Point]) -> Point:
            return max(points, key=lambda point: (near[point.id], point.points, -self.points.index(point)))

        loose = [point for point in candidates if point.id in touched]
        if loose:
            return next((point for point in loose if point.id == asked), nearest(loose)), "same"
        same = next((point for point in candidates if point.id == asked), None)
        if same and kind in (*EVASIONS, "more"):  # neither an evasion nor an old subject changes the question
            return same, "same"
        best = nearest(candidates)
        if near[best.id] >= NEAR:
            return best, "near" if best is not same else "same"
        if same and kind not in ("progress", "turned"):
            return same, "same"
        weightiest = min(candidates, key=lambda point: (-point.points, presses.count(point.id)))
        return weightiest, "other" if presses and kind not in ("progress", "turned") else "same"

    def _finish(self, kind: str, names: tuple[str, ...], heard: str) -> Reply:
        """Nothing left to press on: challenge while the lab asks for more exchanges, then close."""
        if self.replies and self.replies[-1].done:
            return Reply(kind, names, "", "", self.voice.line("after"), done=True)
        missing = self.open_points()
        if missing:
            line = self.voice.line("open", name=" and ".join(point.name for point in missing))
            return Reply(kind, names, "", heard, line, done=True)
        if len(self.turns) + 1 < int(self.lab.get("exchanges", EXCHANGES)):
            return Reply(kind, names, "", heard, self.voice.line("challenge"))
        return Reply(kind, names, "", heard, self.voice.close(self.points, self.standing), done=True)


def page_of(lab: Mapping[str, Any]) -> list[str]:
    """What the student reads before the first turn."""
    return [str(lab[name]) for name in ("situation", "role", "opening")]


def _verdict(verdict: str) -> str:
    return "is about right" if verdict == "fits" else f"is {verdict}"


def _last_words(turn: str) -> str:
    parts = wording.sentences(turn)
    return wording.quote(parts[-1], 0, 1) if parts else turn.strip()
