"""One kernel of a host's environment, cell by cell, as a notebook's page drives it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from nbformat.v4 import output_from_msg

SHOWN = ("stream", "display_data", "execute_result", "error")
START_SECONDS = 120
CELL_SECONDS = 600


class CellFailed(Exception):
    """A cell raised, or did not come to its end."""


@dataclass(frozen=True)
class Ran:
    """One cell that ran: its outputs as a notebook keeps them, and how long it took."""

    outputs: list[Any]
    seconds: float

    @property
    def printed(self) -> str:
        """What the cell printed."""
        return "".join(output.text for output in self.outputs if output.output_type == "stream")


class Kernel:
    """A running kernel. `run` raises CellFailed for a cell that does."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def run(self, code: str) -> Ran:
        """Run one cell and keep what it shows."""
        outputs: list[Any] = []
        began = time.perf_counter()

        def keep(message: dict[str, Any]) -> None:
            if message["msg_type"] in SHOWN:
                outputs.append(output_from_msg(message))

        try:
            answer = self.client.execute_interactive(code, timeout=CELL_SECONDS, output_hook=keep, allow_stdin=False)
        except (TimeoutError, Empty):
            raise CellFailed(f"no end after {CELL_SECONDS} s: {_first_line(code)}") from None
        if answer["content"]["status"] != "ok":
            told = answer["content"]
            raise CellFailed(f"{told.get('ename')}: {str(told.get('evalue'))[:300]} ({_first_line(code)})")
        return Ran(outputs, time.perf_counter() - began)


@contextlib.contextmanager
def kernel(python: Path, work: Path, variables: dict[str, str], options: Sequence[str] = ()) -> Iterator[Kernel]:
    """A kernel of this interpreter in the folder `work`, with these variables and no others.

    What it writes outside its cells goes to kernel.log beside that folder.
    """
    manager = KernelManager()
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}", *options]
    manager._kernel_spec = KernelSpec(argv=argv)
    with (work.parent / "kernel.log").open("w") as log:
        manager.start_kernel(cwd=str(work), env=dict(variables), stdout=log, stderr=log)
        client = manager.client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=START_SECONDS)
            yield Kernel(client)
        except RuntimeError as error:  # jupyter_client's word for a kernel that did not start
            raise CellFailed(f"the kernel did not start: {error}") from None
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _first_line(code: str) -> str:
    return code.strip().split("\n", 1)[0][:60]
