"""An attack on the lessons' own checks: answers that hold nothing, or end at once.

A check that goes through an answer compares nothing where there is nothing to go through: `for got, want in zip(…)` is
over before it begins when the answer is `()`, and `list(map(f, …))` ends where f raises StopIteration. So every name
that an exercise binds is bound to such things here, and every check must notice each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from autograde.authoring.run_cells import CellOutcome, about, in_fork, judge_candidate

SECONDS = 60.0  # for one exercise with its checks
ENDS = "raise StopIteration"
EMPTY = ("()", "[]", "{}", "set()", "''", "None", "0", "float('nan')", "torch.zeros(0)", "iter(())")
FUNCTION = "def NAME(*args, **kwargs):\n    BODY"
CLASS = """class NAME:
    def __init__(self, *args, **kwargs):
        pass
    def __call__(self, *args, **kwargs):
        BODY
    __add__ = __mul__ = __getitem__ = __call__
    def __getattr__(self, name):
        return self.__call__"""


def bound(source: str) -> dict[str, str]:
    """Name → "function", "class" or "value", of what a cell of an exercise binds at its top level."""
    found: dict[str, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = "function"
        elif isinstance(node, ast.ClassDef):
            found[node.name] = "class"
        else:
            names = (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            found |= dict.fromkeys(names, "value")
    return found


def emptied(source: str) -> Iterator[tuple[str, str]]:
    """(what all names are, the text of a cell that binds them to it)."""
    names = bound(source)
    for thing in (*EMPTY, ENDS):
        if thing == ENDS and "value" in names.values():
            continue
        body = thing if thing == ENDS else f"return {thing}"
        frames = {"function": FUNCTION.replace("BODY", body), "class": CLASS.replace("BODY", body)}
        frames["value"] = f"NAME = {thing}"
        yield thing, "\n".join(["import torch", *(frames[kind].replace("NAME", name) for name, kind in names.items())])


def taken(cells: list[NotebookNode], position: int, namespace: dict[str, Any]) -> dict[str, list[str]]:
    """Of the exercise at `position`: empty answer → its checks that gave something for it ("passed" or "partly")."""
    found = {}
    for thing, source in emptied(cells[position].source):

        def work(source: str = source) -> list[CellOutcome]:
            return judge_candidate(cells, position, source, namespace)

        fooled = [f"{o.check}: {o.outcome}" for o in in_fork(work, SECONDS) if o.outcome in ("passed", "partly")]
        if fooled:
            found[f"{about(cells[position])['name']} is {thing}"] = fooled
    return found
