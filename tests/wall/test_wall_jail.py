"""Real code in a real room: what a submission tries, and that it reaches nothing and nobody."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rooms import MIB, WALLS, Student, forked, needs_room, preload, running, started, until

from autograde.wall.room import Room
from autograde.wall.sandbox import Sandbox

pytestmark = needs_room

SMALL = Room(memory_bytes=192 * MIB, disk_bytes=32 * MIB, processes=24, open_files=64, file_bytes=16 * MIB)
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=WALLS)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A fork server with little in it, behind each kind of walls that this user can have."""
    with started(room=SMALL, walls=request.param) as running_sandbox:
        yield running_sandbox


@pytest.fixture
def student(sandbox: Sandbox) -> Iterator[Student]:
    with forked(sandbox) as one:
        yield one


@pytest.fixture
def other(sandbox: Sandbox) -> Iterator[Student]:
    with forked(sandbox, "bea") as one:
        yield one


def refused(answer: str) -> bool:
    """Whether an attempt ended in an error of the operating system."""
    return answer.split(":")[0] in {
        "PermissionError", "FileNotFoundError", "OSError", "ConnectionRefusedError", "gaierror", "ProcessLookupError",
        "BlockingIOError", "NotADirectoryError", "TimeoutError", "BrokenPipeError",
    }  # fmt: skip


# What there is to read.


@pytest.mark.parametrize(
    "path",
    [
        "/etc/shadow", "/etc/sudoers", "/etc/machine-id", "/root/.bashrc", "/root/.ssh", "/var/log", "/run", "/boot",
        str(REPOSITORY / "course.toml"), str(REPOSITORY / "source"), str(REPOSITORY / "tests"), str(REPOSITORY / ".git"),  # noqa: E501
        str(REPOSITORY / "autograde"), str(REPOSITORY / "grading"), os.path.expanduser("~/.profile"),
        "/course/autograde/grading", "/course/autograde/authoring", "/course/autograde/cli.py", "/proc/1/root/etc/shadow",  # noqa: E501
        "/proc/self/cwd/../../etc/shadow", "/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/sys/kernel", "/proc/kcore",  # noqa: E501
    ],
)  # fmt: skip
def test_nothing_of_the_host_can_be_read(student: Student, path: str) -> None:
    assert refused(student.ask(f"__import__('os').listdir({path!r}) or open({path!r}, 'rb').read(1)"))


def test_what_a_lesson_imports_can_be_read(student: Student) -> None:
    assert student.run("import os, autograde; out = [autograde.__file__, sorted(os.listdir('/course/autograde'))]") == [
        "/course/autograde/__init__.py",
        ["__init__.py", "check", "course.py", "facts.py", "lesson", "markup.py", "wall"],
    ]


def test_the_environment_has_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEASURE_FIRST_SECRET", "kept from students")
    monkeypatch.setenv("MEASURE_FIRST_COURSE", "told to students")
    monkeypatch.setenv("HF_TOKEN", "hf_kept")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "kept")
    with started() as sandbox, forked(sandbox) as student:
        found = student.run("import os; out = dict(os.environ)")
        memory = "b'kept from students' in open('/proc/self/environ', 'rb').read()"
        assert student.ask(memory) in ("False", "PermissionError: [Errno 13] Permission denied: '/proc/self/environ'")
    assert "kept" not in repr(found)
    assert found["MEASURE_FIRST_COURSE"] == "told to students"
    assert found["MEASURE_FIRST_STUDENT"] == "ada"
    assert found["HOME"] == "/room/home"


def test_only_its_own_processes_are_in_proc(student: Student, other: Student) -> None:
    pids = "[name for name in __import__('os').listdir('/proc') if name.isdigit()]"
    assert student.ask(pids) == other.ask(pids) == "['1']"


@pytest.mark.parametrize("entry", ["mem", "environ", "fd", "root", "cwd", "maps", "exe", "task/2/mem"])
def test_no_entry_of_the_fork_server_in_proc(student: Student, entry: str) -> None:
    assert refused(student.ask(f"[open(f'/proc/{{pid}}/{entry}').read(1) for pid in range(2, 40)]"))


