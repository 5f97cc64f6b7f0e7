"""Copy and restore: what a call changed in place is changed in the caller's own objects, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from other_side import student

from autograde import check

CHANGES = """
import torch
def add_(x, value=1.0): x += value
def data_(x): x.data.mul_(2)
def part_(x): x[0, 1] = 9.0
def set_data(x): x.data = x.data * 3
def bigger(x): x.data = torch.zeros(99)
def resize(x): x.resize_(2)
def step(params, grads, lr):
    with torch.no_grad():
        for p, g in zip(params, grads): p -= lr * g
def clip_(grads, most):
    norm = torch.stack([g.norm() for g in grads if g is not None]).norm()
    for g in grads:
        if g is not None: g.mul_(most / norm)
    return norm.item()
def backward(w): (w ** 2).sum().backward()
def set_grad(w): w.grad = torch.full_like(w, 5.0)
def zero(w): w.grad = None
def fill_grad(w): w.grad.fill_(7.0)
def lists(x):
    x.append(3); x[0] = "a"; x.sort(key=str)
def nested(d): d["list"].append(1); d["new"] = d.pop("old"); d["t"].zero_()
def sets(s): s.add(4); s.discard(1)
def arrays(a): a[0] = 5; a *= 2
def swap(x): x[0], x[1] = x[1], x[0]
def insert(x, t): x.append(t); x.append(t[0])
def wants(x): x.requires_grad_(True); return (x * 2).sum()
def numpy_(x): x.numpy()[0] = 4
def raises_(x): x.add_(1); raise ValueError("after a change")
def nothing(*args): return sum(t.sum().item() for t in args[0])
def through_alias(table): table["whole"].zero_()
"""


@pytest.fixture(scope="module")
def wall():
    with student(CHANGES) as wall:
        yield wall


def test_values_are_changed_in_place(wall):
    x = torch.ones(2, 3)
    wall.get("add_")(x)
    wall.get("part_")(x)
    wall.get("data_")(x)
    assert x.tolist() == [[4.0, 18.0, 4.0], [4.0, 4.0, 4.0]]
    wall.get("set_data")(x)
    assert x[0, 1] == 54.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.ones(4, 6).T,
        lambda: torch.ones(4, 6)[:, ::2],
        lambda: torch.ones(1, 3).expand(4, 3)[:1],
        lambda: torch.ones(0, 3),
        lambda: torch.ones(()),
        lambda: torch.ones(3, dtype=torch.int64),
        lambda: torch.ones(3, dtype=torch.bfloat16),
        lambda: torch.ones(3, dtype=torch.complex64),
        lambda: torch.tensor([1.0, float("nan")]),
    ],
)
def test_every_kind_of_tensor_is_restored(wall, make):
    x, twin = make(), make()
    wall.get("add_")(x, 1)
    twin += 1
    assert torch.equal(torch.nan_to_num(x), torch.nan_to_num(twin)) and x.stride() == twin.stride()


def test_what_lies_beside_a_view_is_left_alone(wall):
    whole = torch.arange(12.0).view(3, 4)
    wall.get("add_")(whole[:, 1])
    assert whole.tolist() == [[0, 2, 2, 3], [4, 6, 6, 7], [8, 10, 10, 11]]


def test_a_change_through_one_view_is_seen_through_the_other(wall):
    x = torch.ones(3, 2)
    wall.get("through_alias")({"whole": x, "row": x[1]})
    assert not x.any()


def test_tensors_in_lists_are_changed(wall):
    params, grads = [torch.ones(3), torch.ones(2, requires_grad=True)], [torch.ones(3), torch.ones(2)]
    wall.get("step")(params, grads, 0.5)
    assert params[0].tolist() == [0.5] * 3 and params[1].tolist() == [0.5] * 2 and params[1].requires_grad
    with check.unchanged(grads):
        wall.get("nothing")(grads)


def test_gradients_are_clipped_in_place_around_a_missing_one(wall):
    grads = [torch.tensor([3.0]), None, torch.tensor([4.0])]
    first = grads[0]
    assert wall.get("clip_")(grads, 1.0) == pytest.approx(5.0)
    assert grads[0] is first and grads[1] is None
    assert torch.cat([grads[0], grads[2]]).tolist() == pytest.approx([0.6, 0.8])


def test_the_grad_of_an_argument_is_set_added_to_and_removed(wall):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    wall.get("backward")(w)
    assert w.grad.tolist() == [2.0, 4.0]
    mine = w.grad
    wall.get("backward")(w)
    assert w.grad is mine and mine.tolist() == [4.0, 8.0]
    wall.get("fill_grad")(w)
    assert w.grad is mine and mine.tolist() == [7.0, 7.0]
    wall.get("set_grad")(w)
    assert w.grad.tolist() == [5.0, 5.0]
    wall.get("zero")(w)
    assert w.grad is None


def test_containers_change_in_place(wall):
    x = ["c", 2]
    wall.get("lists")(x)
    assert x == [2, 3, "a"]
    inner, t = [], torch.ones(2)
    d = {"list": inner, "old": 5, "t": t}
    wall.get("nested")(d)
    assert d == {"list": [1], "new": 5, "t": t} and d["list"] is inner and not t.any()
    s = {1, 2}
    wall.get("sets")(s)
    assert s == {2, 4}
    a = np.arange(3.0)
    wall.get("arrays")(a)
    assert a.tolist() == [10.0, 2.0, 4.0]


def test_arguments_put_into_containers_are_the_callers_own(wall):
    a, b = torch.ones(2), torch.zeros(2)
    pair = [a, b]
    wall.get("swap")(pair)
    assert pair[0] is b and pair[1] is a
    items = []
    wall.get("insert")(items, a)
    assert items[0] is a
    check.shares_storage(items[1], a)


def test_requires_grad_is_restored_and_gradients_flow(wall):
    x = torch.ones(3)
    loss = wall.get("wants")(x)
    assert x.requires_grad
    loss.backward()
    assert x.grad.tolist() == [2.0] * 3


def test_a_change_through_numpy_is_seen(wall):
    x = torch.ones(3)
    wall.get("numpy_")(x)
    assert x[0] == 4.0


def test_a_change_before_an_error_stays_as_in_a_kernel(wall):
    x = torch.ones(3)
    with pytest.raises(ValueError, match="after a change"):
        wall.get("raises_")(x)
    assert x.tolist() == [2.0] * 3


def test_a_change_of_shape_is_an_error_and_leaves_the_argument_as_it_was(wall):
    for name in ("bigger", "resize"):
        x = torch.ones(3)
        with pytest.raises(TypeError, match="the shape and dtype of an argument cannot be changed in place here"):
            wall.get(name)(x)
        assert x.tolist() == [1.0] * 3


def test_check_unchanged_and_changes_in_place_see_it(wall):
    check.changes_in_place(wall.get("add_"), torch.ones(3))
    x = torch.ones(3)
    with pytest.raises(check.CheckFailed, match="to stay as it was"), check.unchanged(x):
        wall.get("add_")(x)
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(check.CheckFailed, match=".grad"), check.unchanged(w):
        wall.get("backward")(w)


def test_overlapping_windows_are_restored():
    with student("def first_(x): x[0, 0] = 5.0") as wall:
        base = torch.zeros(5)
        wall.get("first_")(base.unfold(0, 3, 1))
        assert base.tolist() == [5.0, 0, 0, 0, 0]


def test_large_arguments_come_back_only_when_they_changed():
    with student("def look(x): return x[0].item()\ndef touch(x): x[-1] = 1.0") as wall:
        x = torch.zeros(1 << 20)
        assert wall.get("look")(x) == 0.0
        wall.get("touch")(x)
        assert x[-1] == 1.0 and x.sum() == 1.0
