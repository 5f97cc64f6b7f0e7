"""A warm process for one lesson: torch imported, the lesson's own cells run; it forks a judge for each job.

The client lives in the batch, or in nbgrader's process. Jobs and answers are JSON. What a judge does is a function that
the job names ("module:function"), called in the fork as `function(job, warm)`; its JSON answer comes back, or a
`Fallen`, should the fork not have come to its end.

    with JudgeServer(lesson, jobs=2) as server:
        number = server.submit("autograde.grading.judge_server:judge_text", {"nb": text, …})
        for number, answer in server.answers(): …
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

import autograde
from autograde.grading.forked import Fallen, read_answer, start_fork
from autograde.grading.lesson_sandbox import sandbox_of
from autograde.grading.made_from import Lesson
from autograde.wall import pages
from autograde.wall.launch import SandboxError

if TYPE_CHECKING:
    from autograde.grading.warm import Warm

HOOK = "autograde.grading.judge_server:judge_text"
START_SECONDS = 300.0  # importing torch from a cold disk, and the lesson's own cells, on both sides
SLACK = 60.0
A_CLASS = 20  # forks by which gathering the memory has paid: it costs what it saves in about so many
Answer = Any  # JSON


class ServerEnded(Exception):
    """The warm process did not start, or ended: the grader's trouble, not a student's. Says what is known."""


class JudgeServer:
    """The client's end. Starts the process at once; `ready()` waits for it. Not for use by several threads.

    jobs: how many judges run at once. first: a function like a job's, and what it is called with, once, in the warm
    process: what it imports and reads is there in every fork. slack: seconds that a judge may take beyond those of its
    submission, for replays, mending and writing, before it is killed.
    """

    def __init__(
        self, lesson: Lesson, jobs: int = 1, first: tuple[str, dict[str, Any]] | None = None, slack: float = SLACK
    ) -> None:
        self.lesson, self.jobs = lesson, jobs
        self.waiting: set[int] = set()
        self._count = 0
        self._is_ready = False
        self._log = tempfile.TemporaryFile()
        self._connection, theirs = Pipe()
        environment = dict(os.environ, PYTHONPATH=_path_with_us(), OMP_NUM_THREADS="1")
        command = [sys.executable, "-m", "autograde.grading.judge_server", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=self._log, env=environment, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        self._send({**lesson.plain(), "jobs": jobs, "first": first, "slack": slack})

    def ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until it can judge. Raises ServerEnded."""
        if self._is_ready:
            return
        if not self._connection.poll(seconds):
            self.close()
            raise ServerEnded(f"the lesson's own cells did not end within {seconds:g} seconds")
        answer = self._receive()
        if "error" in answer:
            self.close()
            raise ServerEnded(answer["error"])
        self._is_ready = True

    def submit(self, hook: str, job: dict[str, Any]) -> int:
        """Hand in a job; returns its number, under which its answer comes. Raises ServerEnded."""
        self.ready()
        self._count += 1
        self._send({"number": self._count, "hook": hook, "job": job})
        self.waiting.add(self._count)
        return self._count

    def answers(self) -> Iterator[tuple[int, Answer | Fallen]]:
        """The answers to all jobs that were handed in, as they come. Raises ServerEnded."""
        while self.waiting:
            yield self.answer()

    def answer(self) -> tuple[int, Answer | Fallen]:
        """Wait for the next answer: (number, what the hook returned or how its fork fell). Raises ServerEnded."""
        came = self._receive()
        self.waiting.discard(came["number"])
        return came["number"], Fallen(**came["fallen"]) if "fallen" in came else came["answer"]

    def fileno(self) -> int:
        """For selectors: readable when an answer (or the end) is there."""
        return self._connection.fileno()

    def close(self) -> None:
        """End the process and everything under it."""
        self._connection.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> JudgeServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._connection.send_bytes(json.dumps(message).encode())
        except OSError:
            raise self._ended() from None

    def _receive(self) -> dict[str, Any]:
        try:
            return json.loads(self._connection.recv_bytes())
        except (OSError, EOFError):
            raise self._ended() from None

    def _ended(self) -> ServerEnded:
        self._log.seek(0)
        said = self._log.read()[-2000:].decode(errors="replace").strip()
        return ServerEnded("the process that judges ended" + (f":\n{said}" if said else " and said nothing"))


def judge_text(job: dict[str, Any], warm: Warm) -> dict[str, Any]:
    """The plain hook. job: "nb" (a mended notebook as text), "files" (paths), "student", "known"; answer: "nb"."""
    import nbformat

    nb = nbformat.reads(job["nb"], as_version=4)
    warm.judge(nb, [Path(path) for path in job["files"]], job["student"], job.get("known"))
    return {"nb": nbformat.writes(nb)}


def _path_with_us() -> str:
    """PYTHONPATH with this very package first."""
    here = str(Path(autograde.__file__).resolve().parents[1])
    return os.pathsep.join(part for part in (here, os.environ.get("PYTHONPATH", "")) if part)


