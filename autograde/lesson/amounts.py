"""Amounts in a student's English: "1.5 days", "8–9 GPU-hours", "14 gigs", "$0.15 per million tokens", with their units.

Every amount is a range [low, high] in one unit of its dimension: seconds, bytes, dollars (a euro and a pound count as
one: what is compared with them is compared within a factor). A time, a size or a price *per* something is a rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SPELLED = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "half": 0.5, "couple of": 2, "dozen": 12, "half a": 0.5,
    "half an": 0.5,
}  # fmt: skip
TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9}

# Every unit by the spellings that end in it: (pattern, dimension, size).
UNITS = (
    (r"milliseconds?|ms", "time", 1e-3),
    (r"seconds?|secs?|s", "time", 1.0),
    (r"minutes?|mins?", "time", 60.0),
    (r"hours?|hrs?|hs?", "time", 3600.0),
    (r"days?", "time", 86_400.0),
    (r"weeks?", "time", 604_800.0),
    (r"months?", "time", 2_592_000.0),
    (r"kib|kb|kilobytes?", "memory", 1e3),
    (r"mib|mebibytes?", "memory", 2.0**20),
    (r"mb|megabytes?|megs?", "memory", 1e6),
    (r"gib|gibibytes?", "memory", 2.0**30),
    (r"gb|gigabytes?|gigs?|g", "memory", 1e9),
    (r"tb|terabytes?", "memory", 1e12),
    (r"bytes?", "memory", 1.0),
    (r"dollars?|usd|bucks?|euros?|eur|pounds?|gbp", "money", 1.0),
    (r"cents?|ct", "money", 0.01),
)
# What an author may write as `unit`, and how it is said: (dimension, size).
NAMED = {
    "seconds": ("time", 1.0), "minutes": ("time", 60.0), "hours": ("time", 3600.0), "days": ("time", 86_400.0),
    "weeks": ("time", 604_800.0), "bytes": ("memory", 1.0), "MB": ("memory", 1e6), "GB": ("memory", 1e9),
    "GiB": ("memory", 2.0**30), "dollars": ("money", 1.0), "cents": ("money", 0.01),
}  # fmt: skip

_WORDS = "|".join(sorted(SPELLED, key=len, reverse=True))
# 15,625 and 15 625 are thousands, 2,6 is a decimal comma, 3e4 a power of ten.
_DIGITS = r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?(?:e[+]?\d+)?"
_NUMBER = (
    rf"(?:(?:{_DIGITS})(?:\s?(?:k|m|bn?|thousand|million|billion)\b)?(?: and a half)?|\b(?:{_WORDS})\b(?: and a half)?)"
)
_UNIT = "|".join(f"(?P<u{place}>{pattern})" for place, (pattern, _, _) in enumerate(UNITS))
_TO = r"(?(between)\s?and\s?|\s?(?:-|–|—|to|or|up to)\s?)"
_FILLER = (
    r"(?:-?ish\b|\s?\+)?\s?(?:(?:or so|something|odd|plus|gpu|wall|wall[- ]?clock|compute|full|whole|more|extra)"
    r"[- ]+){0,2}"
)
AMOUNT = re.compile(
    rf"(?P<between>between )?(?P<sign>[$€£]\s?(?=\d))?(?<![\w.,])(?P<low>{_NUMBER})(?:{_TO}[$€£]?(?P<high>{_NUMBER}))?"
    rf"(?:(?P<after>\s?[$€£])|(?:\s|-)?{_FILLER}(?:{_UNIT})\b(?P<half> and a half)?)?(?!\w)",
    re.IGNORECASE,
)
RATE = re.compile(
    r"\s*(?:of [\w\s-]{2,20}?)?\s*(?:(?:/|\bper\b|\ban?\b|\beach\b|\bevery\b|\bfor each\b|\bfor every\b)"
    r"\s?(?:one |single |million |1m )?"
    r"(?P<per>(?:gpu[- ]?)?[a-z]+)|(?P<ly>hourly|daily|weekly|monthly|yearly))",
    re.IGNORECASE,
)
LY = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
RATES = frozenset(
    """hour h day week month year session step steps batch batches epoch example sample token tokens chapter question
    request call user student school million iteration it pass run gpu card""".split()
)


@dataclass(frozen=True)
class Amount:
    """One amount: its words, its range in seconds, bytes or dollars, what it is per ("" for a plain one), its place."""

    text: str
    dimension: str
    low: float
    high: float
    per: str
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """The amounts of a text that have a unit, in order."""
    found: list[Amount] = []
    rated = 0  # "$1 an hour": the hour is no amount of its own
    for match in AMOUNT.finditer(text):
        amount = _read(match, text) if match.start() >= rated else None
        if amount is not None:
            found.append(amount)
            rate = RATE.match(text, match.end())
            rated = rate.end() if rate and amount.per else rated
    return found


def _read(match: re.Match[str], text: str) -> Amount | None:
    place = next((number for number in range(len(UNITS)) if match[f"u{number}"]), None)
    if match["sign"] or match["after"]:
        dimension, size = "money", 1.0
        if place is not None and UNITS[place][1] != "money":  # "$1 to $3 an hour": the hour is what it is per
            place = None
    elif place is not None:
        _, dimension, size = UNITS[place]
    else:
        return None
    low = number_of(match["low"])
    high = number_of(match["high"]) if match["high"] else low
    if match["half"]:
        low, high = low + 0.5, high + 0.5
    rate = RATE.match(text, match.end())
    per = (LY.get((rate["ly"] or "").lower()) or (rate["per"] or "").lower()) if rate else ""
    words = " ".join(match.group().split())
    return Amount(words, dimension, low * size, max(low, high) * size, per if per in RATES else "", *match.span())


def number_of(text: str) -> float:
    """A written number: "15,625", "2,6", "1.5k", "half a", "two and a half"."""
    words = " ".join(text.lower().split())
    if words.endswith(" and a half"):
        return number_of(words.removesuffix(" and a half")) + 0.5
    if words in SPELLED:
        return float(SPELLED[words])
    match = re.fullmatch(r"([\d., e+]+?)\s?([a-z]*)", words)
    if match is None:
        return float(SPELLED.get(words, 0))
    figure = re.sub(r"(?<=\d)[, ](?=\d{3}(\D|$))", "", match[1]).replace(",", ".").strip()
    return float(figure) * TIMES.get(match[2], 1.0)


def said(value: float, unit: str) -> str:
    """A value in seconds, bytes or dollars as one says it in `unit`: two significant digits, or whole from 100 on."""
    size = NAMED[unit][1]
    number = value / size
    shown = f"{number:,.0f}" if number >= 99.5 else f"{number:.2g}"
    return f"${shown}" if unit == "dollars" else f"{shown} {unit}"
