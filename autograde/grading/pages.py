"""Writes feedback pages, many in one process: what is the same on every page is made once."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import to_notebook_json
from nbgrader.utils import is_grade, is_solution, is_task

from autograde.grading.cells import grade_id
from autograde.grading.feedback import FeedbackExporter, PrepareFeedback, say_who_scored
from autograde.grading.folders import lay_files, write_whole
from autograde.grading.nbgrader_settings import course_settings
from autograde.grading.publish import Page
from autograde.grading.standings import Standing


class PageMaker:
    """nbconvert's exporter and our step, set up once for a course."""

    def __init__(self, root: Path) -> None:
        config = course_settings(root)
        config.Exporter.default_preprocessors = []  # as nbgrader's converters have it
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.step, self.exporter = PrepareFeedback(config=config), FeedbackExporter(config=config)

    def write(self, page: Page) -> None:
        """Write the page, whole or not at all, and lay its files beside it."""
        html = self.html(page)
        lay_files(page.folder, page.files, page.mode, keep=(f"{page.lesson}.html",))
        write_whole(page.folder / f"{page.lesson}.html", html.encode(), page.mode)

    def html(self, page: Page) -> str:
        """The page as text: what `nbgrader generate_feedback` writes."""
        nb = to_notebook_json(json.loads(page.notebook.read_bytes()))
        names = {"student": page.student, "assignment": page.lesson, "notebook": page.lesson}
        place = {"name": page.lesson, "path": str(page.notebook.parent)}
        resources: dict[str, Any] = {"nbgrader": names, "unique_key": page.lesson, "metadata": place}
        fill_in(nb, names, page.standing)
        nb, resources = self.step.lay_out(nb, resources, page.title, page.standing.late)
        return self.exporter.page(nb, resources)


def fill_in(nb: NotebookNode, names: dict[str, Any], standing: Standing) -> None:
    """Put scores and comments into the notebook: nbgrader's GetGrades, from a standing in place of the gradebook."""
    for cell in nb.cells:
        if is_solution(cell) or is_task(cell):
            cell.metadata.nbgrader["comment"] = standing.comments.get(grade_id(cell))
        if is_grade(cell) or is_task(cell):
            held = standing.cells[grade_id(cell)]
            cell.metadata.nbgrader |= {"score": held.score, "points": held.points}
            say_who_scored(cell, held.waiting, held.by_hand)
    names |= {"score": standing.score - standing.penalty, "max_score": standing.points}
    names["late_penalty"] = standing.penalty


_maker: PageMaker | None = None


def start_making_pages(root: Path) -> None:
    """What a process that writes pages does first."""
    global _maker
    _maker = PageMaker(root)


def write_page(page: Page) -> None:
    """Write a page in such a process."""
    assert _maker is not None
    _maker.write(page)
