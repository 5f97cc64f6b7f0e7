"""Gradescope's submission_metadata.yml, read as data: the few lines that say who handed in and when.

The file is written by Ruby's YAML writer, one `submission_NUMBER:` a hand-in, keys such as `:submitters:`. This reads
just that shape, line by line; anything else in the file (test results, histories) is passed over, never run.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from autograde.grading.collecting.platforms import Who

NAME = "submission_metadata.yml"
FOLDER = re.compile(r"(submission_\d+):\s*(?:&\w+\s*)?")
FIELD = re.compile(r"  :(\w+):\s*(.*)")
PERSON = re.compile(r"  (-| ) :(\w+):\s*(.*)")
ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass
class HandedIn:
    """One hand-in as the file has it: who, and the time as it is written."""

    people: list[dict[str, str]] = field(default_factory=list)
    created_at: str = ""

    @property
    def who(self) -> tuple[Who, ...]:
        """The people of it, a group's each for themselves."""
        return tuple(
            Who(
                ids=(person["sid"],) if person.get("sid") else (),
                email=person.get("email", ""),
                name=person.get("name", ""),
            )
            for person in self.people
        )


def read_metadata(data: bytes) -> dict[str, HandedIn]:
    """Folder → what the file says of it."""
    made: dict[str, HandedIn] = {}
    current: HandedIn | None = None
    section = ""
    for line in data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").splitlines():
        if match := FOLDER.fullmatch(line):
            current, section = made.setdefault(match[1], HandedIn()), ""
        elif current is None:
            continue
        elif section == "submitters" and (match := PERSON.fullmatch(line)):
            if match[1] == "-" or not current.people:
                current.people.append({})
            current.people[-1][match[2]] = scalar(match[3])
        elif match := FIELD.fullmatch(line):
            section = match[1]
            if section == "created_at":
                current.created_at = scalar(match[2])
    return made


def scalar(text: str) -> str:
    """One value: plain, in single or in double quotes; "" for null and for what is no plain value."""
    text = re.sub(r"^&\w+\s+", "", text.strip())
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        plain = ESCAPE.sub(_unescaped, text[1:-1])
        return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "" if text in ("null", "~") or text.startswith(("*", "!", "|", ">", "[", "{", "'", '"')) else text


def _unescaped(match: re.Match[str]) -> str:
    said = match[1]
    if len(said) > 1:
        number = int(said[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return ESCAPES.get(said, said)
