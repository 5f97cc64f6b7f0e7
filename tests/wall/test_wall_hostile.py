"""A student's side that sends what no code of ours sends: the judge refuses it, and never hangs or believes it."""

from __future__ import annotations

import inspect
import os
import random
import signal
import socket
import threading
import time
from typing import Any

import pytest
import torch
from other_side import namespace_of, scripted, student
from torch import nn

from autograde import check
from autograde.wall.channel import Channel
from autograde.wall.errors import StudentError
from autograde.wall.limits import Closed, Overdue, WireError
from autograde.wall.peer import NameMissing, Wall
from autograde.wall.serve import serve
from autograde.wall.wire import Packer

FUNCTION = {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "function", "name": "f"}}


def packed(*values: Any) -> tuple[list[Any], Any]:
    packer = Packer(lambda thing: {})
    return [packer.pack(value) for value in values], packer.buffers


def tensor(value: torch.Tensor) -> dict[str, Any]:
    """A reply's value that is this tensor; its buffer is the first."""
    return packed(value)[0][0]


def answering(*replies: Any) -> Any:
    """A script: one reply after another, each a message or (message, buffers); the last one again and again."""

    def play(channel: Channel) -> None:
        at = 0
        while True:
            asked, _ = channel.receive()
            reply = replies[min(at, len(replies) - 1)]
            message, buffers = reply if type(reply) is tuple else (reply, ())
            channel.send({"n": asked.get("n"), **message}, buffers)
            at += 1

    return play


def refuse(*replies: Any, use: Any = None) -> None:
    """The judge's use of the wall ends in a WireError, and so does every further one."""
    with scripted(answering(*replies)) as wall:
        with pytest.raises(WireError):
            (use or (lambda wall: wall.get("f")))(wall)
        assert isinstance(wall.trouble, WireError)
        with pytest.raises(WireError):
            wall.get("g")


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"op": 5},
        {"op": "nonsense"},
        {"op": "get", "name": "secret"},
        {"op": "value", "n": 99},
        {"op": "value", "missing": "yes"},
        {"op": "error"},
        {"op": "error", "error": {"type": "SystemExit", "text": ""}},
        {"op": "value", "v": {"$": "ref"}},
        {"op": "value", "v": {"$": "ref", "k": "own", "id": 1}},
        {"op": "value", "v": {"$": "ref", "k": "own", "id": -1}},
        {"op": "value", "v": {"$": "ref", "k": "own", "id": True}},
        {"op": "value", "v": {"$": "ref", "k": "known", "m": "builtins", "n": "eval"}},
        {"op": "value", "v": {"$": "ref", "k": "known", "m": "os", "n": "system"}},
        {"op": "value", "v": {"$": "ref", "k": "known", "n": ["int"]}},
        {"op": "value", "v": {"$": "ref", "k": "name", "n": "x"}},
        {"op": "value", "v": {"$": "ref", "k": "generator", "v": None}},
        {"op": "value", "v": {"$": "ref", "k": "arg", "i": 0}},
        {"op": "value", "v": {"$": "ref", "k": "same", "i": 0}},
        {"op": "value", "v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": [], "d": []}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": "x", "t": "function", "name": "f"}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1 << 60, "t": "function", "name": "f"}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "function", "name": 5}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "function", "name": "f" * 9999}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object"}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object", "cls": {"k": "far", "id": 1}}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object",
                              "cls": {"k": "far", "id": 2, "t": "function", "name": "f"}}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "module",
                              "cls": {"k": "far", "id": 2, "t": "class", "name": "f", "has": []}}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "class", "name": "A", "has": ["__getattribute__"]}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "class", "name": "A", "has": ["__class__"]}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "class", "name": "A", "has": [["__add__"]]}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "class", "name": "A", "has": ["__eq__"],
                              "hash": 1}},
        {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "class", "name": "A", "module": True,
                              "torch": "modules"}},
        {"op": "value", "v": {"$": "ref", "k": "twin", "n": 2}},
        {"op": "value", "v": {"$": "ref", "k": "twin", "n": 2, "v": 5}},
        {"op": "value", "v": 1, "twins": [[2, {}]]},
        {"op": "value", "v": 1, "twins": [[2]]},
        {"op": "value", "v": 1, "modules": [[1, {}]]},
        {"op": "value", "v": 1, "own": [[1, True]]},
        {"op": "value", "v": 1, "far": [[1, True]]},
        {"op": "value", "v": 1, "gone": [2]},
        {"op": "value", "v": 1, "random": 0},
        {"op": "value", "v": 1, "random": 99},
        {"op": "value", "v": 1, "random": -2},
        {"op": "value", "v": 1, "random": "x"},
        {"op": "value", "v": 1, "drew": [1]},
    ],
    ids=str,
)  # fmt: skip
def test_replies_that_are_none(reply):
    if "n" not in reply and reply.get("random") == 0:
        with scripted(answering(reply)) as wall:  # a state that was told: the judge goes back to it
            assert wall.get("f") == 1
        return
    refuse(reply)


