"""What a warm process holds ready for every submission of one lesson, and how it judges one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.grading.judge import judge_notebook
from autograde.grading.lesson_sandbox import sandbox_of
from autograde.grading.made_from import Lesson
from autograde.grading.prepared import Prepared, prepare
from autograde.wall import first_uses
from autograde.wall.sandbox import Sandbox
from autograde.wall.student import CellResult, Process


class Warm:
    """The lesson's own cells run on both sides: the judge's here, the student's in the sandbox's fork server.

    Made in the process whose forks judge; in them `judge` is called. Where CUDA may be used (`Lesson.forks` is
    False) nothing has run yet, and each fork prepares by itself.
    """

    def __init__(self, lesson: Lesson, sandbox: Sandbox | None = None) -> None:
        self.lesson = lesson
        self.sandbox = sandbox or sandbox_of(lesson)
        self.careful = False  # set in a judge that is the second one of its submission
        self._prepared: Prepared | None = None

    def start(self) -> None:
        """Start the sandbox and meanwhile run the lesson's own cells here. Raises SandboxError."""
        self.sandbox.begin()
        if self.lesson.forks:
            self._prepared = prepare(self.lesson.cells, self.lesson.limits)
            if self.lesson.cells.gradients:
                first_uses.gradients()
        self.sandbox.start()

    @property
    def prepared(self) -> Prepared:
        """The judge's side of the lesson."""
        if self._prepared is None:
            self._prepared = prepare(self.lesson.cells, self.lesson.limits)
        return self._prepared

    def done(self) -> dict[str, CellResult]:
        """The lesson's leading cells that have run in every student's process before it was forked."""
        results = [CellResult(**made) for made in self.sandbox.prepared]
        return {name: result for (name, _), result in zip(self.lesson.cells.own, results, strict=False)}

    def judge(
        self,
        nb: NotebookNode,
        files: Sequence[Path] = (),
        student: str = "",
        known: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Judge a mended notebook in place (see judge_notebook). files: what lies beside it, the lesson's own too."""
        lesson = self.lesson

        def start() -> Process:
            return self.sandbox.fork(student, list(files))

        forks, careful = lesson.forks, lesson.forks and self.careful
        judge_notebook(
            nb, start, self.prepared, lesson.limits, student, known, self.done(), forks=forks, careful=careful
        )

    def close(self) -> None:
        """End the sandbox and all that runs in it."""
        self.sandbox.close()
