"""Random inputs of the check's own: the student's draws do not change them."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from autograde.check.session import active


def samples(
    count: int, axes: str, *, n: int = 5, low: int = 1, high: int = 6, distinct: bool = True,
    dtype: torch.dtype | None = None, requires_grad: bool = False,
) -> Iterator[tuple[torch.Tensor, ...]]:  # fmt: skip
    """Yield n tuples of `count` random tensors of one random named shape.

    axes: "b t d": one size in [low, high] for each name, drawn anew each time; digits are fixed sizes. distinct: no two
    axes of one size, so that swapped axes show.
    """
    names = axes.split()
    free = list(dict.fromkeys(name for name in names if not name.isdigit()))
    session = active()
    for _ in range(n):
        fixed = {int(name) for name in names if name.isdigit()}
        sizes = [size for size in range(low, high + 1) if not (distinct and size in fixed)]
        drawn = session.dice.sample(sizes, len(free)) if distinct else session.dice.choices(sizes, k=len(free))
        size_of = dict(zip(free, drawn, strict=True))
        shape = [int(name) if name.isdigit() else size_of[name] for name in names]
        yield tuple(tensor(shape, dtype, requires_grad) for _ in range(count))


def tensor(shape: list[int], dtype: torch.dtype | None, requires_grad: bool) -> torch.Tensor:
    """Normal floats, integers 0 to 9, or fair bools."""
    generator = active().generator
    kind = dtype or torch.float32
    if kind == torch.bool:
        return torch.rand(shape, generator=generator) < 0.5
    if not kind.is_floating_point:
        return torch.randint(0, 10, shape, generator=generator, dtype=kind)
    return torch.randn(shape, generator=generator).to(kind).requires_grad_(requires_grad)


def partition(total: int, into: int) -> list[int]:
    """A list of `into` random positive ints with the sum `total`. Raises ValueError where there is none."""
    if not 1 <= into <= total:
        raise ValueError(f"cannot cut {total} into {into} positive parts")
    cuts = sorted(active().dice.sample(range(1, total), into - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
