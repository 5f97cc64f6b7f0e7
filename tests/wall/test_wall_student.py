"""At the judge: whatever a student's process does, every cell has its result, in time, and nothing is raised."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from forked_student import ForkedProcess, forked_student, text_of
from nbformat.v4 import new_code_cell, new_notebook

from autograde.wall import student as student_module
from autograde.wall.limits import Closed
from autograde.wall.outputs import CUT
from autograde.wall.student import CellResult, Student

SHORT = 0.4  # seconds for a cell that is to run out of them
TIMEOUT = "This cell did not finish within 0.4 seconds: is there a loop that never ends?"
CRASHED = "The Python process ended while this cell ran: was it out of memory, or told to exit?"
TAMPERED = (
    "While this cell ran, something wrote to the connection between the notebook and the grader. "
    "A person will look at this answer."
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student_module, "GRACE", 0.5)


@pytest.fixture
def there() -> Iterator[Student]:
    with forked_student(output_bytes=20_000) as student:
        student.run_cell("", 0, 60)  # it has begun
        yield student


def run(there: Student, source: str, number: int = 1, seconds: float = 30) -> CellResult:
    """Run a cell; see that its result is one, and came in time."""
    started = time.monotonic()
    result = there.run_cell(source, number, seconds)
    assert time.monotonic() - started < seconds + 10
    assert len(str(result.outputs)) < 2_000_000
    outputs = nbformat.from_dict(result.outputs)
    nbformat.validate(new_notebook(cells=[new_code_cell("", outputs=outputs)]))
    return result


def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_one_runs_in_the_same_process(there: Student) -> None:
    run(there, "x = 5")
    result = run(there, "print('begun')\nwhile True: pass", 2, SHORT)
    assert (result.status, result.message) == ("timeout", TIMEOUT)
    assert [o["output_type"] for o in result.outputs] == ["stream", "error"]
    assert result.outputs[1]["ename"] == "KeyboardInterrupt"
    assert there.alive()
    assert text_of(run(there, "print(x)", 3).outputs) == "5\n"


ENDLESS = {
    "deaf to interrupts": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('begun')\nwhile 1: pass",
    "swallows them": "import time\nprint('begun')\nwhile 1:\n    try: time.sleep(9)\n    except BaseException: pass",
    "loops in C": "import itertools\nprint('begun')\nsum(itertools.repeat(0))",
    "stops itself": "import os, signal\nprint('begun', flush=True)\nos.kill(os.getpid(), signal.SIGSTOP)",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_a_cell_that_cannot_be_interrupted_is_ended_with_its_process(source: str, there: Student) -> None:
    result = run(there, source, 1, SHORT)
    assert (result.status, result.message, text_of(result.outputs)) == ("timeout", TIMEOUT, "begun\n")
    assert not there.alive()
    assert run(there, "print(1)").status == "crashed"
    there.restart()
    assert text_of(run(there, "print('anew')").outputs) == "anew\n"


ENDINGS = {
    "os._exit": "import os\nprint('last words')\nos._exit(0)",
    "killed": "import os\nprint('last words')\nos.kill(os.getpid(), 9)",
    "aborted": "import os\nprint('last words')\nos.abort()",
    "segmentation fault": "import ctypes\nprint('last words')\nctypes.string_at(0)",
    "every descriptor closed": "import os\nprint('last words')\nos.closerange(0, 1 << 16)",
}


@pytest.mark.parametrize("source", ENDINGS.values(), ids=ENDINGS)
def test_a_process_that_ends_itself_crashed_and_what_it_said_is_kept(source: str, there: Student) -> None:
    result = run(there, source)
    assert (result.status, result.message, text_of(result.outputs)) == ("crashed", CRASHED, "last words\n")
    assert not there.alive()


def test_a_process_that_was_ended_for_its_memory_says_so(there: Student) -> None:
    there.process.ended = "out_of_memory"  # type: ignore[union-attr]
    result = run(there, "import os; os._exit(9)")
    assert result.status == "out_of_memory"
    assert (
        result.message
        == "The Python process needed more memory than a notebook gets, and was ended while this cell ran."
    )


def test_exits_that_a_kernel_survives_are_survived(there: Student) -> None:
    statuses = [run(there, source, 1).status for source in ("exit()", "import sys; sys.exit(1)", "raise SystemExit")]
    assert statuses == ["ok", "error", "error"]
    assert there.alive()


# Finds the connection as any code in the process can: `mine` is its file descriptor.
FOUND = """
import os, socket, struct, json, time
def is_socket(fd):
    try:
        return os.readlink(f'/proc/self/fd/{fd}').startswith('socket:')
    except OSError:
        return False
mine = max(fd for fd in map(int, os.listdir('/proc/self/fd')) if is_socket(fd))
def frame(message, size=None):
    header = json.dumps(message).encode() if not isinstance(message, bytes) else message
    return struct.pack('!4sIII', b'mf1\\n', len(header) if size is None else size, 0, 0) + header
