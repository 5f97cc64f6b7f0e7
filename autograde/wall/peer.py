"""The judge's end of one check's socket: names of the student's, and what the student's side may ask of the judge."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from autograde.wall import known, modules, proxies
from autograde.wall.calls import arrive
from autograde.wall.exports import Far
from autograde.wall.fields import a_list, flag
from autograde.wall.limits import Closed, Overdue, Unsendable, WireError
from autograde.wall.lockstep import Peer
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker

MOST_CLASSES = 5000
MOST_COPIES = 1000  # of the judge's modules that a student's code may have made in one check


class NameMissing(NameError):
    """The student's side has nothing of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"name {name!r} is not defined")
        self.name = name


class Wall(Peer):
    """The judge's end. `waited`: seconds spent waiting for the other side; `trouble`: what ended it, if anything did.

    deadline() is a time.monotonic() until which the other side may take. sources: name → the text of the student's
    cell that binds it, for check.calls: the judge's own copy. shared: name → what the lesson's fixtures bound to it
    here; they ran on the other side too, so such an object crosses by its name.
    """

    judge = True
    caught = Exception

    def __init__(
        self,
        channel: Any,
        deadline: Callable[[], float | None],
        sources: Mapping[str, str] | None = None,
        shared: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(channel, deadline)
        self.sources = dict(sources or {})
        self.shared = dict(shared or {})
        self.waited = 0.0
        self.trouble: Exception | None = None
        self._copies = 0
        self._classes: list[type] = []  # kept: each is described once
        self._signatures: dict[int, Any] = {}

    def get(self, name: str) -> Any:
        """What the student's code bound to a name. Raises NameMissing."""
        with self._noted():
            return self._get(name)

    def call(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        """Have the student's side do a verb."""
        with self._noted():
            return super().call(verb, *args, **kwargs)

    def products(self, *args: Any) -> list[Any]:
        """The gradients of a graph's inputs."""
        with self._noted():
            return super().products(*args)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """What ends the conversation is kept, and raised again at every further question."""
        if self.trouble is not None:
            raise self.trouble
        try:
            yield
        except (WireError, Closed, Overdue, Unsendable) as trouble:
            self.trouble = self.trouble or trouble
            raise

    def _get(self, name: str) -> Any:
        message: dict[str, Any] = {"op": "get", "name": name}
        packer = ParcelPacker(self)
        with self.all_or_nothing():
            self.sync.pack(message, packer)
        reply, buffers = self.ask(message, packer.buffers)
        if flag(reply, "missing"):
            raise NameMissing(name)
        if reply["op"] == "error":
            raise self.error_of(reply.get("error"))
        unpacker = ParcelUnpacker(self, buffers, finish=arrive)
        value = unpacker.unpack(reply.get("v"))
        self.sync.apply(reply, unpacker)
        proxies.give_source(value, name, self.sources.get(name))
        return value

    def describe(self, thing: Any, packer: ParcelPacker) -> dict[str, Any]:
        """What the student's side may know of a thing of the judge's.

        Things that both sides have cross by name. Of a module cross its parts, of anything else that it can be called,
        or gone through; never an attribute.
        """
        both = known.name_of(thing) or self._fixture(thing)
        if both is not None:
            return both
        if type(thing) is torch.Generator and thing.device.type == "cpu":
            state = packer.pack(bytes(thing.get_state().numpy()))
            return {"k": "generator", "id": self.exports.give(thing), "v": state}
        node = super().describe(thing, packer)
        if isinstance(thing, torch.nn.Module):
            name = modules.torch_name(type(thing).__mro__)
            about = {"t": "module", "torch": name, "settings": packer.pack(modules.settings(thing))}
            about["whole"] = modules.whole(thing)
            return {**node, **about, **self.sync.own(node["id"], thing, packer)}
        if isinstance(thing, Iterable):
            return {**node, "t": "iterable", "sized": isinstance(thing, Sized)}
        return {**node, "t": "function" if callable(thing) else "object"}

    def _fixture(self, thing: Any) -> dict[str, Any] | None:
        """The name of an object that a fixture cell made on both sides; a callable or module stays the judge's.

        But a tokenizer or model of transformers goes by name: both sides loaded the same files, and a hundred calls
        back for one line of text help nobody.
        """
        if callable(thing) and not type(thing).__module__.startswith("transformers."):
            return None
        name = next((name for name, value in self.shared.items() if value is thing), None)
        return None if name is None else {"k": "name", "n": name}

    def close(self) -> None:
        """End the conversation: the student's side, if it still listens, ends too."""
        self.channel.close()

    def receive(self) -> tuple[dict[str, Any], list[memoryview]]:
        """Wait for a message, and note for how long."""
        began = time.monotonic()
        try:
            return super().receive()
        finally:
            self.waited += time.monotonic() - began

    def call_for(self, kind: type, verb: str, *args: Any) -> Any:
        """Have the student's side do a verb whose result is of one type."""
        with self._noted():
            return super().call_for(kind, verb, *args)

    def signature(self, thing: Any) -> Any:
        """The parameters of a function of the student's; asked for once."""
        number = proxies.far_of(thing).number
        if number not in self._signatures:
            with self._noted():
                self._signatures[number] = proxies.signature_of(self.call("signature", thing))
        return self._signatures[number]

    def attribute(self, thing: Any, name: str) -> Any:
        """An attribute of the student's module."""
        return proxies.remote_attribute(thing, name)

    def set_attribute(self, thing: Any, name: str, value: Any) -> None:
        """Set an attribute of the student's module."""
        self.call("setattr", thing, name, value)

    def module_text(self, module: Any) -> str:
        """The module's repr."""
        return self.call_for(str, "repr", module)

    def verb(self, name: str, args: tuple[Any, ...]) -> Callable[..., Any]:
        """The other side may call what it was handed, and nothing else."""
        verb = self._copy if name == "deepcopy" else ALLOWED.get(name)
        if not args or id(args[0]) not in self.exports or verb is None:
            raise WireError("a verb that is not allowed")
        if name != "call" and not isinstance(args[0], nn.Module if name == "deepcopy" else Iterable):
            raise WireError("a verb that is not allowed")
        return verb

    def _copy(self, module: nn.Module) -> nn.Module:
        """A copy of a module of the judge's for the student's side, to which it is the judge's as well."""
        self._copies += 1
        if self._copies > MOST_COPIES:
            raise RuntimeError(f"more than {MOST_COPIES:,} copies of the test's modules")
        return copy.deepcopy(module)

    def proxy(self, far: Far, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """What stands for a thing of the student's, of one of three kinds."""
        kind = node.get("t")
        if kind == "function":
            far.name = proxies.plain_name(node, "function")
            return proxies.Function(far)
        if kind == "class":
            if len(self._classes) >= MOST_CLASSES:
                raise WireError(f"more than {MOST_CLASSES:,} classes")
            far.name = proxies.plain_name(node, "object")
            bases: tuple[type, ...] = (proxies.Handle,)
            more: dict[str, Any] = {}
            if flag(node, "module"):
                bases, more = modules.bases_of(node.get("torch")), modules.own_ways(a_list(node, "ways", 20))
            self._classes.append(proxies.class_proxy(far, node, bases, more))
            return self._classes[-1]
        if kind in ("object", "module") and type(node.get("cls")) is dict:
            cls = self.resolve(node["cls"], unpacker)
            wanted = modules.RemoteModule if kind == "module" else proxies.Handle
            if type(cls) is not proxies.ClassType or not type.__subclasscheck__(wanted, cls):
                raise WireError("an object whose class is none")
            if kind == "module":
                return modules.bare(cls, far)
            return proxies.handle(cls, far)
        raise WireError("a thing of an unknown kind")


# What the student's side may have done with what it was handed: call it, or go through it (or copy a module, counted).
ALLOWED: dict[str, Callable[..., Any]] = {
    "call": lambda thing, *args, **kwargs: thing(*args, **kwargs),
    "iter": iter,
    "next": next,
    "len": len,
}
