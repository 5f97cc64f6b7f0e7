"""What a cell's text says of itself: the names that it defines and reads, whether two texts are the same code."""

from __future__ import annotations

import ast
import builtins
import functools
import itertools
import re
from collections import Counter

MOST_WORDS = 4000  # of a text that is compared with another
LONGEST_CODE = 400_000  # characters of a text that is read as Python: a tree of it takes a hundred times as much memory
LINE_NAME = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
WORD = re.compile(r"\w+")
FENCE = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)
BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "get_ipython", "display", "In", "Out", "_"}


@functools.lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """A text without what no editor keeps: spaces at the ends of lines, empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


@functools.lru_cache(maxsize=4096)
def statements(text: str) -> tuple[ast.stmt, ...] | None:
    """The statements of a text; None where it is no Python, as with a magic or a slip of the keyboard, or too long."""
    if len(text) > LONGEST_CODE:
        return None
    try:
        return tuple(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_python(text: str) -> bool:
    """Whether it is Python, and says something."""
    return bool(statements(text))


@functools.lru_cache(maxsize=4096)
def _dumped(text: str) -> str:
    """The code without comments and layout; "" where it is no Python."""
    body = statements(text)
    try:
        return "\n".join(ast.dump(statement) for statement in body) if body else ""
    except RecursionError:
        return ""


def same_code(one: str, other: str) -> bool:
    """Whether two texts are the same but for comments, quotes and layout."""
    if tidy(one) == tidy(other):
        return True
    return bool(_dumped(one)) and _dumped(one) == _dumped(other)


@functools.lru_cache(maxsize=4096)
def definitions(text: str) -> dict[str, str]:
    """The names that a text defines at its top level (functions, classes, assigned values) → what they are given.

    Of a text that is no Python: the names at the beginnings of lines, each with the text up to the next one.
    """
    body = statements(text)
    if body is None:
        found = list(itertools.islice(LINE_NAME.finditer(text), MOST_WORDS))
        ends = [one.start() for one in found[1:]] + [len(text)]
        return {one[1] or one[2]: text[one.start() : end] for one, end in zip(found, ends, strict=False)}
    made: dict[str, str] = {}
    for statement in _inside(body):
        for name in _defined(statement):
            made[name] = _dump(statement)
    return made


def _inside(body: tuple[ast.stmt, ...] | list[ast.stmt]) -> list[ast.stmt]:
    """Statements, and those inside conditions, at any depth that a person writes."""
    found: list[ast.stmt] = []
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.If | ast.Try | ast.With):
            waiting += reversed([*statement.body, *getattr(statement, "orelse", [])])
        else:
            found.append(statement)
    return found


def _dump(statement: ast.stmt) -> str:
    try:
        return ast.dump(statement)
    except RecursionError:
        return repr(statement)


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        nodes = (node for target in statement.targets for node in ast.walk(target))
        return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return [statement.target.id] if isinstance(statement.target, ast.Name) else []
    return []


def is_function(dumped: str) -> bool:
    """Whether what a name is given is a function or a class, and no value."""
    return dumped.startswith(("FunctionDef", "AsyncFunctionDef", "ClassDef", "def ", "class ", "async "))


@functools.lru_cache(maxsize=4096)
def imported(text: str) -> frozenset[str]:
    """The names that a text imports at any depth."""
    nodes = (node for statement in statements(text) or () for node in ast.walk(statement))
    aliases = (alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names)
    return frozenset((alias.asname or alias.name).split(".")[0] for alias in aliases)


@functools.lru_cache(maxsize=4096)
def free_names(text: str) -> frozenset[str]:
    """The names that a text reads and binds nowhere in itself, but for Python's own."""
    read, bound = set[str](), set(imported(text))
    for statement in statements(text) or ():
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                bound.add(node.name)
    return frozenset(read - bound - BUILTINS)


def without(text: str, names: frozenset[str]) -> str:
    """A text without the top-level statements that define these names, comments above them included."""
    body = statements(text)
    if not body:
        return text
    lines, gone = text.splitlines(), set[int]()
    for statement in body:
        made = _defined(statement)
        if made and names.issuperset(made):
            first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))]) - 1
            while first > 0 and lines[first - 1].startswith("#"):
                first -= 1
            gone |= set(range(first, statement.end_lineno or statement.lineno))
    return "\n".join(line for number, line in enumerate(lines) if number not in gone).strip("\n")


def only(text: str, other: str) -> str:
    """The statements of a text that define or import something, as written, and that the other text has not."""
    known = {_dump(statement) for statement in statements(other) or ()}
    lines, kept = text.splitlines(), list[str]()
    for statement in statements(text) or ():
        makes = _defined(statement) or isinstance(statement, ast.Import | ast.ImportFrom)
        if makes and _dump(statement) not in known:
            first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))]) - 1
            kept.append("\n".join(lines[first : statement.end_lineno]))
    return "\n".join(kept)


def unfenced(text: str) -> str:
    """Code that stands in a Markdown cell, without the fence around it."""
    found = FENCE.match(text)
    return found[1] if found else text


@functools.lru_cache(maxsize=4096)
def _words(text: str) -> Counter[str]:
    return Counter(found[0] for found in itertools.islice(WORD.finditer(text), MOST_WORDS))


def likeness(one: str, other: str) -> float:
    """How much of two texts' words they share, between 0 and 1 (Dice's coefficient of the words, with their counts)."""
    mine, theirs = _words(one), _words(other)
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * sum((mine & theirs).values()) / total if total else float(tidy(one) == tidy(other))
