"""Which names a cell binds and which it needs from elsewhere, by Python's own symbol tables."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

# What a notebook's kernel binds besides the builtins.
KERNEL_NAMES = frozenset(dir(builtins)) | {"__name__", "__builtins__", "__doc__", "display", "get_ipython", "In", "Out"}


def parse_cell(source: str) -> ast.Module:
    """The cell's syntax tree; `await` at the top level is allowed, as it is in a notebook. Raises SyntaxError."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compile(source, "<cell>", "exec", flags=flags, dont_inherit=True)  # type: ignore[return-value]


def bound_names(source: str) -> set[str]:
    """The names that running the cell leaves behind: assigned, imported, defined, or `global` in a function."""
    table = symtable.symtable(source, "<cell>", "exec")
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    for inner in _inner(table):
        names |= {
            symbol.get_name()
            for symbol in inner.get_symbols()
            if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported())
        }
    return names


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def global_reads(source: str) -> set[str]:
    """The names that the cell looks up in the notebook or the builtins, from its own lines or from inside functions."""
    table = symtable.symtable(source, "<cell>", "exec")
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for inner in _inner(table):
        names |= {s.get_name() for s in inner.get_symbols() if s.is_global() and s.is_referenced()}
    return names
