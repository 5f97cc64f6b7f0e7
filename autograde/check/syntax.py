"""What a function or class is made of, read from its syntax tree: comments and strings do not count.

Words: "for", "while", "comprehension", "recursion"; "@" and "matmul" (both stand for the operator and for any call
named matmul); ".view", a method whatever it is called on; "torch.cdist", that very function under any name; "cdist",
anything whose name ends so.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograde.check.describe import kind
from autograde.check.failure import Problem, settle

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
CODE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
STATEMENTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
}
# With these a cell can bind a name, or change a function, without a line that says so.
BEHIND_NAMES = frozenset("globals locals vars exec eval compile setattr __import__ import_module".split())
BEHIND_ATTRIBUTES = frozenset(
    "__dict__ __code__ __globals__ __wrapped__ __setattr__ user_ns user_global_ns run_cell push ex exec".split()
)
CALLED = {
    "for": "for loop",
    "while": "while loop",
    "comprehension": "comprehension",
    "recursion": "call of itself",
    "@": "matrix product (@)",
    "matmul": "matrix product (@)",
}


@dataclass
class Source:
    """The text of a cell or file, the definitions in it that the object is made of, and the names it sees."""

    text: str
    nodes: list[Any]  # of the text's syntax tree
    names: dict[str, Any] = field(default_factory=dict)  # empty where only a text is known


def calls(
    fn: Any, *, forbidden: Sequence[str] = (), required: Sequence[str] = (),
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """The function or class uses none of `forbidden` and all of `required` (the words at the head of this file).

    Functions and classes of the same cell that it uses are read as well. The source is the object's attribute
    `__student_source__` where it has one (of which `__student_name__` is the name it is bound to), else that of the
    notebook cell or file. Code in other cells and in strings (`exec`) is not read: what this refuses is an honest
    answer's shortcut, and what it lets through is still compared with the right values. Raises CheckFailed, which
    quotes the line.
    """
    if fn is ...:
        settle(Problem("", untouched=True))
    source = source_of(fn)
    if source is None:
        text = f"expected a function written in the cell, your answer is {kind(fn).partition(',')[0]}."
        settle(Problem(text, cause="Write it as def …: in the exercise's cell, and run that cell."), of=of, hint=hint)
        return
    settle(syntax_problem(source, forbidden, required), of=of, hint=hint)


def syntax_problem(source: Source, forbidden: Sequence[str], required: Sequence[str]) -> Problem | None:
    """The first forbidden word, in the order of the lines, or the first required one that is missing."""
    found = [(node.lineno, word) for word in forbidden if (node := first_use(source, word)) is not None]
    if found:
        line, word = min(found, key=lambda use: use[0])
        quoted = short_line(source.text.splitlines()[line - 1])
        return Problem(f"expected no {CALLED.get(word, word)}, your code has one in line {line}: “{quoted}”.")
    for word in required:
        if first_use(source, word) is None:
            return Problem(f"expected a {CALLED.get(word, 'use of ' + word)}, your code has none.")
    return None


def short_line(line: str) -> str:
    """A line of code without its indentation, cut at 80 characters."""
    line = line.strip()
    return line if len(line) <= 80 else line[:79] + "…"


def source_of(fn: Any) -> Source | None:
    """The object's source; None where it has none (a built-in function)."""
    if isinstance(fn, functools.partial):
        return source_of(fn.func)
    carried = getattr(fn, "__student_source__", None)
    if isinstance(carried, str):
        bound = getattr(fn, "__student_name__", None)
        found = bound_to(carried, bound) if isinstance(bound, str) else None
        return found or located(carried, getattr(fn, "__name__", ""), None, {})
    if not isinstance(fn, type) and not inspect.isroutine(fn):
        return source_of(type(fn)) if callable(fn) else None
    fn = inspect.unwrap(fn)
    method = fn if not isinstance(fn, type) else next((m for m in vars(fn).values() if code_of(m)), None)
    code = code_of(method)
    if code is None:
        return None
    text = "".join(linecache.getlines(code.co_filename, getattr(method, "__globals__", None)))
    line = None if isinstance(fn, type) else code.co_firstlineno
    return located(text, fn.__name__, line, getattr(inspect.unwrap(unbound(method)), "__globals__", {}))


def unbound(method: Any) -> Any:
    """The function inside a method, classmethod or staticmethod."""
    return getattr(method, "__func__", method)


def code_of(method: Any) -> Any:
    """The code object of a function, or None."""
    method = unbound(method)
    return getattr(inspect.unwrap(method), "__code__", None) if inspect.isroutine(method) else None


def located(text: str, name: str, line: int | None, names: dict[str, Any]) -> Source | None:
    """Find the definition called `name` (beginning in `line`, if that is known), and those of the cell that it uses."""
    tree = parsed(text)
    if tree is None:
        return None
    every = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    if name == "<lambda>":
        chosen: list[Definition] = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and n.lineno == line]
    else:
        chosen = [n for n in every if n.name == name and line in (None, first_line(n))]
    if not chosen:
        return None
    return Source(text, with_helpers(tree, [chosen[-1]]), names)


