"""Inside the room: imports what a lesson needs, runs its first cells, then forks once for each submission.

Started by `launch.ForkServer` as `python -m autograde.wall.forkserver FD`: settings come on standard input, what the
first cells printed goes back on standard output, and each later request comes as a note on the socket FD with a channel
for the student's process and a socket on which its fate is told. Student code runs only in forks that `jail` shut in.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from autograde.wall import first_uses, jail, notes, pages
from autograde.wall.room import Room

POLL_SECONDS = 1.0


def main() -> None:
    """Prepare, say what was prepared, then serve until the judge's side is gone."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a grader in the background was started without it
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.load(sys.stdin.buffer)
    answer = os.fdopen(os.dup(1), "wb")
    _to_null(0, 1)
    try:
        shell, done = prepare(settings)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # the shell has taken sys.stderr
        raise SystemExit(1) from None
    answer.write(json.dumps({"prepared": [asdict(result) for result in done]}).encode() + b"\n")
    answer.close()
    gc.collect()
    gc.freeze()  # what is here now is not walked again: a fork's collections would copy every page of it
    Server(control, settings, shell, done).serve()


def prepare(settings: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Import the modules and run the first cells: the shell they ran in, and their results (those that went well).

    A cell that fails ends the preparation: a submission's own process runs it again, and tells of it.
    """
    os.chdir(Path(settings["folder"]) / "work")
    for path in sorted(Path(settings["data"]).iterdir()):
        if path.is_file():  # a folder is of the course's data, read in place
            shutil.copyfile(path, path.name)
    sys.path[0] = ""  # as in a kernel: modules beside the notebook can be imported
    for module in settings["modules"]:
        importlib.import_module(module)
    from autograde.wall import runner
    from autograde.wall.shell import make_shell

    if settings["first_uses"]:
        first_uses.counts()
        first_uses.gradients()
    shell = make_shell()
    done: list[Any] = []
    # A process that has started CUDA cannot be forked: there every submission runs all its cells itself.
    cells = settings["cells"] if settings["room"]["device"] == "cpu" else []
    for number, (_kind, source) in enumerate(cells, start=1):
        result = runner.prepare_cell(shell, source, number)
        if result.status != "ok":
            break
        done.append(result)
    shell.rest()
    return shell, done


class Server:
    """Forks on request and tells of each fork's end; `forks` is its only state: pid → (pidfd, news socket, folder)."""

    def __init__(self, control: socket.socket, settings: dict[str, Any], shell: Any, done: list[Any]) -> None:
        self.control, self.settings, self.shell, self.done = control, settings, shell, done
        self.room = Room(**settings["room"])
        self.parent = os.getppid()
        self.forks: dict[int, tuple[int, socket.socket, Path | None]] = {}
        self.count = 0

    def serve(self) -> None:
        """Until the control socket closes, or (where that cannot be seen) the parent is gone."""
        try:
            while os.getppid() == self.parent:
                poll = select.poll()
                poll.register(self.control, select.POLLIN)
                for pidfd, news, _ in self.forks.values():
                    poll.register(news, 0)  # only whether the judge at the other end is gone
                    if pidfd >= 0:
                        poll.register(pidfd, select.POLLIN)
                ready = dict(poll.poll(POLL_SECONDS * 1000))
                self.reap(ready)
                if self.control.fileno() in ready and not self.next_request():
                    return
        finally:
            self.end()

    def next_request(self) -> bool:
        """Serve one request; False when there will be no more."""
        came = notes.receive(self.control)
        if came is None:
            return False
        request, descriptors = came
        if "end" in request:
            return False
        if len(descriptors) < 3:  # some got lost where too many were open: this judge will hear that nobody answers
            for descriptor in descriptors:
                os.close(descriptor)
            return True
        channel, news, belongings = descriptors
        try:
            self.fork(request["uid"], channel, socket.socket(fileno=news), belongings)
        finally:
            os.close(channel)
            os.close(belongings)
        return True

    def fork(self, uid: int, channel: int, news: socket.socket, belongings: int) -> None:
        """Fork a process for one submission and send its judge a descriptor of it."""
        self.count += 1
        if self.count == 2:  # a class comes, and not one notebook: from now on a fork is to be cheap
            pages.gather()
        place = jail.prepare(self.settings, self.count)
        if self.settings["mode"] == "cold":  # this room is for one submission; its first process is bubblewrap's
            _tell(news, {"pid": os.getpid()}, [os.pidfd_open(1), os.pidfd_open(os.getpid())])
            self.child(place, uid, channel, news, belongings)
        try:
            pid = jail.fork(self.settings["mode"])
        except OSError as error:
            _tell(news, {"error": f"the sandbox could not start a process: {error}"})
            news.close()
            return
        if pid == 0:
            self.child(place, uid, channel, news, belongings)
        pidfd = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        _tell(news, {"pid": pid}, [pidfd] if pidfd >= 0 else [])
        self.forks[pid] = (pidfd, news, place.folder if self.settings["mode"] == "process" else None)

    def child(self, place: jail.Place, uid: int, channel: int, news: socket.socket, belongings: int) -> NoReturn:
        """The fork: shut in, furnished, and then the student's."""
        try:
            self.control.detach()
            for _, other, _ in self.forks.values():
                other.detach()
            jail.enter(place, self.room, uid, belongings, keep=(channel, news.fileno()))
            sock = socket.socket(fileno=channel)
            notes.send(news, {"entered": True})
            news.close()
        except BaseException as error:
            _tell(news, {"error": f"the sandbox could not be closed: {type(error).__name__}: {error}"})
            os._exit(1)
        try:
            from autograde.wall import runner

            runner.main(sock, self.shell, self.done)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(1)

    def reap(self, ready: dict[int, int]) -> None:
        """Forks that ended are told to their judges; forks whose judge is gone are ended."""
        for pid, (pidfd, news, folder) in list(self.forks.items()):
            if ready.get(news.fileno(), 0) & (select.POLLHUP | select.POLLERR):
                _end(pid)
            gone, status = os.waitpid(pid, os.WNOHANG)
            if not gone:
                continue
            del self.forks[pid]
            _tell(news, {"status": os.waitstatus_to_exitcode(status)})
            news.close()
            if pidfd >= 0:
                os.close(pidfd)
            if folder is not None:
                jail.sweep(set(self.forks))
                shutil.rmtree(folder, ignore_errors=True)

    def end(self) -> None:
        """Nothing outlives the server."""
        for pid in self.forks:
            _end(pid)
        if self.settings["mode"] == "process":
            for pid in self.forks:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)
            jail.sweep(set())
            shutil.rmtree(self.settings["folder"], ignore_errors=True)


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _tell(news: socket.socket, note: dict[str, Any], fds: list[int] | None = None) -> None:
    """A judge that is gone needs no news."""
    with contextlib.suppress(OSError):
        notes.send(news, note, fds or [])


def _to_null(*fds: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in fds:
        os.dup2(null, fd)
    os.close(null)


if __name__ == "__main__":
    main()
