"""Which variants a student gets, and in which order: drawn from what they type as their name, the same everywhere.

Nothing is drawn from the key, so a drawing says nothing of it. Two students who type different texts get different
papers; capitals, blanks and ways of writing an accent make no other text. Each name costs a slow derivation (a tenth of
a second), so that going through names for a convenient paper is slow, too; that it shows is the report's business.

Own arithmetic in place of `random`: the same on every machine and in every version of Python.
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

ROUNDS = 200_000  # 60–100 ms on a laptop of 2020 and on a hosted notebook
T = TypeVar("T")


def normal(student: str) -> str:
    """A name as it is compared: "  ADA  Lovelace" and "ada lovelace" are one."""
    return " ".join(unicodedata.normalize("NFKC", student).casefold().split())


@functools.lru_cache(maxsize=256)
def seed_of(exam: str, student: str) -> bytes:
    """What a student's paper is drawn from. student: a name that is not blank, as typed."""
    salt = f"measure-first/drawing/1/{exam}".encode()
    return hashlib.pbkdf2_hmac("sha256", normal(student).encode("utf-8", "surrogatepass"), salt, ROUNDS)


class Dice:
    """Numbers from a seed and a label; other labels give independent ones."""

    def __init__(self, seed: bytes, label: str) -> None:
        self._head = seed + label.encode()
        self._count = 0

    def below(self, n: int) -> int:
        """A number from 0 to n − 1, each as likely as the others."""
        limit = (1 << 64) - (1 << 64) % n
        while True:
            self._count += 1
            digest = hashlib.sha256(self._head + self._count.to_bytes(8, "big")).digest()
            number = int.from_bytes(digest[:8], "big")
            if number < limit:
                return number % n

    def shuffled(self, entries: Sequence[T]) -> list[T]:
        """The entries in another order, each order as likely (Fisher and Yates, in Durstenfeld's form)."""
        mixed = list(entries)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
