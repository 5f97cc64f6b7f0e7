"""Numbers that a lab can check: what the course's own estimator gives, and what the student claims.

A rubric point with `expects` names an estimator and its inputs. The sum is made when the lab is read, so a changed fact
or formula changes what is expected. A claim fits when it lies within a stated factor; see docs/labs-and-quizzes.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograde.course import CourseError
from autograde.lesson import estimate, wording
from autograde.lesson.amounts import NAMED, Amount, amounts, said
from autograde.lesson.entries import as_lines, need_known, need_lines, need_patterns, need_text

FITS, TOO_LOW, TOO_HIGH = "fits", "too low", "too high"
KEYS = {"what", "unit", "value", "factor", "assumes", "per", "other", "claim", "variant", "too_low", "too_high", "fits"}
TOTAL = re.compile(r"\b(in total|in all|altogether|all together|together|overall|total of)\b", re.IGNORECASE)
NEIGHBOURS = 5  # words on each side of an amount in which `other` is looked for


def token_price(calls: float, tokens_in: float, tokens_out: float, price_in: float, price_out: float) -> float:
    """Dollars for `calls` calls of a model: tokens a call in and out, prices in dollars a token."""
    return calls * (tokens_in * price_in + tokens_out * price_out)


def _vram(**sizes: Any) -> float:
    return sum(estimate.vram(**sizes).values())


# name: (the function, the unit of its result)
ESTIMATORS: dict[str, tuple[Callable[..., float], str]] = {
    "gpu_hours": (estimate.gpu_hours, "hours"),
    "forward_seconds": (estimate.forward_seconds, "seconds"),
    "lora_parameters": (estimate.lora_parameters, ""),
    "vram": (_vram, "bytes"),
    "token_price": (token_price, "dollars"),
}


@dataclass(frozen=True)
class Variant:
    """What is right too, when the conversation mentions `when`: 4-bit weights, two GPUs."""

    when: re.Pattern[str]
    value: float


@dataclass(frozen=True)
class Expectation:
    """What a point's figure should be about. value: in seconds, bytes or dollars; the other fields as in the TOML."""

    what: str
    unit: str
    value: float
    factor: tuple[float, float]  # how far below and how far above the value still fits
    assumes: str
    per: tuple[str, ...]
    other: tuple[re.Pattern[str], ...]
    claim: tuple[re.Pattern[str], ...]
    variants: tuple[Variant, ...]
    lines: Mapping[str, tuple[str, ...]]

    def judged(self, amount: Amount, context: str) -> Claim:
        """Does an amount fit? Against the value, or against that of a variant that `context` speaks of."""
        values = [self.value, *(variant.value for variant in self.variants if variant.when.search(context))]
        best = min(values, key=lambda value: _distance(amount, value))
        below = amount.high < best
        fits = _distance(amount, best) <= self.factor[0 if below else 1]
        verdict = FITS if fits else TOO_LOW if below else TOO_HIGH
        return Claim(amount.text, verdict, said(best, self.unit), _distance(amount, best))


@dataclass(frozen=True)
class Claim:
    """A figure that the student gave. expected: what the estimator gives, in words; times: how far apart they are."""

    text: str
    verdict: str
    expected: str
    times: float


def _distance(amount: Amount, value: float) -> float:
    """The factor between an amount and a value: 1 where the value lies in the amount's range."""
    if amount.low <= value <= amount.high:
        return 1.0
    near = amount.low if value < amount.low else amount.high
    return max(value / near, near / value) if near > 0 else float("inf")


def read_expectation(entry: Mapping[str, Any], here: str = "expects") -> Expectation:
    """An `expects` table with its sums made. Raises CourseError that says what to mend."""
    need_known(entry, KEYS, here)
    need_text(entry.get("what"), f"{here}: what", 'write what = "GPU-hours of the whole run"')
    need_text(entry.get("assumes"), f"{here}: assumes", 'write assumes = "what the value rests on"')
    unit = str(entry.get("unit"))
    if unit not in NAMED:
        raise CourseError(f"{here}: unit is {entry.get('unit')!r}: choose one of {', '.join(NAMED)}")
    factor = _factors(entry.get("factor"), f"{here}: factor")
    for name in ("other", "claim"):
        if name in entry:
            need_patterns(entry[name], f"{here}: {name}")
    for name in ("too_low", "too_high", "fits", "per"):
        if name in entry:
            need_lines(entry[name], f"{here}: {name}")
    return Expectation(
        what=str(entry["what"]),
        unit=unit,
        value=_value(entry.get("value"), unit, f"{here}: value"),
        factor=factor,
        assumes=" ".join(str(entry["assumes"]).split()),
        per=tuple(as_lines(entry.get("per", []))),
        other=_compiled(entry.get("other", [])),
        claim=_compiled(entry.get("claim", [])),
        variants=tuple(_variant(item, unit, f"{here}: variant") for item in entry.get("variant", [])),
        lines={name: tuple(as_lines(entry[name])) for name in ("too_low", "too_high", "fits") if name in entry},
    )


