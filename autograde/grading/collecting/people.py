"""Students and how they are found: by an id, by the platform's number, by e-mail, by name. Nobody is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

APOSTROPHES = re.compile(r"['’ʼ`´‘]")
WORD = re.compile(r"[^\W_]+")
SHORT = 3  # an id of fewer letters, or of fewer than four digits, must be all there is in a name
NO_MARK = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True)
class Student:
    """A person who hands in. ids: further ids and login names; number, participant: Canvas's and Moodle's own numbers.

    also: what else this student's files are called by. submitted, line: the roster's time of handing in, and its line.
    """

    id: str
    name: str = ""
    email: str = ""
    ids: tuple[str, ...] = ()
    number: str = ""
    participant: str = ""
    also: tuple[str, ...] = ()
    submitted: str = ""
    line: int = 0

    @property
    def shown(self) -> str:
        """The id, and the name where there is one."""
        return f"{self.id} ({self.name})" if self.name and self.name != self.id else self.id


def normal(text: str) -> str:
    """Text as it is compared: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def words(text: str) -> list[str]:
    """The words of a name or of a path's part; marks between them do not count, an apostrophe is no mark.

    >>> words("O'Brien_Anna-Lena (1)")
    ['obrien', 'anna', 'lena', '1']
    """
    return WORD.findall(APOSTROPHES.sub("", normal(text)))


def spellings(text: str) -> list[str]:
    """The text as it is, without accents, and with ae, oe, ue for umlauts: what file names are made of."""
    plain = normal(text)
    found = [plain]
    for table in ({}, GERMAN):
        parted = unicodedata.normalize("NFKD", plain.translate(table))
        found.append("".join(c for c in parted if not unicodedata.combining(c)).translate(NO_MARK))
    return list(dict.fromkeys(found))


def name_keys(text: str) -> list[tuple[str, ...]]:
    """What a name is compared by, in each spelling: its words in any order."""
    return list(dict.fromkeys(tuple(sorted(words(spelling))) for spelling in spellings(text)))


def joined_keys(name: str) -> list[str]:
    """The name written without gaps, in each spelling and beginning with each of its words."""
    found = []
    for spelling in spellings(name):
        parts = words(spelling)
        found += ["".join(parts[n:] + parts[:n]) for n in range(len(parts))]
    return list(dict.fromkeys(found))


def _index() -> defaultdict[object, dict[str, Student]]:
    return defaultdict(dict)


class People:
    """The students of a roster, by everything that they may be called."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = {student.id: student for student in students}
        self._ids, self._emails, self._numbers, self._participants = _index(), _index(), _index(), _index()
        self._exact, self._names, self._joined = _index(), _index(), _index()
        self._also = _index()
        self._paths: dict[str, list[tuple[tuple[str, ...], Student]]] = defaultdict(list)
        self._rare: dict[str, list[tuple[tuple[str, ...], Student]]] = defaultdict(list)
        for student in self.students.values():
            self._add(student)
        self._add_rare()

    def __len__(self) -> int:
        return len(self.students)

    def _add(self, student: Student) -> None:
        for text in student.also:
            self._also[normal(text)][student.id] = student
        for text in (student.id, *student.ids, *student.also):
            self._ids[normal(text)][student.id] = student
        for text in (student.id, *student.ids, *student.also, student.email):
            if sequence := tuple(words(text)):
                self._paths[sequence[0]].append((sequence, student))
        for index, text in (
            (self._emails, student.email), (self._numbers, student.number), (self._participants, student.participant)
        ):  # fmt: skip
            if text:
                index[normal(text)][student.id] = student
        for key in name_keys(student.name):
            self._names[key][student.id] = student
        self._exact[name_keys(student.name)[0]][student.id] = student
        for joined in joined_keys(student.name):
            self._joined[joined][student.id] = student

    def _add_rare(self) -> None:
        """Each name under its rarest word, so that a path is compared with few."""
        count: dict[str, int] = defaultdict(int)
        for key in self._names:
            for word in key if isinstance(key, tuple) else ():
                count[word] += 1
        for key, found in self._names.items():
            if isinstance(key, tuple) and len(key) > 1:
                rarest = min(key, key=lambda word: (count[word], word))
                self._rare[rarest] += [(key, student) for student in found.values()]

    def by_id(self, text: str) -> list[Student]:
        """Those with this id or login: the very one, else those whose id differs in case or form only."""
        exact = self.students.get(unicodedata.normalize("NFC", text.strip()))
        return [exact] if exact else list(self._ids.get(normal(text), {}).values()) if text.strip() else []

    def by_also(self, text: str) -> list[Student]:
        """Those for whom a person wrote into the roster that they are called so."""
        return list(self._also.get(normal(text), {}).values()) if text.strip() and self._also else []

    def by_number(self, text: str) -> list[Student]:
        """Those with this Canvas number; in a roster without such a column, those with this id."""
        return list(self._numbers.get(normal(text), {}).values()) if self._numbers else self.by_id(text)

    def by_participant(self, text: str) -> list[Student]:
        """Those with this number in Moodle's grading worksheet."""
        return list(self._participants.get(normal(text), {}).values()) if text else []

    def by_email(self, text: str) -> list[Student]:
        """Those with this address."""
        return list(self._emails.get(normal(text), {}).values()) if text else []

    def by_name(self, text: str) -> list[Student]:
        """Those of this name, its words in any order; with accents written otherwise where nobody has it exactly."""
        keys = name_keys(text) if words(text) else []
        for key, index in [(key, self._exact) for key in keys[:1]] + [(key, self._names) for key in keys]:
            if found := index.get(key):
                return list(found.values())
        return []

    def by_joined(self, text: str) -> list[Student]:
        """Those whose name, written without gaps, is this."""
        for spelling in spellings(text) if text else []:
            if found := self._joined["".join(words(spelling))]:
                return list(found.values())
        return []

    def ids_in(self, found: Sequence[str]) -> list[Student]:
        """Those whose id, login or e-mail stands among these words of a path; the longest where one holds another."""
        hits: list[tuple[int, int, Student]] = []
        for at, word in enumerate(found):
            for sequence, student in self._paths.get(word, ()):
                end = at + len(sequence)
                if tuple(found[at:end]) == sequence and (not _too_short(sequence) or len(found) == len(sequence)):
                    hits.append((at, end, student))
        widest = [
            hit
            for hit in hits
            if not any(o[0] <= hit[0] and hit[1] <= o[1] and o[1] - o[0] > hit[1] - hit[0] for o in hits)
        ]
        return list({student.id: student for _, _, student in widest}.values())

    def names_in(self, text: str) -> list[Student]:
        """Those all of whose name stands in this part of a path; the longer name where one holds another."""
        for spelling in spellings(text):
            there = words(spelling)
            hits = {
                (key, student.id): student
                for word in there
                for key, student in self._rare.get(word, ())
                if not Counter(key) - Counter(there)
            }
            hits |= {((word,), s.id): s for word in there if len(word) > 5 for s in self._joined[word].values()}
            if hits:
                keys = {key for key, _ in hits}
                whole = {key for key in keys if not any(set(key) < set(other) for other in keys)}
                return list({s.id: s for (key, _), s in hits.items() if key in whole}.values())
        return []


def _too_short(sequence: Sequence[str]) -> bool:
    text = "".join(sequence)
    return len(text) < SHORT + text.isdigit() and (text.isalpha() or text.isdigit())
