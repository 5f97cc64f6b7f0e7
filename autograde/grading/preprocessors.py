"""What nbgrader's autograde step does for this course: mend, run, score. Named in nbgrader_settings.py.

`nbgrader autograde`, formgrader's button and `autograde grade` all come through here, for this course's notebooks and
for any other course's. nbgrader calls these classes and sets their traits from its configuration; the work is in
mending.py, run.py, outcomes.py and foreign.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum, Float, Integer, Unicode

from autograde.course import CourseError
from autograde.grading import foreign, foreign_run
from autograde.grading.cells import grade_id, kind_of, nbgraders
from autograde.grading.intake import parse_submission
from autograde.grading.isolation import chosen
from autograde.grading.limits import CHOICES, Limits
from autograde.grading.marks import run_mark
from autograde.grading.mending import mend, notes_of, read_pair
from autograde.grading.outcomes import attached, auto_score
from autograde.grading.repairs import doubt_of
from autograde.grading.run import grade_notebook
from autograde.grading.secret import take_secret
from autograde.grading.submissions import Submission, files_beside, files_for, links_out
from autograde.grading.timings import take_timings


def course_directory(preprocessor: Any) -> CourseDirectory:
    """The course's folders as nbgrader knows them: its converter is the preprocessor's grandparent."""
    return preprocessor.parent.parent.coursedir


class MendSubmission(NbGraderPreprocessor):
    """First of all: put the submission back into shape, all metadata and all tests from the course's own records.

    A lesson of this course takes its source's shape; another course's notebook keeps its own, and gets the cells that
    nbgrader keeps in the gradebook. Raises BrokenSubmission, or CourseError where the lesson is not built.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        folders, names = course_directory(self), resources["nbgrader"]
        file = f"{names['notebook']}.ipynb"
        source = Path(folders.format_path(folders.source_directory, ".", names["assignment"])) / file
        self._drop_links(Path(resources["metadata"]["path"]), source.parent, names)
        release = Path(folders.format_path(folders.release_directory, ".", names["assignment"])) / file
        submitted = parse_submission(json.dumps(nb).encode("utf-8", "surrogatepass"))
        lesson = nbformat.read(source, as_version=4) if source.is_file() else None
        if lesson is not None and not foreign.is_foreign(lesson):
            mended = mend(submitted, *read_pair(source, release))
        else:
            order = [grade_id(cell) for cell in lesson.cells] if lesson is not None else []
            mended = self._restored(nb, submitted, names, order)
        for note in notes_of(mended):
            self.log.warning("%s, %s: %s", names["student"], names["assignment"], note)
        return mended, resources

    def _drop_links(self, submitted: Path, source: Path, names: Any) -> None:
        """Take away what nbgrader copied through a student's link from elsewhere on this machine."""
        folders = course_directory(self)
        copied = Path(folders.format_path(folders.autograded_directory, names["student"], names["assignment"]))
        for link in links_out(submitted):
            place = link.relative_to(submitted)
            if not (source / place).exists() and (copied / place).is_file():
                (copied / place).unlink()
                self.log.warning("%s: %s is a link out of the submission: left out", names["student"], place)

    def _restored(self, nb: NotebookNode, submitted: NotebookNode, names: Any, order: list[str]) -> NotebookNode:
        """Another course's notebook, from the gradebook. order: its cells' names."""
        key = names["assignment"]
        with Gradebook(names["db_url"]) as gradebook:
            given = foreign.given_cells(gradebook, names["notebook"], key, order)
        if any("check.begin(" in cell.text for cell in given):
            raise CourseError(f"{key} has no source. Run: autograde build {key}")
        foreign.check_notebook(nb, given, names["notebook"])
        return foreign.restore(submitted, given, nb)


class Execute(NbGraderPreprocessor):
    """nbgrader's own settings for running a notebook, under nbgrader's name; they hold for other courses' notebooks."""

    timeout = Integer(30, allow_none=True, help="Seconds for one cell; None: as many as for the notebook.").tag(
        config=True
    )
    notebook_seconds = Float(1800.0, help="Wall time for a whole notebook.").tag(config=True)

    def limits(self, others: Limits) -> Limits:
        """`others`, with these times."""
        seconds = self.notebook_seconds if self.timeout is None or self.timeout <= 0 else float(self.timeout)
        times = {"cell_seconds": seconds, "fixture_seconds": seconds, "submission_seconds": self.notebook_seconds}
        return Limits(**{**vars(others), **times})


