"""A sandbox's life: started, forked from by several judges, killed in every order, and nothing left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import rooms
from rooms import MIB, NOBODY, STAND_IN, Student, as_nobody, forked, needs_room, preload, running, started, until

from autograde.wall.ability import Ability
from autograde.wall.room import Preload, Room
from autograde.wall.sandbox import Sandbox, SandboxError

OTHERS: set[int] = set()  # what this worker's earlier tests keep running: a judge server that waits for more work


@pytest.fixture(autouse=True)
def others() -> None:
    """Tell this test's processes from those of other tests."""
    OTHERS.clear()
    OTHERS.update(rooms.descendants(os.getpid()))


def descendants(pid: int) -> set[int]:
    """Processes below this one that the running test has started."""
    return rooms.descendants(pid) - OTHERS


MODES = [pytest.param("warm", marks=needs_room), pytest.param("cold", marks=needs_room), "process"]


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the sandbox is asked for; warm and cold as this machine's user can have them."""
    if request.param == "cold":
        namespace = os.geteuid() != 0
        monkeypatch.setattr("autograde.wall.sandbox.ability", lambda: Ability("cold", "", "", namespace))
    return request.param


def isolation(mode: str) -> str:
    return "process" if mode == "process" else "sandbox"


def test_the_first_cells_run_once_and_every_fork_has_what_they_made(mode: str) -> None:
    what = preload(
        cells=("import os; made_by = os.getpid(); table = [1, 2]", "open('made.txt', 'w').write('by a cell')")
    )
    with started(isolation(mode), what=what) as sandbox:
        assert [cell["outputs"] for cell in sandbox.prepared] == [[{"number": 1}], [{"number": 2}]]
        for _ in range(2):
            with forked(sandbox) as student:
                assert student.run(
                    "table.append(3); out = [table, sorted(os.listdir('.')), open('made.txt').read()]"
                ) == [
                    [1, 2, 3],
                    ["made.txt", "stand_in.py"],
                    "by a cell",
                ]


def test_a_cell_that_fails_is_left_to_the_judge(mode: str) -> None:
    what = preload(cells=("a = 1", "1 / 0", "b = 1"))
    with started(isolation(mode), what=what) as sandbox:
        assert [cell["status"] for cell in sandbox.prepared] == ["ok"]
        with forked(sandbox) as student:
            assert student.ask("a") == "1"
            assert student.ask("b") == "NameError: name 'b' is not defined"


def test_files_lie_in_the_working_directory_and_in_the_data_folder(mode: str, tmp_path: Path) -> None:
    lesson, mine = tmp_path / "quiz_1.json", tmp_path / "my data.csv"
    lesson.write_text("quiz")
    mine.write_text("mine")
    what = preload(files=[lesson])
    with started(isolation(mode), what=what) as sandbox:
        with forked(sandbox, files=(mine,)) as student:
            assert student.run("out = [open(n).read() for n in ('quiz_1.json', 'my data.csv')]") == ["quiz", "mine"]
            source = "import os; out = sorted(os.listdir(os.environ['MEASURE_FIRST_DATA']))"
            assert student.run(source) == ["quiz_1.json", "stand_in.py"]
        with forked(sandbox) as student:
            assert student.ask("open('my data.csv')").startswith("FileNotFoundError")


