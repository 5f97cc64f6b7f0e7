"""Objects of the student's that are no data: what a test may do with them, and what a check believes of them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from other_side import student

from autograde import check
from autograde.check.describe import kind, short
from autograde.wall.errors import StudentError

OBJECTS = '''
import contextlib, dataclasses, math, torch

class Value:
    """A number that remembers."""
    def __init__(self, data, parents=()):
        self.data, self.grad, self._parents, self._backward = float(data), 0.0, parents, lambda: None
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def back(): self.grad += out.grad; other.grad += out.grad
        out._backward = back
        return out
    __radd__ = __add__
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def back(): self.grad += other.data * out.grad; other.grad += self.data * out.grad
        out._backward = back
        return out
    __rmul__ = __mul__
    def __neg__(self): return self * -1
    def __sub__(self, other): return self + (-other)
    def tanh(self):
        out = Value(math.tanh(self.data), (self,))
        def back(): self.grad += (1 - out.data ** 2) * out.grad
        out._backward = back
        return out
    def backward(self):
        order, seen = [], set()
        def walk(v):
            if v not in seen:
                seen.add(v)
                for p in v._parents: walk(p)
                order.append(v)
        walk(self)
        for v in order[:-1]:
            if v._parents: v.grad = 0.0
        self.grad = 1.0
        for v in reversed(order): v._backward()
    def __repr__(self): return f"Value({self.data})"

class Stack:
    def __init__(self, items=()): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, x): self.items[i] = x
    def __delitem__(self, i): del self.items[i]
    def __contains__(self, x): return x in self.items
    def __iter__(self): return iter(self.items)
    def __iadd__(self, x): self.items.append(x); return self
    def __enter__(self): self.items.append("in"); return self
    def __exit__(self, *error): self.items.append("out")
    def __call__(self, x): return x * 2
    def __format__(self, spec): return f"<{spec}>"
    def __invert__(self): return len(self.items)
    def __lt__(self, other): return len(self) < len(other)

@dataclasses.dataclass
class Point:
    x: int
    y: int = 2

class Chain(Value): pass
class Empty: pass
empty = Empty()
def naturals():
    n = 0
    while True:
        yield n
        n += 1
def three(): yield from (torch.ones(1), "two", Value(3))
def loader():
    from torch.utils.data import DataLoader, TensorDataset
    return DataLoader(TensorDataset(torch.arange(10.), torch.arange(10)), batch_size=4)
def data_of(v): return v.data
def is_same(a, b): return a is b
def same(v): return v
def words(): return {"a": Value(1), "b": [Value(2), None]}
def keyed(): return {Value(1): 2}
def points(): return [Point(1), Point(1), Point(3)]
@contextlib.contextmanager
def block():
    log.append("begin")
    try: yield log
    finally: log.append("end")
log = []
Quotes = type("not an identifier", (), {})
def quotes(): return Quotes()
def alive():
    import gc
    gc.collect()
    return sum(isinstance(o, Value) for o in gc.get_objects())
'''


@pytest.fixture(scope="module")
def wall():
    with student(OBJECTS, sources={"Value": OBJECTS}) as wall:
        yield wall


def test_an_engine_of_values_with_operators(wall):
    Value = wall.get("Value")
    a, b = Value(2.0), Value(-1.0)
    check.close((2.0 * a + (b + 1.0)).data, 4.0)
    out = (a * b).tanh()
    out.backward()
    slope = 1 - float(np.tanh(-2.0)) ** 2
    check.close([out.grad, a.grad, b.grad], [1.0, -slope, 2 * slope])
    assert repr(a) == str(a) == "Value(2.0)" and short(a) == "Value(2.0)" and (a - b).data == 3.0


def test_twenty_four_doublings(wall):
    leaf = total = wall.get("Value")(1.0)
    for _ in range(24):
        total = total + total
    total.backward()
    check.close(leaf.grad, 2.0**24)


def test_a_handle_looks_like_its_object(wall):
    Value = wall.get("Value")
    a, c = Value(1), wall.get("Chain")(1)
    assert type(a) is Value and isinstance(a, Value) and type(a).__name__ == "Value" == a.__class__.__name__
    assert isinstance(c, Value) and issubclass(type(c), Value) and not isinstance(a, wall.get("Chain"))
    assert not isinstance(3, Value) and isinstance(Value, type)
    assert kind(a) == "a Value" and kind(wall.get("empty")) == "an Empty"
    assert kind(Value) == "the class Value, not an object made from it"
    assert Value.__name__ == "Value" and repr(Value) == "<class '__main__.Value'>"
    assert not callable(a) and callable(wall.get("Stack")())
    check.calls(Value, required=["for"])
    with pytest.raises(AttributeError, match="'Value' object has no attribute 'gone'"):
        _ = a.gone
    with pytest.raises(TypeError):
        a["x"]
    with pytest.raises(TypeError):
        a()
    with pytest.raises(TypeError):
        len(a)


def test_attributes_are_set_and_deleted_over_there(wall):
    a = wall.get("Value")(1)
    a.data = 5.0
    assert wall.get("data_of")(a) == 5.0
    a.note = [1, 2]
    assert a.note == [1, 2]
    del a.note
    assert not hasattr(a, "note")


def test_a_handle_passed_back_is_the_very_object(wall):
    a, b = wall.get("Value")(1), wall.get("Value")(1)
    assert wall.get("is_same")(a, a) and not wall.get("is_same")(a, b)
    assert wall.get("same")(a) is a and wall.get("same")([a, {"x": a}])[1]["x"] is a
    assert wall.get("words")()["b"][0].data == 2.0
    with pytest.raises(TypeError):
        pickle.dumps(a)
    twin = copy.deepcopy(a)
    twin.data = 9.0
    assert a.data == 1.0 and type(twin) is type(a)


def test_containers_iterators_and_blocks(wall):
    s = wall.get("Stack")([1, 2, 3])
    assert len(s) == 3 and s[-1] == 3 and s[1:] == [2, 3] and list(s) == [1, 2, 3] and 2 in s and 9 not in s
    s[0] = torch.ones(2)
    del s[1]
    assert torch.equal(s[0], torch.ones(2)) and bool(s) and not wall.get("Stack")()
    same = s
    s += 4
    assert s is same and s[-1] == 4 and s(21) == 42 and f"{s:x}" == "<x>" and ~s == 3
    assert wall.get("Stack")() < s
    with s as inside:
        assert inside is s and s[-1] == "in"
    assert s[-1] == "out"
    with wall.get("block")() as log:
        assert log == ["begin"]
    assert wall.get("log") == ["begin", "end"]


def test_generators_are_lazy(wall):
    naturals = wall.get("naturals")()
    assert [next(naturals) for _ in range(3)] == [0, 1, 2] and kind(naturals) == "a generator"
    first, second, third = wall.get("three")()
    assert first.tolist() == [1.0] and second == "two" and third.data == 3.0
    assert list(zip(range(2), naturals, strict=False)) == [(0, 3), (1, 4)]


def test_a_data_loader(wall):
    loader = wall.get("loader")()
    assert len(loader) == 3 and [x.tolist() for x, _ in loader][-1] == [8.0, 9.0]
    assert loader.batch_size == 4 and len(loader.dataset) == 10


def test_dataclasses_compare_and_print_as_theirs(wall):
    a, b, c = wall.get("points")()
    assert a == b and a != c and (a.x, a.y) == (1, 2) and repr(c) == "Point(x=3, y=2)"
    check.equal(a, b)
    with pytest.raises(check.CheckFailed):
        check.equal(a, c)


def test_a_name_that_is_no_identifier_is_another_word(wall):
    assert type(wall.get("quotes")()).__name__ == "object"


def test_handles_are_let_go_of(wall):
    before = wall.get("alive")()
    for _ in range(20):
        wall.get("Value")(1) + 1
    assert wall.get("alive")() <= before + 2


LIARS = """
import torch
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __lt__(self, other): return True
    def __le__(self, other): return True
    def __ge__(self, other): return True
    def __gt__(self, other): return True
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __int__(self): return 1
    def __index__(self): return 1
    def __complex__(self): return 1 + 0j
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __len__(self): return 3
    def __iter__(self): return iter((1.0, 2.0, 3.0))
    def __getitem__(self, i): return 1.0
    def __contains__(self, x): return True
    def __array__(self, *args, **kwargs): import numpy; return numpy.ones(3)
    def __torch_function__(self, *args, **kwargs): return torch.tensor(True)
    def __getattr__(self, name): return Liar()
    def __call__(self, *args): return Liar()
    def __repr__(self): return "1.0"
    __class__ = property(lambda self: torch.Tensor)
    shape, dtype = torch.Size([3]), torch.float32
    def item(self): return 1.0
