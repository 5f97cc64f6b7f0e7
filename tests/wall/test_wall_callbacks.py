"""Calls back: the judge's callables in the student's hands, and calls within calls."""

from __future__ import annotations

import pytest
import torch
from other_side import student

from autograde import check
from autograde.wall.errors import StudentError
from autograde.wall.limits import Overdue

BACK = """
import torch
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def twice(f, x): return f(f(x))
def catch(f):
    try: f()
    except ValueError as error: return f"caught {error}"
    except Exception as error: return type(error).__name__, str(error)
def reraise(f):
    try: f()
    except Exception: raise
def wraps(f):
    try: f()
    except Exception as error: raise RuntimeError("wrapped") from error
def look(f):
    seen = {}
    for name in ("__globals__", "__code__", "__closure__", "__defaults__", "__dict__", "__wrapped__", "func",
                 "gi_frame", "__self__", "__module__", "secret"):
        try: seen[name] = repr(getattr(f, name))
        except AttributeError: pass
    return seen, repr(f), f.__name__, f.__doc__
def iterate(items): return [x for x in items], list(items)
def count(items): return len(items), sum(1 for _ in items)
def forever(f):
    while True: f()
def down(n, f): return 0 if n == 0 else 1 + f(n - 1)
def endless(f): return f(f)
def change(f, x):
    f(x)
    return x.tolist()
def keep(f): kept.append(f)
def use(x): return kept[-1](x)
kept = []
def add_all(items):
    total = 0
    for x in items: total += x
    return total
class Node:
    def __init__(self, f): self.f = f
    def run(self, x): return self.f(x)
def minimise(f, x, lr=0.1, steps=20):
    x = x.clone().requires_grad_()
    for _ in range(steps):
        loss = f(x)
        g, = torch.autograd.grad(loss, x)
        with torch.no_grad(): x -= lr * g
    return x.detach()
def raise_custom(f):
    class Mine(Exception): pass
    def go(): raise Mine("mine")
    try: f(go)
    except Mine as error: return f"my own {error}"
"""


@pytest.fixture(scope="module")
def wall():
    with student(BACK) as wall:
        yield wall


def test_a_callable_of_the_judges_is_called(wall):
    assert wall.get("apply")(lambda x, y=1: x + y, 2, y=3) == 5
    assert wall.get("twice")(lambda x: x * 3, 2) == 18
    seen = []
    x = torch.ones(2)
    assert wall.get("apply")(seen.append, x) is None and torch.equal(seen[0], x)
    assert wall.get("apply")(max, [3, 7]) == 7


def test_the_very_function_comes_back(wall):
    def mine(x):
        return x

    assert wall.get("apply")(lambda f: f, mine) is mine


def test_calls_within_calls(wall):
    def down(n):
        return wall.get("down")(n, down)

    assert down(12) == 12
    with pytest.raises(RecursionError):
        down(100)
    assert down(3) == 3

    def endless(f):
        return wall.get("endless")(f)

    with pytest.raises(RecursionError):
        endless(endless)


def test_an_error_of_the_judges_passes_through_as_itself(wall):
    class Mine(ValueError):
        pass

    def fails():
        raise Mine("why")

    assert wall.get("catch")(fails) == "caught why"
    with pytest.raises(Mine, match="why"):
        wall.get("reraise")(fails)
    with pytest.raises(RuntimeError, match="wrapped"):
        wall.get("wraps")(fails)

    def check_fails():
        check.close(1, 2, of="inside")

    with pytest.raises(check.CheckFailed, match="inside: expected 2, your answer is 1"):
        wall.get("reraise")(check_fails)


def test_an_error_of_the_students_passes_through_as_itself(wall):
    assert wall.get("raise_custom")(lambda go: go()) == "my own mine"


def test_nothing_of_a_callable_shows_but_that_it_can_be_called(wall):
    secret = "the answer is 42"

    def fn(x):
        """Explains the test."""
        return secret

    seen, text, name, doc = wall.get("look")(fn)
    assert name == "function" and doc is None and text == "<function function>"
    assert set(seen) <= {"__module__"} and "42" not in str(seen)

    class Judge:
        def __init__(self):
            self.secret = secret

        def __call__(self):
            return 1

        def method(self):
            return 2

    seen, text, *_ = wall.get("look")(Judge())
    assert "secret" not in seen and wall.get("apply")(Judge()) == 1
    assert wall.get("apply")(Judge().method) == 2


def test_iterables_of_the_judges_are_gone_through(wall):
    from torch.utils.data import DataLoader, TensorDataset

    assert wall.get("iterate")(x * x for x in range(3)) == ([0, 1, 4], [])
    loader = DataLoader(TensorDataset(torch.arange(5.0)), batch_size=2)
    assert wall.get("count")(loader) == (3, 3)
    assert wall.get("add_all")(iter([1, 2, 3])) == 6
    assert wall.get("add_all")({"a": 1, "b": 2}.values()) == 3


def test_a_change_in_a_callback_is_seen_by_the_student(wall):
    assert wall.get("change")(lambda x: x.add_(5), torch.zeros(2)) == [5.0, 5.0]


def test_a_callable_may_be_kept(wall):
    wall.get("keep")(lambda x: x + 1)
    assert wall.get("use")(4) == 5
    node = wall.get("Node")(lambda x: x * 2)
    assert node.run(21) == 42 and node.f(4) == 8


def test_a_function_of_the_judges_is_minimised(wall):
    target = torch.tensor([1.0, -2.0])
    got = wall.get("minimise")(lambda x: ((x - target) ** 2).sum(), torch.zeros(2))
    torch.testing.assert_close(got, target, atol=0.05, rtol=0)


def test_endless_callbacks_end_with_the_deadline():
    with student(BACK, seconds=0.5) as wall:
        with pytest.raises(Overdue):
            wall.get("forever")(lambda: None)
        assert isinstance(wall.trouble, Overdue)


def test_an_object_of_the_judges_can_be_handed_back_and_nothing_else(wall):
    class Thing:
        secret = 42

    thing = Thing()
    assert wall.get("apply")(lambda x: x is thing, thing) is True
    with pytest.raises(StudentError):
        wall.get("apply")(thing)
