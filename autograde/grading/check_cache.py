"""What each cell of a submission came to, kept by all that it depends on, so that only what has changed is run again.

A student's cell depends on every cell above it that runs, on the lesson's own cells and files, on the limits, on the
code that decides and the packages under it, and on what random numbers are drawn from. A check depends on the cells
above it and on its own text; no other check reaches it. So an edited test is run again by itself, and a change of prose
or points runs nothing. One file a submission, grading/cache/cells/ID/LESSON.json.gz, holds what its last run came to:
it never grows with the number of runs, and may be deleted. Only the judge writes it; a student's code cannot reach it.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from autograde.grading.cells import NAMESPACE, RUNS, kind_of, note, ours
from autograde.grading.folders import write_whole
from autograde.grading.limits import Limits
from autograde.grading.marks import code_mark, digest, seed_mark
from autograde.grading.outcomes import OUTCOME_MIME
from autograde.grading.prepared import LessonCells, cell_key

SETTLED = ("ok", "error")  # any other end may be the machine's doing: such a cell is run again when anything is
POINTS = re.compile(r"(check\.begin\([^\n]*?), *points=[0-9.]+")
NOT_RUN = "This cell is not run when grading."
VERSION = 1

Kept = dict[str, dict[str, Any]]  # a cell's key → how it ended: outputs, run, execution_count, points


def cell_marks(nb: NotebookNode, files_mark: str, limits: Limits, student: str) -> dict[str, str]:
    """A mended notebook's cells that grading runs: what each is called → the hash of all that its result depends on.

    Where checks are not apart from what follows them (one kernel for everything, or CUDA), the cells below depend on
    a check, too.
    """
    own = json.dumps([asdict(LessonCells.of(nb)), asdict(limits)], sort_keys=True)
    above = digest("cells", own, files_mark, code_mark(), seed_mark(student))
    apart = limits.isolation != "kernel" and limits.device == "cpu"
    marks: dict[str, str] = {}
    number = 0
    for cell in nb.cells:
        if not _runs(cell):
            continue
        number += 1
        check = kind_of(cell) == "check"
        text = POINTS.sub(r"\1", cell.source, count=1) if check else cell.source
        mark = digest(above, str(number), cell_key(cell), kind_of(cell), str(ours(cell).get("exercise")), text)
        marks[cell_key(cell)] = mark
        if not (check and apart):
            above = mark
    return marks


def cache_file(folder: Path, student: str, lesson: str) -> Path:
    """Where a submission's cells are kept, under the cache's folder."""
    return folder / "cells" / student / f"{lesson}.json.gz"


def read_kept(path: Path) -> Kept:
    """What was kept of a submission's cells; {} where there is nothing, or nothing that can be read."""
    try:
        made = json.loads(gzip.decompress(path.read_bytes()))
        return dict(made["cells"]) if made["version"] == VERSION else {}
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        return {}


def known_cells(nb: NotebookNode, marks: Mapping[str, str], kept: Kept) -> dict[str, dict[str, Any]]:
    """What need not be run: what each cell is called → how it ended.

    All of it where every cell is kept; else only what came to a settled end.
    """
    cells = {cell_key(cell): cell for cell in nb.cells if cell.cell_type == "code"}
    found = {name: fit for name, mark in marks.items() if mark in kept and (fit := _fitted(cells[name], kept[mark]))}
    if len(found) == len(marks):
        return found
    return {name: made for name, made in found.items() if made["run"]["status"] in SETTLED}


def recall(nb: NotebookNode, known: Mapping[str, Mapping[str, Any]]) -> bool:
    """Fill in a mended notebook from what is known of its cells; False, and nothing done, unless all of them are."""
    to_run = [cell for cell in nb.cells if _runs(cell)]
    if not to_run or any(cell_key(cell) not in known for cell in to_run):
        return False
    for cell in nb.cells:
        if cell.cell_type == "code" and not _runs(cell):
            note(cell, "skipped", 0.0, NOT_RUN)
    for cell in to_run:
        kept = known[cell_key(cell)]
        cell.outputs, cell.execution_count = from_dict(list(kept["outputs"])), kept["execution_count"]
        cell.metadata[NAMESPACE] = {**ours(cell), "kind": kind_of(cell), "run": dict(kept["run"])}
    nb.metadata[NAMESPACE] = {**ours(nb), "run": {"cell_seconds": 0.0}}
    return True


def _runs(cell: NotebookNode) -> bool:
    """Whether grading runs this cell."""
    return cell.cell_type == "code" and kind_of(cell) in RUNS and bool(cell.source.strip())


def keep_cells(path: Path, nb: NotebookNode, marks: Mapping[str, str]) -> None:
    """Keep how the cells of a notebook that was run ended, in place of what was kept before."""
    kept: Kept = {}
    for cell in nb.cells:
        mark, run = marks.get(cell_key(cell)), ours(cell).get("run")
        if mark is None or cell.cell_type != "code" or run is None:
            continue
        kept[mark] = {"outputs": cell.outputs, "run": run, "execution_count": cell.execution_count}
        kept[mark]["points"] = _points(cell)
    text = json.dumps({"version": VERSION, "cells": kept}, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, gzip.compress(text.encode(), compresslevel=1, mtime=0), 0o600)


def prune(folder: Path, submitted: Path) -> None:
    """Take away what was kept of submissions that are not there any more."""
    for student in (folder / "cells").glob("*"):
        if not (submitted / student.name).is_dir():
            shutil.rmtree(student, ignore_errors=True)


def _points(cell: NotebookNode) -> float:
    return float(cell.metadata.get("nbgrader", {}).get("points") or 0.0)


def _fitted(cell: NotebookNode, made: dict[str, Any]) -> dict[str, Any] | None:
    """What was kept, with the points that the cell is worth now; None where they cannot be put in."""
    before, now = float(made["points"]), _points(cell)
    if before == now or kind_of(cell) != "check":
        return made
    told = [output["data"][OUTCOME_MIME] for output in made["outputs"] if OUTCOME_MIME in output.get("data", {})]
    if not told:
        return made
    if not before or not now:
        return None  # what a check worth nothing says of a share is another text
    outputs = json.loads(json.dumps(made["outputs"]))
    share = float(told[-1]["fraction"])
    for output in outputs:
        if OUTCOME_MIME in output.get("data", {}):
            output["data"][OUTCOME_MIME]["points"] = now
        elif output["output_type"] == "stream":
            old, new = (f"Partly right: {share * worth:.3g} of {worth:.3g} points." for worth in (before, now))
            output["text"] = output["text"].replace(old, new)
        elif output["output_type"] == "execute_result":
            output["data"]["text/plain"] = repr(share * now)
    return {**made, "outputs": outputs}