class Sub(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None): return torch.tensor(True)
class Int(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class Table(dict):
    def __getitem__(self, key): return Liar()
    def __contains__(self, key): return True
class List(list):
    def __getitem__(self, i): return 1.0
    def __iter__(self): return iter((1.0,) * 3)
    def __len__(self): return 3
class Raises:
    def __repr__(self): raise RuntimeError("no repr")
    def __eq__(self, other): raise SystemExit
    def __bool__(self): return 3
    def __getattr__(self, name): raise KeyError(name)
class Meta(type):
    def __instancecheck__(cls, x): return True
class Any_(metaclass=Meta): pass
class Nameless(type):
    __name__ = property(lambda cls: 5)
    def __getattribute__(cls, name): raise KeyError(name)
class Hidden(Exception, metaclass=Nameless): pass
class Ghost(metaclass=Nameless): pass
def ghost(): return Ghost
def hidden(): raise Hidden("x")
def liar(*args): return Liar()
def liars(): return [Liar(), (Liar(),), {"a": Liar()}]
def sub(): return torch.zeros(3).as_subclass(Sub)
def number(): return Int(5)
def text(): return Text("no")
def table(): return Table(a=2)
def items(): return List([9.0])
def raises(): return Raises()
"""

ANSWERS = [1.0, 1, True, None, "yes", b"b", [1.0, 2.0, 3.0], (1.0,), {"a": 1.0}, {1.0}, frozenset({1}), slice(1, 2),
           torch.ones(3), torch.tensor(1.0), torch.tensor(True), torch.float32, torch.device("cpu"), torch.Size([3]),
           np.ones(3), np.float32(1.0), range(3), 1 + 0j, int, object()]  # fmt: skip


@pytest.fixture(scope="module")
def liars():
    with student(LIARS) as wall:
        yield wall


@pytest.mark.parametrize("expected", ANSWERS, ids=[f"{type(a).__name__}{i}" for i, a in enumerate(ANSWERS)])
def test_no_comparison_takes_a_handles_word(liars, expected):
    got = liars.get("liar")()
    for compare in (check.equal, check.close):
        with pytest.raises(check.CheckFailed):
            compare(got, expected)
        with pytest.raises(check.CheckFailed):
            compare([1, got], [1, expected])
        with pytest.raises(check.CheckFailed):
            compare({"k": got}, {"k": expected})
    with pytest.raises(check.CheckFailed):
        check.each({"k": got}, {"k": expected})


def test_nor_do_the_other_checks(liars):
    got = liars.get("liar")()
    for wrong in (
        lambda: check.within(got, 0, 2),
        lambda: check.shape(got, (3,)),
        lambda: check.dtype(got, torch.float32),
        lambda: check.device(got, "cpu"),
        lambda: check.gradient(got, torch.ones(3)),
        lambda: check.curve(got, length=3),
        lambda: check.curve([got, got, got]),
        lambda: check.shares_storage(got, torch.ones(3)),
        lambda: check.own_storage(got, torch.ones(3)),
        lambda: check.reaches(got, [torch.ones(3, requires_grad=True)]),
        lambda: check.parameter_count(got, 3),
        lambda: check.gradients(liars.get("liar"), [torch.ones(3)], lambda x: x * 2),
        lambda: check.equal(slice(got, got), slice(1, 2)),
    ):
        with pytest.raises(check.CheckFailed):
            wrong()
    assert not isinstance(got, torch.Tensor) and type(got).__name__ == "Liar"
    with pytest.raises((TypeError, RuntimeError, ValueError)):
        torch.testing.assert_close(got, torch.ones(3))
    with pytest.raises((TypeError, RuntimeError)):
        torch.equal(got, torch.ones(3))


def test_subclasses_of_plain_types_are_what_they_hold(liars):
    assert type(liars.get("sub")()) is torch.Tensor and liars.get("sub")().tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(check.CheckFailed):
        check.close(liars.get("sub")(), torch.ones(3))
    assert type(liars.get("number")()) is int and liars.get("number")() != 6
    assert type(liars.get("text")()) is str and liars.get("text")() != "yes"
    for name, expected in (("table", {"a": 1}), ("items", [1.0, 1.0, 1.0])):
        with pytest.raises(check.CheckFailed):
            check.equal(liars.get(name)(), expected)


def test_classes_that_hide_do_not_end_the_conversation(liars):
    assert isinstance(liars.get("ghost")(), type)
    with pytest.raises(Exception) as caught:
        liars.get("hidden")()
    assert isinstance(caught.value, StudentError) and liars.get("number")() == 5


def test_objects_that_misbehave_are_told_by_their_kind(liars):
    got = liars.get("raises")()
    assert short(got) == "a Raises"
    with pytest.raises(check.CheckFailed, match="expected a number, your answer is a Raises"):
        check.close([got], [3])
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, it is an error of the student's
        bool(got)
    with pytest.raises(KeyError):
        _ = got.anything
    assert not hasattr(got, "__len__") and not hasattr(got, "__array__")
    with pytest.raises(check.CheckFailed):
        check.equal(got, None)
    assert isinstance(3, liars.get("Any_")) is False
