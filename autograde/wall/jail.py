"""Inside the room: what a fork does before any student code runs, so that it can reach nothing but its own channel.

Three modes. "warm": the fork gets namespaces of its own (processes, mounts, network, IPC, and a user or a user id);
"cold": the whole room was made for this one submission, and only privileges and limits remain to be dropped; "process":
no walls at all, only a folder and limits of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograde.wall import linux, syscalls
from autograde.wall.room import Room

FILES_EACH_MIB = 64  # files and folders that a fork's file system has room for, for each of its MiB
INSIDE_ID = 1000  # the user id that a fork sees, where it gets a user namespace
STACK_BYTES = 8 << 20


@dataclass(frozen=True)
class Place:
    """Where a fork lives: folder will hold its `work`, `home`, `tmp` and `shm`; it starts with template's files.

    python: folders of Python's own, which must stay visible when /tmp gets covered.
    """

    folder: Path
    template: Path
    mode: str
    python: tuple[str, ...] = ()


def prepare(settings: dict[str, Any], number: int) -> Place:
    """The place of the number-th fork of this server."""
    root = Path(settings["folder"])
    folder = root / f"fork-{number}" if settings["mode"] == "process" else root
    return Place(folder, root / "work", settings["mode"], tuple(settings.get("python", ())))


def fork(mode: str) -> int:
    """os.fork(); in warm mode the child is the first process of a new namespace of processes."""
    if mode != "warm":
        if sys.platform == "linux":
            linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        return os.fork()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        linux.unshare(linux.NEW_PIDS)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid != 0:
                linux.join(own, linux.NEW_PIDS)
        return pid
    finally:
        os.close(own)


def enter(place: Place, room: Room, uid: int, belongings: int, keep: tuple[int, ...]) -> None:
    """Shut this process in. Afterwards only `keep` and the null device are open, and the working directory is its own.

    uid: a user id that nobody has; belongings: a descriptor of what is the student's own (launch.belongings). Raises
    OSError when a wall cannot be put up: no student code may run then.
    """
    if os.getsid(0) != os.getpid():
        os.setsid()
    os.umask(0o022)
    template = os.open(place.template, os.O_RDONLY | os.O_DIRECTORY)
    this_process = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY) if place.mode != "process" else -1
    if place.mode == "warm":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # the first to go when the machine is out of memory
        divide(place, room, uid)
    own_user = become_nobody(place, uid, this_process)
    furnish(place, template)
    unpack(belongings)
    close_all_but(keep)
    set_limits(room, own_user)
    if place.mode != "process":
        give_up_privileges(room)
    if sys.platform == "linux":
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # last: a change of user would have undone it


def divide(place: Place, room: Room, uid: int) -> None:
    """Namespaces of this fork's own, and in them one small file system for everything that it may write.

    Bubblewrap has mounted all the rest read-only. The new /proc shows this fork's processes alone.
    """
    linux.unshare(linux.NEW_MOUNTS | linux.NEW_IPC | linux.NEW_NET)
    linux.loopback_up()
    linux.mount(None, "/", None, linux.PRIVATE | linux.RECURSIVE)
    python = [(path, os.open(path, os.O_PATH | os.O_DIRECTORY)) for path in place.python if _within(path, "/tmp")]
    plain = linux.NO_SUID | linux.NO_DEVICES
    options = f"size={room.disk_bytes},nr_inodes={max(1000, (room.disk_bytes >> 20) * FILES_EACH_MIB)},mode=755"
    linux.mount("tmpfs", str(place.folder), "tmpfs", plain, options)
    for name, target in (("tmp", "/tmp"), ("shm", "/dev/shm")):
        own = place.folder / name
        own.mkdir()
        own.chmod(0o1777)
        linux.mount(str(own), target, None, linux.BIND)
    if is_mapped(uid):
        os.chown(place.folder, uid, uid)
    for path, descriptor in python:
        os.makedirs(path)
        linux.mount(f"/proc/self/fd/{descriptor}", path, None, linux.BIND | linux.RECURSIVE)
    for device in _devices():  # writing to a device needs no writable mount; changing the host's device file does
        flags = os.statvfs(device).f_flag & (linux.NO_SUID | linux.NO_EXEC)
        linux.mount(None, device, None, linux.REMOUNT | linux.BIND | linux.READ_ONLY | flags)
    linux.mount("devpts", "/dev/pts", "devpts", linux.NO_SUID | linux.NO_EXEC, "newinstance,ptmxmode=0666,mode=620")
    linux.mount("proc", "/proc", "proc", plain | linux.NO_EXEC | linux.READ_ONLY)


def _devices() -> list[str]:
    """The host's device files that bubblewrap has bound."""
    with open("/proc/self/mounts", encoding="utf-8") as lines:
        paths = [line.split()[1] for line in lines]
    return [path for path in paths if path.startswith("/dev/") and stat.S_ISCHR(os.stat(path).st_mode)]


