"""The lesson's own cells, run once on the judge's side: what every submission's checks stand on.

A judge is a fork of the process that prepared, so that nothing that a check or a student's code changes in place is
there for the next one. Where forks are not possible (CUDA), it is prepared anew for each submission.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from autograde.course import data_folders
from autograde.grading.alarm import OutOfTime, alarm
from autograde.grading.cells import grade_id, kind_of, ours
from autograde.grading.limits import Limits
from autograde.grading.names import Names
from autograde.grading.tracebacks import error_output

if TYPE_CHECKING:
    from autograde.grading.pristine import Pristine

OWN = ("settings", "fixture")  # the lesson's own cells that grading runs


# Words of a lesson whose processes are better forked with all in them that torch loads for a first backward pass.
GRADIENTS = re.compile(r"backward|autograd|gradient|reaches|flop_counter|vmap|torch\.func|\bfit\b|optim")


@dataclass(frozen=True)
class LessonCells:
    """What a lesson gives the judge: its own cells (name, source) in order, how many of them stand above the first
    exercise, the names that exercises bind, whether its own cells or its checks speak of gradients or FLOPs, and the
    folders of the course's data that its own cells read."""

    own: tuple[tuple[str, str], ...]
    leading: int
    binds: tuple[str, ...]
    gradients: bool = True
    data: tuple[str, ...] = ()

    @classmethod
    def of(cls, nb: NotebookNode) -> LessonCells:
        """Read from the instructor's notebook, or from a mended submission, which holds the same locked cells."""
        own = [(cell_key(cell), cell.source) for cell in nb.cells if is_own(cell)]
        first = next((n for n, cell in enumerate(nb.cells) if kind_of(cell) in ("exercise", "check")), len(nb.cells))
        leading = sum(is_own(cell) for cell in nb.cells[:first])
        bound = {name for cell in nb.cells if kind_of(cell) == "exercise" for name in ours(cell).get("binds") or []}
        checks = [cell.source for cell in nb.cells if kind_of(cell) == "check"]
        gradients = any(GRADIENTS.search(source) for source in (*checks, *(source for _, source in own)))
        data = data_folders(source for _, source in own)
        return cls(tuple(own), leading, tuple(sorted(bound)), gradients, data)


def is_own(cell: NotebookNode) -> bool:
    """Whether this is a code cell of the lesson's own that grading runs."""
    return cell.cell_type == "code" and kind_of(cell) in OWN and bool(cell.source.strip())


def cell_key(cell: NotebookNode) -> str:
    """What a cell of the lesson is known by: its grade id, or its id where it has none."""
    return grade_id(cell) or str(cell.get("id", "") or cell.metadata.get("id", ""))


@dataclass
class Prepared:
    """The judge's side of a lesson after its own cells have run.

    states: cell → what was bound just after it ran. broken: cell → the error output of one that failed here: then
    the lesson does not run on this machine, and no check below that cell can be judged.
    """

    names: Names
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: dict[str, dict[str, Any]] = field(default_factory=dict)
    pristine: Pristine | None = None

    def set_to(self, above: Sequence[str]) -> None:
        """Bind the names as they stood after the last of these cells, the lesson's own above a check.

        What they are bound to is as the cells made it, whatever an earlier check did to it.
        """
        if self.pristine is not None:
            self.pristine.restore()
        known = [name for name in above if name in self.states]
        self.names.set_to(self.states[known[-1]] if known else {})


def prepare(lesson: LessonCells, limits: Limits) -> Prepared:
    """Run the lesson's own cells here, in order. Never raises for what they do: see Prepared.broken.

    The working directory and the environment (`judges_environment`) are the caller's business.
    """
    prepared = Prepared(Names(lesson.binds))
    for number, (name, source) in enumerate(lesson.own, start=1):
        try:
            with _silence(), alarm(limits.fixture_seconds):
                run_source(source, name, prepared.names)
        except OutOfTime:
            late = TimeoutError(f"not finished within {limits.fixture_seconds:g} seconds")
            prepared.broken[name] = error_output(late, {}, [])
        except BaseException as error:
            prepared.broken[name] = error_output(error, {file_of(name): number}, [])
        prepared.states[name] = prepared.names.state()
    prepared.names.set_to({})
    from autograde.grading.pristine import Pristine  # loads torch, which those who only ask what a lesson is do without

    prepared.pristine = Pristine(prepared.states.values())
    return prepared


def judges_environment(limits: Limits, data: Path) -> dict[str, str]:
    """What the judge's process needs in its environment besides the grader's own; data: the lesson's files."""
    made = {"NBGRADER_EXECUTION": "autograde", "MEASURE_FIRST_DATA": str(data)}
    made |= {"MEASURE_FIRST_DEVICE": limits.device, "MEASURE_FIRST_SCALE": limits.scale}
    return made | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}


def file_of(name: str) -> str:
    """The file name that a cell's code carries, so that tracebacks and inspect.getsource find its lines."""
    return f"<{name}>"


def run_source(source: str, name: str, names: dict[str, Any]) -> None:
    """Run a cell's text in this process."""
    remember(source, name)
    exec(compile(source, file_of(name), "exec"), names)


def remember(source: str, name: str) -> None:
    """Let linecache know a cell's lines."""
    linecache.cache[file_of(name)] = (len(source), None, source.splitlines(keepends=True), file_of(name))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What the lesson's own cells print is shown by the student's side, where they run too."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def furnished(folder: Path, files: Iterable[Path], limits: Limits) -> Iterator[None]:
    """Stand in `folder` beside the lesson's files, in the judge's environment; all as before afterwards."""
    import shutil

    for path in files:
        shutil.copy(path, folder / path.name)
    here, before = os.getcwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.update(judges_environment(limits, folder))
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def one_thread() -> None:
    """Compute with one thread, where torch is loaded: a fork of a process with a pool of them can hang."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
