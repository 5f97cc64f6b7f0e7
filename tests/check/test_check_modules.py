"""Parameter counts."""

from __future__ import annotations

from torch import nn

from autograde import check


class Stack(nn.Module):
    def __init__(self, holder):
        super().__init__()
        self.layers = holder([nn.Linear(8, 8) for _ in range(3)])
        self.head = nn.Linear(8, 2)


def test_a_right_count_passes(said):
    assert said(check.parameter_count, Stack(nn.ModuleList), 3 * 72 + 18) == ""
    tied = nn.Sequential(layer := nn.Linear(8, 8), layer)
    assert said(check.parameter_count, tied, 72) == ""


def test_layers_in_a_plain_list_are_found(said):
    assert said(check.parameter_count, Stack(list), 234, hint="Is the head too small?") == (
        "demo: expected 234 parameters, your module has 18. "
        "The layers in the plain list or dict self.layers are not registered: "
        "nn.ModuleList (or ModuleDict) registers them."
    )
    assert "self.layers" in said(check.parameter_count, Stack(lambda layers: dict(enumerate(layers))), 234)


def test_what_is_too_many_is_compared_with_what_is_there(said):
    assert said(check.parameter_count, Stack(nn.ModuleList), 232) == (
        "demo: expected 232 parameters, your module has 234. 2 too many, as many as head.bias has."
    )
    assert said(check.parameter_count, Stack(nn.ModuleList), 208) == (
        "demo: expected 208 parameters, your module has 234. 26 too many, as many as all its biases have: bias=False?"
    )
    assert said(check.parameter_count, nn.Linear(1000, 1), 2002, hint="Which layers are there?") == (
        "demo: expected 2,002 parameters, your module has 1,001. 1,001 too few. Which layers are there?"
    )
    assert said(check.parameter_count, nn.Tanh(), 3) == (
        "demo: expected 3 parameters, your module has 0. "
        "Is every layer an attribute (self.layer = …), set after super().__init__()?"
    )


def test_trainable_parameters_are_told_from_frozen_ones(said):
    model = Stack(nn.ModuleList)
    assert said(check.parameter_count, model, 18, trainable=True) == (
        "demo: expected 18 trainable parameters, your module has 234. "
        "None of its parameters is frozen: which ones need requires_grad=False?"
    )
    model.layers.requires_grad_(False)
    assert said(check.parameter_count, model, 18, trainable=True) == ""
    assert said(check.parameter_count, model, 234, trainable=True) == (
        "demo: expected 234 trainable parameters, your module has 18. "
        "216 of its parameters have requires_grad=False: which of them should learn?"
    )


def test_something_else_than_a_module_is_named(said):
    assert said(check.parameter_count, nn.Linear, 3) == (
        "demo: expected an nn.Module, your answer is the class Linear, not an object made from it. "
        "Write Linear(…) to make one."
    )
    assert said(check.parameter_count, None, 3) == (
        "demo: expected an nn.Module, your answer is None. Is there a return?"
    )
