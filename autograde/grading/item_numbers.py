"""Statistics of a test's items: how hard, how telling, which options are taken; and how reliable the whole is.

Difficulty: the share of students who are right (the older literature's p: large is easy).
Discrimination: the corrected point-biserial correlation, of an item's 0/1 with the score on the *other* items (Henrysson,
Psychometrika 28, 1963: with the item in the total the coefficient would be too high, the more so the shorter the test).
Reliability: KR-20 = k/(k−1) · (1 − Σ p(1−p) / σ²), σ² the variance of the scores over n (Kuder and Richardson,
Psychometrika 2, 1937, formula 20), which is Cronbach's alpha of items that are 0 or 1 (Psychometrika 16, 1951). Its
interval: (1 − α)/(1 − α̂) is F distributed with n−1 and (n−1)(k−1) degrees of freedom (Feldt, Psychometrika 30, 1965).

Nothing here knows a name: a sheet is one student's answers, and that is all.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 10  # students: with fewer, a correlation or a reliability is noise and is not shown
FEW = 30  # with fewer they are shown with a warning
CLEAR = 2.58  # standard errors between the shares of two variants: about 1 in 100 by chance


@dataclass(frozen=True)
class Given:
    """One student's answer to one item: which variant they had, the option that they chose ("": none), right or not."""

    variant: str
    option: str
    right: bool


Sheet = Mapping[str, Given]  # item → answer; every sheet of a test has all its items


@dataclass(frozen=True)
class OptionCount:
    """One option: how many of those who had its variant chose it, and of the best and the weakest third of them."""

    option: str
    key: bool
    count: int
    share: float
    best: float | None
    weakest: float | None


@dataclass(frozen=True)
class Figures:
    """Figures of an item or of one of its variants. None: too few students, or nothing varies."""

    n: int
    right: int
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class Whole:
    """Figures of the whole test."""

    n: int
    items: int
    mean: float
    spread: float
    kr20: float | None
    interval: tuple[float, float] | None


def figures(rights: Sequence[bool], rests: Sequence[float]) -> Figures:
    """Of some students: whether each was right on an item, and each one's score on the other items."""
    n = len(rights)
    share = sum(rights) / n if n else None
    telling = correlation([float(right) for right in rights], rests) if n >= FEWEST else None
    return Figures(n, sum(rights), share, telling)


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Pearson's; None where one of the two does not vary. With 0/1 in `x` this is the point-biserial correlation."""
    if len(x) < 2 or len(set(x)) < 2 or len(set(y)) < 2:
        return None
    return statistics.correlation(x, y)


def whole(sheets: Sequence[Sheet], level: float = 0.95) -> Whole:
    """Mean, spread and reliability of all sheets."""
    scores = [score(sheet) for sheet in sheets]
    n, k = len(sheets), len(sheets[0]) if sheets else 0
    spread = statistics.pstdev(scores) if n else 0.0
    estimate = kr20(sheets) if n >= FEWEST else None
    span = interval(estimate, n, k, level) if estimate is not None else None
    return Whole(n, k, statistics.fmean(scores) if n else 0.0, spread, estimate, span)


def score(sheet: Sheet) -> int:
    """How many items are right."""
    return sum(given.right for given in sheet.values())


def kr20(sheets: Sequence[Sheet]) -> float | None:
    """Kuder and Richardson's formula 20; None for fewer than two items, or where all scores are the same."""
    n, k = len(sheets), len(sheets[0]) if sheets else 0
    variance = statistics.pvariance([score(sheet) for sheet in sheets]) if n else 0.0
    if k < 2 or not variance:
        return None
    shares = [sum(sheet[item].right for sheet in sheets) / n for item in sheets[0]]
    return k / (k - 1) * (1 - sum(p * (1 - p) for p in shares) / variance)


def interval(estimate: float, n: int, k: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of a reliability that was estimated from n students and k items."""
    from scipy.stats import f  # comes with scikit-learn; takes half a second to load

    tail, freedom = (1 - level) / 2, (n - 1, (n - 1) * (k - 1))
    low, high = (1 - (1 - estimate) * float(f.ppf(q, *freedom)) for q in (1 - tail, tail))
    return low, high


def thirds(rests: Sequence[float]) -> tuple[list[int], list[int]]:
    """The places of the best and of the weakest third. Ties at a border fall by the order of the list: a rough tool."""
    size = round(len(rests) / 3)
    order = sorted(range(len(rests)), key=lambda place: rests[place])
    return (order[-size:], order[:size]) if size else ([], [])


def option_counts(given: Sequence[Given], rests: Sequence[float], options: Mapping[str, bool]) -> list[OptionCount]:
    """Each option of one variant; given, rests: of those who had it. options: id → whether it is the key."""
    best, weakest = thirds(rests) if len(given) >= FEWEST else ([], [])

    def among(places: Sequence[int], option: str) -> float | None:
        return sum(given[place].option == option for place in places) / len(places) if places else None

    return [
        OptionCount(
            option,
            key,
            count := sum(one.option == option for one in given),
            count / len(given) if given else 0.0,
            among(best, option),
            among(weakest, option),
        )
        for option, key in options.items()
    ]


def differs(a: Figures, b: Figures) -> bool:
    """Whether one of two variants was clearly easier (two shares, pooled standard error)."""
    if min(a.n, b.n) < FEWEST or a.difficulty is None or b.difficulty is None:
        return False
    pooled = (a.right + b.right) / (a.n + b.n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
    return error > 0 and abs(a.difficulty - b.difficulty) > CLEAR * error
