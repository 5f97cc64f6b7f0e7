"""Another course's notebook in the sandbox: the same walls around it as around this course's, and one shell within."""

from __future__ import annotations

import atexit
import contextlib
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograde.grading.foreign_run import NotRun
from autograde.grading.limits import Limits
from autograde.wall.room import Preload, Room
from autograde.wall.sandbox import Sandbox, SandboxError
from autograde.wall.student import Process, Student

# Imported before a student's process is forked, where they are installed.
MODULES = ("IPython", "numpy", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "pandas")
ARCHIVE = ".beside.tar"
UNPACK = f"__import__('shutil').unpack_archive({ARCHIVE!r}, '.'); __import__('os').remove({ARCHIVE!r})"
UNPACK_SECONDS = 30.0

_sandboxes: dict[tuple[str, Room], Sandbox] = {}  # kept for the next notebook; ended with this process


@contextlib.contextmanager
def in_sandbox(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str) -> Iterator[SandboxRunner]:
    """A process of its own for the notebook, with `files` in its working directory. Raises NotRun."""
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        archive = Path(folder) / ARCHIVE
        with tarfile.open(archive, "w") as tar:
            for path in files:
                tar.add(path, arcname=path.name, filter=_plain)
        try:
            runner = SandboxRunner(_sandbox(limits), archive, limits, student)
        except SandboxError as error:
            raise NotRun(str(error)) from error
        try:
            yield runner
        finally:
            runner.student.close()


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files and folders; no links, no devices, nobody's names."""
    if not (entry.isreg() or entry.isdir()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() else 0o644
    return entry


def _sandbox(limits: Limits) -> Sandbox:
    """The sandbox for these limits, started once in this process. Raises SandboxError."""
    room = Room(
        memory_bytes=limits.memory_bytes,
        disk_bytes=limits.disk_bytes,
        processes=limits.processes,
        device=limits.device,
    )
    key = (limits.isolation, room)
    known = _sandboxes.get(key)
    if known is not None and known.alive():
        return known
    if known is not None:
        known.close()
    modules = [name for name in MODULES if find_spec(name.split(".")[0]) is not None]
    sandbox = Sandbox(limits.isolation, room, Preload(modules=modules, scale=limits.scale))
    sandbox.start()
    _sandboxes[key] = sandbox
    return sandbox


@atexit.register
def close_all() -> None:
    """End the sandboxes that are kept."""
    while _sandboxes:
        _sandboxes.popitem()[1].close()


class SandboxRunner:
    """A process in the sandbox as foreign_run sees it."""

    def __init__(self, sandbox: Sandbox, archive: Path, limits: Limits, name: str) -> None:
        def start() -> Process:
            return sandbox.fork(name, [archive])

        self.student = Student(start, limits.output_bytes)
        self.aside(UNPACK, UNPACK_SECONDS)

    def run(self, cell: NotebookNode, index: int, number: int, seconds: float) -> tuple[str, str, int]:
        """Execute the cell: (status, message, the most bytes that the process held)."""
        result = self.student.run_cell(cell.source, number, seconds)
        cell.outputs = nbformat.from_dict(list(result.outputs))
        shown = any(output.output_type == "error" for output in cell.outputs)
        if result.status == "error" and not shown:
            hidden = "an error that student code kept from being shown"
            cell.outputs.append(new_output("error", ename="Error", evalue=hidden, traceback=[hidden]))
        return result.status, result.message, result.peak_bytes

    def aside(self, source: str, seconds: float = 2.0) -> None:
        """Run a line of our own that no cell shows. What becomes of it does not matter."""
        if self.student.alive():
            self.student.run_cell(source, 0, seconds, silent=True)

    def alive(self) -> bool:
        """Whether the next cell can run in the same process."""
        return self.student.alive()

    def restart(self) -> None:
        """A fresh process. Raises NotRun."""
        try:
            self.student.restart()
        except SandboxError as error:
            raise NotRun(str(error)) from error
        self.aside(UNPACK, UNPACK_SECONDS)
