"""The filter on system calls, run on paper: what each call of each machine gets."""

from __future__ import annotations

import errno
import struct

import pytest

from autograde.wall import syscalls

ALLOWED = 0x7FFF0000
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
EVERYDAY = {
    "read": (0, 63),
    "openat": (257, 56),
    "mmap": (9, 222),
    "futex": (202, 98),
    "execve": (59, 221),
    "wait4": (61, 260),
}


def verdict(code: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel's interpreter would return."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    lines = [struct.unpack_from("<HBBI", code, at) for at in range(0, len(code), 8)]
    at, word = 0, 0
    while True:
        operation, met, unmet, value = lines[at]
        at += 1
        if operation == 0x20:
            word = struct.unpack_from("<I", data, value)[0]
        elif operation == 0x06:
            return value
        else:
            holds = {0x15: word == value, 0x35: word >= value, 0x45: bool(word & value)}[operation]
            at += met if holds else unmet


def refusal(number: int) -> int:
    return 0x50000 | number


@pytest.mark.parametrize("machine", MACHINES)
def test_every_named_call_is_refused_and_everyday_calls_pass(machine: str) -> None:
    column, architecture = MACHINES[machine]
    code = syscalls.program(machine)
    assert code is not None
    for number in (numbers[column] for numbers in syscalls.CALLS.values()):
        assert number is None or verdict(code, architecture, number) == refusal(errno.EPERM)
    for absent in syscalls.ABSENT.values():
        assert verdict(code, architecture, absent[column]) == refusal(errno.ENOSYS)
    for pair in EVERYDAY.values():
        assert verdict(code, architecture, pair[column]) == ALLOWED


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_are_judged_by_their_arguments(machine: str) -> None:
    column, architecture = MACHINES[machine]
    code = syscalls.program(machine)
    assert code is not None

    def said(call: tuple[int, int], *arguments: int) -> int:
        return verdict(code or b"", architecture, call[column], arguments)

    thread = 0x3D0F00
    assert said(syscalls.CLONE, thread) == said(syscalls.CLONE, 17) == ALLOWED
    for flag in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert said(syscalls.CLONE, thread | flag) == refusal(errno.EPERM)
    for call in (syscalls.SOCKET, syscalls.SOCKETPAIR):
        assert [family for family in range(64) if said(call, family, 1) == ALLOWED] == [1, 2, 10, 16]
    assert said(syscalls.SOCKET, 40) == refusal(errno.EAFNOSUPPORT)
    assert said(syscalls.IOCTL, 0, 0x5412) == said(syscalls.IOCTL, 0, 0x541C) == refusal(errno.EPERM)
    assert said(syscalls.IOCTL, 0x5412, 0x5401) == ALLOWED
    assert said(syscalls.FCNTL, 3, 1024) == refusal(errno.EPERM)
    assert said(syscalls.FCNTL, 1024, 3) == ALLOWED
    # The kernel reads 32 bits of these arguments: what stands above them is no way round.
    assert said(syscalls.IOCTL, 0, 0x5412 | 1 << 40) == refusal(errno.EPERM)
    assert said(syscalls.SOCKET, 40 | 1 << 40) == refusal(errno.EAFNOSUPPORT)


def test_other_machines_calls_are_absent() -> None:
    code = syscalls.program("x86_64")
    assert code is not None
    assert verdict(code, 0x40000003, 1) == refusal(errno.ENOSYS)  # 32-bit calls
    assert verdict(code, 0xC000003E, 0x40000000 | 1) == refusal(errno.ENOSYS)  # x32's


def test_cuda_may_make_memory_files() -> None:
    code = syscalls.program("x86_64", memory_files=True)
    assert code is not None
    assert verdict(code, 0xC000003E, 319) == ALLOWED


def test_an_unknown_machine_has_no_filter() -> None:
    assert syscalls.program("riscv64") is None
