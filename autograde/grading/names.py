"""The namespace of the judge's cells: the lesson's own names, and the student's, which are asked for when read.

Names that fixtures bind are the judge's own. A name that an exercise binds is the student's: it stands for something
in another process. Everything else in a test cell is local to it.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Any


class MissingThere(Exception):
    """`ask` raises it where the student has not bound the name."""


class Names(dict[str, Any]):
    """The globals of fixtures and test cells; functions defined in them find the student's names here too.

    theirs: the names that exercises bind. ask: gives what the student bound to a name, or raises MissingThere; while
    it is None nobody is asked.

    >>> names = Names({"double"}, lambda name: len)
    >>> exec("size = double('four')", names)
    >>> names["size"]
    4
    """

    def __init__(self, theirs: Iterable[str] = (), ask: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.theirs = frozenset(theirs)
        self.ask = ask
        self.set_to({})

    def __missing__(self, name: str) -> Any:
        """Python turns the KeyError into its usual NameError."""
        if self.ask is None or name not in self.theirs:
            raise KeyError(name)
        try:
            self[name] = self.ask(name)
        except MissingThere:
            raise KeyError(name) from None
        return self[name]

    def state(self) -> dict[str, Any]:
        """What is bound now, to be given to `set_to` later."""
        return dict(self)

    def set_to(self, state: dict[str, Any]) -> None:
        """Bind just this. The dictionary stays the same one: it is the globals of every function of the lesson's."""
        self.clear()
        self.update({"__name__": "__main__", "__builtins__": builtins, **state})