@needs_room
def test_a_room_shows_the_folders_of_the_courses_data_that_the_lesson_reads_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("hub", "held_out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "posts.jsonl").write_text(name)
    monkeypatch.setattr("autograde.wall.bubblewrap.DATA", tmp_path)
    with started(what=preload(data=["hub", "gone"])) as sandbox:
        assert not (tmp_path / "gone").exists()
        with forked(sandbox) as student:
            assert student.ask("open('/course/data/hub/posts.jsonl').read()") == "'hub'"
            assert student.ask("open('/course/data/hub/mine', 'w')").startswith("OSError: [Errno 30]")
            assert student.ask("open('/course/data/held_out/posts.jsonl')").startswith("FileNotFoundError")
            assert student.run("import os; out = sorted(os.listdir('.'))") == ["stand_in.py"]


def test_a_link_in_a_submission_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    link = tmp_path / "data.csv"
    link.symlink_to(tmp_path / "secret")
    with started("process") as sandbox:
        with pytest.raises(OSError, match="symbolic links"):
            sandbox.fork("ada", [link])
        with forked(sandbox) as student:
            assert student.ask("1 + 1") == "2"


def test_device_and_scale_are_told_to_the_lesson(mode: str) -> None:
    with started(isolation(mode), what=preload(scale="full", environment={"LESSON": "01"})) as sandbox:
        with forked(sandbox, "zoë b") as student:
            source = "import os; out = [os.environ[name] for name in ('MEASURE_FIRST_DEVICE', 'MEASURE_FIRST_SCALE', 'MEASURE_FIRST_STUDENT', 'LESSON')]"  # noqa: E501
            assert student.run(source) == ["cpu", "full", "zoë b", "01"]


def test_an_interrupt_is_a_keyboard_interrupt(mode: str) -> None:
    with started(isolation(mode)) as sandbox, forked(sandbox) as student:
        assert student.run("import time; out = 1") == 1
        import threading

        threading.Timer(0.3, student.process.interrupt).start()
        assert student.ask("time.sleep(30)") == "KeyboardInterrupt: "
        assert student.ask("1 + 1") == "2"


def test_memory_grows_with_what_is_held(mode: str) -> None:
    with started(isolation(mode)) as sandbox, forked(sandbox) as student:
        before = student.process.memory()
        assert 0 < before < 64 * MIB
        student.ask(f"held = b'x' * {100 * MIB}")
        assert 90 * MIB < student.process.memory() - before < 130 * MIB
        assert until(lambda: 90 * MIB < student.process.peak_bytes < 130 * MIB)


def test_too_much_memory_ends_the_process_in_every_mode(mode: str) -> None:
    source = f"import os, time\nfor n in range(4):\n    if os.fork() == 0: x = b'x' * {60 * MIB}; time.sleep(30)\ntime.sleep(30)"  # noqa: E501
    with started(isolation(mode), Room(memory_bytes=128 * MIB)) as sandbox, forked(sandbox) as student:
        assert student.ask(source) == "gone"
        assert student.process.ended == "out_of_memory"
        with forked(sandbox) as after:
            assert after.ask("1 + 1") == "2"


def test_kill_ends_it_and_says_so_once(mode: str) -> None:
    with started(isolation(mode)) as sandbox:
        process = sandbox.fork("ada", [])
        assert process.alive()
        pid = process.pid
        begun = time.monotonic()
        process.kill()
        assert time.monotonic() - begun < 2
        assert not process.alive()
        process.kill()
        process.close()
        process.close()
        assert not running(pid)


def test_an_end_of_its_own_is_seen(mode: str) -> None:
    with started(isolation(mode)) as sandbox, forked(sandbox) as student:
        assert student.ask("__import__('os')._exit(0)") == "gone"
        assert student.process.wait(5)
        assert not student.process.alive()
        assert student.process.ended is None


def test_processes_that_leave_their_session_are_gone_too(mode: str) -> None:
    source = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(60)\n    os._exit(0)"
    )
    with started(isolation(mode)) as sandbox:
        with forked(sandbox) as student:
            student.ask(source)
            until(lambda: len(descendants(os.getpid())) > 2, 0.3)
            time.sleep(0.1)
            before = descendants(os.getpid())
        assert until(lambda: len([pid for pid in before if running(pid)]) <= 3)
        strays = [pid for pid in before if running(pid) and Path(f"/proc/{pid}/stat").read_text().split()[3] == "1"]
        assert strays == []


