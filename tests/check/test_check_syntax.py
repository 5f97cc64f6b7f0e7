"""Which words a student's code uses: in files, in notebook cells, and from a text that a proxy carries."""

from __future__ import annotations

import functools
import linecache

import pytest
import torch
import torch.nn.functional as F
from torch import cdist as distances

from autograde import check


def cell(source, *names):
    """Run a notebook cell and return what it binds; its source is known to linecache alone, as in a kernel."""
    filename = f"<cell {abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    namespace = {"__name__": "__main__", "torch": torch, "F": F, "nn": torch.nn, "distances": distances}
    exec(compile(source, filename, "exec"), namespace)
    return namespace[names[0]] if len(names) == 1 else [namespace[name] for name in names]


LOOPS = '''# exercise: rows
def rows(x):
    """for and while and torch.cdist"""
    # for row in x: .view
    out = []
    for row in x:
        out.append(row @ row)
    while len(out) > 9:
        out = [y for y in out]
    return torch.stack(out).view(-1)
'''


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("for", "no for loop, your code has one in line 6: “for row in x:”."),
        ("while", "no while loop, your code has one in line 8: “while len(out) > 9:”."),
        ("comprehension", "no comprehension, your code has one in line 9: “out = [y for y in out]”."),
        ("@", "no matrix product (@), your code has one in line 7: “out.append(row @ row)”."),
        ("matmul", "no matrix product (@), your code has one in line 7: “out.append(row @ row)”."),
        (".view", "no .view, your code has one in line 10: “return torch.stack(out).view(-1)”."),
        ("torch.stack", "no torch.stack, your code has one in line 10: “return torch.stack(out).view(-1)”."),
        ("stack", "no stack, your code has one in line 10: “return torch.stack(out).view(-1)”."),
    ],
)
def test_a_forbidden_word_is_told_with_its_line(said, word, told):
    rows = cell(LOOPS, "rows")
    assert said(check.calls, rows, forbidden=(word,)) == f"demo: expected {told}"
    assert said(check.calls, rows, required=(word,)) == ""


@pytest.mark.parametrize("word", ["torch.cdist", "cdist", ".reshape", "recursion", "F.softmax", "torch.view"])
def test_comments_and_strings_do_not_count(said, word):
    assert said(check.calls, cell(LOOPS, "rows"), forbidden=(word,)) == ""


def test_a_required_word_that_is_missing_is_named(said):
    rows = cell(LOOPS, "rows")
    assert said(check.calls, rows, required=("for", ".reshape"), hint="Which one keeps the order?") == (
        "demo: expected a use of .reshape, your code has none. Which one keeps the order?"
    )
    assert said(check.calls, cell("def f(x):\n    return x", "f"), required=("while",)) == (
        "demo: expected a while loop, your code has none."
    )
    assert said(check.calls, cell("def f(x):\n    return x", "f"), required=("@",)) == (
        "demo: expected a matrix product (@), your code has none."
    )


def test_the_first_line_that_is_forbidden_is_told(said):
    told = said(check.calls, cell(LOOPS, "rows"), forbidden=(".view", "while", "for"))
    assert "no for loop" in told


@pytest.mark.parametrize(
    "line",
    [
        "return torch.cdist(x, x)",
        "return distances(x, x)",
        "return torch.functional.cdist(x, x)",
        "from torch import cdist as far; return far(x, x)",
        "return getattr(torch, 'cdist')(x, x)",
        "f = torch.cdist; return f(x, x)",
    ],
)
def test_a_function_is_recognised_under_any_name(said, line):
    f = cell(f"def f(x):\n    {line}", "f")
    for word in ("torch.cdist", "cdist"):
        assert said(check.calls, f, forbidden=(word,)) != ""
    f.__globals__.clear()  # a proxy's text has no names to look up: words are all there is
    f.__student_source__ = f"def f(x):\n    {line.replace('distances', 'cdist')}"
    assert said(check.calls, f, forbidden=("torch.cdist",)) != ""


@pytest.mark.parametrize("line", ["return cdist_of(x)", "return x.cdist", "cdist2 = x", "return 'torch.cdist'"])
def test_a_function_of_another_name_is_not_taken_for_it(said, line):
    assert said(check.calls, cell(f"def f(x):\n    {line}", "f"), forbidden=("torch.cdist",)) == ""


def test_functional_and_method_spellings_are_told_apart(said):
    f = cell("def f(x):\n    return F.softmax(x, -1)", "f")
    assert said(check.calls, f, forbidden=("torch.softmax", ".view")) == ""
    assert said(check.calls, f, forbidden=("torch.nn.functional.softmax",)) != ""
    assert said(check.calls, f, forbidden=(".softmax",)) != "" and said(check.calls, f, forbidden=("softmax",)) != ""


HELPED = """def loop(x):
    return [row for row in x]

def unused(x):
    while True: pass

def f(x):
    return torch.stack(loop(x))
"""


def test_a_function_of_the_same_cell_counts_where_it_is_used(said):
    f = cell(HELPED, "f")
    assert said(check.calls, f, forbidden=("comprehension",)) == (
        "demo: expected no comprehension, your code has one in line 2: “return [row for row in x]”."
    )
    assert said(check.calls, f, forbidden=("while",)) == ""


