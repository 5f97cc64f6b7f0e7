"""source/ → release/ and the gradebook's assignments, by nbgrader's own converter with our holes for its stubs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_solution
from traitlets.config import Config

from autograde.authoring.stub import student_code, student_prose
from autograde.course import CourseError
from autograde.grading.nbgrader_settings import course_config, tools_on_path


class Holes(ClearSolutions):
    """nbgrader's ClearSolutions with holes that say whose they are (see `student_code`); settings stay editable."""

    def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> tuple[NotebookNode, Any]:
        """One cell of the student's notebook."""
        if is_solution(cell):
            name = cell.metadata.nbgrader.grade_id
            cell.source = student_code(cell.source, name) if cell.cell_type == "code" else student_prose(cell.source)
        elif cell.metadata.get("measure_first", {}).get("kind") == "settings":
            cell.metadata["editable"] = True  # LockCells has closed it; grading uses its own settings anyway
        return cell, resources


def generate(staging: Path, key: str, gradebook: Path) -> None:
    """Turn `staging`/source/KEY into `staging`/release/KEY and record the assignment in `gradebook`.

    Raises CourseError with nbgrader's own log where it refuses.
    """
    config = course_config(staging)
    config.CourseDirectory.db_url = f"sqlite:///{gradebook}"
    gradebook.parent.mkdir(parents=True, exist_ok=True)
    with tools_on_path():
        result = _quiet_api(config).generate_assignment(key, force=True, create=True)
    if not result["success"]:
        raise CourseError(_explained(key, str(result.get("log", "")) + str(result.get("error", ""))))
    for path in sorted((staging / "release" / key).rglob("*")):
        if path.is_file() and path.suffix in (".ipynb", ".json"):
            path.write_bytes(_one_way(path.read_bytes()))


def _quiet_api(config: Config) -> NbGraderAPI:
    return NbGraderAPI(config=config, log_level="ERROR")


def _one_way(data: bytes) -> bytes:
    """The same bytes on every machine: LF, and one newline at the end."""
    return data.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"


def _explained(key: str, log: str) -> str:
    if "submissions associated" in log:
        return (
            f"the gradebook holds submissions of {key}, and this build adds or removes graded or locked cells.\n"
            "    mend: grade that class with the version it was given, or move grading/ away and build again"
        )
    return f"nbgrader could not make the release of {key}:\n{log.strip()}"
