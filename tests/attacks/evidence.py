"""What a class looks like after the batch: points, outcomes, files, and where a secret turned up."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from secrets_planted import needles, unseen
from victim_course import KEY, Place

from autograde.course import load_course
from autograde.grading.records import read_record

PRODUCTS = (
    "autograded",
    "feedback",
    "cache",
    "report.html",
    "scores.csv",
    "outcomes.csv",
    "timings.csv",
    "gradebook.db",
)
TIMES = re.compile(r"\b\d+(\.\d+)?(e-?\d+)? ?(s|ms|seconds?)\b")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Result:
    """One student's lesson: how each check ended, the points in the gradebook; `refused`: why it was not graded."""

    outcomes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    points: float = 0.0
    rows: list[tuple] = field(default_factory=list)
    refused: str = ""


def result_of(place: Place, student: str, key: str = KEY) -> Result:
    """What the batch recorded of a student."""
    record = read_record(load_course(place.course), student, key)
    rows = gradebook_rows(place, student)
    points = sum(row[3] or 0.0 for row in rows)
    if record is None:
        return Result(points=points, rows=rows, refused="no record")
    short = {outcome.check.removeprefix("check_"): outcome for outcome in record.outcomes}
    return Result(
        outcomes={name: outcome.status for name, outcome in short.items()},
        messages={name: outcome.message for name, outcome in short.items()},
        points=max(points, sum(outcome.score or 0.0 for outcome in record.outcomes)),
        rows=rows,
        refused=record.reason if record.status == "broken" else "",
    )


def gradebook_rows(place: Place, student: str) -> list[tuple]:
    """(cell, max, needs a person, score by machine, score by hand) of each of the student's graded cells."""
    question = """
        SELECT base_cell.name, grade_cells.max_score, grade.needs_manual_grade, grade.auto_score, grade.manual_score
        FROM grade JOIN base_cell ON base_cell.id = grade.cell_id JOIN grade_cells ON grade_cells.id = base_cell.id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE submitted_assignment.student_id = ? ORDER BY base_cell.name"""
    with closing(sqlite3.connect(place.course / "grading" / "gradebook.db")) as connection:
        return connection.execute(question, (student,)).fetchall()


def products_of(place: Place, student: str) -> dict[str, bytes]:
    """The student's products, by their place under grading/; notebooks without the hidden tests, which belong there."""
    grading, found = place.course / "grading", {}
    for folder in ("autograded", "feedback", "cache/records"):
        for path in sorted((grading / folder / student).rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                found[f"{folder}/{path.relative_to(grading / folder / student)}"] = (
                    without_tests(data) if path.suffix == ".ipynb" else data
                )
    return found


def without_tests(notebook: bytes) -> bytes:
    """The notebook without the text of its check cells, which tracebacks for the instructor may quote."""
    nb = json.loads(notebook)
    for cell in nb["cells"]:
        if cell["metadata"].get("measure_first", {}).get("kind") == "check":
            cell["source"] = ""
            for output in cell["outputs"]:
                output.pop("traceback", None)
    return json.dumps(nb, ensure_ascii=False).encode()


def shared_products(place: Place) -> dict[str, bytes]:
    """What the whole class shares: the report and the tables."""
    grading = place.course / "grading"
    return {path.name: path.read_bytes() for path in sorted(grading.glob("*")) if path.suffix in (".html", ".csv")}


def loot(products: dict[str, bytes], lessons: bool = False) -> list[str]:
    """Where a secret turned up, and how it was written. lessons: held-out texts of the real lessons are secrets too."""
    wanted = needles() | (unseen() if lessons else {})
    return [
        f"{name} shows a secret ({kind}): …{_around(data, needle)}…"
        for name, data in products.items()
        for kind, needle in wanted.items()
        if needle in data
    ]


def _around(data: bytes, needle: bytes) -> str:
    at = data.index(needle)
    return data[max(0, at - 40) : at + 80].decode(errors="replace").replace("\n", " ")


def still(place: Place, student: str) -> dict[str, Any]:
    """A bystander's result and products in a form that is the same in every run: without times.

    Of the real lessons the results alone: their cells print what they measure.
    """
    key = place.bystanders[student]
    result = result_of(place, student, key)
    plain: dict[str, Any] = {"rows": result.rows, "outcomes": result.outcomes, "messages": result.messages}
    for name, data in products_of(place, student).items() if key == KEY else ():
        if name.endswith(".ipynb"):
            plain[name] = _timeless(json.loads(data))
        elif name.endswith(".html"):
            plain[name] = TIMES.sub("TIME", data.decode())
    return plain


def _timeless(data: Any) -> Any:
    """A notebook without what a clock or a memory gauge says."""
    if isinstance(data, dict):
        gauges = ("seconds", "peak_bytes", "memory", "waited")
        return {key: _timeless(value) for key, value in data.items() if key not in gauges}
    if isinstance(data, list):
        return [_timeless(value) for value in data]
    return TIMES.sub("TIME", data) if isinstance(data, str) else data


def differences(alone: Any, among: Any, where: str = "") -> list[str]:
    """In which of its parts a bystander's result differs from the one that it has alone."""
    if isinstance(alone, dict) and isinstance(among, dict):
        keys = [*alone, *(key for key in among if key not in alone)]
        return [d for key in keys for d in differences(alone.get(key), among.get(key), f"{where}/{key}")]
    if isinstance(alone, list) and isinstance(among, list) and len(alone) == len(among):
        pairs = zip(alone, among, strict=True)
        return [d for n, (a, b) in enumerate(pairs) for d in differences(a, b, f"{where}/{n}")]
    return [] if alone == among else [f"{where}: {str(alone)[:150]!r} became {str(among)[:150]!r}"]


def fingerprints(folder: Path, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Every file below `folder` with the hash of its contents; a link is its target."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(name == skipped or name.startswith(f"{skipped}/") for skipped in without):
            continue
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif not path.is_dir():
            found[name] = "special"
    return found


def course_prints(place: Place) -> dict[str, str]:
    """All files of the course but those that grading writes."""
    return fingerprints(place.course, tuple(f"grading/{name}" for name in PRODUCTS))


def formulas(table: bytes) -> list[str]:
    """Cells of a CSV table that a spreadsheet would compute."""
    rows = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    return [cell for row in rows for cell in row if cell.startswith(FORMULA) and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