def bound_to(text: str, name: str) -> Source | None:
    """What a cell binds to a name: its def or lambda, or all of the cell where that cannot be told from the text alone.

    The object's own word for its name or line does not count: its code may be anywhere in the cell. A def stands for
    the name where it alone binds it, or is the last to do so and under no condition, and nothing in the cell reaches
    behind names.
    None for a cell that does not bind the name.
    """
    tree = parsed(text)
    binding = [node for node in at_top(tree) if name in names_bound(node)] if tree is not None else []
    if not binding or tree is None:
        return None
    last = binding[-1]
    chosen = last if isinstance(last, Definition) else getattr(last, "value", None)
    sure = (last in tree.body or len(binding) == 1) and not reaches_behind(tree, name)
    if sure and isinstance(chosen, Definition):
        return Source(text, with_helpers(tree, [chosen]))
    return Source(text, [tree])


def reaches_behind(tree: ast.Module, name: str) -> bool:
    """May a cell bind the name, or change what it is bound to, in a way that no line of its own shows?"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Global) and name in node.names:
            return True
        if isinstance(node, ast.Name) and node.id in BEHIND_NAMES or dotted(node) == "sys.modules":
            return True
        if isinstance(node, ast.Attribute) and node.attr in BEHIND_ATTRIBUTES:
            return True
    return False


def at_top(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module that run when it does, in the order of the text: not those inside of a def or lambda."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, Definition):
            yield from at_top(node)


def names_bound(node: ast.AST) -> set[str]:
    """The names that a statement or expression binds by itself."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.MatchAs, ast.MatchStar)):
        return {node.name or ""}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    if isinstance(node, (ast.comprehension, ast.MatchMapping)):  # a comprehension's names are its own
        return {getattr(node, "rest", None) or ""}
    targets = getattr(node, "targets", [getattr(node, "target", None), getattr(node, "optional_vars", None)])
    found = (n for target in targets if isinstance(target, ast.AST) for n in ast.walk(target))
    return {n.id for n in found if isinstance(n, ast.Name)}


def with_helpers(tree: ast.Module, nodes: list[Any]) -> list[Any]:
    """The nodes, and the functions and classes of the same cell that they use, and those that these use."""
    inside = {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    for node in nodes:  # grows while it is read: what a helper uses counts as well
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        nodes += [inside[word] for word in inside if word in used and inside[word] not in nodes]
    return nodes


def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a text, indented or not; None for a text that is not Python."""
    for version in (text, textwrap.dedent(text)):
        try:
            return ast.parse(version)
        except (SyntaxError, ValueError):
            continue
    return None


def first_line(node: Any) -> int:
    """The line of the first decorator, or of the def itself: what a code object calls its first line."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def first_use(source: Source, word: str) -> Any:
    """The first node, by line, that uses the word; None where nothing does."""
    used = (node for definition in source.nodes for node in body_of(definition) if uses(node, word, source))
    return min(used, key=lambda node: getattr(node, "lineno", 0), default=None)


def body_of(definition: Definition) -> Iterator[ast.AST]:
    """All nodes of a definition but its annotations, and its decorators but those that hold code of their own."""
    queue: list[ast.AST] = [definition]
    while queue:
        node = queue.pop()
        yield node
        for name, value in ast.iter_fields(node):
            parts = [n for n in (value if isinstance(value, list) else [value]) if isinstance(n, ast.AST)]
            if name == "decorator_list":
                parts = [n for n in parts if any(isinstance(inner, CODE) for inner in ast.walk(n))]
            if name not in ("annotation", "returns"):
                queue += parts


def dotted(node: ast.AST) -> str:
    """torch.nn.functional, of a chain of attributes that begins with a name; an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def uses(node: ast.AST, word: str, source: Source) -> bool:
    """Is this node a use of the word?"""
    if word in STATEMENTS:
        return isinstance(node, STATEMENTS[word])
    if word == "recursion":
        own = getattr(source.nodes[0], "name", "")
        return isinstance(node, ast.Call) and dotted(node.func) == own
    if word in ("@", "matmul"):
        return isinstance(getattr(node, "op", None), ast.MatMult) or last_name(node) in ("matmul", "__matmul__")
    if word.startswith("."):
        return isinstance(node, ast.Attribute) and node.attr == word[1:]
    if "." in word:
        return dotted(node) == word or same_object(node, word, source.names)
    if last_name(node) == word:
        return True
    return isinstance(node, ast.Name) and getattr(source.names.get(node.id), "__name__", "").split(".")[-1] == word


def last_name(node: ast.AST) -> str:
    """The attribute, name or imported name of a node, also in getattr(torch, "cdist"); an empty text for others."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.alias):
        return node.name.rpartition(".")[2]
    if isinstance(node, ast.Call) and dotted(node.func) == "getattr" and len(node.args) > 1:
        name = node.args[1]
        return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""
    return ""


def same_object(node: ast.AST, word: str, names: dict[str, Any]) -> bool:
    """Is this node the very function `word` under another name? Where only a text is known: as far as names tell."""
    last = word.rpartition(".")[2]
    if isinstance(node, (ast.alias, ast.Call)):  # from torch import cdist; getattr(torch, "cdist")
        return last_name(node) == last
    parts = dotted(node).split(".")
    if parts[0] in names:
        wanted = resolved(word.split("."), sys.modules)
        return wanted is not None and resolved(parts, names) is wanted
    return parts[-1] == last and (len(parts) == 1 or parts[0] in ("F", "nn", "np", word.partition(".")[0]))


def resolved(parts: list[str], names: Any) -> Any:
    """The object that a dotted name means; None where it means nothing."""
    thing = names.get(parts[0])
    for part in parts[1:]:
        thing = getattr(thing, part, None)
    return thing
