"""Tensors: dtype, shape, stride, offset and flags in the tree, their storage among the buffers.

Tensors of one message that share storage share it on the other side. A subclass crosses as the plain tensor it is made
of; what has no plain bytes (quantised, nested, fake, inside torch.func) does not cross.
"""

from __future__ import annotations

import re
from math import prod
from typing import Any, NamedTuple

import torch
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

from autograde.wall.limits import Overfull, Unsendable, WireError, WireLimits
from autograde.wall.memory import PLAIN, placed, undisturbed
from autograde.wall.storages import Arrived, Storages, bits

_NAMES = """bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex32 complex64
complex128 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2""".split()
DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _NAMES if hasattr(torch, name)}
NAME_OF = {dtype: name for name, dtype in DTYPES.items()}

AXES = 64  # torch's own operations take no more
META = 1 << 62  # bytes that a tensor without bytes may claim: a lesson asks what a tensor of 2**60 would cost
FAR = 1 << 48  # no size, stride or offset beyond: products of two stay within 128 bits, and no memory is that large

# torch's own reading of the two, whatever a subclass says of itself.
_GRAD: Any = torch.Tensor.__dict__.get("requires_grad", torch._C.TensorBase.__dict__["requires_grad"]).__get__
_LEAF: Any = torch.Tensor.__dict__.get("is_leaf", torch._C.TensorBase.__dict__["is_leaf"]).__get__
_INT = {int}
_CUDA = re.compile(r"cuda:(\d|[1-9]\d)", re.ASCII)


class Mark(NamedTuple):
    """What a tensor was on the sender's side, apart from its values."""

    requires_grad: bool
    leaf: bool
    parameter: bool
    device: str


def pack_tensor(tensor: torch.Tensor, storages: Storages) -> dict[str, Any]:
    """The node of a tensor, to be completed by storages.buffers(). Raises Unsendable."""
    with undisturbed(tensor):
        flat = _flat(tensor)
        sparse = flat.layout == torch.sparse_coo
        node = _pack_sparse(flat, storages) if sparse else _pack_dense(flat, storages)
        node["$"] = "sparse" if sparse else "tensor"
        node["g"] = int(_GRAD(tensor)) + 2 * int(_LEAF(tensor)) + 4 * int(type(tensor) is torch.nn.Parameter)
        return node


def unpack_tensor(node: dict[str, Any], arrived: Arrived, limits: WireLimits) -> tuple[torch.Tensor, Mark]:
    """The plain tensor of a node, without requires_grad, and its mark. Raises WireError."""
    try:
        with undisturbed():
            plain = _sparse(node, arrived, limits) if node["$"] == "sparse" else _dense(node, arrived, limits)
    except (RuntimeError, TypeError, ValueError, OverflowError, MemoryError) as error:
        refused = isinstance(error, MemoryError) or "DefaultCPUAllocator" in str(error)
        raise (Overfull if refused else WireError)(f"a tensor that cannot be ({type(error).__name__})") from None
    flags, device = _of(node, "g", int), node.get("v", "cpu")
    mark = Mark(bool(flags & 1), bool(flags & 2), bool(flags & 4), device)
    if not 0 <= flags < 8 or not (mark.leaf or mark.requires_grad):
        raise WireError("a tensor with odd flags")
    if mark.requires_grad and not (plain.is_floating_point() or plain.is_complex()):
        raise WireError("a gradient of whole numbers")
    return plain, mark


def finish(tensor: torch.Tensor, mark: Mark) -> torch.Tensor:
    """The tensor as a leaf with the flags it had: what an Unpacker does where its user gives no other way."""
    if mark.parameter:
        return torch.nn.Parameter(tensor, requires_grad=mark.requires_grad)
    return tensor.requires_grad_(mark.requires_grad)


def _flat(tensor: torch.Tensor) -> torch.Tensor:
    """The plain tensor that a tensor is made of. Raises Unsendable."""
    flat = tensor if type(tensor) in PLAIN else _underneath(tensor)
    if torch._C._functorch.is_functorch_wrapped_tensor(flat):
        raise Unsendable("a tensor inside torch.func (vmap, grad, jvp) cannot cross: it has no values yet")
    if flat.is_quantized or flat.is_nested or flat.layout not in (torch.strided, torch.sparse_coo):
        kind = "quantised" if flat.is_quantized else "nested" if flat.is_nested else str(flat.layout)
        raise Unsendable(f"a {kind} tensor cannot cross")
    if flat.dtype not in NAME_OF or flat.device.type not in ("cpu", "cuda", "meta"):
        raise Unsendable(f"a tensor of dtype {flat.dtype} on {flat.device} cannot cross")
    if flat._is_zerotensor():
        return torch.zeros(flat.shape, dtype=flat.dtype, device=flat.device)
    if flat.is_conj() or flat.is_neg():
        return flat.detach().resolve_conj().resolve_neg()
    return flat


def _underneath(tensor: torch.Tensor) -> torch.Tensor:
    """The plain tensor of a subclass. Raises Unsendable."""
    if isinstance(tensor, (UninitializedBuffer, UninitializedParameter)):
        raise Unsendable("a parameter that has no shape yet cannot cross")
    if type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        raise Unsendable(f"a {type(tensor).__name__} cannot cross: it is no plain tensor underneath")
    return torch.Tensor.detach(tensor)


