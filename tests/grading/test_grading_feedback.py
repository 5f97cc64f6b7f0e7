"""What students wrote is shown cleaned; an instructor may ask for the hidden tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cells_by_hand import check_cell, error, exercise_cell, notebook, other_cell, told
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograde.grading.feedback import FeedbackExporter, PrepareFeedback, clean_html
from autograde.grading.outcomes import attach
from autograde.grading.run import judge
from autograde.grading.words import number, points_text


def page(nb: NotebookNode, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> str:
    """The feedback page of a notebook; the gradebook is left out."""

    def scored(self: GetGrades, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.metadata.nbgrader["score"] = 1.0
        resources["nbgrader"] |= {"score": 1.0, "max_score": 2.0, "late_penalty": 0.25}
        return nb, resources

    monkeypatch.setattr(GetGrades, "preprocess", scored)
    monkeypatch.setattr(PrepareFeedback, "_late", lambda self: 2 * 86400.0 + 3 * 3600)
    monkeypatch.setattr(
        "autograde.grading.feedback.course_directory", lambda _: type("Folders", (), {"root": "/nowhere"})
    )
    attach(nb, judge(nb))
    exporter = FeedbackExporter()
    exporter.register_preprocessor(PrepareFeedback(**settings), enabled=True)
    resources = {"nbgrader": {"notebook": "01_tiny", "student": "<ada>"}, "metadata": {"path": str(Path.cwd())}}
    return exporter.from_notebook_node(nb, resources)[0]


def secretive(*outputs: NotebookNode) -> NotebookNode:
    """A check with a hidden line, after an exercise, a demo and a cell of the student's own."""
    cell = check_cell(*outputs)
    cell.source = cell.source.replace("pass", "### BEGIN HIDDEN TESTS\nsecret_input = double(3)\n### END HIDDEN TESTS")
    own = other_cell(
        "own", "print('<b>mine</b>')", NotebookNode(output_type="stream", name="stdout", text="<b>mine</b>")
    )
    return notebook(other_cell("prose", "# The lesson <script>alert(1)</script>"), exercise_cell(), own, cell)


def test_hidden_tests_are_not_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(secretive(told(1.0)), monkeypatch)
    assert "secret_input" not in shown
    assert "… and hidden checks, which ran when this was graded" in shown


def test_an_instructors_setting_shows_them_and_the_page_says_that_it_is_not_for_students(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = page(secretive(told(1.0)), monkeypatch, show_hidden_tests=True)
    assert "secret_input" in shown
    assert "with hidden tests, not for students" in shown


def test_a_message_that_quotes_a_hidden_line_is_taken_out_of_the_table_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(secretive(error("ValueError", "In[7]: secret_input = double(3)")), monkeypatch)
    assert "secret_input" not in shown
    assert "[a line of a hidden check]" in shown


def test_names_output_and_markdown_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(secretive(told(1.0)), monkeypatch)
    assert "&lt;ada&gt;" in shown
    assert "&lt;b&gt;mine&lt;/b&gt;" in shown
    assert "<script" not in shown


def test_the_head_says_score_and_late_penalty(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(secretive(told(0.5, message="double: half is right")), monkeypatch)
    assert "<strong>1</strong> of 2 points" in shown
    assert "Handed in 2 days 3 hours after the due date: 0.25 points are taken off." in shown
    assert "double: half is right" in shown


def test_the_lessons_own_cells_are_folded_and_the_students_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(secretive(told(1.0)), monkeypatch)
    assert "<summary>The lesson: 1 cell</summary>" in shown
    assert "A cell that you added" in shown


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<iframe src="https://x"></iframe>',
        '<div style="background:url(https://x)">x</div>',
        "<form action=/><input></form>",
        "<svg onload=alert(1)>",
    ],
)
def test_markup_that_could_act_is_made_harmless(markup: str) -> None:
    cleaned = clean_html(markup)
    for word in ("<script", "<svg", "<iframe", "<form", "<input", ' onerror="', "javascript:", "style="):
        assert word not in cleaned


def test_tables_hints_and_pictures_are_kept() -> None:
    kept = "<details><summary>Hint</summary><table><tr><td>1</td></tr></table></details>"
    kept += '<img src="data:image/png;base64,AA" alt="a">'
    assert clean_html(kept).replace("<tbody>", "").replace("</tbody>", "") == kept


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (2.0, "2"), (1.5, "1.5"), (1 / 3, "0.33"), (10.0, "10")])
def test_points_are_written_without_trailing_zeros(value: float, text: str) -> None:
    assert number(value) == text
    assert points_text(value, 2.0) == f"{text} / 2"


def test_a_pasted_picture_that_got_lost_costs_nothing_but_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    nb = notebook(other_cell("prose", ""), exercise_cell(), check_cell(told(1.0)))
    for attachments in ({}, {"b.png": {"image/png": "AAAA"}}):
        nb.cells[0].source = "My answer ![a](attachment:a.png) goes on"
        nb.cells[0].attachments = attachments
        shown = page(nb, monkeypatch)
        assert "My answer" in shown and "goes on" in shown


def test_a_picture_from_elsewhere_is_its_alternative_text() -> None:
    badge = '<a href="https://x/y"><img src="https://x/badge.svg" alt="Open in Colab"></a>'
    assert clean_html(badge) == '<a href="https://x/y"><img alt="Open in Colab"></a>'
    assert clean_html('<img src="data:text/html,x" alt="a">') == '<img alt="a">'
