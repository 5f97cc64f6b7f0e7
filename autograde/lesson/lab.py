"""A lab in the notebook: the student's turns stand in a list, and `talk` shows the conversation with the partner.

The turns live in the notebook's source, the partner's answers in its output. Nothing is sent anywhere unless an
endpoint is named in the environment; see autograde.lesson.speakers.
"""

from __future__ import annotations

import html
import json
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from autograde.check.conversation import why_not
from autograde.lesson import kept_replies, place
from autograde.lesson.lab_text import lab_key, read_lab, seal_lab
from autograde.lesson.partner import EXCHANGES, Partner, page_of
from autograde.lesson.seal import SealError, unseal
from autograde.lesson.settings import broken
from autograde.lesson.speakers import LOCAL_MODEL, Endpoint, LocalModel, Speaker, SpeakerError, chat, tidy
from autograde.lesson.trouble import LessonError
from autograde.markup import to_html

__all__ = ["Lab", "Line", "lab", "read_lab", "seal_lab"]

PARTNERS = ("auto", "scripted", "local", "endpoint")


@dataclass(frozen=True)
class Line:
    """One line of a conversation: who says it, and what."""

    speaker: str
    text: str


@dataclass
class Lab:
    """One lab file. `talk(turns)` shows the whole conversation.

    data: what the lab file holds. partner: who speaks for the partner ("auto", "scripted", "local", "endpoint").
    model: the id of the local model.
    """

    data: Mapping[str, Any] = field(repr=False)
    partner: str = "auto"
    model: str = LOCAL_MODEL
    _speaker: Speaker | None = field(default=None, repr=False)
    _asked: dict[tuple[str, ...], list[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.id = str(self.data["id"])
        self.title = str(self.data["title"])
        self.exchanges = int(self.data.get("exchanges", EXCHANGES))
        if self.partner not in PARTNERS:
            known = ", ".join(f'"{name}"' for name in PARTNERS)
            raise LessonError(f"{self.id}: unknown partner {self.partner!r}: choose one of {known}.")

    def talk(self, turns: Sequence[str]) -> None:
        """Show the conversation so far, the partner's answers included, and how to go on."""
        lines, notice = self._converse(self._turns(turns))
        text = "\n\n".join(f"{line.speaker}: {line.text}" for line in lines)
        footer = f"{notice} {self._how_to_go_on(lines)}".strip()
        if place.in_notebook():
            shown = "".join(_bubble(line, mine=line.speaker == "You") for line in lines)
            page = f'<div style="max-width:52em">{shown}<p style="opacity:.8">{html.escape(footer)}</p></div>'
            place.publish({"text/html": page, "text/plain": f"{text}\n\n{footer}"})
        else:
            print(f"{text}\n\n{footer}")

    def transcript(self, turns: Sequence[str]) -> list[Line]:
        """The conversation so far: the opening, then each turn and the reply to it."""
        return self._converse(self._turns(turns))[0]

    def read(self, turns: Sequence[str]) -> Partner:
        """The scripted partner after these turns: what it found covered, and by which sentence."""
        partner = self._scripted()
        for turn in self._turns(turns):
            partner.hear(turn)
        return partner

    def partner_words(self, turns: Sequence[str]) -> list[str]:
        """What the student has read and may not copy: the page and the partner's questions.

        Without the acknowledgements, which quote the student; as the scripted partner asks, whoever speaks.
        """
        key = tuple(self._turns(turns))
        if key not in self._asked:  # the check asks once for every turn
            self._asked = {key: [reply.question for reply in self.read(turns).replies if not reply.done]}
        return page_of(self.data) + self._asked[key]

    def _scripted(self) -> Partner:
        try:
            return Partner.of(self.data, json.loads(unseal(self.data["rubric"], lab_key(self.id))))
        except SealError as error:
            raise LessonError(f"{self.id}: the lab file is damaged ({error}): run the setup cell again.") from None

    def _turns(self, turns: Any) -> list[str]:
        """The turns as tidy texts; `...` counts as none yet. Raises LessonError for anything else than texts."""
        if turns is ... or turns is None:
            return []
        if not isinstance(turns, (list, tuple)) or not all(isinstance(turn, str) for turn in turns):
            raise LessonError(
                f'{self.id}_turns must be a list of texts: {self.id}_turns = ["""first turn""", """second"""].'
            )
        return [text for turn in turns if (text := textwrap.dedent(turn).strip())]

    def _converse(self, turns: list[str]) -> tuple[list[Line], str]:
        """The lines of the conversation, and a notice when somebody else than planned had to speak."""
        partner, name = self._scripted(), str(self.data["partner"]["name"])
        speaker, notice = self._choose_speaker() if turns else (None, "")
        lines = [Line(name, " ".join(str(self.data["opening"]).split()))]
        said: list[tuple[str, str]] = []
        for turn in turns:
            plan = partner.hear(turn)
            reply = plan.text
            if speaker is not None:
                point = next((point for point in partner.points if point.id == plan.press), None)
                try:
                    reply = _spoken(speaker, chat(self.data, said, turn, plan, point), name)
                except SpeakerError as error:
                    notice = f"({speaker.name} did not answer: {error}. The scripted partner goes on.)"
                    speaker = None
            said.append((turn, reply))
            lines += [Line("You", turn), Line(name, reply)]
        return lines, notice

    def _choose_speaker(self) -> tuple[Speaker | None, str]:
        """Who speaks, and a notice where that is not who was asked for."""
        if self._speaker is not None:
            return self._speaker, ""
        asked = self.partner
        if asked == "auto":
            asked = os.environ.get("MEASURE_FIRST_PARTNER") or "auto"
        if asked not in PARTNERS:
            return None, f"(MEASURE_FIRST_PARTNER is {asked!r}, which is no partner. The scripted partner speaks.)"
        try:
            if asked in ("endpoint", "auto"):
                self._speaker = Endpoint.from_environment()
                if asked == "endpoint" and self._speaker is None:
                    return None, "(MEASURE_FIRST_LLM_URL is not set. The scripted partner speaks.)"
        except SpeakerError as error:
            return None, f"({error}. The scripted partner speaks.)"
        gpu = asked == "auto" and torch.cuda.is_available() and not broken(torch.device("cuda"))
        if self._speaker is None and (asked == "local" or gpu):
            self._speaker = LocalModel(self.model)
        return self._speaker, ""

    def _how_to_go_on(self, lines: Sequence[Line]) -> str:
        turns = [line.text for line in lines if line.speaker == "You"]
        if not turns:
            return f"Answer by adding your first turn to {self.id}_turns, then run that cell and this one again."
        said = self.partner_words(turns)
        reasons = [why_not(turns, number, said) for number in range(len(turns))]
        told = [f"Turn {number} does not count: it {why}." for number, why in enumerate(reasons, start=1) if why]
        count = f"{reasons.count('')} of at least {self.exchanges} exchanges."
        more = f"To go on, add your next turn to {self.id}_turns and run both cells again."
        return " ".join([count, *told, more])


def _spoken(speaker: Speaker, messages: list[dict[str, str]], name: str) -> str:
    """The speaker's reply to these messages, from memory where it was given before."""
    reply = kept_replies.recall(speaker.name, messages)
    if reply is None:
        reply = tidy(speaker.answer(messages), name)
        if not reply:
            raise SpeakerError("it said nothing")
        kept_replies.keep(speaker.name, messages, reply)
    return reply


def _bubble(line: Line, mine: bool) -> str:
    side = "margin-left:3em;border-left:4px solid #0072B2" if mine else "margin-right:3em;border-left:4px solid #D55E00"
    words = to_html(line.text) if mine else html.escape(line.text)
    return (
        f'<div style="{side};padding:2px 0 2px 10px;margin-top:8px"><b>{html.escape(line.speaker)}</b><br>{words}</div>'
    )


def lab(path: str | os.PathLike[str], partner: str = "auto", model: str = LOCAL_MODEL) -> Lab:
    """Read a lab: `lab_1.json` beside the notebook or in the course's data folder, or an author's .toml file.

    partner: "auto" lets the endpoint of MEASURE_FIRST_LLM_URL speak if it is set, else a small model where there is a
    GPU, else the scripted partner; MEASURE_FIRST_PARTNER overrides it. Whatever fails, the scripted partner goes on.
    """
    found = place.find_file(path)
    if found.suffix == ".toml":
        return Lab(seal_lab(read_lab(found), str(found)), partner, model)
    try:
        return Lab(json.loads(found.read_text(encoding="utf-8")), partner, model)
    except (ValueError, KeyError, TypeError) as error:
        raise LessonError(f"{found} is not a lab file ({error}): run the setup cell to fetch it again.") from None
