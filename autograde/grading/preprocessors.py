"""What nbgrader's autograde step does for this course: mend, run, score. Named in nbgrader_settings.py.

`nbgrader autograde`, formgrader's button and `autograde grade` all come through here. nbgrader calls these classes and
sets their traits from its configuration; the work is in mending.py, run.py and outcomes.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Float, Integer, Unicode

from autograde.grading.cells import kind_of, nbgraders
from autograde.grading.intake import parse_submission
from autograde.grading.kernel import Limits
from autograde.grading.marks import run_mark
from autograde.grading.mending import mend, notes_of, read_pair
from autograde.grading.outcomes import attached, auto_score
from autograde.grading.run import grade_notebook
from autograde.grading.submissions import files_beside


def course_directory(preprocessor: Any) -> CourseDirectory:
    """The course's folders as nbgrader knows them: its converter is the preprocessor's grandparent."""
    return preprocessor.parent.parent.coursedir


class MendSubmission(NbGraderPreprocessor):
    """First of all: put the submission back into the lesson's shape, all metadata restored from the source."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        folders, names = course_directory(self), resources["nbgrader"]
        file = f"{names['notebook']}.ipynb"
        source = Path(folders.format_path(folders.source_directory, ".", names["assignment"])) / file
        release = Path(folders.format_path(folders.release_directory, ".", names["assignment"])) / file
        submitted = parse_submission(json.dumps(nb).encode("utf-8", "surrogatepass"))
        mended = mend(submitted, *read_pair(source, release))
        for note in notes_of(mended):
            self.log.warning("%s, %s: %s", names["student"], names["assignment"], note)
        return mended, resources


class RunChecks(NbGraderPreprocessor):
    """Run the mended notebook and keep how each check ended. A run that is already in `results` is not repeated."""

    cell_seconds = Float(20.0, help="Wall time for one of the student's cells, or one check.").tag(config=True)
    fixture_seconds = Float(90.0, help="Wall time for one of the lesson's own cells.").tag(config=True)
    submission_seconds = Float(180.0, help="Wall time for a whole submission.").tag(config=True)
    output_bytes = Integer(1_000_000, help="How much output of one cell is kept.").tag(config=True)
    device = Unicode("cpu", help='What DEVICE = "auto" means when grading: "cpu", "cuda" or "auto".').tag(config=True)
    scale = Unicode("ci", help='What SCALE = "auto" means when grading: "ci", "full" or "auto".').tag(config=True)
    results = Unicode("", help="A folder of executed notebooks by content hash; empty: none.").tag(config=True)

    def limits(self) -> Limits:
        """The traits as the runner's limits."""
        return Limits(
            self.cell_seconds, self.fixture_seconds, self.submission_seconds, self.output_bytes, self.device, self.scale
        )

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        names = resources["nbgrader"]
        files = files_beside(Path(resources["metadata"]["path"]))
        mark = run_mark(nb, files, self.limits(), names["student"])
        known = Path(self.results) / f"{mark}.ipynb" if self.results else None
        if known is not None and known.is_file():
            return with_run_of(nb, nbformat.read(known, as_version=4)), resources
        grade_notebook(nb, files, self.limits(), names["student"])
        for outcome in attached(nb):
            if outcome.status != "passed":
                self.log.info("%s: %s: %s", outcome.check, outcome.status, outcome.message)
        return nb, resources


def with_run_of(nb: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """`nb` with the outputs and outcomes of the same notebook, run earlier. nbgrader's metadata is `nb`'s own."""
    for cell, done in zip(nb.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
            cell.metadata["measure_first"] = done.metadata.get("measure_first", {})
    nb.metadata["measure_first"] = executed.metadata.get("measure_first", {})
    return nb


class SaveOutcomes(SaveAutoGrades):
    """nbgrader's SaveAutoGrades with the score taken from the check's outcome, never from what a cell printed."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        """Save one graded cell's score; a manual score stays what it is."""
        grade = self.gradebook.find_grade(
            nbgraders(cell)["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = auto_score(cell)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        """nbgrader's "No response." is for answers in prose; an exercise's check already says that it was not tried."""
        if kind_of(cell) != "exercise":
            super()._add_comment(cell, resources)
