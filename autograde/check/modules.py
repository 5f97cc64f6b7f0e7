"""Modules: how many parameters."""

from __future__ import annotations

from typing import Any

import torch

from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind


def parameter_count(
    module: Any, expected: int, *, trainable: bool = False, of: str | None = None, hint: str | None = None
) -> None:
    """The module has `expected` parameters (numbers, not tensors); trainable: count only those with requires_grad."""
    if not isinstance(module, torch.nn.Module):
        settle(wrong_kind(module, "an nn.Module"), of=of)
    total = sum(p.numel() for p in module.parameters() if p.requires_grad or not trainable)
    word = "trainable parameters" if trainable else "parameters"
    problem = None if total == expected else Problem(f"expected {expected:,} {word}, your module has {total:,}.")
    settle(problem, of=of, hint=hint)
