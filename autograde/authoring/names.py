"""Which names a cell binds and which it needs from elsewhere, by Python's own symbol tables and syntax trees."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from autograde.authoring.name_events import top_level_events

# What a notebook's kernel binds besides the builtins.
KERNEL_NAMES = frozenset(dir(builtins)) | {"__name__", "__doc__", "__builtins__", "display"}


@dataclass(frozen=True)
class CellNames:
    """What a cell leaves behind in the notebook (`bound`) and what it needs from other cells.

    `now` is needed while the cell runs, `later` only when one of its functions is called; each with the line in the
    cell, counted from 0, that names it first.
    """

    bound: frozenset[str]
    now: dict[str, int]
    later: dict[str, int]

    @property
    def needed(self) -> dict[str, int]:
        """All names needed from other cells."""
        return self.later | self.now


def parse_cell(source: str) -> ast.Module:
    """The cell's syntax tree; `await` at the top level is allowed, as it is in a notebook. Raises SyntaxError."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, "<cell>", "exec", flags=flags, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def bound_names(source: str) -> frozenset[str]:
    """The names that running the cell leaves behind in the notebook. Raises SyntaxError."""
    return cell_names(source).bound


def cell_names(source: str) -> CellNames:
    """What the cell binds and needs. Raises SyntaxError.

    Example: `total += len(x)` binds `total` and needs `total` and `x`; `[w for w in x]` binds nothing and needs `x`.
    """
    tree, table = parse_cell(source), symtable.symtable(source, "<cell>", "exec")
    events = top_level_events(tree)
    first, last = events.first(), events.last()
    by_functions = {name for scope in _inner(table) for name in _declared_global(scope)}
    touched = set(last) | by_functions
    needed_first = {name for name in touched if first.get(name) == "read"}
    own = touched - needed_first
    now: set[str] = set(needed_first)
    later: set[str] = set()
    for scope, deferred in _scopes(table, False):
        reads = {s.get_name() for s in scope.get_symbols() if s.is_referenced() and s.is_global()}
        (later if deferred else now).update(reads - own)
    lines = _first_lines(tree)
    return CellNames(
        frozenset(name for name in touched if last.get(name, "bind") == "bind"),
        {name: lines.get(name, 0) for name in sorted(now - KERNEL_NAMES)},
        {name: lines.get(name, 0) for name in sorted(later - now - KERNEL_NAMES)},
    )


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _declared_global(table: symtable.SymbolTable) -> Iterator[str]:
    """What a function binds by `global`, or a comprehension by `:=`."""
    for symbol in table.get_symbols():
        if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported()):
            yield symbol.get_name()


def _scopes(table: symtable.SymbolTable, deferred: bool) -> Iterator[tuple[symtable.SymbolTable, bool]]:
    """Every scope of the cell, and whether it runs only when called (functions; not comprehensions, not classes)."""
    yield table, deferred
    for child in table.get_children():
        waits = isinstance(child, symtable.Function) and not child.get_name().strip("<>").endswith(("comp", "genexpr"))
        yield from _scopes(child, deferred or waits)


def _first_lines(tree: ast.Module) -> dict[str, int]:
    """The line, counted from 0, where each name is first used in any way."""
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            lines[node.id] = min(lines.get(node.id, node.lineno), node.lineno)
    return {name: line - 1 for name, line in lines.items()}
