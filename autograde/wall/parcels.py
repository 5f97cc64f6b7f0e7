"""The packer and unpacker of a peer's messages: they know what both sides have, and leave no reference cycles behind.

A cycle would keep a call's arguments alive until the garbage collector comes by, and a side would believe that the
student's code holds on to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograde.wall.wire import Packer, Unpacker

Claim = Callable[[Any, "ParcelPacker"], "dict[str, Any] | None"]


class ParcelPacker(Packer):
    """Packs for a peer; claim is asked after what the peer itself knows."""

    def __init__(self, peer: Any, claim: Claim | None = None) -> None:
        peer.let_go()  # before a thing is named that is no longer there
        super().__init__(None, peer.limits)  # type: ignore[arg-type]
        del self._reference, self._claim  # the methods below stand in their place
        self._peer = peer
        self._first = claim
        self._plain = False

    def _reference(self, thing: Any) -> dict[str, Any]:
        return self._peer.reference(thing, self)

    def _claim(self, thing: Any) -> dict[str, Any] | None:
        if self._plain:
            return None
        found = self._peer.claim(thing)
        return self._first(thing, self) if found is None and self._first is not None else found

    def raw(self, tensor: torch.Tensor) -> Any:
        """The node of a tensor's values, whatever tensor it is."""
        self._plain = True
        try:
            return self.pack(tensor.detach())
        finally:
            self._plain = False


class ParcelUnpacker(Unpacker):
    """Unpacks for a peer; resolve is asked first."""

    def __init__(
        self,
        peer: Any,
        buffers: list[memoryview],
        resolve: Callable[[dict[str, Any]], Any] | None = None,
        **hooks: Any,
    ) -> None:
        super().__init__(buffers, None, peer.limits, **hooks)  # type: ignore[arg-type]
        del self._resolve
        self._peer = peer
        self._first = resolve

    def _resolve(self, node: dict[str, Any]) -> Any:
        found = None if self._first is None else self._first(node)
        return self._peer.resolve(node, self) if found is None else found
