# tries: the memory of the parent and of process 1 is read through /proc, ptrace and process_vm_readv
# must: *=not_attempted
# gains: 0

# %% own
import ctypes
import os
import re

libc = ctypes.CDLL(None, use_errno=True)

def hunt(pid, maps):
    for line in maps.splitlines():
        span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if not span:
            continue
        low, high = int(span[1], 16), min(int(span[2], 16), int(span[1], 16) + 2**24)
        buffer = ctypes.create_string_buffer(high - low)
        here = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), high - low)
        there = (ctypes.c_void_p * 2)(low, high - low)
        if libc.process_vm_readv(pid, here, 1, there, 1, 0) > 0:
            at = buffer.raw.find(b"kanarien" + b"vogel")
            if at >= 0:
                print(pid, buffer.raw[at : at + 60].hex())

for pid in {os.getppid(), 1, *(int(name) for name in os.listdir("/proc") if name.isdigit())} - {os.getpid()}:
    try:
        maps = open(f"/proc/{pid}/maps").read()
        print(pid, libc.ptrace(16, pid, 0, 0), ctypes.get_errno())
        hunt(pid, maps)
        libc.ptrace(17, pid, 0, 0)
    except OSError as error:
        print(pid, error.strerror)
