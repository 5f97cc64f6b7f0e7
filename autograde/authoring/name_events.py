"""In which order a cell's top level reads, binds and deletes names: what `x = x + 1` needs, what `del x` takes away."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class TopLevelEvents(ast.NodeVisitor):
    """Walks a cell in the order in which Python evaluates it. `events` holds (name, "read" | "bind" | "gone").

    The inside of functions and classes is left to the symbol tables. Branches count as if each of them ran; a name that
    a loop reads above the line of the same loop that binds it is taken to be guarded (`if i > 0: … previous`).
    """

    events: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[frozenset[str]] = field(default_factory=list)  # a comprehension's own names; what a loop binds

    def first(self) -> dict[str, str]:
        """The first thing that happens to each name."""
        return dict(reversed(self.events))

    def last(self) -> dict[str, str]:
        """Whether each name that was bound or deleted is there at the end: "bind" or "gone"."""
        return {name: event for name, event in self.events if event != "read"}

    def add(self, name: str, event: str) -> None:
        if event != "read" or not any(name in names for names in self.hidden):
            self.events.append((name, event))

    def each(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.add(node.id, {ast.Load: "read", ast.Store: "bind", ast.Del: "gone"}[type(node.ctx)])
        if isinstance(node.ctx, ast.Del):  # deleting a name that is not there fails, so it reads it too
            self.events.insert(len(self.events) - 1, (node.id, "read"))

    def visit_Assign(self, node: ast.Assign) -> None:
        self.each([node.value, *node.targets])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.each([node.value, node.target])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        bare = node.value is None and isinstance(node.target, ast.Name)  # `x: int` binds nothing
        self.each([node.annotation, node.value, None if bare else node.target])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.add(node.target.id, "read")
        self.each([node.value, node.target])

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.each([node.iter, node.target])
        self.loop(node.body)
        self.each(node.orelse)

    visit_AsyncFor = visit_For  # type: ignore[assignment]

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self.loop(node.body)
        self.each(node.orelse)

    def loop(self, body: list[ast.stmt]) -> None:
        names = (n for statement in body for n in ast.walk(statement) if isinstance(n, ast.Name))
        self.hidden.append(frozenset(n.id for n in names if isinstance(n.ctx, ast.Store)))
        self.each(body)
        self.hidden.pop()

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.each([node.type])
        if node.name:
            self.add(node.name, "bind")
        self.each(node.body)
        if node.name:
            self.add(node.name, "gone")

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.add((alias.asname or alias.name).split(".")[0], "bind")

    visit_ImportFrom = visit_Import  # type: ignore[assignment]

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.each([*node.decorator_list, node.args, node.returns])
        self.add(node.name, "bind")

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_arguments(self, node: ast.arguments) -> None:
        given = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
        self.each([*node.defaults, *node.kw_defaults, *(arg.annotation for arg in given if arg)])

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.each([*node.decorator_list, *node.bases, *node.keywords])
        self.add(node.name, "bind")

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self.comprehension(node.generators, [node.elt])

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # type: ignore[assignment]

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.comprehension(node.generators, [node.key, node.value])

    def comprehension(self, generators: list[ast.comprehension], results: list[ast.expr]) -> None:
        self.visit(generators[0].iter)  # the first iterable is evaluated outside the comprehension
        targets = (n for g in generators for n in ast.walk(g.target) if isinstance(n, ast.Name))
        self.hidden.append(frozenset(n.id for n in targets))
        for generator in generators:
            self.each([*([] if generator is generators[0] else [generator.iter]), *generator.ifs])
        self.each(results)
        self.hidden.pop()

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.each([node.pattern])
        if node.name:
            self.add(node.name, "bind")

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.add(node.name, "bind")

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.each([*node.keys, *node.patterns])
        if node.rest:
            self.add(node.rest, "bind")


def top_level_events(tree: ast.Module) -> TopLevelEvents:
    """The events of a cell."""
    events = TopLevelEvents()
    events.visit(tree)
    return events