def test_what_one_writes_another_does_not_see(student: Student, other: Student) -> None:
    places = ["/tmp/a", "/dev/shm/a", "/room/home/a", "/room/work/a", "/room/a"]
    assert student.run(f"out = [open(path, 'w').write('x') for path in {places}]") == [1] * 5
    assert other.run(f"import os; out = [os.path.exists(path) for path in {places}]") == [False] * 5


def test_no_descriptor_but_the_null_device_and_the_channel(student: Student) -> None:
    source = "import os; out = [os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in range(20) if os.path.exists(f'/proc/self/fd/{n}') or os.path.islink(f'/proc/self/fd/{n}')]"  # noqa: E501
    assert student.run(source) == ["/dev/null"] * 3 + ["socket"]


def test_the_fork_server_remembers_no_student_and_no_file(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "data of sample-person-4711.csv").write_text("content of sample-person-4711")
    scan = """
import ctypes, re
def count(word):
    found = 0
    for line in open('/proc/self/maps'):
        span, rights = line.split()[:2]
        if rights.startswith('rw') and '[v' not in line:
            low, high = (int(part, 16) for part in span.split('-'))
            found += ctypes.string_at(low, high - low).count(word)
    return found
out = [count(bytes([115, 97, 109]) + b'ple-person-' + bytes([52, 55 + n])) - 1 for n in (0, 1)]  # but for itself
"""
    with forked(sandbox, "sample-person-4711", (tmp_path / "data of sample-person-4711.csv",)) as first:
        known, invented = first.run(scan)
        assert known > 0 and invented == 0
    with forked(sandbox, "bea") as second:
        assert second.run(scan) == [0, 0]


# What there is to write.


@pytest.mark.parametrize(
    "path",
    [
        "/x", "/usr/x", "/etc/x", "/etc/passwd", "/course/x", "/course/autograde/check/session.py", "/course/data/x",
        "/course/idle/bin/pip", "/dev/x", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern",
        "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/sys/devices/system/cpu/x",  # noqa: E501
    ],
)  # fmt: skip
def test_nothing_outside_its_own_folders_can_be_written(student: Student, path: str) -> None:
    assert refused(student.ask(f"open({path!r}, 'a').write('1')"))


@pytest.mark.parametrize("node", ["null", "zero", "full", "random", "urandom", "tty"])
def test_devices_can_be_used_and_not_changed(student: Student, node: str) -> None:
    assert refused(student.ask(f"__import__('os').chmod('/dev/{node}', 0o666)"))
    assert refused(student.ask(f"__import__('os').utime('/dev/{node}')"))
    assert node == "tty" or student.ask(f"open('/dev/{node}', 'rb').read(0)") == "b''"
    assert student.ask("open('/dev/null', 'wb').write(b'x')") == "1"


def test_packages_cannot_be_changed(student: Student) -> None:
    source = "[open(f'{path}/sitecustomize.py', 'w') for path in __import__('sys').path if path.endswith('packages')]"
    assert refused(student.ask(source))
    assert refused(student.ask("open(__import__('json').__file__, 'a')"))
    assert refused(student.ask("__import__('os').remove(__import__('json').__file__)"))


def test_a_home_and_a_working_directory_of_its_own_can_be_written(student: Student) -> None:
    source = "import os; os.makedirs(os.path.expanduser('~/.ipython')); open('notes.txt', 'w').write('x')\n"
    assert student.run(source + "out = [os.getcwd(), os.path.expanduser('~')]") == ["/room/work", "/room/home"]


def test_package_managers_do_nothing(student: Student) -> None:
    idle = "pip does nothing while a notebook is graded: the packages stay as they are\n"
    source = "import shlex, subprocess, sys; out = [subprocess.run(line, shell=True, capture_output=True, text=True).stdout for line in ('pip install x', shlex.quote(sys.executable) + ' -m pip install x')]"  # noqa: E501
    assert student.run(source) == [idle, idle]


