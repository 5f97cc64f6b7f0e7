"""Inside the student's process: cells follow one another, each check is served by a fork, and nothing is left open."""

from __future__ import annotations

import json
import os
import random
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from forked_student import forked_student, text_of, wait_until

from autograde.wall import runner, student
from autograde.wall.channel import Channel
from autograde.wall.limits import Closed, Overdue
from autograde.wall.peer import Wall
from autograde.wall.shell import make_shell
from autograde.wall.student import Student, Visit

ANSWERS = """import os, sys, threading, time
import torch
kept = [0]
def count():
    kept[0] += 1
    return kept[0]
def say(text):
    print(text)
    os.system('echo below')
def end(status):
    print('last words', flush=True)
    os._exit(status)
def never():
    while True: pass
def split():
    return os.fork()
def leave_behind():
    pid = os.fork()
    if pid == 0:
        while True: time.sleep(1)
    return pid
def threads():
    torch.ones(300, 300) @ torch.ones(300, 300)
    return torch.get_num_threads()
def fail(x):
    return 1 / x
def children_print():
    import multiprocessing
    worker = multiprocessing.get_context('fork').Process(target=print, args=('from a worker',))
    worker.start(); worker.join()
"""


@pytest.fixture(scope="module")
def there() -> Iterator[Student]:
    with forked_student() as student:
        result = student.run_cell(ANSWERS, 1, 30)
        assert (result.status, result.outputs) == ("ok", [])
        yield student


def asked(there: Student, name: str, *args: Any) -> tuple[Any, Visit]:
    """What a function of the student's returns in a check of its own, and how that went."""
    with there.check(1, 20, 50) as visit:
        wall = Wall(visit.channel, lambda: visit.deadline)
        value = wall.get(name)(*args)
    return value, visit


