"""Runs one built lesson headless with papermill, in a process of its own, and measures what it took."""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Run after the last cell and taken out again: what the lesson really ran on, which the parameters only ask for.
PROBE = """
import json, torch
from autograde.authoring.received import KERNEL as _traffic
from autograde.lesson.records import recorded as _recorded
_used = str(globals()["settings"].device) if "settings" in globals() else "cpu"
_gpu = torch.cuda.max_memory_allocated() if torch.cuda.is_initialized() else 0
_card = torch.cuda.get_device_name() if torch.cuda.is_initialized() else ""
print(json.dumps({"device": _used, "card": _card, "gpu_bytes": _gpu, "records": _recorded(),
                  "received": _traffic.bytes, "hosts": _traffic.hosts, "torch": torch.__version__}))
"""


@dataclass(frozen=True)
class LessonRun:
    """One headless run. `outcome` is "passed" or what went wrong in a line; `traceback` shows it whole.

    seconds: wall time, kernel start included. peak_mb: largest resident set of the kernel (MiB, 1024² bytes).
    gpu_mb: largest memory that torch allocated on the GPU (MiB; 0 on a CPU). records: what `lesson.record` kept.
    download_mb: received from other machines (MB, 10⁶ bytes; autograde/authoring/received.py says what is counted).
    hosts: the other machines that were asked for. card: the GPU's name ("" on a CPU).
    """

    lesson: str
    outcome: str
    seconds: float
    peak_mb: float
    gpu_mb: float
    device: str
    cells: int
    budget_seconds: float
    fingerprint: str
    traceback: str = ""
    reused: bool = False
    records: list[dict[str, Any]] = field(default_factory=list)
    download_mb: float = 0.0
    hosts: list[str] = field(default_factory=list)
    card: str = ""
    torch: str = ""

    @property
    def gpu_hours(self) -> float:
        """Hours for which the lesson held a GPU: a card is paid for while it waits, too. 0 on a CPU."""
        return self.seconds / 3600 if self.device.startswith("cuda") else 0.0


def _reporting_engine(report: Callable[[], object]) -> str:
    """Register a papermill engine that calls `report` after each cell; returns its name."""
    from papermill.engines import NBClientEngine, papermill_engines

    class Reporting(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            complete = nb_man.cell_complete

            def completed(cell: Any, cell_index: int | None = None, **rest: Any) -> None:
                complete(cell, cell_index, **rest)
                report()

            nb_man.cell_complete = completed
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    papermill_engines.register("reporting", Reporting)
    return "reporting"


def _with_probe(source: Path, target: Path) -> int:
    """Write `source` with the probe as its last cell; returns how many cells that makes."""
    import nbformat

    notebook = nbformat.read(source, as_version=4)
    probe = nbformat.v4.new_code_cell(PROBE, id="headless-probe", metadata={"tags": ["headless-probe"]})
    notebook.cells.append(probe)
    nbformat.write(notebook, target)
    return len(notebook.cells)


def _take_probe(executed: Path) -> dict[str, Any]:
    """Remove the probe's cell from the executed notebook and return what it printed ({} when it never ran)."""
    import nbformat

    notebook = nbformat.read(executed, as_version=4)
    found: dict[str, Any] = {}
    kept = []
    for cell in notebook.cells:
        if "headless-probe" not in cell.metadata.get("tags", []):
            kept.append(cell)
        elif cell.get("outputs"):
            found = json.loads(cell.outputs[0]["text"])
    notebook.cells = kept
    nbformat.write(notebook, executed)
    return found


def _write_html(executed: Path) -> None:
    """Keep the executed notebook as one HTML page beside it."""
    import nbformat
    from nbconvert import HTMLExporter

    body, _ = HTMLExporter(template_name="lab").from_notebook_node(nbformat.read(executed, as_version=4))
    executed.with_suffix(".html").write_text(body, encoding="utf-8")


def _execute(
    lesson: str, probed: Path, executed: Path, folder: Path, parameters: dict[str, Any], report: Callable[[], object]
) -> tuple[str, str]:
    """Run papermill; returns ("passed", "") or what went wrong in a line, and the traceback."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    # On a GPU a lab would else fetch a language model of 3 GB for a page that nobody talks to.
    os.environ.setdefault("MEASURE_FIRST_PARTNER", "scripted")
    # No network at this scale, which setup does not know: on a GPU it would look for the real Hub.
    if parameters.get("SCALE") == "ci":
        os.environ.setdefault("MEASURE_FIRST_HUB", "local")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # its downloads pass by Python, where nobody counts them
    try:
        papermill.execute_notebook(
            str(probed),
            str(executed),
            parameters=parameters,
            engine_name=_reporting_engine(report),
            kernel_name="python3",
            progress_bar=False,
            cwd=str(folder),
            # No warnings of the kernel's own between ours; and what comes from the network is counted.
            extra_arguments=["--log-level=40", "--ext=autograde.authoring.received"],
        )
    except PapermillExecutionError as error:
        outcome = f"cell {error.cell_index}: {error.ename}: {error.evalue}".splitlines()[0]
        return outcome, f"{lesson}, cell {error.cell_index}:\n{error.source}\n" + "\n".join(error.traceback)
    except Exception as error:  # a kernel that dies or never starts
        return f"{type(error).__name__}: {error}".splitlines()[0], f"{lesson}:\n{traceback.format_exc()}"
    return "passed", ""


def run_lesson(
    lesson: str,
    source: Path,
    out: Path,
    parameters: dict[str, Any],
    budget_seconds: float,
    fingerprint: str,
    report: Callable[[], object],
) -> LessonRun:
    """Execute `source` with papermill parameters DEVICE, SCALE, SEED; leave `out`/LESSON.ipynb and .html.

    Never raises for a failing cell: that is an outcome. Call it in a fresh process: the peak memory is that of the
    largest child process since this one started.
    """
    out.mkdir(parents=True, exist_ok=True)
    executed, probed = out / f"{lesson}.ipynb", out / f"{lesson}.probed.ipynb"
    # In the checkout, where setup finds the course; in source/ itself, what a lesson writes would look like an edit.
    folder = source.parents[2] / "build" / "work" / f"{lesson}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source.parent, folder)
    cells, started = _with_probe(source, probed), time.perf_counter()
    outcome, trace = _execute(lesson, probed, executed, folder, parameters, report)
    seconds = time.perf_counter() - started
    shutil.rmtree(folder, ignore_errors=True)
    probed.unlink(missing_ok=True)
    used = _take_probe(executed) if executed.exists() else {}
    if executed.exists():
        _write_html(executed)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # Linux: KiB
    gpu = used.get("gpu_bytes", 0) / 2**20
    device = str(used.get("device", parameters.get("DEVICE", "auto")))
    return LessonRun(
        lesson, outcome, seconds, peak, gpu, device, cells, budget_seconds, fingerprint, trace,
        records=used.get("records", []), download_mb=used.get("received", 0) / 1e6, hosts=used.get("hosts", []),
        card=used.get("card", ""), torch=used.get("torch", ""),
    )  # fmt: skip