# Whom there is to reach.


def test_no_network(student: Student) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = "__import__('socket').create_connection({}, 2)"
        for address in (("127.0.0.1", port), ("8.8.8.8", 53), ("::1", port)):
            assert refused(student.ask(connect.format(address)))
        assert refused(student.ask("__import__('socket').getaddrinfo('example.org', 80)"))
        assert refused(student.ask("__import__('socket').socket(2, 2).sendto(b'x', ('8.8.8.8', 53))"))


def test_a_server_of_its_own_can_be_reached(student: Student) -> None:
    source = "import socket; server = socket.create_server(('127.0.0.1', 0)); out = socket.create_connection(server.getsockname(), 2).fileno() > 0"  # noqa: E501
    assert student.run(source) is True


@pytest.mark.parametrize("family", ["vsock 40", "packet 17", "crypto 38", "bluetooth 31", "tipc 30", "xdp 44"])
def test_no_other_kind_of_socket(student: Student, family: str) -> None:
    said = student.ask(f"__import__('socket').socket({family.split()[1]}, 1)")
    assert said == "OSError: [Errno 97] Address family not supported by protocol"


def test_siblings_and_the_host_are_not_reached_by_abstract_sockets(student: Student, other: Student) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("\0of the judge")
        listening.listen()
        assert student.run("import socket; s = socket.socket(1); s.bind('\\0mine'); s.listen(); out = 1") == 1
        assert student.run("import socket; c = socket.socket(1); c.connect('\\0mine'); out = 1") == 1
        for name in ("mine", "of the judge"):
            assert refused(other.ask(f"__import__('socket').socket(1).connect('\\0{name}')"))


def test_a_terminal_of_one_is_none_of_anothers(student: Student, other: Student) -> None:
    source = "import os, pty; held = pty.openpty(); out = [os.ttyname(held[1]), sorted(os.listdir('/dev/pts'))]"
    assert student.run(source) == ["/dev/pts/0", ["0", "ptmx"]]
    assert other.ask("__import__('os').listdir('/dev/pts')") == "['ptmx']"


@pytest.mark.parametrize("kind", ["pid", "mnt", "net", "ipc", "user"])
def test_each_fork_has_namespaces_of_its_own(sandbox: Sandbox, student: Student, other: Student, kind: str) -> None:
    link = f"__import__('os').readlink('/proc/self/ns/{kind}')"
    assert len({student.ask(link), other.ask(link), repr(os.readlink(f"/proc/self/ns/{kind}"))}) == 3


def test_no_shared_memory_of_the_old_kind(student: Student) -> None:
    call = "__import__('ctypes').CDLL(None).{}"
    assert student.ask(call.format("shmget(1234, 4096, 0o1666)")) == "-1"
    assert student.ask(call.format("msgget(1234, 0o1666)")) == "-1"
    assert student.ask(call.format("semget(1234, 1, 0o1666)")) == "-1"


def test_shared_memory_by_name_is_its_own(student: Student, other: Student) -> None:
    name = "from multiprocessing import shared_memory as m; s = m.SharedMemory('area', {}, 4096); out = s.buf[0]; s.buf[0] = 7"  # noqa: E501
    assert student.run(name.format("True")) == 0
    assert refused(other.ask(name.format("False")))
    assert other.run(name.format("True")) == 0


@pytest.mark.parametrize("signal", [0, 2, 9, 15, 19])
def test_signals_reach_nobody_else(sandbox: Sandbox, student: Student, other: Student, signal: int) -> None:
    assert sandbox._server is not None
    pids = [other.process.pid, sandbox._server.popen.pid, os.getpid(), *range(2, 300)]
    source = f"""
import os
out = []
for pid in {pids} + [os.getppid() or 999999]:
    try:
        os.kill(pid, {signal})
        out.append(pid)
    except OSError:
        pass
"""
    assert student.run(source) == []
    assert other.ask("1 + 1") == "2"
    assert sandbox.alive()