def become_nobody(place: Place, uid: int, this_process: int) -> bool:
    """Change to a user whom nothing else belongs to; whether this process' count of processes is now its own.

    Root becomes another user id. Then, and for everybody else, who has only one id, there is a namespace in which that
    is an ordinary user, the same in every fork; the kernel counts its processes apart from everybody's. Where even that
    is refused, the room's own namespace must do: without capabilities its root is a user like any other.
    """
    if place.mode == "process":
        return False
    own_id = is_mapped(uid)
    if own_id:
        take_id(place, uid)
    elif place.mode == "cold":
        return counts_apart()  # bubblewrap has made the namespace
    outside_uid, outside_gid = os.getuid(), os.getgid()
    try:
        linux.unshare(linux.NEW_USER)
    except OSError:
        return own_id
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {outside_uid} 1"),
        ("gid_map", f"{INSIDE_ID} {outside_gid} 1"),
    ):
        with open(os.open(name, os.O_WRONLY, dir_fd=this_process), "w", encoding="ascii") as file:
            file.write(text)
    return own_id or counts_apart()


def take_id(place: Place, uid: int) -> None:
    """Root becomes this user (and group), who owns the fork's folder."""
    if place.mode == "cold":
        for path in (place.folder, *place.folder.rglob("*")):
            os.chown(path, uid, uid, follow_symlinks=False)
    linux.limit_capabilities()  # while that is still allowed
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # for a moment: or our own id map would be root's


def is_mapped(uid: int) -> bool:
    """Whether this user id exists here and is ours to take (in the namespace of an ordinary user there is only one)."""
    if os.getuid() != 0 or sys.platform != "linux":
        return False
    with open("/proc/self/uid_map", encoding="ascii") as lines:
        return any(first <= uid < first + count for first, _, count in (map(int, line.split()) for line in lines))


def counts_apart() -> bool:
    """Whether this kernel counts the processes of a user namespace by themselves (since 5.14)."""
    major, minor = (int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    return (major, minor) >= (5, 14)


def furnish(place: Place, template: int) -> None:
    """Make the fork's folders, lay the lesson's files out, and go to the working directory."""
    work, home, tmp = place.folder / "work", place.folder / "home", place.folder / "tmp"
    if place.mode != "cold":  # a cold room's own work folder is this fork's, with what the first cells left in it
        here = os.open(".", os.O_RDONLY)
        os.fchdir(template)  # by descriptor: its path may be covered by now
        shutil.copytree(".", work, symlinks=True)
        os.fchdir(here)
        home.mkdir(parents=True, exist_ok=True)
        tmp.mkdir(exist_ok=True)
    os.chdir(work)
    os.environ |= {
        "HOME": str(home),
        "TMPDIR": str(tmp) if place.mode == "process" else "/tmp",
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
    }


def unpack(belongings: int) -> None:
    """Lay the submission's own files into the working directory, and let the environment name its student."""
    with os.fdopen(os.dup(belongings), "rb") as source:
        source.seek(0)
        things = json.loads(source.readline())
        os.environ["MEASURE_FIRST_STUDENT"] = things["student"]
        for name, size in things["files"]:
            with open(os.path.basename(name), "wb") as target:
                copy_bytes(source, target, size)


def copy_bytes(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy so many bytes; OSError where there are fewer."""
    while size > 0:
        block = source.read(min(size, 1 << 20))
        if not block:
            raise OSError("a file ended before its size: does somebody write to it?")
        target.write(block)
        size -= len(block)


def close_all_but(keep: Iterable[int]) -> None:
    """0, 1 and 2 become the null device; every other descriptor but these is closed."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    last = 3
    for descriptor in sorted(keep):
        os.closerange(last, descriptor)
        last = descriptor + 1
    os.closerange(last, 1 << 20 if sys.platform == "linux" else 4096)


def set_limits(room: Room, own_user: bool) -> None:
    """The limits that the kernel keeps for each process; own_user: processes are counted for this fork alone."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: room.open_files,
        resource.RLIMIT_FSIZE: room.file_bytes,
        resource.RLIMIT_STACK: STACK_BYTES,
    }
    if sys.platform == "linux":
        limits |= {resource.RLIMIT_MSGQUEUE: 0, resource.RLIMIT_NICE: 0, resource.RLIMIT_RTPRIO: 0}
        limits |= {resource.RLIMIT_SIGPENDING: 1024}
    if room.device == "cpu":  # CUDA maps and locks far more than it uses
        limits |= {resource.RLIMIT_DATA: data_bytes() + room.memory_bytes, resource.RLIMIT_MEMLOCK: 64 << 10}
    if own_user:
        limits[resource.RLIMIT_NPROC] = room.processes
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def data_bytes() -> int:
    """Bytes of writable memory that this process has mapped already."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmData:"):
                return int(line.split()[1]) << 10
    return 0


def give_up_privileges(room: Room) -> None:
    """No capability, no way to get one, nobody may look into this process, and the filter on system calls."""
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    syscalls.install(memory_files=room.device != "cpu")


def sweep(keep: set[int]) -> None:
    """End children of this process that are not in keep: what a submission's process left behind (Linux only)."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        strays = [pid for pid in _children() if pid not in keep]
        if not strays:
            return
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> list[int]:
    me = os.getpid()
    with contextlib.suppress(OSError), open(f"/proc/{me}/task/{me}/children", encoding="ascii") as children:
        return [int(pid) for pid in children.read().split()]
    return []


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
