"""torch's stream of random numbers on both sides.

In a kernel the test and the student's code draw from one stream. Here the judge tells the student's side where to stand
whenever its own stream has moved. Where the test has set a seed itself, torch.manual_seed(3) before a call is what the
call sees: the very state is told. Where the stream is drawn from the secret, a state that follows from it one way is
told: from a state of the generator all its earlier and later numbers can be computed, and so what a test has drawn
and will draw. The other way, only this crosses: that the student's code drew something, or went back to a state that it
was told. Never a state of its own making: the judge's next numbers would be the student's choice. Where the student's
code drew, the judge goes on with a stream that the student cannot know.
"""

from __future__ import annotations

import hashlib
import random
from collections import OrderedDict
from typing import Any

import torch

from autograde.check.session import active
from autograde.wall.limits import WireError

MOST_STATES = 1000  # that the judge has told and would go back to
WRITTEN = 2**32  # a seed below it is one that somebody wrote; those drawn from the secret have 63 bits


class Teller:
    """The judge's end."""

    def __init__(self) -> None:
        self._told: torch.Tensor | None = None  # where the judge's own stream stood when it was told last
        self._states: OrderedDict[int, torch.Tensor] = OrderedDict()
        self._count = 0
        self._jumps: random.Random | None = None

    def outgoing(self) -> bytes | None:
        """The state that the student's side is to take, where the judge's is not what it was."""
        state = torch.get_rng_state()
        if self._told is not None and torch.equal(state, self._told):
            return None
        self._told = self._states[self._count] = state
        self._count += 1
        if len(self._states) > MOST_STATES:
            self._states.popitem(last=False)
        return bytes((state if torch.initial_seed() < WRITTEN else _one_way(state)).numpy())

    def incoming(self, said: Any) -> None:
        """The student's side drew (-1), or went back to a state that was told (its number). Raises WireError."""
        if type(said) is not int or not -1 <= said < self._count:
            raise WireError("a state of random numbers that was never told")
        if said in self._states:
            self._told = self._states[said]
            torch.set_rng_state(self._told)
            return
        torch.manual_seed(self._jump())
        self._told = torch.get_rng_state()  # as long as this one stays, the student's side goes on with its own

    def drew(self, generator: Any) -> None:
        """The student's side drew from a generator that it was handed. Raises WireError."""
        if type(generator) is not torch.Generator:
            raise WireError("numbers drawn from what is no generator")
        generator.manual_seed(self._jump())

    def _jump(self) -> int:
        """A seed that follows from what the check draws from, which the student's side never sees."""
        if self._jumps is None:
            secret = bytes(active().generator.get_state().numpy())
            self._jumps = random.Random(hashlib.sha256(secret).digest())
        return self._jumps.getrandbits(63)


def _one_way(state: torch.Tensor) -> torch.Tensor:
    """A state that is the same for the same state, and does not tell it. It holds entropy of the secret already."""
    seed = int.from_bytes(hashlib.sha256(b"the student's" + bytes(state.numpy())).digest()[:8], "big") >> 1
    return torch.Generator().manual_seed(seed).get_state()


class Hearer:
    """The student's end."""

    def __init__(self) -> None:
        self._known: torch.Tensor | None = None
        self._numbers: dict[bytes, int] = {}
        self._count = 0
        self._guests: list[tuple[Any, torch.Generator, torch.Tensor]] = []
        self._last = self._guests

    def generator(self, far: Any, state: bytes) -> torch.Generator:
        """A generator that stands where the judge's stands."""
        known = torch.frombuffer(bytearray(state), dtype=torch.uint8)
        generator = torch.Generator().set_state(known)
        self._guests.append((far, generator, known))
        return generator

    def drawn(self) -> list[int]:
        """Numbers of the judge's generators whose copies here were drawn from since they came."""
        guests, self._guests = self._guests, []
        self._last = guests  # so that the judge is told of them before they are given back
        return [far.number for far, generator, known in guests if not torch.equal(generator.get_state(), known)]

    def incoming(self, state: bytes) -> None:
        """The judge's stream stands here now."""
        self._known = torch.frombuffer(bytearray(state), dtype=torch.uint8)
        torch.set_rng_state(self._known)
        self._numbers[hashlib.sha256(state).digest()] = self._count
        self._count += 1

    def outgoing(self) -> int | None:
        """What to tell the judge of this side's stream; None where it stands as it did."""
        state = torch.get_rng_state()
        if self._known is None or torch.equal(state, self._known):
            return None
        self._known = state
        return self._numbers.get(hashlib.sha256(bytes(state.numpy())).digest(), -1)