def test_killing_everything_ends_nobody_else(sandbox: Sandbox, other: Student) -> None:
    with forked(sandbox) as student:
        student.ask("[__import__('os').kill(pid, 9) for pid in (-1, 0, 1)]", 3)
    assert other.ask("1 + 1") == "2"
    with forked(sandbox) as after:
        assert after.ask("1 + 1") == "2"


# What the kernel offers.


def test_no_privilege_is_left(student: Student) -> None:
    source = "out = {k: v.strip() for k, _, v in (line.partition(':') for line in open('/proc/self/status'))}"
    status = student.run(source)
    nothing = "0000000000000000"
    assert [status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")] == [nothing] * 5
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert set(status["Uid"].split() + status["Gid"].split()) == {"1000"}
    assert student.ask("__import__('ctypes').CDLL(None).prctl(3)") == "0"  # not dumpable: nobody may look into it
    names = (
        "import os, pwd, getpass; out = [os.getuid(), pwd.getpwuid(1000)[0], getpass.getuser(), os.stat('.').st_uid]"
    )
    assert student.run(names) == [1000, "student", "student", 1000]


@pytest.mark.parametrize(
    "call",
    [
        "unshare(0x10000000)", "unshare(0x20000)", "mount(b'none', b'/tmp', b'tmpfs', 0, 0)", "umount2(b'/room', 2)",
        "ptrace(0, 0, 0, 0)", "setns(0, 0)", "chroot(b'/tmp')", "syscall(321, 0, 0, 0)", "syscall(323, 0)",
        "syscall(425, 1, 0)", "syscall(298, 0, 0, -1, -1, 0)", "syscall(250, 0, 0)", "syscall(438, 3, 0, 0)",
        "syscall(319, b'x', 0)", "syscall(435, 0, 0)", "syscall(56, 0x10000011, 0, 0, 0, 0)", "personality(0)",
        "sethostname(b'x', 1)", "syscall(0x40000000 + 39)", "syscall(155, b'/', b'/')", "setuid(0)", "setgid(0)",
        "syscall(310, 1, 0, 0, 0, 0, 0)", "ioctl(0, 0x5412, b'x')", "syscall(165, 0, 0, 0, 0, 0)", "mknod(b'/tmp/n', 0o60666, 0x800)",  # noqa: E501
    ],
)  # fmt: skip
def test_calls_that_lead_out_are_refused(student: Student, call: str) -> None:
    assert student.ask(f"__import__('ctypes').CDLL(None).{call}") == "-1"


# What there is to use up.


def test_a_fork_bomb_is_bounded_and_only_hurts_itself(sandbox: Sandbox, other: Student) -> None:
    bomb = """
import os, time
made = 0
while True:
    try:
        if os.fork() == 0:
            time.sleep(60)
        made += 1
    except BlockingIOError:
        break
out = made
"""
    with forked(sandbox) as student:
        made = student.run(bomb)
        # Where the kernel does not count (real root in a user namespace), the watch ends it.
        assert made == "gone" or made < SMALL.processes
        assert made != "gone" or student.process.ended == "processes"
        assert other.run("import os; pid = os.fork(); pid or os._exit(0); out = os.waitpid(pid, 0)[1]") == 0
    with forked(sandbox) as after:
        assert after.ask("1 + 1") == "2"


def test_a_thread_bomb_is_bounded(sandbox: Sandbox) -> None:
    with forked(sandbox) as student:
        source = "import threading, time\nfor out in range(1000):\n    threading.Thread(target=time.sleep, args=(60,)).start()"  # noqa: E501
        said = student.ask(source)
        assert said == "RuntimeError: can't start new thread" or student.process.ended == "processes"


def test_a_greedy_list_ends_in_a_memory_error(student: Student) -> None:
    assert student.ask("b = []\nwhile True: b.append(bytearray(1 << 20))").startswith("MemoryError")
    assert student.run("del b; out = 1") == 1


def test_processes_that_are_greedy_together_are_ended(sandbox: Sandbox) -> None:
    source = f"""
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = bytearray({100 * MIB})
        time.sleep(60)
time.sleep(60)
"""
    with forked(sandbox) as student:
        assert student.ask(source, 10) == "gone"
        assert student.process.ended == "out_of_memory"
        assert student.process.peak_bytes > SMALL.memory_bytes


def test_shared_memory_counts(sandbox: Sandbox) -> None:
    source = "import mmap, time; m = [mmap.mmap(-1, 8 << 20) for _ in range(40)]\nfor one in m: one.write(b'x' * (8 << 20))\ntime.sleep(9)"  # noqa: E501
    with forked(sandbox) as student:
        assert student.ask(source, 10) == "gone"
        assert student.process.ended == "out_of_memory"


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "/room/home", "/room/work"])
def test_a_full_disk_is_its_own(student: Student, other: Student, folder: str) -> None:
    fill = f"[open(f'{folder}/{{n}}', 'wb').write(bytes(8 << 20)) for n in range(9)]"
    assert student.ask(fill) == "OSError: [Errno 28] No space left on device"
    assert other.run(f"out = open('{folder}/x', 'wb').write(bytes(8 << 20))") == 8 * MIB