class RunChecks(NbGraderPreprocessor):
    """Run the mended notebook and keep how each check ended. A run that is already in `results` is not repeated."""

    cell_seconds = Float(Limits.cell_seconds, help="Wall time for a cell of the student's, or a check.").tag(
        config=True
    )
    fixture_seconds = Float(Limits.fixture_seconds, help="Wall time for a cell of the lesson's own.").tag(config=True)
    submission_seconds = Float(Limits.submission_seconds, help="Wall time for a whole submission.").tag(config=True)
    output_bytes = Integer(Limits.output_bytes, help="How much output of one cell is kept.").tag(config=True)
    device = Unicode(Limits.device, help='What DEVICE = "auto" means: "cpu", "cuda" or "auto".').tag(config=True)
    scale = Unicode(Limits.scale, help='What SCALE = "auto" means: "ci", "full" or "auto".').tag(config=True)
    isolation = Enum(CHOICES, Limits.isolation, help="What keeps students' code apart: docs/nbgrader.md.").tag(
        config=True
    )
    memory_bytes = Integer(Limits.memory_bytes, help="Memory for all that a submission starts.").tag(config=True)
    disk_bytes = Integer(Limits.disk_bytes, help="Room for all files that a submission writes.").tag(config=True)
    processes = Integer(Limits.processes, help="Processes and threads of a submission.").tag(config=True)
    results = Unicode("", help="A folder of executed notebooks by content hash; empty: none.").tag(config=True)

    def limits(self) -> Limits:
        """The traits as the runner's limits."""
        said = {name: getattr(self, name) for name in vars(Limits()) if self.has_trait(name)}
        return Limits(**{**said, "isolation": chosen("auto") if self.isolation == "auto" else self.isolation})

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        names, folder = resources["nbgrader"], Path(resources["metadata"]["path"])
        if foreign.is_foreign(nb):
            return self._run_foreign(nb, folder, names["student"]), resources
        take_secret(Path(course_directory(self).root))
        files, own = self._files(names)
        mark = run_mark(nb, files, self.limits(), names["student"])
        known = Path(self.results) / f"{mark}.ipynb" if self.results else None
        if known is not None and known.is_file():
            return with_run_of(nb, nbformat.read(known, as_version=4)), resources
        grade_notebook(nb, files, self.limits(), names["student"], own)
        take_timings(nb)
        for outcome in attached(nb):
            if outcome.status != "passed":
                self.log.info("%s: %s: %s", outcome.check, outcome.status, outcome.message)
        return nb, resources

    def _files(self, names: Any) -> tuple[list[Path], list[Path]]:
        """What lies beside a lesson's notebook when it runs, and those of the files that are the lesson's own."""
        folders, key = course_directory(self), names["assignment"]
        submitted, source = (
            Path(folders.format_path(folder, student, key)) / f"{names['notebook']}.ipynb"
            for folder, student in ((folders.submitted_directory, names["student"]), (folders.source_directory, "."))
        )
        return files_for(Submission(names["student"], key, submitted), source), files_beside(source.parent)

    def _run_foreign(self, nb: NotebookNode, folder: Path, student: str) -> NotebookNode:
        """Run another course's notebook, unless nbgrader was told --no-execute. Raises BrokenSubmission."""
        foreign.check_language(nb)
        settings = Execute(parent=self)
        if settings.enabled:
            files = [path for path in sorted(folder.glob("*")) if path.suffix != ".ipynb"]
            found = foreign_run.grade(nb, files, settings.limits(self.limits()), student)
            take_timings(nb)
            for outcome in found:
                if outcome.status == "grader_error":
                    self.log.warning("%s: a person has to look: %s", outcome.check, outcome.message)
        return nb


def with_run_of(nb: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """`nb` with the outputs and outcomes of the same notebook, run earlier. nbgrader's metadata is `nb`'s own."""
    for cell, done in zip(nb.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
            cell.metadata["measure_first"] = done.metadata.get("measure_first", {})
    nb.metadata["measure_first"] = executed.metadata.get("measure_first", {})
    return nb


class SaveOutcomes(SaveAutoGrades):
    """nbgrader's SaveAutoGrades with the score taken from the check's outcome, never from what a cell printed.

    For another course's notebook, it is taken from the outputs, by foreign.earned.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        self.foreign = foreign.is_foreign(nb)
        nb, resources = super().preprocess(nb, resources)
        if self.foreign:
            with Gradebook(self.db_url) as gradebook:
                self._leave_missing(gradebook, {grade_id(cell) for cell in nb.cells})
        return nb, resources

    def _leave_missing(self, gradebook: Gradebook, present: set[str]) -> None:
        """Leave every graded cell that the notebook has not to a person, whatever an earlier grading said of it."""
        found = gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
        for grade in found.grades:
            if grade.name not in present:
                grade.auto_score, grade.needs_manual_grade = None, True
                self.log.warning("%s: %s is missing: a person has to look", self.student_id, grade.name)
        gradebook.db.commit()

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        """Save one graded cell's score; a manual score stays what it is."""
        grade = self.gradebook.find_grade(
            nbgraders(cell)["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = foreign.earned(cell) if self.foreign else auto_score(cell)
        asked = grade.auto_score is None or bool(doubt_of(cell))
        grade.needs_manual_grade = grade.manual_score is not None or asked
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        """nbgrader's "No response." is for answers in prose; a lesson's check already says that nothing was tried."""
        if self.foreign or kind_of(cell) != "exercise":
            super()._add_comment(cell, resources)
