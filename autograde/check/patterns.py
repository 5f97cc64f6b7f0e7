"""What wrong values look like: a factor, an offset, a flipped sign, transposed, shifted, rounded, wrong in one place.

Every look takes a `Pair` and returns a `Pattern` or None; the first that recognises the values speaks. A look only
speaks where the values could not fit by chance: it explains every place, or says where all the wrong ones lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import torch

from autograde.check.describe import Axes, axis_names, factor_text, number_text

SMALL_FACTORS = {*range(2, 17), *(2**k for k in range(5, 41)), *(10**k for k in range(2, 13)), 24, 60, 100, 3600}


@dataclass(frozen=True)
class Pattern:
    """finding: a sentence without full stop. cause: a question. factor: answer ÷ expected, where it is one number."""

    finding: str
    cause: str = ""
    factor: float | None = None


@dataclass(frozen=True)
class Pair:
    """Two finite float64 tensors of one shape: the answer, the expected one; and where they differ."""

    mine: torch.Tensor
    theirs: torch.Tensor
    wrong: torch.Tensor
    rounding: float  # the table's rtol for the dtype, whatever tolerance the author has asked for
    names: list[str]
    whole: bool = False  # integers or bools
    logical: bool = False  # bools

    def alike(self, mine: torch.Tensor, theirs: torch.Tensor) -> bool:
        """Are these equal, up to a hundred-thousandth of the largest value (more for the half-precision dtypes)?"""
        scale = theirs.abs().max().item()
        return (mine - theirs).abs().max().item() <= max(1e-5, 5 * self.rounding) * scale


def constant(pair: Pair) -> Pattern | None:
    """The same value in every place."""
    value = pair.mine.flatten()[0]
    if pair.logical or pair.mine.numel() < 2 or not bool((pair.mine == value).all()):
        return None
    if value != 0 and bool((pair.theirs == pair.theirs.flatten()[0]).all()):
        return None
    return Pattern(f"It is {value.item():.4g} everywhere", "is the result ever written to what you return?")


def opposite(pair: Pair) -> Pattern | None:
    """A mask the wrong way round."""
    if pair.logical and pair.mine.numel() > 1 and bool(pair.wrong.all()):
        return Pattern("It is the exact opposite, True and False swapped", "what does True stand for?")
    return None


def multiple(pair: Pair) -> Pattern | None:
    """One factor everywhere. Of one or two numbers only a telling one counts: a small integer, a power of 2 or 10."""
    energy = (pair.theirs * pair.theirs).sum().item()
    if pair.logical or not 0 < energy < float("inf"):
        return None
    factor = (pair.mine * pair.theirs).sum().item() / energy
    if not 1e-12 < abs(factor) < 1e12:  # infinite, NaN or 0 where squares over- or underflow; beyond it tells nothing
        return None
    if abs(factor - 1) < 1e-3 or not pair.alike(pair.mine, factor * pair.theirs):
        return None
    values = int((pair.theirs != 0).sum())
    if values < 3:
        size = max(abs(factor), 1 / abs(factor))
        telling = round(size) in SMALL_FACTORS | {1} and abs(size - round(size)) < 1e-5 * size
        small = values < 2 and pair.whole and pair.theirs.abs().max() < 8
        if not telling or (small and factor > 0):
            return None
    return Pattern(f"It is {factor_text(factor)} the reference everywhere", factor_cause(factor), factor)


def factor_cause(factor: float) -> str:
    """A factor, as a question."""
    if abs(factor + 1) < 1e-5:
        return "is a difference the wrong way round, or a minus missing?"
    size = abs(factor)
    if size > 1:
        return f"where does the factor {factor_text(size).rstrip('×')} come from?"
    return "is a factor missing, or divided by twice?"


def offset(pair: Pair) -> Pattern | None:
    """One constant added everywhere."""
    gap = pair.mine - pair.theirs
    if pair.logical or (pair.mine.numel() < 2 and not (pair.whole and abs(gap.sum().item()) == 1)):
        return None
    value = gap.mean().item()
    if not pair.alike(pair.mine, pair.theirs + value) or (gap - value).abs().max().item() > 1e-3 * abs(value):
        return None
    if pair.whole and abs(value) == 1:
        large = "large" if value > 0 else "small"
        return Pattern(f"It is one too {large} everywhere", "do you count from 0 or from 1?")
    added = f"{'+' if value > 0 else '−'} {number_text(abs(value), 3)}"
    return Pattern(f"It is the reference {added} everywhere", "is a constant missing or too much?")


def sign(pair: Pair) -> Pattern | None:
    """Right but for the sign."""
    if pair.logical or pair.mine.numel() < 3 or not pair.alike(pair.mine.abs(), pair.theirs.abs()):
        return None
    if bool((pair.mine >= 0).all()):
        return Pattern("Only the sign is wrong: every value of yours is positive", "is an abs() or a square too much?")
    return Pattern("Only the sign is wrong there", "is a difference the wrong way round?")


def transposed(pair: Pair) -> Pattern | None:
    """Two axes of one size swapped."""
    dims = pair.mine.dim()
    for i, j in sorted(combinations(range(dims), 2), reverse=True):
        if pair.mine.shape[i] == pair.mine.shape[j] and pair.alike(pair.mine, pair.theirs.transpose(i, j)):
            which = "" if dims == 2 else f" (axes {i} and {j})"
            return Pattern(f"It is the reference transposed{which}", "did you transpose an argument or the result?")
    return None


def moved(pair: Pair) -> Pattern | None:
    """Reversed along an axis, or shifted by one place."""
    if pair.logical:  # a mask is full of such likenesses: one_side says more
        return None
    for axis, size in enumerate(pair.mine.shape):
        along = "" if pair.mine.dim() == 1 else f" along {pair.names[axis]}"
        if size > 1 and pair.alike(pair.mine, pair.theirs.flip(axis)):
            return Pattern(f"It is the reference in reverse order{along}", "is a flip or [::-1] missing or too much?")
        if size < 4:
            continue
        for by, where in ((1, "late"), (-1, "early")):
            rolled = pair.theirs.roll(by, axis)
            inner = slice(1, None) if by == 1 else slice(None, -1)
            cut = (slice(None),) * axis + (inner,)
            if pair.alike(pair.mine[cut], rolled[cut]):
                return Pattern(f"Every value stands one place too {where}{along}", "where does the slice begin?")
    return None


def scaled_slices(pair: Pair) -> Pattern | None:
    """Each row has a factor of its own: a normalisation is missing or runs along another axis."""
    for axis in reversed(range(pair.mine.dim())):
        if pair.mine.shape[axis] < 3 or pair.mine.numel() == pair.mine.shape[axis]:
            continue
        energy = (pair.theirs * pair.theirs).sum(axis, keepdim=True)
        if not bool((energy > 0).all()):
            continue
        factors = (pair.mine * pair.theirs).sum(axis, keepdim=True) / energy
        smallest, largest = factors.abs().min().item(), factors.abs().max().item()
        if smallest > 1e-6 and largest > 1.001 * smallest and pair.alike(pair.mine, factors * pair.theirs):
            along = f"Along {pair.names[axis]} the proportions are right, each with a factor of its own"
            return Pattern(along, "is a normalisation missing, or done over another axis?")
    return None


def rearranged(pair: Pair) -> Pattern | None:
    """The right values in other places."""
    steps = (pair.theirs / (1e-3 * pair.theirs.abs().max())).round()
    if pair.logical or pair.mine.numel() < 3 or steps.unique().numel() < 3:
        return None
    if not pair.alike(pair.mine.flatten().sort().values, pair.theirs.flatten().sort().values):
        return None
    return Pattern("The values are right, their order is not", "is a view or reshape where axes should be swapped?")


def rounded(pair: Pair) -> Pattern | None:
    """The reference, rounded to a few decimals."""
    if pair.whole or pair.mine.numel() > 50:
        return None
    scale = pair.theirs.abs().max().item()
    close = (pair.mine - pair.theirs).abs().max().item() < 0.05 * scale
    for decimals in range(1, 6):
        expected = pair.theirs.round(decimals=decimals)
        cut, left = (expected - pair.theirs).abs().max().item(), (expected - pair.mine).abs().max().item()
        if close and left < 1e-6 * scale and cut > 1e-5 * scale:
            return Pattern(f"It is the reference rounded to {decimals} decimals", "can you keep all digits?")
    return None


def nearby(pair: Pair) -> Pattern | None:
    """Wrong by a little in every place."""
    scale = pair.theirs.abs().max().item()
    if pair.whole or not scale:
        return None
    gap = (pair.mine - pair.theirs).abs().max().item() / scale
    if gap > 3e-3:
        return None
    cause = "is an eps missing or too much, or a part computed in a lower precision?"
    if pair.rounding <= 1e-7 and gap < 1e-6:
        cause = "is a part computed in float32?"
    return Pattern(f"It is close everywhere, within {gap:.1g} of the largest value", cause)


def one_side(pair: Pair) -> Pattern | None:
    """Wrong only above, below or on the diagonal of the last two axes."""
    if pair.mine.dim() < 2 or min(pair.mine.shape[-2:]) < 2 or int(pair.wrong.sum()) < 2:
        return None
    row, column = pair.wrong.nonzero()[:, -2:].unbind(1)
    for side, there in (("above", column > row), ("below", column < row)):
        if bool(there.all()):
            return Pattern(f"They all lie {side} the diagonal", "which side does the mask hide?")
    if bool((column == row).all()):
        return Pattern("They all lie on the diagonal", "is the diagonal in or out?")
    return None


def one_slice(pair: Pair) -> Pattern | None:
    """Wrong only, or right only, at one index of an axis."""
    for places, is_wrong in ((pair.wrong, True), (~pair.wrong, False)):
        where = places.nonzero()
        if len(where) < (2 if is_wrong or pair.whole else 1) or pair.mine.numel() < 4:
            continue
        for axis, size in enumerate(pair.mine.shape):
            index = int(where[0, axis])
            if size < 3 or not bool((where[:, axis] == index).all()):
                continue
            if not is_wrong and len(where) < pair.mine.numel() // size:  # a few right places are chance
                continue
            name = pair.names[axis]
            place = f"index {index} of {name}" if name == f"axis {axis}" else f"{name} = {index}"
            place = place if pair.mine.dim() > 1 else f"[{index}]"
            if not is_wrong:
                return Pattern(f"Only {place} is right", "is the rest ever computed?")
            end = ", the first" if index == 0 else ", the last" if index == size - 1 else ""
            return Pattern(f"They all lie at {place}{end}", "what is special there?" if end else "")
    return None


LOOKS: list[Callable[[Pair], Pattern | None]] = [
    constant, opposite, multiple, offset, sign, transposed, moved, rounded, nearby, scaled_slices, rearranged,
    one_side, one_slice,
]  # fmt: skip
NEAR = [offset, rounded, nearby, one_side, one_slice]  # of values so alike that any symmetry of theirs would fit


def find_pattern(
    mine: torch.Tensor, theirs: torch.Tensor, wrong: torch.Tensor, rounding: float, axes: Axes = None
) -> Pattern | None:
    """The first pattern that the wrong values show.

    mine, theirs: CPU tensors of one shape. wrong: a bool tensor with at least one True. rounding: the relative
    tolerance of the dtype that was computed in.
    """
    if theirs.dtype.is_complex or mine.dtype.is_complex or not mine.numel():
        return None
    whole, logical = not theirs.dtype.is_floating_point, theirs.dtype == torch.bool
    names = axis_names(axes, theirs.dim())
    pair = Pair(mine.double(), theirs.double(), wrong, rounding, names, whole, logical)
    if not (bool(pair.mine.isfinite().all()) and bool(pair.theirs.isfinite().all())):
        return one_side(pair) or one_slice(pair)
    looks = NEAR if pair.alike(pair.mine, pair.theirs) else LOOKS
    return next((found for look in looks if (found := look(pair)) is not None), None)
