"""A student's paper as widgets. Only RadioButtons, HTML and VBox: alike in ipywidgets 7.7 and 8, and on every host.

It shows what is answered and what is open. What is right it cannot show: the notebook does not know it.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets

from autograde.markup import to_html

if TYPE_CHECKING:  # exam.py imports this file, when it is first asked to show a paper
    from autograde.lesson.exam import Exam, Variant

LETTERS = "abcdefgh"
DONE, OPEN = "#0072B2", "#767676"  # Okabe and Ito's blue; a grey that keeps 4.5 : 1 on white


def exam_box(exam: Exam, student: str, chosen: dict[str, str]) -> Any:
    """A VBox with every question of the student's paper and the cell to paste, which follows each choice.

    chosen: item → option's id, the answers so far. The dict is the box's own from here on.
    """
    foot = ipywidgets.HTML(_foot(exam, student, chosen))
    who = f"Drawn for {html.escape(student.strip())}. Nothing here says what is right: that comes with the grade."
    rows: list[Any] = [ipywidgets.HTML(f"<h3>{html.escape(exam.title)}</h3><p>{who}</p>")]
    for number, (item, variant) in enumerate(exam.paper(student).items(), start=1):
        rows += _question_rows(exam, student, number, item, variant, chosen, foot)
    return ipywidgets.VBox([*rows, foot])


def _question_rows(
    exam: Exam, student: str, number: int, item: str, variant: Variant, chosen: dict[str, str], foot: Any
) -> list[Any]:
    letters = LETTERS[: len(variant.options)]
    by_letter = {letter: option.id for letter, option in zip(letters, variant.options, strict=True)}
    options = "".join(
        f'<li style="list-style:none;margin:2px 0"><b>{letter}</b>&ensp;{to_html(option.text)}</li>'
        for letter, option in zip(letters, variant.options, strict=True)
    )
    text = ipywidgets.HTML(
        f'<div style="line-height:1.5"><b>{number}.</b> {to_html(variant.text)}'
        f'<ul style="margin:4px 0;padding-left:1em">{options}</ul></div>'
    )
    before = next((letter for letter, own in by_letter.items() if own == chosen.get(item)), None)
    buttons = ipywidgets.RadioButtons(options=list(letters), value=before, description="Answer:")
    state = ipywidgets.HTML(_state(before))

    def choose(change: Any) -> None:
        letter = change["new"]
        if letter is None:
            chosen.pop(item, None)
        else:
            chosen[item] = by_letter[letter]
        state.value = _state(letter)
        foot.value = _foot(exam, student, chosen)

    buttons.observe(choose, names="value")
    return [text, buttons, state]


def _state(letter: str | None) -> str:
    """Answered or open: a sign, a word and a colour, so that none of them carries the meaning alone."""
    colour, said = (DONE, f"● answered: {letter}") if letter else (OPEN, "○ still open")
    return f'<div style="color:{colour};margin:0 0 14px 0">{said}</div>'


def _foot(exam: Exam, student: str, chosen: dict[str, str]) -> str:
    return (
        f"<div><b>{html.escape(exam.standing(student, chosen))}</b> Clicks are lost when a notebook is downloaded, "
        "so <b>copy all of this over the cell for your answers</b> and run that cell:</div>"
        f'<pre style="white-space:pre-wrap;user-select:all;padding:6px;border:1px solid #888">'
        f"{html.escape(exam.answers_cell(student, chosen))}</pre>"
    )