def test_what_is_given_back_must_have_been_given():
    for field in ({"released": [[1, 1]]}, {"released": [[1, "x"]]}, {"finished": [1]}, {"released": 5}):
        refuse({"op": "value", "v": 1, **field}, use=lambda wall: [wall.get("f"), wall.get("g")])


X = torch.arange(12.0).view(3, 4)


def call(*replies: Any, args: Any = None) -> Any:
    """A call of a function with a tensor, a list, a leaf and a non-leaf."""

    def use(wall: Wall) -> Any:
        leaf = torch.ones(2, requires_grad=True)
        arguments = args if args is not None else (X[:2, ::2].clone(), [1], leaf, leaf * 2)
        return wall.get("f")(*arguments)

    refuse(FUNCTION, *replies, use=use)


@pytest.mark.parametrize(
    "reply",
    [
        {"v": {"$": "ref", "k": "arg", "i": 99}},
        {"v": {"$": "ref", "k": "arg", "i": -1}},
        {"v": {"$": "ref", "k": "same", "i": 99}},
        {"v": {"$": "ref", "k": "again", "i": 0}},
        {"v": {"$": "ref", "k": "view", "i": 99, "t": "float32", "o": 0, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "n": 99, "t": "float32", "o": 0, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": [99], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 16, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": -4, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 1, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "object", "o": 0, "s": [1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": [1 << 60], "d": [0]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": [1 << 40], "d": [0]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": [1, 1], "d": [1]}},
        {"v": {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 0, "s": ["1"], "d": [1]}},
        {"changed": [[0, 5]]},
        {"changed": [[0]]},
        {"changed": 5},
        {"changed": [[0, {"$": "ref", "k": "twin", "n": 3}]]},
        {"flags": [[99, True]]},
        {"flags": [[0, 1]]},
        {"flags": [[2, True]]},
        {"grads": [[99, None]]},
        {"grads": [[3, None]]},
        {"grads": [[2, 5]]},
        {"contents": [[99, []]]},
        {"contents": [[0, 5]]},
        {"contents": [[0, {"$": "dict", "v": []}]]},
        {"graph": 5},
        {"graph": {"id": "x"}},
        {"graph": {"id": 1, "inputs": [99], "outputs": []}},
        {"graph": {"id": 1, "inputs": [0], "outputs": []}},
        {"graph": {"id": 1, "inputs": [], "outputs": [0]}},
        {"graph": {"id": 1, "inputs": [], "outputs": [], "views": [0]}},
        {"graph": {"id": 1, "inputs": [], "outputs": [], "twins": [2]}},
        {"kept": [[99, 2]]},
        {"kept": [[0, 2], [0, 2]]},
        {"kept": [[0, "x"]]},
        {"kept": [[-1, 2]]},
    ],
    ids=str,
)  # fmt: skip
def test_replies_to_a_call_that_are_none(reply):
    if reply == {"flags": [[2, True]]}:
        reply = {"flags": [[3, True]]}
    call({"op": "value", "v": None, **reply})


def test_changed_tensors_and_gradients_of_another_kind():
    for wrong in (torch.ones(5), torch.ones(2, 2, dtype=torch.float64), torch.ones(2, 2, device="meta")):
        nodes, buffers = packed(wrong)
        call(({"op": "value", "changed": [[0, nodes[0]]]}, buffers))
        call(({"op": "value", "grads": [[2, nodes[0]]]}, buffers))
    nodes, buffers = packed(torch.ones(2, dtype=torch.int64))
    call(({"op": "value", "v": nodes[0], "graph": {"id": 1, "inputs": [2], "outputs": [0]}}, buffers))
    nodes, buffers = packed(torch.ones(2))
    call(({"op": "value", "v": nodes[0], "graph": {"id": 1, "inputs": [2], "outputs": [0, 0]}}, buffers))
    nodes, buffers = packed(torch.ones(2, requires_grad=True))
    call(({"op": "value", "v": nodes[0], "graph": {"id": 1, "inputs": [2], "outputs": [0]}}, buffers))


def test_a_result_cannot_be_made_of_what_was_not_sent():
    expected = torch.stack([torch.zeros(3), torch.full((3,), 9.0)])
    beside = {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 12, "s": [3], "d": [1]}
    call({"op": "value", "v": beside}, args=(expected[0],))
    between = {"$": "ref", "k": "view", "i": 0, "t": "float32", "o": 4, "s": [2], "d": [2]}
    call({"op": "value", "v": between}, args=(torch.arange(6.0).view(3, 2)[:, 0],))


@pytest.mark.parametrize(("sent", "read"), [(torch.uint8, "bool"), (torch.float32, "bool"), (torch.bool, "uint8")])
def test_truth_values_are_never_made_of_other_numbers_memory(sent, read):
    """torch's kernels count on 0 and 1 there: a byte of 255 makes some of them write beyond what they reserved."""
    call(
        {"op": "value", "v": {"$": "ref", "k": "view", "i": 0, "t": read, "o": 0, "s": [4], "d": [1]}},
        args=(torch.ones(4).to(sent),),
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        [],
        [None, None],
        [5],
        [torch.ones(3)],
        [torch.ones(2, dtype=torch.float64)],
        [torch.ones(2, device="meta")],
    ],
    ids=str,
)
def test_gradients_of_another_number_shape_or_dtype(value):
    (node,), buffers = packed(torch.ones(2))
    graph = {"id": 1, "inputs": [0], "outputs": [0]}
    wrong, wrong_buffers = packed(value)

    def use(wall: Wall) -> None:
        x = torch.ones(2, requires_grad=True)
        wall.get("f")(x).sum().backward()

    replies = ({"op": "value", "v": node, "graph": graph}, buffers), ({"op": "value", "v": wrong[0]}, wrong_buffers)
    refuse(FUNCTION, *replies, use=use)


def test_questions_that_the_judge_does_not_answer():
    for question in (
        {"op": "get", "name": "expected"},
        {"op": "call", "verb": "call", "v": {"$": "tuple", "v": []}},
        {"op": "call", "verb": "call", "v": packed(((), {}))[0][0]},
        {"op": "call", "verb": "getattr", "v": packed(((5, "x"), {}))[0][0]},
        {"op": "call", "verb": "call", "v": packed(((5,), {}))[0][0]},
        {"op": "call", "verb": "call", "v": packed((({"$": "x"},), {}))[0][0]},
        {"op": "call", "verb": 5, "v": packed(((), {}))[0][0]},
        {"op": "products", "graph": 1, "wanted": [], "v": packed(((), {}))[0][0]},
        {"op": "products"},
        {"op": "call"},
    ):
        refuse(question)


def ref(number: int) -> dict[str, Any]:
    return {"$": "ref", "k": "own", "id": number}


def arguments(*nodes: Any) -> dict[str, Any]:
    return {"$": "tuple", "v": [{"$": "tuple", "v": list(nodes)}, {"$": "dict", "v": []}]}


def test_an_exported_callable_can_be_called_and_nothing_else():
    for verb, more in (("getattr", ["__globals__"]), ("iter", []), ("next", []), ("len", []), ("setattr", ["x", 1])):
        question = {"op": "call", "verb": verb, "v": arguments(ref(1), *more)}
        refuse(FUNCTION, question, use=lambda wall: wall.get("f")(lambda: 1))


def test_endless_and_deep_callbacks_end():
    def forever(channel: Channel) -> None:
        asked, _ = channel.receive()
        channel.send({**FUNCTION, "n": asked["n"]})
        channel.receive()
        while True:
            channel.send({"op": "call", "n": 1, "verb": "call", "v": arguments(ref(1)), "m": [True]})
            channel.receive()

    with scripted(forever, seconds=0.5) as wall:
        began = time.monotonic()
        with pytest.raises(Overdue):
            wall.get("f")(lambda: None)
        assert time.monotonic() - began < 5

    def deeper(channel: Channel) -> None:
        asked, _ = channel.receive()
        channel.send({**FUNCTION, "n": asked["n"]})
        while True:
            channel.receive()
            channel.send({"op": "call", "n": 1, "verb": "call", "v": arguments(ref(1)), "m": [True]})

    with scripted(deeper, seconds=3) as wall:
        fn = wall.get("f")
        with pytest.raises((Overdue, WireError, RecursionError, Closed)):
            fn(lambda: fn(lambda: fn))


def test_a_side_that_says_nothing_is_overdue():
    with scripted(lambda channel: time.sleep(1), seconds=0.3) as wall:
        with pytest.raises(Overdue):
            wall.get("f")
        with pytest.raises(Overdue):
            wall.get("f")


def test_texts_lengths_and_signatures_that_are_none():
    cls = {"k": "far", "id": 2, "t": "class", "name": "A", "has": ["__len__", "__bool__", "__iter__", "__contains__"]}
    thing = {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object", "cls": cls}}
    for value, use in (
        (5, repr),
        ("x", len),
        (True, len),
        (1, bool),
        ("yes", lambda thing: 3 in thing),
        (None, str),
        ([1], lambda thing: f"{thing:x}"),
    ):
        refuse(thing, {"op": "value", "v": packed(value)[0][0]}, use=lambda wall, use=use: use(wall.get("a")))
    for found in (5, "x", [5], [["a"]], [["a", 9, False, None]], [["not a name", 1, False, None]],
                  [["a", 1, False, None]] * 2, [["a", 1, False, None]] * 5000, [[5, 1, False, None]]):  # fmt: skip
        reply = {"op": "value", "v": packed(found)[0][0]}
        refuse(FUNCTION, reply, use=lambda wall: inspect.signature(wall.get("f")))


def test_a_negative_length_is_an_error_and_a_huge_text_is_cut_by_the_format():
    cls = {"k": "far", "id": 2, "t": "class", "name": "A", "has": ["__len__"]}
    thing = {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object", "cls": cls}}
    with scripted(answering(thing, {"op": "value", "v": -5})) as wall, pytest.raises(ValueError):
        len(wall.get("a"))


def test_names_of_classes_are_identifiers_here():
    for name in ("a b", "", "__import__('os')", "class\n", "é" * 500):
        cls = {"k": "far", "id": 2, "t": "class", "name": name, "has": []}
        thing = {"op": "value", "v": {"$": "ref", "k": "far", "id": 1, "t": "object", "cls": cls}}
        with scripted(answering(thing)) as wall:
            assert type(wall.get("a")).__name__.isidentifier() and len(type(wall.get("a")).__name__) <= 200


def test_classes_without_end_are_refused():
    def play(channel: Channel) -> None:
        number = 0
        while True:
            asked, _ = channel.receive()
            number += 1
            cls = {"$": "ref", "k": "far", "id": number, "t": "class", "name": "A", "has": []}
            channel.send({"op": "value", "n": asked["n"], "v": cls})

    with scripted(play, seconds=10) as wall, pytest.raises(WireError, match="classes"):
        for _ in range(6000):
            wall.get("A")


def module_reply(**parts: Any) -> dict[str, Any]:
    cls = {"$": "ref", "k": "far", "id": 2, "t": "class", "name": "Net", "has": [], "module": True, "torch": None}
    node = {"$": "ref", "k": "far", "id": 1, "t": "module", "cls": cls, "training": True, **parts}
    return {"op": "value", "v": node}


@pytest.mark.parametrize(
    "parts",
    [
        {"params": [["w", 5]]},
        {"params": [["a.b", None]]},
        {"params": [["__class__", None]]},
        {"params": [["w", None], ["w", None]]},
        {"params": [[5, None]]},
        {"params": 5},
        {"buffers": [["b", None]]},
        {"buffers": [["b", 5, True]]},
        {"children": [["c", 5]]},
        {"children": [["c", {"$": "ref", "k": "far", "id": 1}]]},
        {"training": 5},
        {"plain": [["x"]]},
    ],
    ids=str,
)
def test_modules_that_are_none(parts):
    refuse(module_reply(**parts))


def test_a_modules_parts_do_not_take_the_place_of_its_methods():
    inner = {"$": "ref", "k": "far", "id": 3, "t": "module", "training": True,
             "cls": {"k": "far", "id": 2}, "params": [], "buffers": [], "children": [], "plain": []}  # fmt: skip
    plain = [[name, {"$": "list", "v": [{"$": "ref", "k": "far", "id": 3}]}] for name in ("forward", "parameters")]
    reply = module_reply(children=[["parameters", inner]], plain=plain)
    with scripted(answering(reply)) as wall:
        net = wall.get("net")
        assert isinstance(net, nn.Module) and list(net.parameters()) == [] and "forward" not in vars(net)


HONEST = """
import torch
from torch import nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__(); self.fc = nn.Linear(3, 2); self.register_buffer("n", torch.zeros(()))
    def forward(self, x): self.n += 1; return self.fc(x)
class Value:
    def __init__(self, x): self.x = x
    def __add__(self, o): return Value(self.x + o.x)
    def __len__(self): return 3
    def __iter__(self): return iter([1, self, "x"])
def f(x, items, scale=2):
    items.append(x[0]); x.mul_(scale); return x, x.t(), {"a": (x * 3).sum()}
def back(g, x): return g(x * 2) + 1
def bad(): raise ValueError("no")
def make(): return torch.ones(2, requires_grad=True)
"""


def scenario(wall: Wall) -> None:
    """A bit of everything."""
    w = torch.randn(3, 2, requires_grad=True)
    x, items = w * 1, [1]
    out, view, more = wall.get("f")(x, items, scale=3)
    (out.sum() + view.sum() + more["a"]).backward()
    net = wall.get("Net")()
    net.train()
    loss = net(torch.ones(4, 3)).sum()
    loss.backward()
    with torch.no_grad():
        for p in net.parameters():
            p -= 0.1 * p.grad
    net.eval()
    repr(net)
    len(net.state_dict())
    net(torch.ones(1, 3))
    total = wall.get("Value")(1) + wall.get("Value")(2)
    list(total)
    len(total)
    repr(total)
    y = torch.ones(2, requires_grad=True)
    wall.get("back")(lambda t: (t**2).sum(), y).backward()
    inspect.signature(wall.get("f"))
    leaf = wall.get("make")()
    leaf.sum().backward()
    wall.get("back")(nn.Linear(2, 1), y)
    try:
        wall.get("bad")()
    except ValueError:
        pass


JUNK: list[Any] = [None, True, 0, 1, 2, -1, 3, 7, 1 << 62, -(1 << 62), 0.5, "", "x", "far", "twin", "object", [], [[]],
                   [0], [[0, 0]], [[1, True]], {}, {"$": "ref"}, {"$": "ref", "k": "own", "id": 1},
                   {"$": "list", "v": []}, {"$": "ref", "k": "twin", "n": 2}, {"$": "ref", "k": "far", "id": 1},
                   {"$": "tensor", "i": 0}]  # fmt: skip
FIELDS = """twins kept graph changed grads flags contents modules own far random released finished gone v k id t
n""".split()


def mutated(message: Any, dice: random.Random) -> Any:
    """The message with one place of it changed."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key, value in node.items() if type(node) is dict else enumerate(node):
            places.append((node, key))
            if type(value) in (dict, list):
                walk(value)

    walk(message)
    node, key = dice.choice(places)
    what = dice.randrange(4)
    if what == 0:
        del node[key]
    elif what == 1 and len(places) > 1:
        other, at = dice.choice(places)
        node[key] = other[at] if other[at] is not node and type(other[at]) not in (dict, list) else dice.choice(JUNK)
    elif what == 2 and type(node) is dict:
        node[dice.choice(FIELDS)] = dice.choice(JUNK)
    else:
        node[key] = dice.choice(JUNK)
    return message


def tampered_run(seed: int) -> Exception | None:
    """The scenario with a peer between the two sides that changes one message; what the judge made of it."""
    dice = random.Random(seed)
    mine, left = socket.socketpair()
    right, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        for sock in (mine, left, right):
            sock.close()
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            torch.set_num_threads(1)
            serve(Channel(theirs), namespace_of(HONEST))
        finally:
            os._exit(0)
    theirs.close()
    chosen = dice.randrange(45)

    def carry() -> None:
        a, b = Channel(left), Channel(right)
        count = 0
        try:
            while True:
                b.send(*a.receive())
                waiting = True
                while waiting:
                    message, buffers = b.receive()
                    waiting = message.get("op") not in ("value", "error")
                    if count == chosen:
                        message = mutated(message, dice)
                    count += 1
                    a.send(message, buffers)
                    if waiting:
                        b.send(*a.receive())
        except Exception:
            pass
        finally:
            a.close()
            b.close()

    thread = threading.Thread(target=carry, daemon=True)
    thread.start()
    deadline = time.monotonic() + 5
    wall = Wall(Channel(mine), lambda: deadline)
    try:
        scenario(wall)
        return None
    except Exception as error:
        return error
    finally:
        wall.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        thread.join(5)


# What a test cell may meet: errors of the student's, of the wire, and what a test's own line says of a wrong value.
EXPECTED = (StudentError, WireError, Closed, Overdue, NameMissing, check.CheckFailed)


@pytest.mark.parametrize("seed", range(40))
def test_a_message_changed_on_its_way_is_refused_or_told(seed):
    error = tampered_run(seed)
    if error is None or isinstance(error, EXPECTED):
        return
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    inside = "autograde/wall" in last.tb_frame.f_code.co_filename
    assert not inside, f"seed {seed}: {type(error).__name__}: {error}"


def test_the_same_scenario_unchanged_is_right():
    with student(HONEST) as wall:
        scenario(wall)
        assert wall.trouble is None
