"""A filter on system calls: what no lesson needs, and what the ways out of a sandbox have been made of.

It stands behind the other walls: a fork has no capability left, and most of these calls would fail without it. What the
filter refuses fails with EPERM, or with ENOSYS where a library then falls back on something else. There is one for
x86-64 and one for 64-bit ARM.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from autograde.wall import linux

# Numbers of <asm/unistd.h>: (x86-64, arm64); None where a machine has no such call.
CALLS: dict[str, tuple[int | None, int | None]] = {
    # other processes' memory and descriptors
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239), "migrate_pages": (256, 238),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "quotactl": (179, 60), "swapon": (167, 224),
    "swapoff": (168, 225), "open_tree_attr": (467, 467),
    # parts of the kernel with a large surface
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "modify_ldt": (154, None),
    "vmsplice": (278, 75), "personality": (135, 92), "syslog": (103, 116), "acct": (163, 89),
    # the machine itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "iopl": (172, None), "ioperm": (173, None),
    "sync": (162, 81), "syncfs": (306, 267),
    "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    # memory that nobody counts
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "memfd_secret": (447, 447),
}  # fmt: skip
# Libraries ask for these and do without.
ABSENT = {"clone3": (435, 435), "memfd_create": (319, 279)}
CLONE, SOCKET, SOCKETPAIR, IOCTL, FCNTL = (56, 220), (41, 198), (53, 199), (16, 29), (72, 25)
NAMESPACES = 0x7E020000  # every CLONE_NEW… flag of clone()
FAMILIES = (1, 2, 10, 16)  # local, IPv4, IPv6, netlink: not vsock (the host of a virtual machine), packets, crypto…
TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into somebody's terminal
LEASES = (1024, 1026)  # F_SETLEASE, F_NOTIFY: making others wait for a file that this user owns
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
OTHER_ABI = 0x40000000  # x32's calls have this bit

LOAD, JUMP, EQUAL, ABOVE, ANY, RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
ALLOW = 0x7FFF0000
FILTER = 2  # SECCOMP_MODE_FILTER
NUMBER_AT, MACHINE_AT, FIRST_AT, SECOND_AT = 0, 4, 16, 24  # offsets in struct seccomp_data (low words of arguments)


def _refuse(number: int) -> int:
    return 0x00050000 | number


def program(machine: str, memory_files: bool = False) -> bytes | None:
    """The filter for a machine (as os.uname() names it) in BPF, or None where there is none.

    memory_files: leave memfd_create, which CUDA's driver needs.
    """
    if machine not in MACHINES:
        return None
    column, architecture = MACHINES[machine]
    lines = [
        _line(LOAD, MACHINE_AT),
        _line(EQUAL, architecture, 1, 0),
        _line(RETURN, _refuse(errno.ENOSYS)),
        _line(LOAD, NUMBER_AT),
        _line(ABOVE, OTHER_ABI, 0, 1),
        _line(RETURN, _refuse(errno.ENOSYS)),
    ]
    for name, absent in ABSENT.items():
        if not (memory_files and name == "memfd_create"):
            lines += _refused(absent[column], errno.ENOSYS)
    for numbers in CALLS.values():
        lines += _refused(numbers[column], errno.EPERM)
    lines += _argument(CLONE[column], FIRST_AT, [_line(ANY, NAMESPACES, 0, 1), _line(RETURN, _refuse(errno.EPERM))])
    known = [_line(EQUAL, family, len(FAMILIES) - place, 0) for place, family in enumerate(FAMILIES)]
    for call in (SOCKET, SOCKETPAIR):  # a pair of another family would have the kernel load that family's module
        lines += _argument(call[column], FIRST_AT, [*known, _line(RETURN, _refuse(errno.EAFNOSUPPORT))])
    for call, requests in ((IOCTL, TERMINAL_INPUT), (FCNTL, LEASES)):
        refused = [line for request in requests for line in _refused(request, errno.EPERM)]
        lines += _argument(call[column], SECOND_AT, refused)
    lines.append(_line(RETURN, ALLOW))
    return b"".join(lines)


def _line(code: int, value: int, met: int = 0, unmet: int = 0) -> bytes:
    """One instruction; met and unmet: how many to skip when a comparison holds or does not."""
    return struct.pack("HBBI", code, met, unmet, value)


def _refused(number: int | None, error: int) -> list[bytes]:
    """The loaded word is compared with a number: equal is refused."""
    return [] if number is None else [_line(EQUAL, number, 0, 1), _line(RETURN, _refuse(error))]


def _argument(number: int, offset: int, lines: list[bytes]) -> list[bytes]:
    """For one call, look at an argument; afterwards the call's number is loaded again."""
    return [_line(EQUAL, number, 0, len(lines) + 2), _line(LOAD, offset), *lines, _line(LOAD, NUMBER_AT)]


def install(memory_files: bool = False) -> bool:
    """Put the filter before this process and everything that it will start; False where there is none for this machine.

    Needs no_new_privs. Cannot be taken away again.
    """
    code = program(os.uname().machine, memory_files)
    if code is None:
        return False
    held = ctypes.create_string_buffer(code, len(code))
    fprog = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held)))
    linux.prctl(linux.PR_SET_SECCOMP, FILTER, ctypes.addressof(fprog))
    return True
