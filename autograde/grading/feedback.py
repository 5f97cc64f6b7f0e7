"""One HTML page a student and lesson: a table of what each check found, then the notebook, without hidden tests.

nbgrader's generate_feedback calls `PrepareFeedback` and `FeedbackExporter` (see nbgrader_settings.py). The page needs
no network, runs no script, and shows whatever a student's code printed as text.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import InvalidNotebook
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
from autograde.grading.outcomes import attached_to
from autograde.grading.preprocessors import course_directory
from autograde.grading.repairs import repairs_of
from autograde.grading.words import LABELS, SYMBOLS
from autograde.markup import to_html

TEMPLATES = Path(__file__).parent / "templates"
TAGS = {
    *bleach.ALLOWED_TAGS, "br", "code", "dd", "del", "details", "div", "dl", "dt", "figure", "figcaption",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd", "p", "pre", "s", "span", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
}  # fmt: skip


def _of_picture(tag: str, name: str, value: str) -> bool:
    """Attributes that a picture may keep. One from elsewhere loses its address: the page loads nothing, and without
    it a browser shows the alternative text in place of a torn picture."""
    return value.startswith("data:image/") if name == "src" else name in ("alt", "title", "width", "height")


ATTRIBUTES: dict[str, Any] = {
    "a": ["href", "title"],
    "img": _of_picture,
    "th": ["scope", "colspan"],
    "*": ["class"],
}
REMEMBERED, LONGEST_REMEMBERED = 1024, 16_384  # texts, and characters of one
QUIET = ("prose", "setup", "settings", "fixture", "demo")  # the lesson's own cells: folded away


def remembered(made: Callable[[str], str]) -> Callable[[str], str]:
    """`made`, its results for short texts kept: a lesson's own prose and code are the same on every student's page."""
    kept = functools.lru_cache(maxsize=REMEMBERED)(made)
    return lambda text: kept(text) if len(text) <= LONGEST_REMEMBERED else made(text)


def clean_html(markup: object) -> str:
    """Markup without scripts, styles, forms, or anything that loads from elsewhere."""
    return _cleaned(markup.decode() if isinstance(markup, bytes) else str(markup))


@functools.cache
def _cleaner() -> bleach.Cleaner:
    styles = CSSSanitizer(allowed_css_properties=[])
    return bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols={"https", "http", "data"}, css_sanitizer=styles)


@remembered
def _cleaned(text: str) -> str:
    return str(_cleaner().clean(text))


@functools.cache
def _highlighter() -> Highlight2HTML:
    return Highlight2HTML(pygments_lexer="ipython3")


@remembered
def _highlighted(source: str) -> str:
    """Python with IPython's magics as coloured markup; Pygments escapes what it colours."""
    return str(_highlighter()(source))


@functools.cache
def _style() -> str:
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")


@functools.cache
def _code_style() -> str:
    return str(HtmlFormatter(style="default").get_style_defs(".highlight"))


def breakable(name: object) -> str:
    """A name as markup that a narrow column may break after an underscore, and nowhere else."""
    return html.escape(str(name)).replace("_", "_<wbr>")


class PrepareFeedback(GetGrades):
    """nbgrader's GetGrades, then: hidden tests out, the table of outcomes, the lesson's own cells folded."""

    show_hidden_tests = Bool(False, help="Show hidden tests (for an instructor's own eyes).").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbgrader's entry."""
        nb, resources = super().preprocess(nb, resources)
        title = title_of_lesson(Path(course_directory(self).root), resources["nbgrader"]["notebook"])
        return self.lay_out(nb, resources, title, self._late())

    def lay_out(self, nb: NotebookNode, resources: Any, title: str, late: float) -> tuple[NotebookNode, Any]:
        """Make the page of a notebook that has its scores. late: seconds after the due date."""
        secret = set() if self.show_hidden_tests else secret_lines(nb)
        table = rows(nb, secret)
        resources["measure_first"] = {
            "rows": table,
            "summary": summary(table),
            "happenings": [scrub(sentence, secret) for sentence in happenings(nb)],
            "repairs": [{"said": repair.said, "grounds": repair.grounds} for repair in repairs_of(nb)],
            "title": title,
            "student": resources["nbgrader"]["student"],
            **total(resources["nbgrader"], table, late),
            "hidden_shown": self.show_hidden_tests,
            "style": _style(),
            "code_style": _code_style(),
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
        say_who_scored(cell, bool(grade.needs_manual_grade), grade.manual_score is not None)


def say_who_scored(cell: NotebookNode, waiting: bool, by_hand: bool) -> None:
    """Keep in a graded cell whether a person still has to look, and whether one has given the score."""
    cell.metadata[NAMESPACE] = {**ours(cell), "waiting": waiting, "by_hand": by_hand}


def title_of_lesson(root: Path, key: str) -> str:
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
        self._register_filters(resources)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def page(self, nb: NotebookNode, resources: dict[str, Any]) -> str:
        """The same page of a notebook that went through its steps already, without nbconvert's copies and checks."""
        ready = self._init_resources(resources)
        self._register_filters(ready)
        ready.setdefault("raw_mimetypes", self.raw_mimetypes)
        ready.setdefault("output_mimetype", self.output_mimetype)
        parts = ("markdown", "raw", "unknown", "input", "output", "output_stdin", "input_prompt", "output_prompt")
        shown = {f"include_{part}": not getattr(self, f"exclude_{part}") for part in parts}
        shown["include_code"] = not self.exclude_code_cell
        shown["no_prompt"] = self.exclude_input_prompt and self.exclude_output_prompt
        ready["global_content_filter"] = shown
        return str(self.template.render(nb=nb, resources=ready)).lstrip("\r\n")

    def _register_filters(self, resources: Any) -> None:
        self.register_filter("highlight_code", lambda source, metadata: _highlighted(source))
        known = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", known)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """nbconvert's own; a text without pasted pictures looks the same in every cell. A lost picture is only lost."""
        try:
            if context.get("cell", {}).get("attachments"):
                return str(super().markdown2html(context, source))
            return self._plain_markdown(source)
        except InvalidNotebook:  # the text shows a picture that is not in the notebook
            return self._plain_markdown(source.replace("attachment:", "lost-picture-"))

    @functools.cached_property
    def _plain_markdown(self) -> Callable[[str], str]:
        plain = super().markdown2html
        return remembered(lambda source: str(plain({}, source)))

    def default_filters(self) -> Any:
        """nbconvert's filters, with a cleaner that knows tables and details."""
        yield from super().default_filters()
        yield "clean_html", clean_html
        yield "breakable", breakable
        yield "marked", to_html