NET = """import torch

class Other:
    def forward(self):
        while True: pass

class Net(torch.nn.Module):
    layers: list = [1 for _ in 'for']
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(2, 2)

    def forward(self, x):
        for _ in range(3):
            x = self.a(x)
        return x
"""


def test_a_class_of_a_notebook_cell_is_read_whole(said):
    net = cell(NET, "Net")
    assert net.__module__ == "__main__"
    told = "demo: expected no for loop, your code has one in line 14: “for _ in range(3):”."
    assert said(check.calls, net, forbidden=("for", "while")) == told
    assert said(check.calls, net(), forbidden=("for",)) == told
    assert said(check.calls, net().forward, forbidden=("for",)) == told
    assert said(check.calls, net, required=("comprehension", "torch.nn.Linear")) == ""
    assert said(check.calls, net.forward, forbidden=("comprehension",)) == ""


def test_a_wrapped_or_partial_function_is_unwrapped(said):
    f = cell("@torch.no_grad()\ndef f(x, n):\n    for _ in range(n):\n        x = x + 1\n    return x", "f")
    for fn in (f, functools.partial(f, n=3), functools.lru_cache(f)):
        assert said(check.calls, fn, forbidden=("for",)) == (
            "demo: expected no for loop, your code has one in line 3: “for _ in range(n):”."
        )


def test_the_text_that_a_proxy_carries_wins(said):
    class Proxy:
        __name__ = "rows"
        __student_source__ = "    " + LOOPS.replace("\n", "\n    ").rstrip()

        def __call__(self, x):
            return x

    assert said(check.calls, Proxy(), forbidden=("for",)) == (
        "demo: expected no for loop, your code has one in line 6: “for row in x:”."
    )
    assert said(check.calls, Proxy(), forbidden=("recursion",)) == ""


DECOYS = {
    "a method of the same name": "def f(x):\n    {loop}\nclass Other:\n    def f(self, x):\n        return x",
    "a def inside of another": "def f(x):\n    {loop}\ndef g():\n    def f(x):\n        return x",
    "a def that is never made": "def f(x):\n    {loop}\nif not x:\n    def f(x):\n        return x",
    "a with block's name": "def f(x):\n    return x\nwith held(lambda x: {all}) as f:\n    pass",
    "a pattern's name": "def f(x):\n    return x\nmatch (lambda x: {all}):\n    case f:\n        pass",
    "a global of a function": "def f(x):\n    return x\ndef g():\n    global f\n    f = lambda x: {all}\ng()",
    "the table of globals": "def f(x):\n    return x\nglobals()['f'] = lambda x: {all}",
    "another code": "def f(x):\n    return x\nf.__code__ = (lambda x: {all}).__code__",
    "a decorator": "@lambda _: lambda x: {all}\ndef f(x):\n    return x",
    "a decorator of the cell's": "def g(_):\n    return lambda x: {all}\n@g\ndef f(x):\n    return x",
}


@pytest.mark.parametrize("decoy", DECOYS)
def test_a_decoy_beside_the_answer_does_not_hide_it_where_only_the_text_of_the_cell_is_known(said, decoy):
    text = DECOYS[decoy].format(loop="for y in x: pass", all="[y for y in x]")
    carried = type("Proxy", (), {"__student_source__": text, "__student_name__": "f", "__call__": lambda self: 0})()
    assert said(check.calls, carried, forbidden=("for", "comprehension")) != ""
    assert said(check.calls, carried, forbidden=("while",)) == ""


def test_the_last_of_several_defs_is_the_answer_and_what_else_the_cell_does_is_nobodys_business(said):
    text = "def f(x):\n    for y in x: pass\ndef f(x):\n    return x\nfor n in (1, 2):\n    print(f(n), net.eval())"
    carried = type("Proxy", (), {"__student_source__": text, "__student_name__": "f", "__call__": lambda self: 0})()
    assert said(check.calls, carried, forbidden=("for",)) == ""


def test_recursion_and_lambdas(said):
    f = cell("def f(n):\n    return 1 if n < 2 else n * f(n - 1)", "f")
    assert said(check.calls, f, forbidden=("recursion",)) == (
        "demo: expected no call of itself, your code has one in line 2: “return 1 if n < 2 else n * f(n - 1)”."
    )
    assert said(check.calls, cell("f = lambda x: [y for y in x]", "f"), forbidden=("comprehension",)) != ""


def test_annotations_and_decorators_are_not_code(said):
    f = cell("@torch.no_grad()\ndef f(x: torch.Tensor) -> torch.Tensor:\n    return x", "f")
    assert said(check.calls, f, forbidden=("torch.Tensor", "torch.no_grad")) == ""


@pytest.mark.parametrize(
    ("thing", "words"),
    [(torch.add, "the function add"), (len, "the function len"), (3, "an int"), (None, "None")],
)
def test_what_has_no_source_in_the_notebook_is_named(said, thing, words):
    assert said(check.calls, thing, forbidden=("for",)) == (
        f"demo: expected a function written in the cell, your answer is {words}. "
        "Write it as def …: in the exercise's cell, and run that cell."
    )


def test_an_untouched_exercise_is_not_attempted():
    with pytest.raises(check.NotAttempted):
        check.calls(..., forbidden=("for",))


def test_a_class_without_methods_of_its_own_has_no_source_to_read(said):
    empty = cell("class Empty:\n    pass", "Empty")
    assert "expected a function written in the cell" in said(check.calls, empty, forbidden=("for",))
