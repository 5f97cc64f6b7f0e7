"""How the scripted partner says things: lines used in turn, the student's own words quoted, questions rephrased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograde.lesson import wording
from autograde.lesson.evidence import COVERED, Evidence, Point, is_off
from autograde.lesson.partner_lines import LINES


@dataclass
class Voice:
    """The lines of one conversation: the author's where the lab has some, else the house's."""

    lab: Mapping[str, Any]
    used: dict[str, int] = field(default_factory=dict)  # how often each list of lines was drawn from

    def line(self, kind: str, **values: str) -> str:
        """The next line of a kind, its {places} filled in."""
        own = self.lab.get("lines", self.lab).get(kind) or LINES[kind]
        return self._filled(self._draw(kind, (own,) if isinstance(own, str) else own), **values)

    @staticmethod
    def _filled(line: str, **values: str) -> str:
        for name, value in values.items():
            line = line.replace("{" + name + "}", value)
        return line[:1].upper() + line[1:]

    def _draw(self, name: str, lines: Sequence[str]) -> str:
        turn = self.used.get(name, 0)
        self.used[name] = turn + 1
        return " ".join(lines[turn % len(lines)].split())

    def acknowledge(self, new: Sequence[Point], standing: Mapping[str, Evidence], number: int) -> str:
        """Quote what covered a point in turn `number`, with the author's word on it; then a second such point.

        new: the points gained by this turn, weightiest first. A point that was covered before and only lacked its
        number is not quoted again.
        """
        lead = standing[new[0].id]
        heard = []
        if lead.turn == number and new[0].number and not lead.amounts:
            heard.append(f"{quoted(lead.quote)} {self.line('half')}")
        elif lead.turn == number:
            line = self._draw(f"acknowledge {new[0].id}", new[0].acknowledge)
            own = "{quote}" in line
            heard.append(line.replace("{quote}", lead.quote) if own else f"{quoted(lead.quote)} {line}")
        for point in new[1:2]:
            if standing[point.id].quote != lead.quote:
                heard.append(self.line("also", quote=standing[point.id].quote, name=point.name))
        for point in new:
            claim = standing[point.id].claim
            if point.expects is not None and claim is not None:
                lines = point.expects.lines.get("fits")
                line = self._draw(f"fits {point.id}", lines) if lines else self.line("fits")
                heard.append(self._filled(line, amount=claim.text, what=point.expects.what))
        amounts = [
            amount for point in new if point.number for amount in standing[point.id].amounts if not point.expects
        ]
        if amounts:
            heard.append(self.line("amount", amount=listed(dict.fromkeys(amounts))))
        return " ".join(heard)

    def off(self, point: Point, evidence: Evidence) -> str:
        """What is asked when a figure does not fit: which way it is off, and from the third time on, how far."""
        assert point.expects is not None and evidence.claim is not None
        claim = evidence.claim
        kind = claim.verdict.replace(" ", "_")
        known = {"amount": claim.text, "what": point.expects.what}
        if self.used.get(f"off {point.id}", 0) >= 2:
            self.used[f"off {point.id}"] += 1
            far = f"{claim.times:.0f} times" if 1.95 <= claim.times < 1e6 else "a good bit"
            return self.line("far_off", **known, times=far, assumes=point.expects.assumes)
        self.used[f"off {point.id}"] = self.used.get(f"off {point.id}", 0) + 1
        own = point.expects.lines.get(kind)
        return self._filled(self._draw(f"{kind} {point.id}", own), **known) if own else self.line(kind, **known)

    def not_enough(self, evidence: Evidence) -> str:
        """What is said to a sentence that only touches a point, by the reason why it does not count in full."""
        kind = evidence.why if evidence.why in LINES else "vague"
        return self.line(kind, quote=evidence.quote, amount=listed(evidence.amounts))

    def press(self, point: Point, evidence: Evidence, link: str) -> str:
        """The next way of asking for a point; the author's questions come back with a lead-in when they are used up.

        link: how the question follows what was said: "same" subject, "near" it, or an "other" subject.
        """
        if is_off(evidence):
            return self.off(point, evidence)
        if evidence.status == COVERED:  # only the number is missing
            return self.line("number", number=point.number)
        lead = {"near": "nearby", "other": "turn to"}.get(link)
        if self.used.get(f"press {point.id}", 0) >= len(point.press):
            lead = "again"
        question = self._draw(f"press {point.id}", point.press)
        return f"{self.line(lead)} {question}" if lead else question

    def close(self, points: Sequence[Point], standing: Mapping[str, Evidence]) -> str:
        """The last word when everything is covered: what the partner takes away, in the student's words."""
        weighty = sorted(points, key=lambda point: -point.points)
        quotes = dict.fromkeys(standing[point.id].quote for point in weighty)
        summary = "; ".join(f"“{wording.shorten(quote, 14)}”" for quote in list(quotes)[:4])
        return f"{self.line('summary', quote=summary)} {self.line('closing')}"


def quoted(words: str) -> str:
    """The student's words as a sentence in quotation marks."""
    return f"“{words}{'' if words.endswith(('…', '!', '?')) else '.'}”"


def listed(items: Sequence[str] | Mapping[str, None], most: int = 3) -> str:
    """The first few items as a phrase: "a, b and c"."""
    few = list(items)[:most]
    return f"{', '.join(few[:-1])} and {few[-1]}" if len(few) > 1 else "".join(few)
