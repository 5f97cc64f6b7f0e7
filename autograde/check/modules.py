"""Modules: how many parameters, and what stands where one is missing or too many."""

from __future__ import annotations

from typing import Any

import torch

from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind


def parameter_count(
    module: Any, expected: int, *, trainable: bool = False, of: str | None = None, hint: str | None = None
) -> None:
    """The module has `expected` parameters: single numbers, shared tensors counted once.

    trainable: only those with requires_grad. Raises CheckFailed.
    """
    if not isinstance(module, torch.nn.Module):
        settle(wrong_kind(module, "an nn.Module"), of=of, hint=hint)
        return
    counted = {n: p.numel() for n, p in module.named_parameters() if p.requires_grad or not trainable}
    total = sum(counted.values())
    problem = None
    if total != expected:
        word = "trainable parameters" if trainable else "parameters"
        text = f"expected {expected:,} {word}, your module has {total:,}."
        problem = Problem(text, *count_finding(module, counted, total - expected, trainable))
    settle(problem, of=of, hint=hint)


def count_finding(
    module: torch.nn.Module, counted: dict[str, int], too_many: int, trainable: bool
) -> tuple[str, str, bool]:
    """(finding, question, sure) for a wrong number of parameters."""
    stray = unregistered(module)
    if too_many < 0 and stray:
        holder = f"The layers in the plain list or dict self.{stray} are not registered"
        return holder, "nn.ModuleList (or ModuleDict) registers them.", True
    if not counted and not trainable:
        return "", "Is every layer an attribute (self.layer = …), set after super().__init__()?", False
    fixed = sum(p.numel() for p in module.parameters() if not p.requires_grad)
    if trainable and fixed == -too_many:
        return f"{fixed:,} of its parameters have requires_grad=False", "which of them should learn?", False
    if trainable and fixed == 0 and too_many > 0:
        return "None of its parameters is frozen", "which ones need requires_grad=False?", False
    same = [name for name, size in counted.items() if size == too_many]
    if same:
        return f"{too_many:,} too many, as many as {same[0]} has", "", False
    biases = sum(size for name, size in counted.items() if name.rpartition(".")[2] == "bias")
    if too_many == biases:
        return f"{too_many:,} too many, as many as all its biases have", "bias=False?", False
    return f"{abs(too_many):,} too {'many' if too_many > 0 else 'few'}", "", False


def unregistered(module: torch.nn.Module) -> str:
    """The attribute that holds layers in a plain list, tuple or dict, which torch does not look into; or nothing."""
    for inner in module.modules():
        for name, value in vars(inner).items():
            items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
            if not name.startswith("_") and any(isinstance(x, (torch.nn.Module, torch.nn.Parameter)) for x in items):
                return name
    return ""
