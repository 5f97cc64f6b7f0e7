"""One HTML page a student and lesson: a table of what each check found, then the notebook, without hidden tests.

nbgrader's generate_feedback calls `PrepareFeedback` and `FeedbackExporter` (see nbgrader_settings.py). The page needs
no network, runs no script, and shows whatever a student's code printed as text.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from traitlets import Bool, default

from autograde.course import CourseError, load_course
from autograde.grading.blame import happenings
from autograde.grading.cells import NAMESPACE, grade_id, kind_of, ours, title_of
from autograde.grading.first_screen import rows, summary, total
from autograde.grading.hiding import hide, plain_outputs, scrub, secret_lines
from autograde.grading.mending import notes_of
from autograde.grading.outcomes import attached_to
from autograde.grading.preprocessors import course_directory
from autograde.grading.words import LABELS, SYMBOLS

TEMPLATES = Path(__file__).parent / "templates"
TAGS = {
    *bleach.ALLOWED_TAGS, "br", "code", "dd", "del", "details", "div", "dl", "dt", "figure", "figcaption",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd", "p", "pre", "s", "span", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
}  # fmt: skip
ATTRIBUTES = {
    "a": ["href", "title"],
    "img": ["src", "alt", "title", "width", "height"],
    "th": ["scope", "colspan"],
    "*": ["class"],
}
QUIET = ("prose", "setup", "settings", "fixture", "demo")  # the lesson's own cells: folded away


def clean_html(markup: object) -> str:
    """Markup without scripts, styles, forms, or anything that loads from elsewhere."""
    return _cleaned(markup.decode() if isinstance(markup, bytes) else str(markup))


@functools.lru_cache(maxsize=2048)  # a lesson's own prose and code are the same on every student's page
def _cleaned(text: str) -> str:
    styles = CSSSanitizer(allowed_css_properties=[])
    return bleach.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, protocols={"https", "http", "data"}, css_sanitizer=styles
    )


@functools.lru_cache(maxsize=2048)
def _highlighted(source: str) -> str:
    """Python with IPython's magics as coloured markup; Pygments escapes what it colours."""
    return str(Highlight2HTML(pygments_lexer="ipython3")(source))


def breakable(name: object) -> str:
    """A name as markup that a narrow column may break after an underscore, and nowhere else."""
    return html.escape(str(name)).replace("_", "_<wbr>")


class PrepareFeedback(GetGrades):
    """nbgrader's GetGrades, then: hidden tests out, the table of outcomes, the lesson's own cells folded."""

    show_hidden_tests = Bool(False, help="Show hidden tests (for an instructor's own eyes).").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        nb, resources = super().preprocess(nb, resources)
        secret = set() if self.show_hidden_tests else secret_lines(nb)
        table = rows(nb, secret)
        resources["measure_first"] = {
            "rows": table,
            "summary": summary(table),
            "happenings": [scrub(sentence, secret) for sentence in happenings(nb)],
            "notes": notes_of(nb),
            "title": _title(Path(course_directory(self).root), resources["nbgrader"]["notebook"]),
            "student": resources["nbgrader"]["student"],
            **total(resources["nbgrader"], table, self._late()),
            "hidden_shown": self.show_hidden_tests,
            "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
            "code_style": HtmlFormatter(style="default").get_style_defs(".highlight"),
        }
        plain_outputs(nb)
        if not self.show_hidden_tests:
            hide(nb)
        _fold(nb)
        return nb, resources

    def _late(self) -> float:
        """Seconds after the due date."""
        with Gradebook(self.db_url) as gradebook:
            return float(gradebook.find_submission(self.assignment_id, self.student_id).total_seconds_late)

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        """Also whether a person still has to look, and whether one has."""
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
        waiting, by_hand = bool(grade.needs_manual_grade), grade.manual_score is not None
        cell.metadata[NAMESPACE] = {**ours(cell), "waiting": waiting, "by_hand": by_hand}


def _title(root: Path, key: str) -> str:
    """The lesson as the course calls it; its key where there is no course.toml."""
    try:
        lesson = load_course(root).lesson(key)
    except CourseError:
        return key
    return f"{lesson.number} · {lesson.title}"


def _fold(nb: NotebookNode) -> None:
    """Mark where a run of the lesson's own cells begins and ends, so that the page can fold it."""
    for group in _groups(nb):
        quiet = kind_of(group[0]) in QUIET
        for cell in group:
            marks = {"title": title_of(cell), "first": quiet and cell is group[0], "last": quiet and cell is group[-1]}
            outcome = attached_to(cell)
            status = outcome.status if outcome else ""
            marks |= {"kind": kind_of(cell), "status": status, "label": LABELS.get(status, ""), "count": len(group)}
            cell.metadata["shown"] = {**marks, "symbol": SYMBOLS.get(status, "")}


def _groups(nb: NotebookNode) -> Iterator[list[NotebookNode]]:
    """Runs of the lesson's own cells, and every other cell by itself."""
    run: list[NotebookNode] = []
    for cell in nb.cells:
        if kind_of(cell) in QUIET:
            run.append(cell)
            continue
        if run:
            yield run
            run = []
        yield [cell]
    if run:
        yield run


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter with our page around the notebook."""

    @property
    def default_config(self) -> Any:
        """Nothing that loads from a network; what students wrote is cleaned before it is shown."""
        config = super().default_config
        config.HTMLExporter.sanitize_html = True
        config.HTMLExporter.exclude_anchor_links = True
        config.FeedbackExporter.template_name = "measure_first"
        config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
        return config

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """HTMLExporter's own, without its second parse of the whole page, which only adds missing alt texts."""
        resources = self._init_resources(resources)
        self.register_filter("highlight_code", lambda source, metadata: _highlighted(source))
        known = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", known)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def default_filters(self) -> Any:
        """nbconvert's filters, with a cleaner that knows tables and details."""
        yield from super().default_filters()
        yield "clean_html", clean_html
        yield "breakable", breakable
