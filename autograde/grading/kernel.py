"""Runs a mended notebook in a Jupyter kernel, the way a student would, within limits that are kept from outside it.

`execute(nb, …)` is the one door. Student code and tests share the kernel here: a student who means to can read the
tests or forge an outcome (docs/grading.md). Whatever happens inside, the caller gets the notebook back with what each
cell did.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograde.grading.cells import RUNS, kind_of, note, ours
from autograde.grading.limits import Limits
from autograde.grading.outcomes import OUTCOME_MIME
from autograde.grading.workplace import Workplace

RESTARTS = 3  # kernels that one submission may wear out
SETTLED = ("ok", "error")


class KernelUnavailable(Exception):
    """No kernel could be started: the grader's trouble, not the student's."""


def execute(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str = "") -> NotebookNode:
    """Run the cells of a mended notebook, in place: outputs, and `metadata.measure_first.run` = {status, seconds}.

    files: what lies beside the notebook when it runs (a quiz's data), copied to an empty folder that is the kernel's
    working directory; the notebook itself, with its hidden tests, is not there. Raises KernelUnavailable.
    """
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as folder:
        place = Workplace(Path(folder))
        place.furnish(files)
        run = _Run(nb, place, limits, place.environment(limits.device, limits.scale, student))
        try:
            run.all_cells()
        finally:
            run.stop()
    return nb


class _Client(NotebookClient):
    """nbclient's client with a bound on what a cell may print, and a note of whether its time ran out."""

    room: int = 0  # bytes of output that the running cell may still add
    timed_out: bool = False
    stuck: bool = False  # the kernel did not come back when it was interrupted

    def output(
        self, outs: list[NotebookNode], msg: Any, display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output while there is room for it; errors and outcomes are always kept."""
        content = msg.get("content", {})
        size = _size(content)
        if size > self.room and msg["msg_type"] != "error" and OUTCOME_MIME not in content.get("data", {}):
            if self.room > 0:
                text = content["text"][: self.room] if msg["msg_type"] == "stream" else ""
                text = f"{text}\n… more output than is kept\n"
                outs.append(NotebookNode(output_type="stream", name="stdout", text=text))
            self.room = 0
            return None
        self.room -= min(size, self.room)
        return super().output(outs, msg, display_id, cell_index)

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> None | dict[str, Any]:
        self.timed_out = True
        return await super()._async_handle_timeout(timeout, cell)


def _size(content: Any) -> int:
    """Roughly how many bytes an output holds."""
    if isinstance(content, dict):
        return sum(_size(value) for value in content.values())
    if isinstance(content, list | tuple):
        return sum(_size(value) for value in content)
    return len(content) if isinstance(content, str) else 8


class _Run:
    """One submission on its way through one kernel after another; `fatal` are the cells not to repeat."""

    def __init__(self, nb: NotebookNode, place: Workplace, limits: Limits, environment: dict[str, str]) -> None:
        self.nb, self.place, self.limits, self.environment = nb, place, limits, environment
        self.client: _Client | None = None
        self.group: int | None = None
        self.kernels = 0
        self.deadline = time.monotonic() + limits.submission_seconds
        self.fatal: set[int] = set()
        self.slow: set[object] = set()  # exercises with a check that ran out of time

    def all_cells(self) -> None:
        """Run every cell that grading runs, in order."""
        self.start()
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if kind_of(cell) not in RUNS or not cell.source.strip():
                note(cell, "skipped", 0.0, "This cell is not run when grading.")
            elif time.monotonic() > self.deadline:
                seconds = self.limits.submission_seconds
                note(
                    cell, "timeout", 0.0, f"Not run: the notebook had used up its {seconds:g} seconds before this cell."
                )
            elif self.client is None:
                note(
                    cell,
                    "crashed",
                    0.0,
                    f"Not run: the Python process had ended {self.kernels} times before this cell.",
                )
            else:
                self.one_cell(index, cell)

    def one_cell(self, index: int, cell: NotebookNode) -> None:
        """Run a cell, say how it ended, and put a kernel that it killed or blocked back to where it was before."""
        started = time.monotonic()
        status, message = self.attempt(index, cell)
        message = message or self.put_back()
        note(cell, status, time.monotonic() - started, message)
        if status == "timeout":
            self.slow.add(ours(cell).get("exercise"))
        if status not in SETTLED and not self.alive_and_idle(status):
            self.fatal.add(index)
            self.stop()
            if self.kernels <= RESTARTS:
                self.start()
                self.replay(index)

    def attempt(self, index: int, cell: NotebookNode) -> tuple[str, str]:
        """(status, message) of running this cell now."""
        assert self.client is not None
        seconds = self.seconds_for(cell)
        self.client.timeout, self.client.timed_out, self.client.room = seconds, False, self.limits.output_bytes
        self.client.stuck = False
        try:
            self.client.execute_cell(cell, index, store_history=True)
        except CellTimeoutError:
            self.client.stuck = True
        except DeadKernelError:
            return "crashed", "The Python process ended while this cell ran: was it out of memory, or told to exit?"
        except Exception as error:  # a reply that is no reply: the connection is not to be trusted any more
            self.client.stuck = True
            return "crashed", f"The Python process stopped answering while this cell ran ({type(error).__name__})."
        if self.client.timed_out:
            return "timeout", f"This cell did not finish within {seconds:g} seconds: is there a loop that never ends?"
        failed = any(output.output_type == "error" for output in cell.outputs)
        return ("error", "") if failed else ("ok", "")

    def put_back(self) -> str:
        """Make the working directory anew where a cell has deleted it; what to say of that ("" where all is well)."""
        if self.place.work.is_dir() or self.client is None:
            return ""
        self.place.lay_out()
        first, back = self.nb.cells[0], f"__import__('os').chdir({str(self.place.work)!r})"
        with contextlib.suppress(Exception):
            self.client.execute_cell(new_code_cell(back), 0, store_history=False)
        self.nb.cells[0] = first  # nbclient puts what it runs there
        return "This cell deleted the folder that it ran in; it was put back."

    def seconds_for(self, cell: NotebookNode) -> int:
        """The cell's limit, or what is left of the submission's, in whole seconds (at least one).

        An exercise that ran out of time in one check gets a quarter of it in its next ones.
        """
        own = self.limits.fixture_seconds if kind_of(cell) in ("settings", "fixture") else self.limits.cell_seconds
        if kind_of(cell) == "check" and ours(cell).get("exercise") in self.slow:
            own /= 4
        return max(1, round(min(own, self.deadline - time.monotonic())))

    def alive_and_idle(self, status: str) -> bool:
        """Whether the next cell can run in the same kernel."""
        return status == "timeout" and self.client is not None and not self.client.stuck

    def replay(self, index: int) -> None:
        """Bring a fresh kernel to where the last one was: everything before `index` but checks and what killed one."""
        for position, cell in enumerate(self.nb.cells[:index]):
            again = ours(cell).get("run", {}).get("status") in SETTLED and kind_of(cell) != "check"
            if again and position not in self.fatal and time.monotonic() < self.deadline and self.client is not None:
                self.attempt(position, NotebookNode(**{**cell, "outputs": []}))
                self.nb.cells[position] = cell  # nbclient puts the copy there

    def start(self) -> None:
        """Start a kernel of this very Python. Raises KernelUnavailable."""
        client = _Client(
            self.nb,
            kernel_name="python3",
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": "TimeoutError", "evalue": "out of time", "traceback": ["Out of time."]},
            iopub_timeout=4,
            raise_on_iopub_timeout=True,
            skip_cells_with_tag="",
            record_timing=False,
            resources={"metadata": {"path": str(self.place.work)}},
        )
        try:
            client.km = client.create_kernel_manager()
            client.km.kernel_spec_manager.kernel_dirs = []  # not a kernel of the same name that somebody installed
            client.start_new_kernel(env=self.environment, stdout=DEVNULL, stderr=DEVNULL)
            self.group = getattr(client.km.provisioner, "pgid", None)
            client.start_new_kernel_client()
        except Exception as error:
            self.client = client
            self.stop()
            raise KernelUnavailable(f"no Python kernel could be started: {error}") from error
        self.client, self.kernels = client, self.kernels + 1

    def stop(self) -> None:
        """End the kernel and every process that it left in its group."""
        client, self.client = self.client, None
        if client is None:
            return
        client.shutdown_kernel = "immediate"
        with contextlib.suppress(Exception):
            client._cleanup_kernel()
        if self.group:
            with contextlib.suppress(OSError):
                os.killpg(self.group, signal.SIGKILL)
        self.group = None
