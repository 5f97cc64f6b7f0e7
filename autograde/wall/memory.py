"""Memory that sockets and tensors both see: a tensor's storage as a buffer, and a received buffer as a storage.

numpy's view of a tensor would do the same, but it marks the storage as fixed in size for ever, so that `resize_` would
fail on every tensor that had crossed the wall.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

_BYTE = ctypes.c_ubyte
SMALL = 16 << 10  # up to this many bytes a copy costs less than a view


def reserve(size: int) -> torch.UntypedStorage:
    """size bytes, untouched: they cost memory only as they are written."""
    return torch.UntypedStorage(size, device="cpu")


def view(storage: torch.UntypedStorage, start: int, stop: int) -> memoryview:
    """Bytes start to stop of a CPU storage: writable, no copy, and the storage lives as long as the view."""
    if start == stop:
        return memoryview(bytearray())
    array = (_BYTE * (stop - start)).from_address(storage.data_ptr() + start)
    array.storage = storage  # type: ignore[attr-defined]  # an attribute of ours: it keeps the memory
    return memoryview(array).cast("B")


def bytes_of(storage: torch.UntypedStorage, start: int, stop: int) -> Any:
    """Bytes start to stop for sending: a copy where they are few or not on the CPU, else a view."""
    if storage.device.type != "cpu":
        storage = as_bytes(storage)[start:stop].cpu().untyped_storage()
        start, stop = 0, stop - start
    if stop - start > SMALL:
        return view(storage, start, stop)
    return ctypes.string_at(storage.data_ptr() + start, stop - start) if stop > start else b""


def storage_of(data: memoryview) -> torch.UntypedStorage:
    """A storage of these bytes: their own where they are all of one, else a copy."""
    storage = getattr(data.obj, "storage", None)
    if isinstance(storage, torch.UntypedStorage) and storage.nbytes() == len(data):
        return storage
    storage = reserve(len(data))
    view(storage, 0, len(data))[:] = data
    return storage


def as_bytes(storage: torch.UntypedStorage) -> torch.Tensor:
    """The whole storage as a uint8 tensor on its device."""
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)  # type: ignore[call-overload]


def placed(
    storage: torch.UntypedStorage, dtype: torch.dtype, offset: int, shape: list[int], stride: list[int]
) -> torch.Tensor:
    """A tensor on this storage. The caller has made sure that it fits, else torch would enlarge the storage."""
    empty = torch.empty(0, dtype=dtype, device=storage.device)
    return empty.set_(storage, offset, shape, stride)  # type: ignore[call-overload]


def undisturbed(tensor: torch.Tensor | None = None) -> AbstractContextManager[Any]:
    """For our own operations (on this tensor): no subclass and no mode of the surrounding code has a say in them.

    Modes are a default device, a counter of operations, inference mode. Without any, and with a plain tensor, nothing
    is done, because to enter the contexts takes a fifth of the time of a small message.
    """
    modes = torch._C._len_torch_function_stack() or torch._C._len_torch_dispatch_stack()
    if not modes and not torch.is_inference_mode_enabled() and (tensor is None or type(tensor) in PLAIN):
        return _NOTHING
    return _alone()


@contextmanager
def _alone() -> Iterator[None]:
    with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch(), torch.inference_mode(False):
        yield


PLAIN = (torch.Tensor, torch.nn.Parameter)
_NOTHING: AbstractContextManager[None] = nullcontext()
