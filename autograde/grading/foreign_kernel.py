"""Another course's notebook in a Jupyter kernel: nothing keeps it apart, for code that one trusts."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograde.grading.foreign_run import NotRun
from autograde.grading.kernel import KernelUnavailable, _Run
from autograde.grading.limits import Limits
from autograde.grading.workplace import Workplace


@contextlib.contextmanager
def in_kernel(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str) -> Iterator[KernelRunner]:
    """A kernel whose working directory holds nothing but `files`. Raises NotRun."""
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as folder:
        place = _Place(Path(folder))
        place.furnish(files)
        run = _Run(nb, place, limits, place.environment(limits.device, limits.scale, student))
        runner = KernelRunner(run)
        runner.restart()
        try:
            yield runner
        finally:
            run.stop()


class _Place(Workplace):
    """A workplace that takes folders, too."""

    def furnish(self, files: Iterable[Path]) -> None:
        there = list(files)
        super().furnish([path for path in there if path.is_file()])
        for path in there:
            if path.is_dir():
                shutil.copytree(path, self.data / path.name)
                shutil.copytree(path, self.work / path.name)


class KernelRunner:
    """A kernel as foreign_run sees it."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    def run(self, cell: NotebookNode, index: int, number: int, seconds: float) -> tuple[str, str, int]:
        """Execute the cell: (status, message, 0)."""
        run, there = self._run, self._run.nb.cells[index]
        run.limits = _with_seconds(run.limits, seconds)
        status, message = run.attempt(index, cell)
        run.nb.cells[index] = there  # nbclient puts what it runs there
        if status not in ("ok", "error") and not run.alive_and_idle(status):
            run.stop()
        return status, message or run.put_back(), 0

    def aside(self, source: str) -> None:
        """Run a line of our own that no cell shows. What becomes of it does not matter."""
        if self._run.client is not None and self._run.client.kc is not None:
            self._run.client.kc.execute(source, silent=True, store_history=False)

    def alive(self) -> bool:
        """Whether the next cell can run in the same kernel."""
        return self._run.client is not None

    def restart(self) -> None:
        """A fresh kernel; in it, an error counts even where student code keeps the kernel from showing it."""
        self._run.stop()
        try:
            self._run.start()
        except KernelUnavailable as error:
            raise NotRun(str(error)) from error
        assert self._run.client is not None
        self._run.client.on_cell_executed = _show_error


def _with_seconds(limits: Limits, seconds: float) -> Limits:
    return Limits(**{**vars(limits), "cell_seconds": seconds, "fixture_seconds": seconds})


def _show_error(cell: NotebookNode, execute_reply: dict[str, Any], **_: object) -> None:
    """Add the error that the kernel reports but did not show."""
    reply = execute_reply["content"]
    shown = [output.get("ename") for output in cell.outputs if output.output_type == "error"]
    if reply.get("status") == "error" and reply.get("ename") not in shown:
        trace = reply.get("traceback") or [f"{reply.get('ename')}: {reply.get('evalue')}"]
        cell.outputs.append(new_output("error", ename=reply["ename"], evalue=reply["evalue"], traceback=trace))
