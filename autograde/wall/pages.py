"""Makes a process cheap to fork: with its memory in huge pages, a fork copies 512 times fewer entries.

A fork of a process with torch in it copies the page table of some 180 MB and takes it down again. With huge pages a
fork that does nothing costs a quarter of the processor time, and one that serves a check four fifths: what it writes to
is still copied in pages of 4 KB. Measured with Linux 6.18; where the kernel cannot do it (before 6.1), nothing happens.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

HUGE = 2 << 20  # bytes of a huge page, on the machines that have this way of asking for one
MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25


def gather() -> int:
    """Gather this process's own memory into huge pages, as far as it can be; how many ranges were.

    To be called once, when everything is loaded and before the forks: it copies all of that memory.
    """
    if sys.platform != "linux":
        return 0
    libc, done = ctypes.CDLL(None, use_errno=True), 0
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError):
        for start, size in list(_ranges()):
            libc.madvise(start, size, MADV_HUGEPAGE)
            done += libc.madvise(start, size, MADV_COLLAPSE) == 0
    return done


def _ranges() -> Iterator[tuple[int, int]]:
    """(address, bytes) of the writable memory that belongs to no file, in whole huge pages."""
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        for line in maps:
            addresses, access, _offset, _device, _inode, *name = line.split()
            if access == "rw-p" and name in ([], ["[heap]"]):
                start, end = (int(address, 16) for address in addresses.split("-"))
                start, end = -(-start // HUGE) * HUGE, end // HUGE * HUGE
                if end > start:
                    yield start, end - start
