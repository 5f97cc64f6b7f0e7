"""The quiz as widgets. Only RadioButtons, HTML and VBox: they behave alike in ipywidgets 7.7 and 8, and on every host.

The options' texts stand in an HTML list, which wraps and shows code; the buttons carry the letters only, because
ipywidgets 7 cuts long labels off.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets

from autograde.markup import to_html

if TYPE_CHECKING:  # quiz.py imports this file, when it is first asked to show a quiz
    from autograde.lesson.quiz import Question, Quiz, Verdict

RIGHT, WRONG = "#009E73", "#D55E00"  # Okabe and Ito's bluish green and vermilion


def quiz_box(quiz: Quiz) -> Any:
    """A VBox with every question, its feedback, and the line to paste, which follows each choice."""
    chosen: dict[str, str] = {}
    line = ipywidgets.HTML(_line_html(quiz, chosen))
    rows: list[Any] = [ipywidgets.HTML(f"<h3>{html.escape(quiz.title)}</h3>")]
    for number, question in enumerate(quiz.questions, start=1):
        rows += _question_rows(quiz, number, question, chosen, line)
    return ipywidgets.VBox([*rows, line])


def _question_rows(quiz: Quiz, number: int, question: Question, chosen: dict[str, str], line: Any) -> list[Any]:
    options = "".join(
        f'<li style="list-style:none;margin:2px 0"><b>{option.letter}</b>&ensp;{to_html(option.text)}</li>'
        for option in question.options
    )
    text = ipywidgets.HTML(
        f'<div style="line-height:1.5"><b>{number}.</b> {to_html(question.text)}'
        f'<ul style="margin:4px 0;padding-left:1em">{options}</ul></div>'
    )
    buttons = ipywidgets.RadioButtons(options=list(question.letters), value=None, description="Answer:")
    feedback = ipywidgets.HTML("")

    def choose(change: Any) -> None:
        letter = change["new"]
        if letter is None:
            chosen.pop(question.id, None)
            feedback.value = ""
        else:
            chosen[question.id] = letter
            feedback.value = verdict_html(quiz.feedback(question.id, letter))
        line.value = _line_html(quiz, chosen)

    buttons.observe(choose, names="value")
    return [text, buttons, feedback]


def verdict_html(verdict: Verdict) -> str:
    """Feedback as HTML: a mark, a word and a colour, so that none of them carries the meaning alone."""
    colour, head = (RIGHT, "✓ Right.") if verdict.right else (WRONG, "✗ Not this one.")
    return (
        f'<div style="border-left:4px solid {colour};padding:2px 0 2px 10px;margin:4px 0 12px 0;line-height:1.5">'
        f"<b>{head}</b> {to_html(verdict.text)}</div>"
    )


def _line_html(quiz: Quiz, chosen: dict[str, str]) -> str:
    left = len(quiz.questions) - len(chosen)
    head = "All answered. Copy" if not left else f"{left} of {len(quiz.questions)} still open. When you are done, copy"
    return (
        f"<div>{head} this line into the cell for your answers and run that cell:</div>"
        f'<pre style="white-space:pre-wrap;user-select:all;padding:6px;border:1px solid #888">'
        f"{html.escape(quiz.answers_line(chosen))}</pre>"
    )