def test_a_flood_of_small_files_is_bounded(student: Student) -> None:
    assert student.ask("[open(f'/tmp/{n}', 'w').close() for n in range(100_000)]").startswith("OSError: [Errno 28]")


def test_a_file_has_a_largest_size(student: Student) -> None:
    assert student.ask("open('big', 'wb').truncate(1 << 30)") == "OSError: [Errno 27] File too large"


def test_open_files_are_bounded(student: Student) -> None:
    assert student.ask("held = [open('/dev/null') for _ in range(1000)]").startswith(
        "OSError: [Errno 24] Too many open files"
    )


def test_limits_cannot_be_raised(student: Student) -> None:
    source = "__import__('resource').setrlimit(__import__('resource').{0}, (1 << 40, 1 << 40))"
    for limit in ("RLIMIT_DATA", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE"):
        assert student.ask(source.format(limit)).startswith(("ValueError", "PermissionError"))


# What stays behind: nothing.


@pytest.mark.parametrize(
    "escape",
    [
        "if os.fork() == 0: time.sleep(60)",
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(60)\n    os._exit(0)",
        "import signal\nif os.fork() == 0:\n    [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 13, 15)]\n    time.sleep(60)",  # noqa: E501
        "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True)",
        "import threading; threading.Thread(target=time.sleep, args=(60,)).start()",
    ],
)
def test_nothing_survives_the_kill(sandbox: Sandbox, escape: str) -> None:
    from autograde.wall.watch import family

    process = sandbox.fork("ada", [])
    student = Student(process)
    student.ask(f"import os, time\n{escape}")
    until(lambda: len(list(family(process.pid))) > 1, 0.2)
    inside = list(family(process.pid))
    process.close()
    assert [pid for pid in inside if running(pid)] == []


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)", "import sys; sys.exit(3)", "import ctypes; ctypes.string_at(0)", "import os; os.abort()",  # noqa: E501
        "import os; os.closerange(0, 99)", "import os; os.execv('/bin/true', ['true'])", "import os; os.rmdir('/room/work')",  # noqa: E501
        "import os; os.kill(os.getpid(), 9)", "import sys; sys.setrecursionlimit(10**9)\nf = lambda n: f(n + 1) + 1\nf(0)",  # noqa: E501
    ],
)  # fmt: skip
def test_the_next_fork_knows_nothing_of_how_the_last_one_ended(sandbox: Sandbox, end: str) -> None:
    with forked(sandbox) as student, contextlib.suppress(TimeoutError):
        student.ask(end, 2)
    with forked(sandbox) as after:
        assert after.run("import os; out = [os.getcwd(), os.listdir('.')]") == ["/room/work", ["stand_in.py"]]


