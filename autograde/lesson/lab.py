"""A lab in the notebook: the student's turns stand in a list, and `talk` shows the conversation with the partner."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograde.lesson import place
from autograde.lesson.lab_text import lab_key, read_lab, seal_lab
from autograde.lesson.seal import unseal
from autograde.lesson.trouble import LessonError

__all__ = ["Lab", "Line", "lab", "read_lab", "seal_lab"]


@dataclass(frozen=True)
class Line:
    """One line of a conversation: who says it, and what."""

    speaker: str
    text: str


class Lab:
    """One lab file. `talk(turns)` shows the whole conversation."""

    def __init__(self, data: Mapping[str, Any], partner: str = "auto") -> None:
        self.data = data
        self.id = str(data["id"])
        self.title = str(data["title"])
        self.partner = partner

    def __repr__(self) -> str:
        return f"Lab({self.id!r})"

    def transcript(self, turns: Sequence[str]) -> list[Line]:
        """The conversation so far: the opening, then each turn and the reply to it."""
        name = self.data["partner"]["name"]
        lines = [Line(name, self.data["opening"])]
        rubric = json.loads(unseal(self.data["rubric"], lab_key(self.id)))
        for number, turn in enumerate(turns):
            lines.append(Line("You", textwrap.dedent(turn).strip()))
            lines.append(Line(name, rubric[number % len(rubric)]["press"][0]))
        return lines

    def talk(self, turns: Sequence[str]) -> None:
        """Show the conversation."""
        for line in self.transcript([] if turns is ... else turns):
            print(f"{line.speaker}: {line.text}\n")


def lab(path: str | os.PathLike[str], partner: str = "auto") -> Lab:
    """Read a lab: `lab_1.json` beside the notebook or in the course's data folder, or an author's .toml file."""
    found = place.find_file(path)
    if found.suffix == ".toml":
        return Lab(seal_lab(read_lab(found), str(found)), partner)
    try:
        return Lab(json.loads(found.read_text(encoding="utf-8")), partner)
    except (ValueError, KeyError, TypeError) as error:
        raise LessonError(f"{found} is not a lab file ({error}): run the setup cell to fetch it again.") from None
