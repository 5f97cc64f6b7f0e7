"""Random inputs of the check's own. The student's draws do not change them, and they never change from run to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import torch

from autograde.check.session import Session, active

T = TypeVar("T")


def pick(session: Session, items: Sequence[T], count: int) -> list[T]:
    """`count` different items in random order.

    Built on random() alone, whose sequence Python keeps from version to version; sample() has no such promise.
    """
    left = list(items)
    return [left.pop(int(session.dice.random() * len(left))) for _ in range(count)]


def samples(
    count: int, axes: str, *, n: int = 5, low: int = 1, high: int = 6, distinct: bool = True,
    dtype: torch.dtype | None = None, requires_grad: bool = False,
) -> Iterator[tuple[torch.Tensor, ...]]:  # fmt: skip
    """n tuples of `count` random tensors of one random named shape: `for q, k, v in check.samples(3, "b t d"):`.

    axes: "b t d": a size in [low, high] for each name, drawn anew for each tuple; a digit is a fixed size, a name that
    stands twice has one size. distinct: no two names share a size (nor take a fixed one), so that swapped axes show;
    and no shape comes twice while there are others. Floats are normal, integers 0 to 9, bools fair. On the CPU. Raises
    ValueError where there are not enough sizes.
    """
    names = axes.split()
    free = list(dict.fromkeys(name for name in names if not name.isdigit()))
    taken = {int(name) for name in names if name.isdigit()} if distinct else set()
    sizes = [size for size in range(low, high + 1) if size not in taken]
    if not sizes or (distinct and len(sizes) < len(free)):
        raise ValueError(f"not enough sizes from {low} to {high} for the axes {axes!r}: raise high, or distinct=False")
    return drawn(active(), count, names, free, sizes, n, distinct, dtype or torch.float32, requires_grad)


def drawn(
    session: Session, count: int, names: list[str], free: list[str], sizes: list[int], n: int, distinct: bool,
    dtype: torch.dtype, requires_grad: bool,
) -> Iterator[tuple[torch.Tensor, ...]]:  # fmt: skip
    """The tuples, one at a time."""
    seen: set[tuple[int, ...]] = set()
    for _ in range(n):
        for _ in range(50):  # a new shape where there is one
            some = pick(session, sizes, len(free)) if distinct else [pick(session, sizes, 1)[0] for _ in free]
            size_of = dict(zip(free, some, strict=True))
            shape = tuple(int(name) if name.isdigit() else size_of[name] for name in names)
            if shape not in seen:
                break
        seen.add(shape)
        yield tuple(tensor(session, shape, dtype, requires_grad) for _ in range(count))


def tensor(session: Session, shape: tuple[int, ...], dtype: torch.dtype, requires_grad: bool) -> torch.Tensor:
    """One random tensor; floats are drawn in float32 or wider and then cast."""
    if dtype == torch.bool:
        return torch.rand(shape, generator=session.generator) < 0.5
    if dtype.is_floating_point:
        wide = torch.float64 if dtype == torch.float64 else torch.float32
        return torch.randn(shape, generator=session.generator, dtype=wide).to(dtype).requires_grad_(requires_grad)
    if dtype.is_complex:
        return torch.randn(shape, generator=session.generator, dtype=dtype).requires_grad_(requires_grad)
    return torch.randint(0, 10, shape, generator=session.generator, dtype=dtype)


def partition(total: int, into: int) -> list[int]:
    """`into` random positive ints with the sum `total`. Raises ValueError where there are none."""
    if not 1 <= into <= total:
        raise ValueError(f"cannot cut {total} into {into} positive parts")
    cuts = sorted(pick(active(), range(1, total), into - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