def in_fork(work: Callable[[], Any]) -> Any:
    """What `work` returns, run in a fork of this process."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writable, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writable)
    os.waitpid(pid, 0)
    with os.fdopen(readable) as answer:
        return json.load(answer)


def test_a_check_calls_the_students_functions_and_its_end_is_ok(there: Student) -> None:
    value, visit = asked(there, "count")
    assert (value, visit.ended, visit.message) == (1, "ok", "")
    assert visit.peak_bytes > 10 << 20


def test_no_check_changes_what_the_next_one_finds(there: Student) -> None:
    assert [asked(there, "count")[0] for _ in range(2)] == [1, 1]


def test_served_in_place_a_check_does_change_it() -> None:
    with forked_student(fork_checks=False) as there:
        there.run_cell(ANSWERS, 1, 30)
        assert [asked(there, "count")[0] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("fork", [True, False])
def test_a_check_starts_its_random_numbers_from_its_seed(fork: bool) -> None:
    draws = "import random, torch\nfrom autograde.wall import serve\n"
    draws += "serve.go_on = lambda *_: print(torch.rand(2).tolist(), random.random());"
    with forked_student(fork_checks=fork) as there:
        there.run_cell(draws, 1, 30)
        drawn = []
        for seed in (5, 5, 6):
            with there.check(seed, 20, 2) as visit:
                visit.channel.send({"op": "call"})  # what takes a fork
            drawn.append(text_of(visit.outputs))
    torch.manual_seed(5)
    random.seed(5)
    assert drawn[:2] == [f"{torch.rand(2).tolist()} {random.random()}\n"] * 2
    assert drawn[2] != drawn[0]


def test_what_the_students_code_prints_in_a_check_comes_back_in_order(there: Student) -> None:
    assert text_of(asked(there, "say", "hello")[1].outputs) == "hello\nbelow\n"


def test_what_a_check_prints_is_cut_like_a_cells_output() -> None:
    with forked_student(output_bytes=1000) as there:
        there.run_cell("def say(text):\n    print(text)", 1, 30)
        text = text_of(asked(there, "say", "x" * 5000)[1].outputs)
    assert text.endswith("… more output than is kept\n") and len(text) < 1100


def test_a_call_that_ends_the_process_costs_that_check_only(there: Student) -> None:
    with pytest.raises(Closed), there.check(1, 20, 9) as visit:
        Wall(visit.channel, lambda: visit.deadline).get("end")(3)
    assert (visit.ended, text_of(visit.outputs)) == ("crashed", "last words\n")
    assert visit.message == "The Python process ended while this cell ran: was it out of memory, or told to exit?"
    assert asked(there, "count")[0] == 1


def test_a_call_that_never_returns_costs_that_check_only(there: Student) -> None:
    with pytest.raises(Overdue), there.check(1, 0.3, 9) as visit:
        Wall(visit.channel, lambda: visit.deadline).get("never")()
    assert (visit.ended, visit.seconds < 2) == ("timeout", True)
    assert visit.message == "This cell did not finish within 0.3 seconds: is there a loop that never ends?"
    assert asked(there, "count")[0] == 1


def test_served_in_place_a_call_that_never_returns_is_interrupted() -> None:
    with forked_student(fork_checks=False) as there:
        there.run_cell(ANSWERS, 1, 30)
        with pytest.raises(Overdue), there.check(1, 0.3, 9) as visit:
            Wall(visit.channel, lambda: visit.deadline).get("never")()
        assert visit.ended == "timeout"
        assert asked(there, "count")[0] == 1


def test_an_error_of_the_judges_own_ends_the_visit_and_goes_on(there: Student) -> None:
    with pytest.raises(LookupError), there.check(1, 20, 9) as visit:
        raise LookupError
    assert visit.ended == "ok"


def test_a_process_that_a_check_leaves_behind_is_ended_with_it(there: Student) -> None:
    pid, visit = asked(there, "leave_behind")
    assert visit.ended == "ok"
    assert wait_until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][:3]
    except OSError:
        return False


def test_a_fork_in_a_check_does_not_answer_the_judge_a_second_time(there: Student) -> None:
    pid, visit = asked(there, "split")
    assert (pid > 0, visit.ended) == (True, "ok")


def test_a_pool_of_threads_that_a_cell_made_does_not_block_a_check(there: Student) -> None:
    there.run_cell("torch.set_num_threads(2); torch.ones(500, 500) @ torch.ones(500, 500);", 20, 20)
    assert asked(there, "threads")[0] == 1


def test_where_an_error_rose_is_told_by_cell_and_line(there: Student) -> None:
    with there.check(1, 20, 9) as visit:
        with pytest.raises(ZeroDivisionError) as caught:
            Wall(visit.channel, lambda: visit.deadline).get("fail")(0)
    line = ANSWERS.split("\n").index("    return 1 / x") + 1
    assert caught.value.frames == [(1, line, "fail")]  # type: ignore[attr-defined]


def test_what_a_worker_process_prints_is_the_cells_output(there: Student) -> None:
    assert text_of(there.run_cell("children_print()", 21, 20).outputs) == "from a worker\n"


def test_a_fork_that_a_cell_does_not_end_gives_no_second_answer(there: Student) -> None:
    result = there.run_cell("if os.fork() == 0: print('child', flush=True)\nelse: os.wait(); print('parent')", 22, 20)
    assert sorted(text_of(result.outputs).split()) == ["child", "parent"]
    assert text_of(there.run_cell("print('next')", 23, 20).outputs) == "next\n"


def test_a_thread_that_prints_after_its_cell_disturbs_nobody(there: Student) -> None:
    late = "threading.Thread(target=lambda: (time.sleep(0.1), print('late'))).start(); print('now')"
    assert text_of(there.run_cell(late, 24, 20).outputs) == "now\n"
    assert there.run_cell("x = 1", 25, 20).outputs == []
    wait = there.run_cell("time.sleep(0.2)", 26, 20)
    assert text_of(wait.outputs) in ("", "late\n")
    assert text_of(there.run_cell("print('clean')", 27, 20).outputs) == "clean\n"


def test_an_interrupt_between_cells_is_not_the_next_cells(there: Student) -> None:
    assert there.process is not None
    there.process.interrupt()
    assert there.run_cell("time.sleep(0.05); print('undisturbed')", 28, 20).status == "ok"


def test_a_silent_cell_leaves_what_it_made_and_no_output(there: Student) -> None:
    result = there.run_cell("made = 5; print('unheard')", 29, 20, silent=True)
    assert (result.status, result.outputs) == ("ok", [])
    assert there.run_cell("1 / 0", 30, 20, silent=True).status == "error"
    assert text_of(there.run_cell("print(made)", 31, 20).outputs) == "5\n"


def test_one_of_the_lessons_first_cells_says_what_it_printed_and_leaves_nothing_open() -> None:
    def work() -> Any:
        shell = make_shell()
        before = set(os.listdir("/proc/self/fd"))
        results = [runner.prepare_cell(shell, source, n + 1) for n, source in enumerate(FIRST)]
        shell.rest()
        left = {os.readlink(f"/proc/self/fd/{fd}") for fd in set(os.listdir("/proc/self/fd")) - before if _open(fd)}
        return [(r.status, text_of(r.outputs)) for r in results], shell.user_ns["x"], sorted(left)

    results, x, left = in_fork(work)
    assert results == [["ok", "first\nbelow\n"], ["ok", ""], ["error", ""]]
    assert (x, left) == (3, [])


def test_random_numbers_that_the_lesson_seeded_go_on_in_a_fork() -> None:
    def work() -> Any:
        shell = make_shell()
        runner.prepare_cell(shell, "import random; random.seed(3); random.random()", 1)
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            ours.close()
            runner.main(theirs, shell, [])
        theirs.close()
        channel = Channel(ours)
        channel.send({"op": "cell", "source": "print(random.random())", "number": 2, "room": 100, "silent": False})
        return channel.receive()[0]["events"][0][2]

    random.seed(3)
    random.random()
    assert float(in_fork(work)) == random.random()


FIRST = ("import os\nprint('first'); os.system('echo below'); x = 3", "import asyncio\nawait asyncio.sleep(0)", "1 / 0")


def _open(fd: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{fd}")


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "lambda *_: os.wait()"])
def test_a_check_is_waited_for_whatever_a_cell_made_of_its_signal(handler: str) -> None:
    with forked_student() as there:
        there.run_cell(f"{ANSWERS}\nimport signal; signal.signal(signal.SIGCHLD, {handler});", 1, 30)
        assert asked(there, "count")[1].ended == "ok"


def test_a_folder_that_a_cell_deletes_is_put_back_with_the_lessons_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "quiz.json").write_text("{}")
    monkeypatch.setenv("MEASURE_FIRST_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path / "work")
    with forked_student() as there:
        result = there.run_cell("import os, shutil; shutil.rmtree(os.getcwd())", 1, 30)
        assert (result.status, result.message) == (
            "ok", "This cell deleted the folder that it ran in; it was put back.")  # fmt: skip
        result = there.run_cell("print(os.listdir())", 2, 30)
        assert (text_of(result.outputs), result.message) == ("['quiz.json']\n", "")


def test_a_shell_makes_no_file_no_thread_and_no_event_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("IPYTHONDIR", raising=False)

    def work() -> Any:
        before = set(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))
        make_shell()
        return before == (set(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")))

    assert in_fork(work) is True
    assert list(tmp_path.iterdir()) == []


def test_the_judge_waits_no_longer_than_it_says() -> None:
    assert (student.GRACE, student.PARTING) == (2.0, 1.0)
