"""What a wrong shape looks like: axes swapped, lost, left over, merged, split, or blown up by broadcasting.

Every function takes the shape that is there, the shape that is wanted (None: any size) and the axes' names, and returns
(finding, question) or None. The first that recognises the shape speaks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations, permutations

from autograde.check.describe import Axes, axis_names, capital, listed

Shape = Sequence[int | None]
Finding = tuple[str, str] | None


def fits(has: Sequence[int], want: Shape) -> bool:
    """Is this the wanted shape?"""
    return len(has) == len(want) and all(w is None or w == h for h, w in zip(has, want, strict=True))


def ordinal(axis: int, dims: int, name: str) -> str:
    """The last axis (features); axis 1 (time): which axis, in words."""
    where = "the first axis" if axis == 0 else "the last axis" if axis == dims - 1 else f"axis {axis}"
    return where if name.startswith("axis ") else f"{where} ({name})"


def one_number(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """One number is wanted, or all that is there."""
    if not want:
        if math.prod(has) == 1:
            return "It is one number inside an axis of size 1", "keepdim=True, or a slice [0:1] in place of [0]?"
        return "One number is expected, without axes", "is a sum or mean missing?"
    if not has:
        return "Everything is reduced to one number", "is a dim=… missing in the sum or mean?"
    return None


def outer(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """(n,) with (n, 1) broadcasts to (n, n)."""
    sizes = [size for size in want if size != 1]
    if len(has) == 2 and has[0] == has[1] > 1 and len(sizes) == 1 and sizes[0] == has[0]:
        n = has[0]
        return f"Broadcasting ({n},) with ({n}, 1) gives ({n}, {n})", "is one of the two a row and the other a column?"
    return None


def swapped(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """The right axes in another order."""
    dims = len(has)
    if dims != len(want) or dims < 2:
        return None
    pairs = sorted(combinations(range(dims), 2), key=lambda pair: (pair != (dims - 2, dims - 1), pair[1] - pair[0]))
    for i, j in pairs:
        order = list(range(dims))
        order[i], order[j] = j, i
        if fits([has[k] for k in order], want):
            if dims == 2:
                which = "The two axes"
            elif (i, j) == (dims - 2, dims - 1):
                which = "The last two axes"
            else:
                which = "The first two axes" if (i, j) == (0, 1) else f"Axes {i} and {j}"
                if which.startswith("Axes") and not names[0].startswith("axis "):
                    which += f" ({names[i]}, {names[j]})"
            return f"{which} are swapped", "did you transpose one of the arguments or the result?"
    if dims <= 5 and any(fits([has[k] for k in order], want) for order in permutations(range(dims))):
        return "The axes are right, their order is not", "is a permute or transpose missing, or one too many?"
    return None


def lost(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """An axis is missing."""
    dims = len(want)
    ones = [k for k, size in enumerate(want) if size == 1]
    gone = [k for k in range(dims) if fits(has, [*want[:k], *want[k + 1 :]])] if len(has) == dims - 1 else []
    if not gone:
        if len(ones) > 1 and fits(has, [size for size in want if size != 1]):
            return "All axes of size 1 are missing", "squeeze() without a dim removes every one of them: is it needed?"
        return None
    k = next((k for k in gone if k in ones), gone[0])
    which = capital(ordinal(k, dims, names[k]))
    if k in ones:
        return f"{which}, of size 1, is missing", f"keepdim=True, or unsqueeze({k})?"
    size = "" if want[k] is None else f", of size {want[k]},"
    return f"{which}{size} is missing", "is it summed over or indexed away?"


def left_over(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """An axis too many."""
    extra = [k for k in range(len(has)) if fits([*has[:k], *has[k + 1 :]], want)] if len(has) == len(want) + 1 else []
    if not extra:
        return None
    k = next((k for k in extra if has[k] == 1), extra[0])
    where = "in front" if k == 0 else "at the end" if k == len(has) - 1 else f"at position {k}"
    if has[k] != 1:
        return f"There is an extra axis of size {has[k]} {where}", "is a sum, mean or index over it missing?"
    if k == 0:
        return "There is an extra batch axis of size 1 in front", "unsqueeze(0) or [None] too much, or a [0] missing?"
    return f"There is an extra axis of size 1 {where}", "keepdim=True or unsqueeze too much?"


def runs(long: Shape, short: Sequence[int | None]) -> list[tuple[int, int]]:
    """Where a run long[i:j] of known sizes, multiplied into one, turns `long` into `short`."""
    width = len(long) - len(short) + 1
    found = []
    for i in range(len(short)):
        run = [size for size in long[i : i + width] if size is not None]
        if len(run) == width and list(short) == [*long[:i], math.prod(run), *long[i + width :]]:
            found.append((i, i + width))
    return found


def merged(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """Several axes in one, or one axis in several."""
    if len(has) == 1 and len(want) > 1 and None not in want and math.prod(w or 0 for w in want) == has[0]:
        return f"All {has[0]} values stand in one axis", "is a view or reshape to the expected shape missing?"
    if len(has) < len(want):
        for i, j in runs(want, has):
            sizes = ", ".join(str(size) for size in want[i:j])
            which = capital(listed(names[i:j]))
            return f"{which} are merged into one of size {has[i]}", f"is a view to ({sizes}) missing?"
    if len(has) > len(want):
        for i, j in runs(has, want):
            which = capital(ordinal(i, len(want), names[i]))
            sizes = " × ".join(str(size) for size in has[i:j])
            return f"{which}, of size {want[i]}, is still split into {sizes}", "is a view or flatten missing?"
    return None


def one_axis(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """One axis has the wrong size."""
    if len(has) != len(want):
        return None
    wrong = [k for k in range(len(has)) if want[k] not in (None, has[k])]
    if len(wrong) != 1:
        return None
    k, size = wrong[0], has[wrong[0]]
    which, expected = capital(ordinal(k, len(has), names[k])), want[wrong[0]] or 0
    if size == 1:
        return f"{which} has size 1 instead of {expected}", "is it reduced with keepdim=True, or sliced to one?"
    if abs(size - expected) == 1:
        long = "long" if size > expected else "short"
        return f"{which} is one too {long}", "where does the slice or range begin and end?"
    if expected and size % expected == 0:
        return f"{which} is {size // expected} times too long", "torch.cat where stack or + is meant?"
    return f"{which} has size {size} instead of {expected}", ""


def same_number(has: tuple[int, ...], want: Shape, names: list[str]) -> Finding:
    """As many values, arranged in another way."""
    if None in want or math.prod(has) != math.prod(w or 0 for w in want) or not math.prod(has):
        return None
    return f"The number of values is right ({math.prod(has)}), their arrangement is not", "which sizes does view get?"


LOOKS: list[Callable[[tuple[int, ...], Shape, list[str]], Finding]] = [
    one_number, swapped, outer, lost, left_over, merged, one_axis, same_number,
]  # fmt: skip


def layout_finding(has: tuple[int, ...], want: Shape, axes: Axes = None) -> tuple[str, str]:
    """(finding, question) for a shape that is not the wanted one; two empty texts where nothing is recognised."""
    names = axis_names(axes, len(want))
    return next((found for look in LOOKS if (found := look(has, want, names))), ("", ""))
