"""The buffers of one message, on either side: each storage of a tensor once, and what else is too long for the tree.

Of a storage only the elements that the message's tensors reach are sent: what lies between and beside them (the labels
in the column next to the inputs) crosses as zeros or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

from autograde.wall.limits import Unsendable, WireError, WireLimits
from autograde.wall.memory import as_bytes, bytes_of, placed, reserve, storage_of, undisturbed, view

# A storage up to this size, or up to four times what is used of it, keeps its size and its offsets on the other side.
KEPT = 64 << 10
KEPT_TIMES = 4
PADDING = 64 << 20  # bytes of a message's storages that are there for their size alone
RAW = 4  # bytes objects may take one part in four of a message's buffers: they are copied once more

_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64, 16: torch.complex128}


@dataclass
class Part:
    """One tensor of a storage: where it lies, in elements, and the node to complete."""

    tensor: torch.Tensor
    node: dict[str, Any]
    low: int
    high: int
    gapless: bool


@dataclass
class Held:
    """One storage of a message: bytes low to high of it are used."""

    storage: torch.UntypedStorage
    number: int
    low: int
    high: int
    parts: list[Part] = field(default_factory=list)
    planned: int = 0  # parts when its buffer was made
    padding: int = 0


class Storages:
    """The sender's side. `limits` bounds what is put in; Unsendable is raised beyond."""

    def __init__(self, limits: WireLimits) -> None:
        self.limits = limits
        self._buffers: list[Any] = []
        self._whole: dict[
            int, tuple[int, torch.UntypedStorage]
        ] = {}  # the storage too, so that its number stays its own
        self._held: dict[int, Held] = {}
        self._bytes = 0
        self._text = 0
        self._raw = 0
        self._padding = 0

    def buffers(self) -> list[Any]:
        """Everything put in so far; completes the nodes of the tensors."""
        with undisturbed():
            for held in self._held.values():
                if held.planned < len(held.parts):
                    self._plan(held)
        return self._buffers

    def add(self, data: Any) -> int:
        """Put bytes in; their number among the buffers."""
        self._grow(len(data))
        if len(self._buffers) >= self.limits.buffers:
            raise Unsendable(f"more than a message holds: over {self.limits.buffers:,} buffers")
        self._buffers.append(data)
        return len(self._buffers) - 1

    def add_text(self, data: bytes) -> int:
        """Put a text in, as UTF-8."""
        self._text += len(data)
        if self._text > self.limits.header_bytes:
            raise Unsendable(f"more than a message holds: {self._text:,} bytes of text")
        return self.add(data)

    def add_raw(self, data: bytes) -> int:
        """Put a bytes object in."""
        self._raw += len(data)
        if self._raw > self.limits.buffer_bytes // RAW:
            raise Unsendable(f"more than a message holds: {self._raw:,} bytes in bytes objects")
        return self.add(data)

    def whole(self, tensor: torch.Tensor, node: dict[str, Any]) -> bool:
        """Put the tensor's storage in, and complete its node, where the tensor fills it: most do."""
        storage = tensor.untyped_storage()
        held = self._whole.get(storage._cdata)
        if held is None:
            size = storage.nbytes()
            if size != tensor.nbytes or not tensor.is_contiguous() or storage._cdata in self._held:
                return False
            held = self._whole[storage._cdata] = self.add(bytes_of(storage, 0, size)), storage
        node["b"], node["o"] = held[0], tensor.storage_offset()
        return True

    def place(self, tensor: torch.Tensor, node: dict[str, Any]) -> None:
        """Put the tensor's storage in; its node is completed by buffers()."""
        storage = tensor.untyped_storage()
        low, high, gapless = span(node["s"], node["d"], int(tensor.storage_offset()))
        if low == high:  # no element, and torch lets its offset lie anywhere
            low = high = min(low, storage.nbytes() // tensor.itemsize)
        start, stop = low * tensor.itemsize, high * tensor.itemsize
        held = self._held.get(storage._cdata)
        if held is None:
            held = Held(storage, self.add(b""), start, start)
            self._held[storage._cdata] = held
        start, stop = min(start, held.low), max(stop, held.high)
        self._grow((stop - start) - (held.high - held.low))
        held.low, held.high = start, stop
        held.parts.append(Part(tensor, node, low, high, gapless))

    def _grow(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self.limits.buffer_bytes:
            raise Unsendable(f"more than a message holds: {self._bytes:,} bytes")

    def _plan(self, held: Held) -> None:
        """Make the buffer of a storage and complete the nodes of its tensors."""
        size, used = held.storage.nbytes(), held.high - held.low
        whole = used == size
        self._padding -= held.padding
        keep = whole or (size <= max(KEPT, KEPT_TIMES * used) and self._padding + size <= PADDING)
        held.padding = size if keep and not whole else 0
        self._padding += held.padding
        widest = max(part.tensor.itemsize for part in held.parts)
        base = 0 if keep else held.low - held.low % widest
        start = held.low if keep else base
        if start == held.low and _gapless(held):
            self._buffers[held.number] = bytes_of(held.storage, start, held.high)
        else:
            self._buffers[held.number] = _reached(held, start)
        for part in held.parts:
            part.node["b"] = held.number
            part.node["o"] = part.low - base // part.tensor.itemsize
            part.node.pop("w", None)
            if held.padding:
                part.node["w"] = [held.low, size]
        held.planned = len(held.parts)


class Arrived:
    """The receiver's side: buffers by number, each used once. Raises WireError."""

    def __init__(self, buffers: list[memoryview], limits: WireLimits) -> None:
        self._buffers = buffers
        self._limits = limits
        self._used: set[int] = set()
        self._storages: dict[int, tuple[Any, torch.UntypedStorage]] = {}
        self._truths: dict[int, bool] = {}  # does a storage hold truth values?
        self._text = 0
        self._raw = 0
        self._padding = 0

    def take(self, number: int) -> memoryview:
        """A buffer, which nobody else has taken."""
        if not 0 <= number < len(self._buffers) or number in self._used:
            raise WireError("a buffer that is not there, or is used twice")
        self._used.add(number)
        return self._buffers[number]

    def text(self, number: int) -> bytes:
        """A buffer that is a text."""
        data = self.take(number)
        self._text += len(data)
        if self._text > self._limits.header_bytes:
            raise WireError(f"{self._text:,} bytes of text are too many")
        return bytes(data)

    def raw(self, number: int) -> bytes:
        """A buffer that is a bytes object."""
        data = self.take(number)
        self._raw += len(data)
        if self._raw > self._limits.buffer_bytes // RAW:
            raise WireError(f"{self._raw:,} bytes in bytes objects are too many")
        return bytes(data)

    def storage(self, number: int, place: Any, device: str) -> torch.UntypedStorage:
        """The storage whose bytes (place: None) or part of whose bytes ([start, size]) are that buffer."""
        if number in self._storages:
            key, storage = self._storages[number]
            if key != (place, device):
                raise WireError("one storage, described in two ways")
            return storage
        storage = self._made(self.take(number), place)
        if device != "cpu":
            storage = to_device(storage, device)
        self._storages[number] = (place, device), storage
        return storage

    def mixed(self, number: int, truths: bool) -> bool:
        """Does a tensor of this storage that came before hold truth values, and this one none, or the other way?"""
        return self._truths.setdefault(number, truths) is not truths

    def _made(self, data: memoryview, place: Any) -> torch.UntypedStorage:
        if place is None:
            return storage_of(data)
        if type(place) is not list or len(place) != 2 or any(type(part) is not int for part in place):
            raise WireError("a storage that is described in an unknown way")
        start, size = place
        if not 0 <= start <= start + len(data) <= size <= max(KEPT, KEPT_TIMES * len(data)):
            raise WireError("a storage that is not the size of its bytes")
        self._padding += size
        if self._padding > PADDING:
            raise WireError(f"{self._padding:,} bytes of padding are too many")
        storage = reserve(size)
        as_bytes(storage).zero_()
        view(storage, start, start + len(data))[:] = data
        return storage


def to_device(storage: torch.UntypedStorage, device: str) -> torch.UntypedStorage:
    """A copy on a CUDA device. Raises WireError where there is none of that name, or no room on it."""
    number = int(device.removeprefix("cuda:"))
    if not torch.cuda.is_available() or number >= torch.cuda.device_count():
        raise WireError(f"a tensor on {device}, which is not there")
    try:
        return as_bytes(storage).to(device).untyped_storage()
    except RuntimeError as error:
        raise WireError(f"a tensor that {device} does not take ({type(error).__name__})") from None


def span(shape: list[int], stride: list[int], offset: int) -> tuple[int, int, bool]:
    """(first element, one past the last, whether every element between is reached), in elements of a storage."""
    if 0 in shape:
        return offset, offset, True
    reach, gapless = 1, True
    if len(shape) < 2:  # most are
        return offset, offset + (1 + stride[0] * (shape[0] - 1) if shape else 1), not shape or stride[0] < 2
    for step, size in sorted(zip(stride, shape, strict=True)):
        gapless = gapless and (step <= reach or size == 1)
        reach += step * (size - 1)
    return offset, offset + reach, gapless


def bits(tensor: torch.Tensor, storage: torch.UntypedStorage, offset: int) -> torch.Tensor:
    """The tensor's elements as whole numbers of the same width, each repeated one once, on that storage."""
    shape = [1 if step == 0 else size for size, step in zip(tensor.shape, tensor.stride(), strict=True)]
    return placed(storage, _BITS[tensor.itemsize], offset, shape, list(tensor.stride()))


def _gapless(held: Held) -> bool:
    """Is every byte that is used in reach of a tensor without gaps?"""
    at = held.low
    for part in sorted(held.parts, key=lambda part: part.low * part.tensor.itemsize):
        if part.gapless and part.low * part.tensor.itemsize <= at:
            at = max(at, part.high * part.tensor.itemsize)
    return at >= held.high


def _reached(held: Held, start: int) -> Any:
    """The bytes from start on that tensors reach, zeros between them."""
    device = held.storage.device
    first = start - start % 16  # so that elements of every width lie where they can be addressed
    copy = torch.zeros(held.high - first, dtype=torch.uint8, device=device).untyped_storage()
    for part in held.parts:
        if part.low < part.high:
            into = bits(part.tensor, copy, part.low - first // part.tensor.itemsize)
            into.copy_(bits(part.tensor, held.storage, part.low))
    return bytes_of(copy, start - first, held.high - first)
