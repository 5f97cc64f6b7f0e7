"""Which names a cell binds and needs."""

import pytest

from autograde.authoring.names import cell_names

CASES = [
    ("x = y", {"x"}, {"y"}, set()),
    ("x = x + 1", {"x"}, {"x"}, set()),
    ("total += len(parts)", {"total"}, {"parts", "total"}, set()),
    ("a = 1\na += 1", {"a"}, set(), set()),
    ("p.q += z\nd[k] = v", set(), {"p", "z", "d", "k", "v"}, set()),
    ("x: int", set(), set(), set()),
    ("x: int = y", {"x"}, {"y"}, set()),
    ("(a, *b), c.d = e", {"a", "b"}, {"c", "e"}, set()),
    ("import a.b, c.d as e\nfrom f import g as h", {"a", "e", "h"}, set(), set()),
    ("def f(a=d, *, b: ann = k) -> r:\n    return a * w + g(b)\ng = 1", {"f", "g"}, {"d", "k", "ann", "r"}, {"w"}),
    ("lambda v=d: v + w", set(), {"d"}, {"w"}),
    ("f = lambda s: s + later\nlater = 1", {"f", "later"}, set(), set()),
    ("async def f():\n    await z\nawait f()", {"f"}, set(), {"z"}),
    ("def f():\n    def g():\n        nonlocal t\n        t = outer\n    t = 0", {"f"}, set(), {"outer"}),
    ("def f():\n    global h\n    h = 1", {"f", "h"}, set(), set()),
    (
        "class A(B, metaclass=M):\n    k: int = q\n    def f(self):\n        return super().f() + A.k + w",
        {"A"},
        {"B", "M", "q"},
        {"w"},
    ),
    ("@decorate\nclass A: pass", {"A"}, {"decorate"}, set()),
    ("[w for w in x]", set(), {"x"}, set()),
    ("a = [a for a in b]", {"a"}, {"b"}, set()),
    ("{k: v * n for k, v in d.items() if k in keep}", set(), {"d", "keep", "n"}, set()),
    ("list(i * j for i in r for j in f(i))", set(), {"r", "f"}, set()),
    ("z = [y := f(i) for i in data]", {"z", "y"}, {"f", "data"}, set()),
    ("if (n := size()) > 3:\n    print(n)", {"n"}, {"size"}, set()),
    ("for i in range(n):\n    s = i", {"i", "s"}, {"n"}, set()),
    ("for i in r:\n    if i:\n        use(before)\n    before = i", {"i", "before"}, {"r", "use"}, set()),
    ("with o as (p, q):\n    pass", {"p", "q"}, {"o"}, set()),
    ("try:\n    q()\nexcept E as error:\n    print(error)", set(), {"q", "E"}, set()),
    ("error = 1\ntry:\n    q()\nexcept E as error:\n    pass", set(), {"q", "E"}, set()),
    ("x = 1\ndel x", set(), set(), set()),
    ("del x", set(), {"x"}, set()),
    ("x = 1\ndel x\nx = 2", {"x"}, set(), set()),
    (
        "match v:\n case {'a': u, **rest}:\n  u\n case [first, *others]:\n  pass\n case K() as whole:\n  pass",
        {"u", "rest", "first", "others", "whole"},
        {"v", "K"},
        set(),
    ),
    ("f'{name!r:>{width}}'", set(), {"name", "width"}, set()),
    ("display(len(x))", set(), {"x"}, set()),
    ("# only a comment", set(), set(), set()),
]


@pytest.mark.parametrize(("source", "bound", "now", "later"), CASES, ids=[case[0] for case in CASES])
def test_what_a_cell_binds_and_needs(source, bound, now, later):
    names = cell_names(source)
    assert (set(names.bound), set(names.now), set(names.later)) == (bound, now, later)


def test_a_needed_name_comes_with_the_line_that_names_it_first():
    names = cell_names("a = 1\nb = (\n    needed\n)\ndef f():\n    return other + needed")
    assert names.now == {"needed": 2} and names.later == {"other": 5}


def test_a_cell_that_is_not_python_raises():
    with pytest.raises(SyntaxError):
        cell_names("x = = 1")
