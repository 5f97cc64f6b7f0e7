"""What the CPU build of PyTorch leaves out of `torch.cuda`, for the pretend card: one device, host memory and clock."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CARD = SimpleNamespace(
    name="pretend CUDA device (host memory)", total_memory=16 * 2**30, major=8, minor=0, multi_processor_count=1,
    max_threads_per_multi_processor=2048, L2_cache_size=0,
)  # fmt: skip


class Event:
    """`torch.cuda.Event` by the host's clock."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.at = 0.0

    def record(self, _stream: Any = None) -> None:
        self.at = time.perf_counter()

    def elapsed_time(self, end: Event) -> float:
        return (end.at - self.at) * 1000

    def synchronize(self) -> None: ...

    def wait(self, _stream: Any = None) -> None: ...

    def query(self) -> bool:
        return True


class Stream:
    """`torch.cuda.Stream`: everything runs at once on the host."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.device_index, self.cuda_stream = 0, 0

    def synchronize(self) -> None: ...

    def wait_stream(self, _other: Any) -> None: ...

    def wait_event(self, _event: Any) -> None: ...

    def record_event(self, event: Any = None) -> Any:
        return event or Event()


class Current(contextlib.nullcontext):
    """`torch.cuda.device`: there is one card, and it is the current one."""

    def __init__(self, *_: Any) -> None:
        super().__init__()


def always(value: Any) -> Callable[..., Any]:
    """A new function that returns value, whatever it is called with: torch's compiler wants one for each name."""
    return lambda *_, **__: value


def calls(function: Callable[[], Any]) -> Callable[..., Any]:
    """A new function that calls `function` without arguments, whatever it is called with."""
    return lambda *_, **__: function()


def dress(torch: Any, library: ctypes.CDLL) -> None:
    """Give an imported `torch` the parts of `torch.cuda` that the CPU build leaves out. library: card.cpp's."""
    for name, value in (_lifecycle() | _facts() | _memory(library) | _streams()).items():
        setattr(torch.cuda, name, value)
    torch._C._cuda_isCurrentStreamCapturing = always(False)
    torch._C._cuda_getCurrentRawStream = always(0)
    torch._C._cuda_getDevice = always(0)
    _random_numbers(torch)
    _profiler(torch)
    torch.storage._StorageBase.clone = clone(torch.storage._StorageBase.clone)
    torch.serialization.register_package(5, always(None), load_to_card)
    torch.cuda.memory._record_memory_history = always(None)
    torch.cuda.memory._dump_snapshot = lambda path="dump_snapshot.pickle": Path(path).write_bytes(pickle.dumps({}))
    for name in ("range_push", "range_pop", "mark"):
        setattr(torch.cuda.nvtx, name, always(None))
    torch.cuda.nvtx.range = Current


def _lifecycle() -> dict[str, Any]:
    """There from the first use on. That a fork may not go on is card.cpp's business."""
    born, used = os.getpid(), []
    begin = lambda: used.append(True)  # noqa: E731

    return {
        "_lazy_init": begin, "init": calls(begin), "_is_compiled": always(True), "is_available": always(True),
        "is_initialized": lambda: bool(used), "_is_in_bad_fork": lambda: bool(used) and os.getpid() != born,
    }  # fmt: skip


def _facts() -> dict[str, Any]:
    return {
        "device_count": always(1), "current_device": always(0), "set_device": always(None), "device": Current,
        "get_device_name": always(CARD.name), "get_device_capability": always((CARD.major, CARD.minor)),
        "get_device_properties": always(CARD), "get_arch_list": always(["sm_80"]), "is_bf16_supported": always(True),
    }  # fmt: skip


def _memory(library: ctypes.CDLL) -> dict[str, Any]:
    """Bytes as card.cpp counts them: what tensors hold, without an allocator's reserve."""
    now, most = library.pretend_allocated, library.pretend_most
    return {
        "memory_allocated": calls(now), "memory_reserved": calls(now), "max_memory_allocated": calls(most),
        "max_memory_reserved": calls(most), "reset_peak_memory_stats": calls(library.pretend_reset),
        "mem_get_info": calls(lambda: (CARD.total_memory - now(), CARD.total_memory)), "empty_cache": always(None),
        "memory_summary": always("a pretend card keeps no table"), "ipc_collect": always(None),
    }  # fmt: skip


def _streams() -> dict[str, Any]:
    return {
        "Event": Event, "Stream": Stream, "current_stream": calls(Stream), "default_stream": calls(Stream),
        "stream": calls(contextlib.nullcontext), "synchronize": always(None),
    }  # fmt: skip


def _random_numbers(torch: Any) -> None:
    cuda, one = torch.cuda, torch.Generator("cuda")  # card.cpp gives its default generator to who asks first
    cuda.default_generators = (one,)
    cuda.manual_seed = lambda seed: one.manual_seed(seed) and None
    cuda.manual_seed_all = lambda seed: one.manual_seed(seed) and None
    cuda.get_rng_state = calls(one.get_state)
    cuda.set_rng_state = lambda state, *_: one.set_state(state) and None
    cuda.get_rng_state_all = lambda: [one.get_state()]
    cuda.set_rng_state_all = lambda states: one.set_state(states[0]) and None


def _profiler(torch: Any) -> None:
    """Profile the host only: the card has no events, and PyTorch would say so at every operator."""
    whole, card = torch.profiler.profile.__init__, torch.profiler.ProfilerActivity.CUDA

    def host_only(self: Any, *args: Any, activities: Any = None, **more: Any) -> None:
        whole(self, *args, activities={one for one in activities or () if one is not card} or None, **more)

    torch.profiler.profile.__init__ = host_only


def clone(host: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What copies a storage, on the card too. host: PyTorch's own."""
    import torch

    def either(self: Any) -> Any:
        if self.device.type != "cuda":
            return host(self)
        return torch.empty(0, dtype=torch.uint8, device=self.device).set_(self).clone().untyped_storage()

    return either


def load_to_card(storage: Any, location: str) -> Any:
    """What `torch.load` does with what was saved from a card; None for what was not."""
    import torch

    if not location.startswith("cuda"):
        return None
    return torch.empty(0, dtype=torch.uint8).set_(storage).to(location).untyped_storage()