def _factors(entry: Any, here: str) -> tuple[float, float]:
    """One factor for both directions, or [down, up]."""
    both = entry if isinstance(entry, list) else [entry, entry]
    if len(both) != 2 or any(isinstance(f, bool) or not isinstance(f, int | float) or not 1 < f <= 100 for f in both):
        raise CourseError(f"{here} is {entry!r}: write a number above 1, how far off a figure may be, or [down, up]")
    return float(both[0]), float(both[1])


def _compiled(patterns: str | list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in as_lines(patterns))


def _variant(item: Any, unit: str, here: str) -> Variant:
    if not isinstance(item, Mapping) or set(item) != {"when", "value"}:
        raise CourseError(f"{here} is {item!r}: write {{ when = 'pattern', value = … }}")
    need_patterns(item["when"], f"{here}: when")
    return Variant(_compiled(item["when"])[0], _value(item["value"], unit, here))


def _value(entry: Any, unit: str, here: str) -> float:
    """A number in `unit`, or an estimator's result, as seconds, bytes or dollars."""
    dimension, size = NAMED[unit]
    if isinstance(entry, Mapping):
        number, its = _estimated(entry, here)
        if its not in NAMED or NAMED[its][0] != dimension:
            raise CourseError(f"{here}: {entry['estimator']} gives {its or 'a count'}, and the unit is {unit}")
        value = number * NAMED[its][1]
    elif isinstance(entry, int | float) and not isinstance(entry, bool):
        value = entry * size
    else:
        raise CourseError(f"{here} is {entry!r}: write a number of {unit}, or {{ estimator = …, its inputs }}")
    if not value > 0:
        raise CourseError(f"{here} comes to {value:g}: it must be above 0")
    return value


def _estimated(entry: Mapping[str, Any], here: str) -> tuple[float, str]:
    """What an estimator gives for the inputs beside its name, and in which unit."""
    name = entry.get("estimator")
    if name not in ESTIMATORS:
        raise CourseError(f"{here}: no estimator {name!r}: choose one of {', '.join(ESTIMATORS)}")
    function, unit = ESTIMATORS[name]
    inputs = {key: _input(value, f"{here}: {key}") for key, value in entry.items() if key != "estimator"}
    try:
        return float(function(**inputs)), unit
    except (TypeError, ValueError) as error:
        raise CourseError(f"{here}: {name}: {error}") from None


def _input(value: Any, here: str) -> Any:
    """An input as the estimator takes it: an estimate in the estimate, a dated fact's number, or what stands there."""
    if isinstance(value, Mapping):
        return _estimated(value, here)[0]
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            if "{{" in value:
                raise CourseError(f"{here}: {value} is no known number: see data/facts.toml") from None
    return value


def claim_in(
    expects: Expectation, parts: Sequence[str], context: str, about: Sequence[str], asked: bool
) -> tuple[Claim, str] | None:
    """The figure that a turn gives for what is expected, with its sentence; None where it gives none.

    parts: the turn's sentences. about: those that are evidence for the point, in which and beside which any amount of
    the dimension counts; elsewhere it counts when the point was `asked` for or `claim` is found in its sentence. One
    that fits is taken, since a sum shows its steps; else the nearest: what is far off is mostly such a step.
    """
    near = {part for number, part in enumerate(parts) if set(parts[max(0, number - 1) : number + 2]) & set(about)}
    found = []
    for part in parts:
        if not (asked or part in near or any(pattern.search(part) for pattern in expects.claim)):
            continue
        if wording.IGNORANCE.search(part) and not amounts(part):
            continue
        for amount in amounts(part):
            if _is_claim(expects, amount, part):
                found.append((expects.judged(amount, context), part))
    return min(found, key=lambda item: (item[0].verdict != FITS, item[0].times), default=None)


def _is_claim(expects: Expectation, amount: Amount, part: str) -> bool:
    """An amount of the right dimension, no rate of another kind, and not marked as something else by its neighbours."""
    if amount.dimension != NAMED[expects.unit][0] or (amount.per and amount.per not in expects.per):
        return False
    before = part[: amount.start].split()[-NEIGHBOURS:]
    after = part[amount.end :].split()[:NEIGHBOURS]
    around = " ".join([*_clause(before, last=True), amount.text, *_clause(after, last=False)])
    if TOTAL.search(around):  # "weights, logits and activations about 8 GB in total"
        return True
    return not any(pattern.search(around) for pattern in expects.other)


def _clause(words: list[str], last: bool) -> list[str]:
    """The words up to the next comma, counted from the amount: another clause speaks of something else."""
    ends = [
        number for number, word in enumerate(words) if word[-1] in ",;:()" or word in ("and", "but", "so", "=", "→")
    ]
    if not ends:
        return words
    return words[ends[-1] + 1 :] if last else words[: ends[0] + 1]
