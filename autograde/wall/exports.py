"""What one side has handed out by number, and what it holds of the other side's.

A number is counted each time it is sent, and a proxy that goes away gives back as many as it took: so a number that is
on its way while its proxy dies is not lost.
"""

from __future__ import annotations

import weakref
from typing import Any

from autograde.wall.limits import Unsendable, WireError

MOST_OBJECTS = 200_000


class Exports:
    """Objects that the other side knows by number. The same object has the same number while it is out."""

    def __init__(self, most: int = MOST_OBJECTS) -> None:
        self._most = most
        self._things: dict[int, Any] = {}
        self._counts: dict[int, int] = {}
        self._numbers: dict[int, int] = {}  # id of a thing → its number
        self._next = 0

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, identity: int) -> bool:
        """Is the thing with this id() one that was handed out?"""
        return identity in self._numbers

    def numbers(self) -> Any:
        """The numbers that are out."""
        return self._things.keys()

    def give(self, thing: Any) -> int:
        """The number of a thing that is about to be sent."""
        number = self._numbers.get(id(thing))
        if number is None:
            if len(self._things) >= self._most:
                raise Unsendable(f"more than {self._most:,} objects are in use across the wall")
            self._next += 1
            number = self._numbers[id(thing)] = self._next
            self._things[number] = thing
        self._counts[number] = self._counts.get(number, 0) + 1
        return number

    def find(self, number: int) -> Any:
        """The thing of that number. Raises WireError for one that was never given, or given back."""
        if number not in self._things:
            raise WireError("a number that names nothing here")
        return self._things[number]

    def take_back(self, number: int, count: int) -> None:
        """The other side lets go of a number that it was sent `count` times. Raises WireError for more than that."""
        left = self._counts.get(number, 0) - count
        if count <= 0 or left < 0:
            raise WireError("a number is given back that was not given")
        self._counts[number] = left
        if not left:
            del self._counts[number], self._numbers[id(self._things.pop(number))]


class Far:
    """A thing of the other side's: its number, and how often that came. Letting go of it tells the other side."""

    __slots__ = ("__weakref__", "count", "name", "number", "peer")

    def __init__(self, peer: Any, number: int, name: str) -> None:
        self.peer = peer
        self.number = number
        self.name = name
        self.count = 1

    def __del__(self) -> None:
        self.peer.released.append([self.number, self.count])


class Imports:
    """The proxies that stand here for things of the other side's; a thing has one proxy at a time."""

    def __init__(self, most: int = MOST_OBJECTS) -> None:
        self._most = most
        self._proxies: dict[int, weakref.ref[Any]] = {}

    def again(self, number: int) -> Any:
        """The proxy that stands for this number already, which has now come once more; or None."""
        found = self._proxies.get(number)
        proxy = None if found is None else found()
        if proxy is not None:
            far_of(proxy).count += 1
        return proxy

    def find(self, number: int) -> Any:
        """The proxy that stands for this number. Raises WireError."""
        found = self._proxies.get(number)
        proxy = None if found is None else found()
        if proxy is None:
            raise WireError("a thing that is not here")
        return proxy

    def keep(self, number: int, proxy: Any) -> Any:
        """Remember a new proxy for as long as it lives."""
        if len(self._proxies) >= self._most:
            raise WireError(f"more than {self._most:,} objects of the other side's are in use")
        proxies = self._proxies

        def gone(reference: weakref.ref[Any]) -> None:
            if proxies.get(number) is reference:
                del proxies[number]

        proxies[number] = weakref.ref(proxy, gone)
        return proxy


class Proxy:
    """Stands for a thing of the other side's. Its `_far` says which."""

    __slots__ = ()


class ProxyType(type):
    """The type of classes that stand for a class of the other side's, and carry a `_far` of their own."""


def far_of(thing: Any) -> Any:
    """The Far of a proxy, or None for anything else."""
    kind = type(thing)
    if issubclass(kind, Proxy):
        return object.__getattribute__(thing, "_far")
    if issubclass(kind, ProxyType):
        return type.__getattribute__(thing, "__dict__").get("_class_far")
    return None
