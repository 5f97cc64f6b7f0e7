"""A quiz as the student meets it: text, widgets, feedback for a choice, and the line that keeps the answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from autograde import check, lesson
from autograde.lesson import place
from autograde.lesson.quiz import Quiz, key_of, seal_quiz
from autograde.lesson.quiz_widget import verdict_html
from autograde.markup import to_html

TEXT = """\
A quiz of two questions

1. [eager] When does PyTorch run `x + y`?
   a) When the **graph** has been compiled.
   b) When Python reaches the line.
   c) When `backward()` asks for it.

2. [zeroing] Why `zero_grad()`?
   a) Because gradients add up.
   b) To save memory.
   c) It is a habit.

Feedback for an option:
   print(quiz_9.feedback("eager", "a"))
Put your letters into this line, in the cell for your answers:
   quiz_9_answers = {"eager": "", "zeroing": ""}
"""


@pytest.fixture
def quiz(quiz_toml) -> Quiz:
    return Quiz(seal_quiz(quiz_toml))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """Pretends that a notebook is there; collects what is shown."""
    shown: list[dict] = []
    monkeypatch.setattr(place, "in_notebook", lambda: True)
    monkeypatch.setattr(place, "publish", lambda data, metadata=None: shown.append(data))
    return shown


def test_without_a_notebook_the_quiz_is_text(quiz: Quiz, capsys) -> None:
    quiz.show()
    assert capsys.readouterr().out == TEXT


def test_plain_asks_for_text_in_a_notebook_too(quiz: Quiz, notebook, capsys) -> None:
    quiz.show(plain=True)
    assert capsys.readouterr().out == TEXT
    assert notebook == []


def test_without_ipywidgets_the_quiz_is_text(quiz: Quiz, notebook, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "autograde.lesson.quiz_widget", raising=False)
    quiz.show()
    assert capsys.readouterr().out == TEXT


def test_a_host_that_shows_no_widgets_finds_the_text_beside_them(quiz: Quiz, notebook) -> None:
    quiz.show()
    [data] = notebook
    assert data["text/plain"] + "\n" == TEXT
    assert set(data["application/vnd.jupyter.widget-view+json"]) == {"version_major", "version_minor", "model_id"}


def test_feedback_says_the_verdict_and_why_for_any_spelling_of_the_letter(quiz: Quiz) -> None:
    assert str(quiz.feedback("eager", " B ")) == "✓ Right. Yes: define-by-run. An error points at <this> line."
    assert str(quiz.feedback("zeroing", "c")) == "✗ Not this one. A habit with a reason."


def test_an_unknown_question_or_letter_is_named_with_what_there_is(quiz: Quiz) -> None:
    with pytest.raises(lesson.LessonError, match="^quiz_9 has no question 'lazy': choose one of eager, zeroing.$"):
        quiz.feedback("lazy", "a")
    with pytest.raises(lesson.LessonError, match="^eager has no option 'd': choose one of a, b, c.$"):
        quiz.feedback("eager", "d")


def test_choosing_shows_feedback_at_once_and_the_line_follows(quiz: Quiz) -> None:
    from autograde.lesson.quiz_widget import quiz_box

    box = quiz_box(quiz)
    _, text, buttons, feedback, _, second, other, line = box.children
    assert "<b>b</b>&ensp;When Python reaches the line." in text.value
    assert "When the <b>graph</b> has been compiled." in text.value
    assert (buttons.options, buttons.value, feedback.value) == (("a", "b", "c"), None, "")
    assert "quiz_9_answers = {&quot;eager&quot;: &quot;&quot;, &quot;zeroing&quot;: &quot;&quot;}" in line.value
    buttons.value = "a"
    assert "✗ Not this one." in feedback.value and "define-and-run" in feedback.value
    buttons.value = "b"
    assert feedback.value == verdict_html(quiz.feedback("eager", "b"))
    assert "points at &lt;this&gt; line" in feedback.value
    assert "1 of 2 still open" in line.value
    second.value = "a"
    assert "Right, and sometimes you want that." in other.value
    assert "All answered. Copy this line" in line.value
    assert "{&quot;eager&quot;: &quot;b&quot;, &quot;zeroing&quot;: &quot;a&quot;}" in line.value
    buttons.value = None
    assert feedback.value == "" and "1 of 2 still open" in line.value


def test_only_widgets_that_both_ipywidgets_and_every_host_have_are_used(quiz: Quiz) -> None:
    from autograde.lesson.quiz_widget import quiz_box

    assert {type(child).__name__ for child in quiz_box(quiz).children} == {"HTML", "RadioButtons"}


def test_the_line_is_python_that_check_and_quiz_agree_on(quiz: Quiz, quiz_toml) -> None:
    space: dict[str, dict[str, str]] = {}
    exec(quiz.answers_line({"eager": "B", "zeroing": " a"}), space)
    answers = space["quiz_9_answers"]
    check.begin("quiz_9", points=2)
    check.answers(quiz, answers)
    check.key(answers, key_of(quiz_toml))
    assert check.end() is None  # full points
    check.begin("quiz_9", points=2)
    check.key({"eager": "a", "zeroing": "a"}, key_of(quiz_toml))
    assert check.end() == 1.0  # the twin: one of two


def test_an_empty_line_is_not_attempted(quiz: Quiz) -> None:
    space: dict[str, dict[str, str]] = {}
    exec(quiz.answers_line({}), space)
    with pytest.raises(check.NotAttempted):
        check.answers(quiz, space["quiz_9_answers"])


def test_the_quiz_file_is_found_beside_the_notebook_then_in_the_data_folder(
    quiz_toml, tmp_path: Path, monkeypatch
) -> None:
    here, data = tmp_path / "here", tmp_path / "data"
    here.mkdir(), data.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("MEASURE_FIRST_DATA", raising=False)
    with pytest.raises(lesson.LessonError) as raised:
        lesson.quiz("quiz_9.json")
    assert str(raised.value) == (
        f"quiz_9.json is not in {here}. Run the setup cell at the top of this notebook, then this cell again."
    )
    (data / "quiz_9.json").write_text(json.dumps(seal_quiz(quiz_toml)), encoding="utf-8")
    monkeypatch.setenv("MEASURE_FIRST_DATA", str(data))
    assert repr(lesson.quiz("quiz_9.json")) == "Quiz('quiz_9', 2 questions)"
    (here / "quiz_9.json").write_text("{}", encoding="utf-8")
    with pytest.raises(lesson.LessonError, match="quiz_9.json is not a quiz file"):
        lesson.quiz("quiz_9.json")


def test_an_author_may_open_the_toml_itself(quiz_source: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("draft.toml").write_text(quiz_source, encoding="utf-8")
    assert lesson.quiz("draft.toml").feedback("eager", "b").right


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`a < b` and **bold `x`**", "<code>a &lt; b</code> and <b>bold <code>x</code></b>"),
        ('<script>alert(1)</script> & "quotes"', "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;"),
        ("one\ntwo\n\nthree", "one two<br><br>three"),
        ("see\n```python\nx = 1 < 2\n```\nthen", "see<pre>x = 1 &lt; 2</pre>then"),
        ("2 ** 3 and a*b*c and `open", "2 ** 3 and a*b*c and `open"),
        ("it is *when* it ran, *not what*", "it is <em>when</em> it ran, <em>not what</em>"),
        ("2 * 3 * 4 and * a list", "2 * 3 * 4 and * a list"),
        ("**<img src=x onerror=y>**", "<b>&lt;img src=x onerror=y&gt;</b>"),
    ],
)
def test_markup_is_rendered_and_everything_else_escaped(text: str, html: str) -> None:
    assert to_html(text) == html