def test_close_leaves_no_process_and_no_folder(mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with started(isolation(mode)) as sandbox:
        processes = [sandbox.fork(name, []) for name in ("ada", "bea")]
        before = descendants(os.getpid())
        assert before
    assert until(lambda: not [pid for pid in before if running(pid) and mode != "cold"])
    for process in processes:
        process.close()
    assert until(lambda: not [pid for pid in before if running(pid)])
    assert list(tmp_path.iterdir()) == []


JUDGE = f"""
import os, sys, time
sys.path.insert(0, {str(STAND_IN.parent)!r})
from rooms import *
from autograde.wall import ability
sandbox = Sandbox(sys.argv[1], Room(), preload())
sandbox.start()
processes = [sandbox.fork(name, []) for name in ("ada", "bea")]
for one in processes:
    Student(one).ask("import os, time\\nif os.fork() == 0: os.setsid(); time.sleep(60)")
print(os.getpid(), flush=True)
time.sleep(60)
"""


def judge(
    mode: str, tmp_path: Path, program: str = JUDGE, user: int | None = None
) -> tuple[subprocess.Popen[str], set[int]]:
    """A judge of its own with two submissions in it, and the processes below it; user: whose it is (None: ours)."""
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"MEASURE_FIRST_SANDBOX": mode} if mode != "process" else {}
    popen = subprocess.Popen(
        [sys.executable, "-c", program, isolation(mode)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=STAND_IN.parents[2],
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    assert popen.stdout is not None
    assert popen.stdout.readline().strip() == str(popen.pid)
    below = descendants(popen.pid)
    assert len(below) >= 5
    return popen, below


def test_a_judge_that_is_killed_takes_everything_along(mode: str, tmp_path: Path) -> None:
    popen, below = judge(mode, tmp_path)
    popen.kill()
    popen.wait()
    assert until(lambda: not [pid for pid in below if running(pid)])
    assert popen.stdout is not None
    popen.stdout.close()
    assert until(lambda: list(tmp_path.iterdir()) == [])


@as_nobody
def test_an_ordinary_users_judge_that_is_killed_takes_everything_along(mode: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, NOBODY, NOBODY)
        popen, below = judge(mode, Path(folder), user=NOBODY)
        assert {os.stat(f"/proc/{pid}").st_uid for pid in below} <= {0, NOBODY}, "0: what may not be looked into"
        popen.kill()
        popen.wait()
        assert popen.stdout is not None
        popen.stdout.close()
        assert until(lambda: not [pid for pid in below if running(pid)])
        assert until(lambda: os.listdir(folder) == [])


def test_a_judge_that_is_killed_takes_everything_along_though_a_fork_of_it_lives_on(mode: str, tmp_path: Path) -> None:
    lives_on = "if os.fork() == 0: time.sleep(60); os._exit(0)\nprint(os.getpid()"
    popen, below = judge(mode, tmp_path, JUDGE.replace("print(os.getpid()", lives_on))
    own = [pid for pid in below if b"-c" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    (survivor,) = own
    popen.kill()
    popen.wait()
    assert popen.stdout is not None
    popen.stdout.close()
    try:
        assert until(lambda: not [pid for pid in below - {survivor} if running(pid)])
        assert running(survivor)
    finally:
        os.kill(survivor, signal.SIGKILL)


def test_without_a_room_forks_end_with_their_server() -> None:
    with started("process") as sandbox:
        assert sandbox._server is not None
        process = sandbox.fork("ada", [])
        process.sock.sendall(b'"while True: pass"\n')
        sandbox._server.popen.kill()
        assert until(lambda: not running(process.pid))
        process.close()


@pytest.mark.parametrize("which", [0, 1, 2, -1])
@needs_room
def test_whichever_process_of_a_room_is_killed_nothing_stays_when_the_judge_ends(which: int, tmp_path: Path) -> None:
    popen, below = judge("warm", tmp_path)
    os.kill(sorted(below)[which], signal.SIGKILL)
    time.sleep(0.05)
    popen.kill()
    popen.wait()
    assert popen.stdout is not None
    popen.stdout.close()
    assert until(lambda: not [pid for pid in below if running(pid)])
    assert list(tmp_path.iterdir()) == []


def test_judges_forked_from_the_starter_fork_at_once_and_one_that_is_killed_loses_only_its_own(mode: str) -> None:
    with started(isolation(mode)) as sandbox:
        reports = []
        for number in range(3):
            reading, writing = os.pipe()
            pid = os.fork()
            if pid == 0:
                try:
                    process = sandbox.fork(f"student {number}", [])
                    said = Student(process).ask("__import__('os').environ['MEASURE_FIRST_STUDENT']")
                    os.write(writing, f"{process.pid} {said}".encode())
                    if number == 1:  # busy when its judge is killed: it sees nothing of that
                        process.sock.sendall(b'"while True: pass"\n')
                        time.sleep(60)
                    process.close()
                    sandbox.close()  # not ours: does nothing
                finally:
                    os._exit(0)
            os.close(writing)
            reports.append((pid, reading))
        heard = [os.read(reading, 100).decode() for _, reading in reports]
        assert [one.split(" ", 1)[1] for one in heard] == [f"'student {number}'" for number in range(3)]
        os.kill(reports[1][0], signal.SIGKILL)
        assert until(lambda: not running(int(heard[1].split()[0])))
        for pid, reading in reports:
            os.waitpid(pid, 0)
            os.close(reading)
        with forked(sandbox) as student:
            assert student.ask("1 + 1") == "2"


def test_a_fork_server_that_is_gone_is_said_and_can_be_started_again() -> None:
    with started("process") as sandbox:
        assert sandbox._server is not None
        sandbox._server.popen.kill()
        sandbox._server.popen.wait()
        assert not sandbox.alive()
        with pytest.raises(SandboxError, match=r"^The sandbox's fork server is gone \(Broken pipe\)\.$"):
            sandbox.fork("ada", [])
        sandbox.close()
        sandbox.start()
        with forked(sandbox) as student:
            assert student.ask("1 + 1") == "2"


def test_a_module_that_is_not_there_is_said_with_the_last_words_of_the_server() -> None:
    sandbox = Sandbox("process", Room(), Preload(["no_such_module"]))
    with pytest.raises(
        SandboxError, match=r"ended while it started\. It said: [\s\S]*No module named 'no_such_module'"
    ):
        sandbox.start()


def test_a_fork_before_the_start_is_said() -> None:
    with pytest.raises(SandboxError, match=r"^The sandbox is not running: start\(\) comes first\.$"):
        Sandbox("process", Room(), Preload()).fork("ada", [])


def test_an_unknown_isolation_is_refused() -> None:
    with pytest.raises(ValueError, match="choose sandbox or process"):
        Sandbox("none", Room(), Preload())


def test_without_a_sandbox_nothing_starts_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograde.wall.sandbox.ability", lambda: Ability("none", "It is not there.", "Install it."))
    with pytest.raises(SandboxError, match=r"^There is no sandbox here: It is not there\. Install it\.$"):
        Sandbox("sandbox", Room(), Preload()).start()


def test_cells_that_never_end_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograde.wall.launch.START_SECONDS", 0.6)
    sandbox = Sandbox("process", Room(), preload(cells=("while True: pass",)))
    with pytest.raises(SandboxError, match=r"^The sandbox's fork server was not ready within 0\.6 seconds\."):
        sandbox.start()
    assert descendants(os.getpid()) == set()


@needs_room
@pytest.mark.parametrize("device", ["cuda"])
def test_a_room_with_a_gpu_leaves_all_cells_to_the_submission(device: str) -> None:
    """A process that has started CUDA cannot be forked. Only what needs no GPU is tested here."""
    with started(room=Room(device=device), what=preload(cells=("a = 1",))) as sandbox:
        assert sandbox.prepared == []
        with forked(sandbox) as student:
            assert student.ask("a") == "NameError: name 'a' is not defined"
            assert student.run("import os; out = [os.environ['MEASURE_FIRST_DEVICE'], os.memfd_create('x') > 0]") == [
                "cuda",
                True,
            ]
