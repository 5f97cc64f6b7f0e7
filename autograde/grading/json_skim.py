"""A reader of JSON for notebooks that are damaged or huge: takes what is there, and leaves outputs unread.

Python's own reader wants the whole file in memory and stops at the first fault. This one walks over bytes, which may
be a mapped file, so that a notebook with 200 MB of outputs costs no more memory than its cells. It forgives commas too
many or too few, line ends inside texts, unknown escapes, bytes that are no UTF-8, and an end that comes too early.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What is read of an object, by its place; None: all of it. A place is the keys that lead there, "*" for an entry of a
# list. What a place holds that is not named here is passed over, whatever its size.
Wanted = Mapping[tuple[str, ...], frozenset[str] | None]
Buffer = Any  # bytes or a mapped file: both can be searched and sliced

DEEPEST = 100  # levels of what is kept; a notebook's cells take six
LONGEST = 16 << 20  # bytes of one text that is kept
MOST = 96 << 20  # bytes of all texts together
REST = 256  # bytes behind the end that are looked at: nothing should stand there
CUT = "\0cut"  # in the object in which the file ends: the key whose value is not whole

# Possessive (`*+`): a text of 100 MB is passed over without a memory of where it could be split otherwise.
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
PLAIN = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"|\[[^"\[\]{}]*+\])*+', re.DOTALL)
SPACE = re.compile(rb"[\s,]*+")
LITERAL = re.compile(rb"[-+\w.]++")
STRAY = re.compile(rb'[^"\[\]{}:,]++')
WRONG_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(.))', re.DOTALL)
OPENS, CLOSES = b"{[", b"}]"


class TooDeep(ValueError):
    """What is kept is nested more deeply than any notebook."""


@dataclass
class Skimmed:
    """What was read. cut: the file ends before its end. faults: places that no strict reader accepts.

    foreign: bytes that were no UTF-8. left_out: texts too long to be kept.
    """

    value: Any = None
    cut: bool = False
    faults: int = 0
    foreign: int = 0
    left_out: int = 0
    kept: int = field(default=0, repr=False)


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8, read as Windows-1252: that is what an editor leaves that knows nothing of UTF-8."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("measure_first_one_byte", _one_byte)


def text_of(data: bytes) -> tuple[str, bool]:
    """Bytes as text, and whether some of them were no UTF-8: those are read as Windows-1252, one by one."""
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("utf-8", "measure_first_one_byte"), True


def skim(data: Buffer, wanted: Wanted) -> Skimmed:
    """The first JSON value in `data`, as far as it is `wanted`. Raises TooDeep."""
    made = Skimmed()
    reader = _Skimmer(data, wanted, made)
    begin = len(codecs.BOM_UTF8) if bytes(data[: len(codecs.BOM_UTF8)]) == codecs.BOM_UTF8 else 0
    made.value, end = reader.value(reader.space(begin), ())
    made.faults += bool(data[end : end + REST].strip()) and not made.cut
    return made


class _Skimmer:
    """Where the reading stands is handed from call to call; what it met is noted in `made`."""

    def __init__(self, data: Buffer, wanted: Wanted, made: Skimmed) -> None:
        self.data, self.wanted, self.made, self.size = data, wanted, made, len(data)

    def space(self, at: int) -> int:
        found = SPACE.match(self.data, at)
        return found.end() if found else at

    def byte(self, at: int) -> bytes:
        """The byte at a place; b"" behind the end, where the file was cut."""
        if at >= self.size:
            self.made.cut = True
            return b""
        return bytes(self.data[at : at + 1])

    def value(self, at: int, place: tuple[str, ...]) -> tuple[Any, int]:
        """The value that begins at `at`, and where it ends."""
        if len(place) > DEEPEST:
            raise TooDeep
        byte = self.byte(at)
        if byte == b"{":
            return self.object(at + 1, place)
        if byte == b"[":
            return self.array(at + 1, place)
        if byte == b'"':
            return self.string(at)
        found = LITERAL.match(self.data, at)
        if found is None:
            self.made.faults += byte != b""
            return None, at + (byte not in (b"", b"}", b"]"))
        return self.literal(found[0], found.end())

    def literal(self, word: bytes, end: int) -> tuple[Any, int]:
        """A number, true, false or null; one that the end of the file cuts short is not whole."""
        if end >= self.size:
            self.made.cut = True
        try:
            return json.loads(word), end
        except ValueError:
            self.made.faults += 1
            return None, end

    def string(self, at: int) -> tuple[str | None, int]:
        """The text that begins at `at`; None where the file ends in it, "" where it is too long."""
        found = STRING.match(self.data, at)
        if found is None:
            self.made.cut = True
            return None, self.size
        length = found.end() - at
        if length > LONGEST or self.made.kept + length > MOST:
            self.made.left_out += 1
            return "", found.end()
        self.made.kept += length
        text, foreign = text_of(found[0])
        self.made.foreign += foreign
        try:
            return json.loads(text), found.end()
        except ValueError:
            self.made.faults += 1
            return json.loads(WRONG_ESCAPE.sub(_escaped, text), strict=False), found.end()

    def object(self, at: int, place: tuple[str, ...]) -> tuple[dict[str, Any], int]:
        """The object whose first key begins at or behind `at`."""
        made: dict[str, Any] = {}
        wanted = self.wanted.get(place, frozenset() if place in self.wanted else None)
        while True:
            at = self.space(at)
            byte = self.byte(at)
            if not byte or byte in CLOSES:
                self.made.faults += byte == b"]"
                if not byte:
                    made[CUT] = ""
                return made, at + (byte == b"}")
            key, at = self.key(at)
            if key is not None:
                if wanted is None or key in wanted:
                    made[key], at = self.value(at, (*place, key))
                else:
                    at = self.passed(at)
                if self.made.cut:
                    made[CUT] = key
                    return made, at

    def key(self, at: int) -> tuple[str | None, int]:
        """A key, and where its value begins; None where something else stands."""
        if self.byte(at) != b'"':
            self.made.faults += 1
            found = STRAY.match(self.data, at)
            return None, found.end() if found else at + 1
        key, at = self.string(at)
        at = self.space(at)
        if key is None or self.byte(at) != b":":
            self.made.faults += 1
            return None, at
        return key, self.space(at + 1)

    def array(self, at: int, place: tuple[str, ...]) -> tuple[list[Any], int]:
        """The list whose first entry begins at or behind `at`."""
        made: list[Any] = []
        while True:
            at = self.space(at)
            byte = self.byte(at)
            if not byte or byte in CLOSES:
                self.made.faults += byte == b"}"
                return made, at + (byte == b"]")
            before, faults = at, self.made.faults
            entry, at = self.value(at, (*place, "*"))
            if at == before:
                at += 1
            if entry is not None or self.made.faults == faults:
                made.append(entry)
            if self.made.cut:
                return made, at

    def passed(self, at: int) -> int:
        """Where the value that begins at `at` ends; it is not kept."""
        byte = self.byte(at)
        if byte == b'"':
            found = STRING.match(self.data, at)
            self.made.cut |= found is None
            return found.end() if found else self.size
        if not byte or byte not in OPENS:
            found = LITERAL.match(self.data, at)
            return found.end() if found else at + (byte not in CLOSES)
        depth, at = 1, at + 1
        while True:
            found = PLAIN.match(self.data, at)
            at = found.end() if found else at
            byte = self.byte(at)
            if not byte or byte == b'"':  # behind the end, or a text that has none
                self.made.cut = True
                return self.size
            depth += 1 if byte in OPENS else -1
            at += 1
            if not depth:
                return at


def _escaped(found: re.Match[str]) -> str:
    """An escape as JSON knows it; a backslash before anything else stands for itself."""
    return found[0] if found[1] is None else "\\\\" + found[1]