def test_a_fork_that_exits_tells_how() -> None:
    with started() as sandbox, forked(sandbox) as student:
        assert student.ask("__import__('os')._exit(3)") == "gone"
        assert student.process.wait(2)
        assert (student.process.status, student.process.ended) == (3, None)


def test_a_crash_tells_which_signal() -> None:
    with started() as sandbox, forked(sandbox) as student:
        assert student.ask("__import__('ctypes').string_at(0)") == "gone"
        assert student.process.wait(2)
        assert student.process.status == -11


def test_forks_at_the_same_time_do_not_meet(sandbox: Sandbox) -> None:
    said: list[object] = []

    def one(name: str) -> None:
        with forked(sandbox, name) as student:
            student.ask(f"open('/tmp/name', 'a').write({name!r})")
            said.append(student.run("import os; out = [os.environ['MEASURE_FIRST_STUDENT'], open('/tmp/name').read()]"))

    threads = [threading.Thread(target=one, args=(f"student {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [[f"student {n}"] * 2 for n in range(6)]  # type: ignore[type-var]


def test_a_cold_room_has_the_same_walls() -> None:
    with started(room=SMALL, walls="cold") as sandbox, forked(sandbox) as student:
        for path in ("/etc/shadow", str(REPOSITORY / "course.toml"), "/proc/1/root/etc/shadow", "/dev/mem"):
            assert refused(student.ask(f"open({path!r}, 'rb').read(1)")), path
        for path in ("/x", "/usr/x", "/course/x", "/dev/x", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"):
            assert refused(student.ask(f"open({path!r}, 'a').write('1')")), path
        assert refused(student.ask("__import__('socket').create_connection(('8.8.8.8', 53), 2)"))
        assert refused(student.ask("__import__('socket').socket(40, 1)"))
        assert student.ask("__import__('ctypes').CDLL(None).unshare(0x10000000)") == "-1"
        status = student.run(
            "out = [l.split()[1] for l in open('/proc/self/status') if l[:3] in ('Cap', 'Uid', 'NoN')]"
        )
        assert status == ["1000", *["0" * 16] * 5, "1"]
        assert student.ask("[__import__('os').kill(pid, 9) for pid in (-1, 1)]") != "gone"
        assert student.run("import os; out = [os.getcwd(), os.listdir('.')]") == ["/room/work", ["stand_in.py"]]
        assert student.ask("b = []\nwhile True: b.append(bytearray(1 << 20))").startswith("MemoryError")
        assert student.ask("b.clear()") == "None"
        for folder in ("/tmp", "/dev/shm", "/room/home"):
            fill = f"[open(f'{folder}/{{n}}', 'wb').write(bytes(8 << 20)) for n in range(9)]"
            assert student.ask(fill) == "OSError: [Errno 28] No space left on device"
        # bubblewrap's first process is there too; what it holds open takes 64 KiB and no more, or nothing at all.
        flood = "import os\nfor _ in range(9): os.write(os.open('/proc/1/fd/{}', 0o4001), bytes(1 << 16))"
        for descriptor in range(3):
            assert refused(student.ask(flood.format(descriptor)))
        bomb = "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60)"
        assert student.ask(bomb).startswith("BlockingIOError") or student.process.ended == "processes"


def test_torch_in_a_fork_computes_differentiates_and_cannot_take_all_memory() -> None:
    with started(room=SMALL, what=preload(("torch",), first_uses=True)) as sandbox, forked(sandbox) as student:
        assert student.run(
            "import torch; x = torch.ones(3, requires_grad=True); (x * x).sum().backward(); out = x.grad.tolist()"
        ) == [2, 2, 2]
        assert student.ask("'torch.utils.flop_counter' in __import__('sys').modules") == "True"  # warmed up
        assert int(student.ask("__import__('gc').get_freeze_count()")) > 10_000
        assert student.ask("torch.empty(1 << 28).fill_(1.0)").startswith("RuntimeError")
        assert student.run("out = torch.ones(2).sum().item()") == 2
