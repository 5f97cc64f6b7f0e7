"""What torch imports at the first use of something, imported before the forks: each fork would import it anew."""

from __future__ import annotations


def gradients() -> None:
    """A backward pass, and gradients of vectors: torch compares shapes with the help of sympy (0.3 s, 500 modules)."""
    import torch

    x = torch.ones(2, 2, requires_grad=True)
    (x @ torch.ones(2, 2)).sum().backward()
    torch.autograd.grad(2 * x, x, torch.ones(2, 2))


def counts() -> None:
    """The meta device, and a count of operations (0.7 s)."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False):
        torch.ones(2, 2, device="meta") @ torch.ones(2, 2, device="meta")