"""
FORGERIES = {
    "noise": "os.write(mine, os.urandom(5000))",
    "a message of 4 GB": "os.write(mine, frame(b'', 2**32 - 1)); time.sleep(60)",
    "not JSON": "os.write(mine, frame(b'{'))",
    "JSON that is deep": "os.write(mine, frame(b'[' * 100_000))",
    "another's answer": "os.write(mine, frame({'op': 'ran', 'number': 99, 'ok': True}))",
    "an answer that is none": "os.write(mine, frame({'op': 'ran', 'number': '1'}))",
    "a number that is true": "os.write(mine, frame({'op': 'ran', 'number': True}))",
    "an order": "os.write(mine, frame({'op': 'bye'}))",
    "outputs that are none": "os.write(mine, frame({'op': 'output', 'events': [['stream', 'x']]}))",
    "outputs in a dict": "os.write(mine, frame({'op': 'output', 'events': {}}))",
    "a descriptor": "socket.send_fds(socket.socket(fileno=mine), [frame({'op': 'output', 'events': []})], [0])",
}  # fmt: skip


@pytest.mark.parametrize("source", FORGERIES.values(), ids=FORGERIES)
def test_what_is_written_to_the_connection_is_told_and_ends_the_process(source: str, there: Student) -> None:
    assert run(there, FOUND, 1).status == "ok"
    result = run(there, source + "\ntime.sleep(60)")
    assert (result.status, result.message) == ("tampered", TAMPERED)
    assert not there.alive()


def test_half_a_message_is_waited_for_no_longer_than_the_cell_may_take(there: Student) -> None:
    run(there, FOUND, 1)
    half = "os.write(mine, frame({'op': 'output'}, 10_000)); time.sleep(60)"
    assert run(there, half, 1, SHORT).status in ("timeout", "crashed")
    assert not there.alive()


def test_an_answer_before_its_time_is_found_out_at_the_next_cell(there: Student) -> None:
    run(there, FOUND, 1)
    assert run(there, "os.write(mine, frame({'op': 'ran', 'number': 2, 'ok': True}));", 2).status == "ok"
    assert run(there, "x = 1", 3).status == "tampered"


def test_forged_numbers_and_outputs_are_made_harmless(there: Student) -> None:
    run(there, FOUND, 1)
    data = {"text/plain": "\x00", "image/png": '"><script>', "application/javascript": "x"}
    events = [["display", data, {"image/png": {"width": '1"'}}, None], ["clear", True]]
    claims = {"op": "ran", "number": 2, "ok": "yes", "seconds": -1, "peak_bytes": 10**40}
    forged = f"os.write(mine, frame({{'op': 'output', 'events': {events!r}}})); os.write(mine, frame({claims!r}));"
    result = run(there, forged, 2)
    assert (result.status, result.peak_bytes) == ("error", 0)
    assert result.outputs == [{"output_type": "display_data", "data": {"text/plain": "\ufffd"}, "metadata": {}}]


@pytest.mark.parametrize("fork", ["os.fork()", "ctypes.CDLL(None).fork()"])
def test_a_child_that_keeps_running_keeps_nobody_waiting(fork: str, there: Student) -> None:
    source = f"import os, time, ctypes\nif {fork} == 0:\n    while True: time.sleep(1)\nprint('parent')"
    result = run(there, source, 1)
    assert (result.status, text_of(result.outputs)) == ("ok", "parent\n")
    assert run(there, "os._exit(1)", 2, SHORT).status in ("crashed", "timeout")  # it may hold the connection open
    assert not there.alive()


def test_a_child_that_writes_to_the_connection_is_tampering(there: Student) -> None:
    run(there, FOUND + "import ctypes", 1)
    source = "if ctypes.CDLL(None).fork() == 0: os.write(mine, b'x' * 100); os._exit(0)\ntime.sleep(60)"
    assert run(there, source, 2).status == "tampered"


CHANGES = {
    "no stdout": "import sys; sys.stdout = None; sys.stderr = 3",
    "run_cell": "ip = get_ipython(); ip.run_cell = lambda *a, **k: None",
    "run": "get_ipython().run = lambda *a: object()",
    "showtraceback": "get_ipython()._showtraceback = lambda *a: 1 / 0\n1 / 0",
    "display_pub": "get_ipython().display_pub = None\ndisplay(3)",
    "screen": "del get_ipython().screen.send",
    "a wide screen": "get_ipython().screen.room = 10**12\nprint('x' * 10**6)",
    "events": "get_ipython().screen.flush = lambda: 1 / 0\nprint(3)",
    "input transformer": "get_ipython().input_transformers_post.append(lambda lines: ['while True: pass\\n'])",
    "broken input transformer": "get_ipython().input_transformers_post.append(lambda lines: 1 / 0)",
    "ast transformer": "import ast\nclass T(ast.NodeTransformer):\n    def visit(self, n): raise SystemExit\n"
                       "get_ipython().ast_transformers.append(T())",
    "hook": "get_ipython().events.register('pre_run_cell', lambda *a: __import__('os')._exit(0))",
    "interactivity": "get_ipython().ast_node_interactivity = 'nonsense'",
    "signals": "import signal; signal.signal = signal.pthread_sigmask = None",
    "json": "import json; json.dumps = json.JSONEncoder.encode = None",
    "os": "import os; os.getpid = lambda: 1",
    "modules": "import sys; sys.modules.clear()",
    "builtins": "import builtins; builtins.len = builtins.isinstance = builtins.str = None",
    "recursion": "import sys; sys.setrecursionlimit(60)",
    "the runner": "import gc\nfrom autograde.wall.runner import Runner\n"
                  "for r in gc.get_objects():\n    if type(r) is Runner: r.answer = lambda *a: None",
    "garbage": "import gc; gc.set_threshold(1); gc.callbacks.append(lambda *a: 1 / 0)",
    "profile": "import sys; sys.settrace(lambda *a: 1 / 0); sys.setprofile(lambda *a: None)",
}  # fmt: skip


@pytest.mark.parametrize("source", CHANGES.values(), ids=CHANGES)
def test_whatever_a_cell_changes_about_its_shell_the_next_cells_have_results(source: str, there: Student) -> None:
    results = [run(there, cell, n + 1, SHORT) for n, cell in enumerate([source, "print('next')", "x = 1"])]
    assert {result.status for result in results} <= {"ok", "error", "timeout", "crashed", "tampered"}
    there.restart()
    assert text_of(run(there, "print('anew')", 4).outputs) == "anew\n"


FLOODS = {
    "printing": "for _ in range(1000): print('x' * 1000)",
    "printing letters": "for _ in range(30_000): print('x', end='')",
    "one huge line": "print('x' * 10**8)",
    "displays": "from IPython.display import HTML\nfor _ in range(100): display(HTML('x' * 1000))",
    "a huge display": "from IPython.display import HTML\ndisplay(HTML('x' * 10**8))",
    "C level": "import os\nfor _ in range(3000): os.write(1, b'x' * 10_000)",
    "a subprocess": "!yes | head -c 10000000",
    "clearing": "from IPython.display import clear_output\nfor _ in range(1000): clear_output(); print('x')",
}


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_output_is_cut_with_a_word_on_it(source: str, there: Student) -> None:
    result = run(there, source)
    assert (result.status, CUT in text_of(result.outputs)) == ("ok", True)
    assert len(text_of(result.outputs)) < 21_000
    assert text_of(run(there, "print('next')", 2).outputs) == "next\n"


@pytest.mark.parametrize("forever", ["print('x' * 1000)", "display(3)"])
def test_a_flood_without_end_is_interrupted_and_the_next_cell_runs(forever: str, there: Student) -> None:
    result = run(there, f"while True: {forever}", 1, SHORT)
    assert (result.status, there.alive()) == ("timeout", True)
    assert text_of(run(there, "print('next')", 2).outputs) == "next\n"


def test_errors_without_end_are_ended(there: Student) -> None:
    show = "get_ipython().showtraceback((ValueError, ValueError(), None))"  # which takes an interrupt for its own
    assert run(there, f"while True: {show}", 1, SHORT).status == "timeout"


def test_a_check_of_a_process_that_is_gone_finds_its_channel_closed(there: Student) -> None:
    run(there, "import os; os._exit(0)", 1)
    with pytest.raises(Closed), there.check(1, 5, 2) as visit:
        visit.channel.receive(visit.deadline)
    assert (visit.ended, visit.outputs) == ("crashed", [])


def test_a_check_that_the_runner_never_takes_up_ends_in_time(there: Student) -> None:
    run(there, "from autograde.wall import runner; runner.Runner.check = lambda *a: __import__('time').sleep(9)", 1)
    started = time.monotonic()
    with there.check(1, 0.2, 2) as visit:
        time.sleep(0.3)
    assert (visit.ended, there.alive()) == ("timeout", False)
    assert time.monotonic() - started < 3


def test_noise_on_the_connection_during_a_check_is_told(there: Student) -> None:
    run(there, FOUND + "import threading\nthreading.Timer(0.1, lambda: os.write(mine, b'x' * 100)).start()", 1)
    with there.check(1, 5, 2) as visit:
        time.sleep(0.3)
    assert (visit.ended, visit.message, there.alive()) == ("tampered", TAMPERED, False)


def test_a_student_closed_twice_is_closed_once(there: Student) -> None:
    there.close()
    there.close()
    assert not there.alive()


def test_a_process_that_cannot_be_started_is_told_to_whoever_asked() -> None:
    def start() -> Any:
        raise OSError("no processes left")

    with pytest.raises(OSError, match="no processes left"):
        Student(start)


def test_the_processes_of_these_tests_end_with_them() -> None:
    process = ForkedProcess()
    process.close()
    assert not process.alive()