# ---- the server's side


@dataclass
class _Fork:
    """A judge on its way: what it was asked, its process, when it is overdue, what it has answered so far."""

    request: dict[str, Any]
    pid: int
    deadline: float
    data: bytearray = field(default_factory=bytearray)


class _Server:
    """Forks judges on request; `forks` (by the descriptor of their answers), `queue` and `count` are its only state."""

    def __init__(self, connection: Connection, warm: Warm, jobs: int, slack: float) -> None:
        self.connection, self.warm, self.jobs = connection, warm, jobs
        self.seconds = warm.lesson.limits.submission_seconds + slack
        self.queue: deque[dict[str, Any]] = deque()
        self.forks: dict[int, _Fork] = {}
        self.count = 0

    def serve(self) -> None:
        """Until the client is gone."""
        while True:
            while self.queue and len(self.forks) < self.jobs:
                self.fork(self.queue.popleft())
            soonest = min((fork.deadline for fork in self.forks.values()), default=None)
            left = None if soonest is None else max(0.0, soonest - time.monotonic())
            ready, _, _ = select.select([self.connection.fileno(), *self.forks], [], [], left)
            for descriptor in ready:
                if descriptor == self.connection.fileno():
                    self.queue.append(json.loads(self.connection.recv_bytes()))  # EOFError ends the server
                else:
                    self.read(descriptor)
            for descriptor in [d for d, fork in self.forks.items() if time.monotonic() > fork.deadline]:
                self.over(descriptor, Fallen("timeout", f"not finished within {self.seconds:g} seconds"))

    def fork(self, request: dict[str, Any]) -> None:
        self.count += 1
        if self.count == A_CLASS:  # many come: from now on a fork is to be cheap
            pages.gather()

        def work() -> Answer:
            self.connection.close()
            self.warm.careful = bool(request.get("careful"))
            return _hook(request["hook"])(request["job"], self.warm)

        reader, pid = start_fork(work, self.warm.lesson.limits.memory_bytes)
        self.forks[reader] = _Fork(request, pid, time.monotonic() + self.seconds)

    def read(self, descriptor: int) -> None:
        block = os.read(descriptor, 1 << 20)
        self.forks[descriptor].data += block
        if not block:
            self.over(descriptor, None)

    def over(self, descriptor: int, fallen: Fallen | None) -> None:
        """Pass on a judge's answer, or say how it fell; an overdue one is killed.

        A judge that something ended gets a second one, which runs each check in a fork: so one check falls, not all.
        """
        fork = self.forks.pop(descriptor)
        os.close(descriptor)
        if fallen is not None:
            os.kill(fork.pid, signal.SIGKILL)
        _, status = os.waitpid(fork.pid, 0)
        answer = fallen or read_answer(bytes(fork.data), status)
        if isinstance(answer, Fallen) and answer.why != "error" and not fork.request.get("careful"):
            self.queue.appendleft({**fork.request, "careful": True})
            return
        said = {"fallen": asdict(answer)} if isinstance(answer, Fallen) else {"answer": answer}
        self.connection.send_bytes(json.dumps({"number": fork.request["number"], **said}).encode())

    def end(self) -> None:
        for fork in self.forks.values():
            os.kill(fork.pid, signal.SIGKILL)


def _hook(name: str) -> Callable[[dict[str, Any], Warm], Answer]:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def main() -> None:
    """The process: prepare, say so, serve."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the client's business, which then closes the connection
    connection = Connection(int(sys.argv[1]))
    os.set_inheritable(connection.fileno(), False)
    settings = json.loads(connection.recv_bytes())
    lesson = Lesson.from_plain(settings)
    sandbox = sandbox_of(lesson)
    try:
        sandbox.begin()  # it loads torch, too: both at once
    except SandboxError as error:
        connection.send_bytes(json.dumps({"error": f"{error}"}).encode())
        return
    from autograde.grading.prepared import furnished, one_thread
    from autograde.grading.warm import Warm

    with tempfile.TemporaryDirectory(prefix="judge-", ignore_cleanup_errors=True) as folder:
        warm = Warm(lesson, sandbox)
        with furnished(Path(folder), lesson.files, lesson.limits):
            try:
                one_thread()
                warm.start()
                if settings["first"]:
                    name, job = settings["first"]
                    _hook(name)(job, warm)
            except Exception as error:
                connection.send_bytes(json.dumps({"error": f"{error}"}).encode())
                return
            server = _Server(connection, warm, settings["jobs"], settings["slack"])
            try:
                gc.collect()
                gc.freeze()  # a fork's collections would copy every page of what is here now
                connection.send_bytes(json.dumps({"ready": True}).encode())
                server.serve()
            except (EOFError, OSError):
                pass
            finally:
                server.end()
                warm.close()


if __name__ == "__main__":
    main()
