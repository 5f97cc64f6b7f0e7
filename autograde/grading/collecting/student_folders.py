"""From an id, which is data, to a folder's name that every file system, nbgrader and a shell can live with.

The same id always gives the same name, and two ids never share one, not even where upper and lower case are the same:
a name that had to be changed ends in ~ and a hash of the id, and no other name has a ~.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

ALLOWED = "-_.@ "  # besides letters, digits and their marks
LONGEST = 100  # bytes of a folder's or a file's name, of the 255 that file systems allow
KEPT = 40  # characters of an odd id that are kept to be read
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


def folder_for(identity: str) -> str:
    """The folder of a student's work: the id itself where it can be one, else what can be kept of it and a hash.

    >>> folder_for("ada"), folder_for("=1+1")
    ('ada', '_1_1~nwlh7n55oi')
    """
    return identity if is_safe(identity) else _with_hash(identity)


def _with_hash(identity: str) -> str:
    return f"{_cleaned(identity, 'student')}~{_hash(identity)}"


def is_safe(name: str) -> bool:
    """Whether a name is a plain one: it begins with a letter or digit, ends in no dot or space, is no device's."""
    return (
        bool(name)
        and len(name.encode("utf-8", "surrogatepass")) <= LONGEST
        and unicodedata.is_normalized("NFC", name)
        and all(_plain(c) for c in name)
        and name[0].isalnum()
        and name[-1] not in ". "
        and "  " not in name
        and ".." not in name
        and name.partition(".")[0].casefold() not in RESERVED
    )


def case_key(name: str) -> str:
    """What two names have in common that are one on a file system where case, or a letter's form, does not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold()).casefold()
    return unicodedata.normalize("NFKC", folded)


def _plain(character: str) -> bool:
    return character in ALLOWED or unicodedata.category(character)[0] in "LN" or _is_mark(character)


def _is_mark(character: str) -> bool:
    """Whether it is a letter's accent or vowel sign; variation selectors and other invisible marks are not."""
    invisible = "\ufe00" <= character <= "\ufe0f" or character == "\u034f" or "\U000e0100" <= character <= "\U000e01ef"
    return unicodedata.category(character) in ("Mn", "Mc") and not invisible


def _cleaned(text: str, otherwise: str) -> str:
    kept = "".join(c if _plain(c) and c not in " @" else "_" for c in unicodedata.normalize("NFC", text))
    kept = re.sub(r"_{2,}", "_", re.sub(r"\.{2,}", ".", kept))[:KEPT].strip(". -")
    while len(kept.encode("utf-8")) > LONGEST - 20:
        kept = kept[:-1]
    kept = kept if kept.strip("_.") else otherwise
    return f"_{kept}" if kept.partition(".")[0].casefold() in RESERVED else kept


def _hash(text: str) -> str:
    """Ten characters of base 32: two of a million ids share one with a chance of 1 to 2,000."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[number >> shift & 31] for shift in range(0, 50, 5))


class Folders:
    """Which student has which folder: those known before, and the new ones as they come."""

    def __init__(self, known: Mapping[str, str], there: Iterable[str] = ()) -> None:
        """known: id → folder. there: names of folders that were made by hand; each is taken for that very id's."""
        self.of_id = dict(known)
        self._taken = {case_key(folder): identity for identity, folder in self.of_id.items()}
        for name in there:
            self._taken.setdefault(case_key(name), unicodedata.normalize("NFC", name))

    def of(self, identity: str) -> str:
        """The student's folder."""
        if identity not in self.of_id:
            folder, number = folder_for(identity), 1
            while self._taken.get(case_key(folder), identity) != identity:
                folder = _with_hash(identity) + ("" if number == 1 else f"-{number}")
                number += 1
            self.of_id[identity] = folder
            self._taken[case_key(folder)] = identity
        return self.of_id[identity]


def safe_file(name: str) -> str:
    """A file's name beside a notebook: letters, digits and - _ . @ space stay, its ending too.

    >>> safe_file("data: 1/2.csv"), safe_file("NUL.txt"), safe_file("=1+1.csv")
    ('data_ 1_2.csv', '_NUL.txt', '_1_1.csv')
    """
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(c if _plain(c) else "_" for c in composed)
    kept = re.sub(r"\.{2,}", ".", kept).strip(". ") or "file"
    stem, dot, ending = kept.rpartition(".")
    while len(kept.encode("utf-8")) > LONGEST and stem:
        stem = stem[:-1]
        kept = f"{stem}{dot}{ending}"
    while len(kept.encode("utf-8")) > LONGEST:
        kept = kept[:-1]
    reserved = kept.partition(".")[0].casefold() in RESERVED
    return f"_{kept}" if reserved or not (kept[0].isalnum() or kept[0] == "_") else kept


def safe_paths(paths: Iterable[tuple[str, ...]], taken: Iterable[str] = ()) -> dict[tuple[str, ...], str]:
    """Each path of a hand-in with the path that it gets, all different where case does not count."""
    used = {case_key(name) for name in taken}
    made: dict[tuple[str, ...], str] = {}
    for parts in paths:
        path = "/".join(safe_file(part) for part in parts)
        base, dot, ending = path.rpartition(".") if "." in path.rpartition("/")[2] else (path, "", "")
        number = 1
        while case_key(path) in used:
            number += 1
            path = f"{base}~{number}{dot}{ending}"
        used.add(case_key(path))
        made[parts] = path
    return made