def _pack_dense(flat: torch.Tensor, storages: Storages) -> dict[str, Any]:
    shape, stride = list(flat.shape), list(flat.stride())
    node: dict[str, Any] = {"t": NAME_OF[flat.dtype], "s": shape, "d": stride, "o": 0}
    if _reach(shape, stride, 0, flat.dtype, META if flat.is_meta else storages.limits.buffer_bytes) < 0:
        raise Unsendable(f"a tensor of shape {tuple(shape)} is more than a message holds")
    if flat.is_meta:
        offset = int(flat.storage_offset())
        node["v"], node["o"] = "meta", offset if _reach(shape, stride, offset, flat.dtype, META) >= 0 else 0
        return node
    if flat.dtype == torch.bool and _odd(flat):
        flat = placed(flat.untyped_storage(), torch.uint8, int(flat.storage_offset()), shape, stride) != 0
        node["d"] = list(flat.stride())
    if flat.is_cuda:
        node["v"] = f"cuda:{flat.device.index or 0}"
    if not storages.whole(flat, node):
        storages.place(flat, node)
    return node


def _dense(node: dict[str, Any], arrived: Arrived, limits: WireLimits) -> torch.Tensor:
    dtype, shape, stride = DTYPES.get(_of(node, "t", str)), _sizes(node, "s"), _sizes(node, "d")
    offset, device = _of(node, "o", int), node.get("v", "cpu")
    if dtype is None or len(shape) != len(stride):
        raise WireError("a tensor of an unknown dtype or an odd shape")
    end = _reach(shape, stride, offset, dtype, META if device == "meta" else limits.buffer_bytes)
    if end < 0:
        raise WireError("a tensor whose shape is too large")
    if device == "meta":
        return torch.empty(end, dtype=dtype, device="meta").as_strided(shape, stride, offset)
    if type(device) is not str or (device != "cpu" and not _CUDA.fullmatch(device)):
        raise WireError("a tensor on an unknown device")
    storage = arrived.storage(_of(node, "b", int), node.get("w"), device)
    if end * dtype.itemsize > storage.nbytes():
        raise WireError("a tensor that reaches beyond its bytes")
    found = placed(storage, dtype, offset, shape, stride)
    if dtype == torch.bool and _odd(found):  # some of torch's kernels count on 0 and 1 when they reserve memory
        raise WireError("a truth value that is neither true nor false")
    # Nor may they share memory with other numbers, through which such a byte could still be written later.
    return found.clone() if arrived.mixed(_of(node, "b", int), dtype == torch.bool) else found


def _reach(shape: list[int], stride: list[int], offset: int, dtype: torch.dtype, most: int) -> int:
    """One past the last element of a storage that such a tensor reaches.

    -1 where torch could not hold it, or where it would take more than `most` bytes if it were written out.
    """
    numbers, far = (*shape, *stride, offset), max(FAR, most)
    if len(shape) > AXES or min(numbers) < 0 or max(numbers) >= far:
        return -1
    width = dtype.itemsize
    if 0 in shape:  # torch multiplies the other sizes all the same
        fits = prod(size for size in shape if size) * width <= far and offset * width <= far
        return offset if fits else -1
    count, end = 1, offset + 1
    for size, step in zip(shape, stride, strict=True):
        count *= size
        end += (size - 1) * step
    return end if count * width <= most and end * width <= far else -1


def _odd(flat: torch.Tensor) -> bool:
    """Does a bool tensor hold a byte other than 0 and 1 (made with view(torch.bool))?"""
    if not flat.numel():
        return False
    return bool(bits(flat, flat.untyped_storage(), int(flat.storage_offset())).max() > 1)


def _pack_sparse(flat: torch.Tensor, storages: Storages) -> dict[str, Any]:
    if _reach(list(flat.shape), [0] * flat.dim(), 0, flat.dtype, storages.limits.buffer_bytes) < 0:
        raise Unsendable(f"a sparse tensor of shape {tuple(flat.shape)} is more than a message holds, written out")
    if flat.is_meta:
        raise Unsendable("a sparse tensor on the meta device cannot cross")
    indices, values = flat._indices().detach(), flat._values().detach().resolve_conj().resolve_neg()
    parts = {"x": _pack_dense(indices, storages), "y": _pack_dense(values, storages)}
    return {"s": list(flat.shape), "c": flat.is_coalesced(), **parts}


def _sparse(node: dict[str, Any], arrived: Arrived, limits: WireLimits) -> torch.Tensor:
    shape, coalesced = _sizes(node, "s"), _of(node, "c", bool)
    indices, values = (_dense(_of(node, name, dict), arrived, limits) for name in "xy")
    if _reach(shape, [0] * len(shape), 0, values.dtype, limits.buffer_bytes) < 0:
        raise WireError("a sparse tensor whose shape is too large")
    if indices.dtype != torch.int64 or indices.dim() != 2 or values.is_meta or values.device != indices.device:
        raise WireError("a sparse tensor with odd indices")
    return torch.sparse_coo_tensor(indices, values, shape, is_coalesced=coalesced, check_invariants=True)


def _of(node: dict[str, Any], field: str, kind: type) -> Any:
    value = node.get(field)
    if type(value) is not kind:
        raise WireError(f"a tensor whose field {field} is no {kind.__name__}")
    return value


def _sizes(node: dict[str, Any], field: str) -> list[int]:
    values = _of(node, field, list)
    if not _INT.issuperset(map(type, values)):
        raise WireError(f"a tensor whose field {field} is no list of sizes")
    return values
