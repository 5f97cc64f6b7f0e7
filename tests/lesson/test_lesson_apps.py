"""A Gradio app is called over HTTP, here and inside the sandbox; what is no app, or no answer, is said in words."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograde import lesson

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wall"))
from rooms import forked, needs_room, preload, started

gradio = pytest.importorskip("gradio")


def sort_post(text: str) -> dict[str, float]:
    """A classifier's stand-in."""
    if not text.strip():
        raise gradio.Error("an empty post")
    return {"asks for advice": 0.75, "vents": 0.25} if "?" in text else {"asks for advice": 0.25, "vents": 0.75}


@pytest.fixture
def app() -> object:
    return gradio.Interface(sort_post, gradio.Textbox(), gradio.Label(), examples=["My lamp!", "Which lamp?"])


def test_an_app_answers_as_its_visitors_see_it_and_is_stopped_afterwards(app: object) -> None:
    threads = threading.active_count()
    for _ in range(2):
        shown = lesson.call_app(app, "Which lamp?")
        assert shown["label"] == "asks for advice"
        assert shown["confidences"][0] == {"label": "asks for advice", "confidence": 0.75}
    assert not getattr(app, "is_running", True)
    deadline = time.monotonic() + 20
    while threading.active_count() > threads + 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert threading.active_count() <= threads + 4


def test_the_environment_is_as_it_was(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # a proxy that is not there: the call must not go through it
    monkeypatch.setenv("no_proxy", "example.org")
    before = dict(os.environ)
    lesson.call_app(app, "My lamp!")
    assert dict(os.environ) == before


def test_an_entry_is_chosen_by_name_where_there_are_several() -> None:
    with gradio.Blocks() as blocks:
        box, out = gradio.Textbox(), gradio.Textbox()
        gradio.Button().click(lambda text: text.upper(), box, out, api_name="upper")
        gradio.Button().click(lambda text: text[::-1], box, out, api_name="turn")
    assert lesson.call_app(blocks, "abc", api_name="/turn") == "cba"
    with pytest.raises(lesson.LessonError, match=r"^the app has 2 entries \(/upper, /turn\): say api_name\.$"):
        lesson.call_app(blocks, "abc")
    with pytest.raises(lesson.LessonError, match=r"^the app has no entry /none: it has /upper, /turn\.$"):
        lesson.call_app(blocks, "abc", api_name="/none")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (None, "this is NoneType, no Gradio app. Return the gr.Interface or gr.Blocks itself"),
        (sort_post, "this is function, no Gradio app"),
        (SimpleNamespace(launch=print, close=print, is_running=True), "this app is running already"),
    ],
)
def test_what_is_no_app_is_said(made: object, why: str) -> None:
    with pytest.raises(lesson.LessonError) as error:
        lesson.call_app(made, "x")
    assert str(error.value).startswith(why)


def test_an_apps_own_error_and_its_silence_are_said(app: object) -> None:
    with pytest.raises(lesson.LessonError, match="^the app answers with an error: an empty post$"):
        lesson.call_app(app, " ")
    slow = gradio.Interface(lambda text: time.sleep(5), "text", "text")
    with pytest.raises(lesson.LessonError, match=r"^the app has not answered within 0\.5 seconds\.$"):
        lesson.call_app(slow, "x", seconds=0.5)


def test_an_app_that_does_not_start_is_said() -> None:
    def launch(**_: object) -> None:
        raise RuntimeError("no port is free")

    broken = SimpleNamespace(launch=launch, close=lambda verbose: None, is_running=False)
    with pytest.raises(lesson.LessonError, match="^the app does not start: RuntimeError: no port is free$"):
        lesson.call_app(broken, "x")


FIXTURE = """
import gradio as gr
from autograde import lesson
def sort_post(text):
    return {"asks": 0.75, "vents": 0.25} if "?" in text else {"asks": 0.25, "vents": 0.75}
"""
STUDENT = """
app = gr.Interface(sort_post, gr.Textbox(), gr.Label(), examples=["a", "b"], title="Posts")
shown = [lesson.call_app(app, text)["label"] for text in ("Which?", "Oh dear.", "And now?")]
import socket
try:
    socket.create_connection(("1.1.1.1", 443), timeout=2)
    outside = True
except OSError:
    outside = False
out = [shown, outside]
"""


@needs_room
def test_an_app_runs_and_answers_inside_the_sandbox() -> None:
    with started(what=preload(("torch",), (FIXTURE,))) as sandbox:
        assert [cell["status"] for cell in sandbox.prepared] == ["ok"]
        for _ in range(2):
            with forked(sandbox) as student:
                assert student.run(STUDENT, 90) == [["asks", "vents", "asks"], False]


def test_several_visitors_of_one_server_get_what_each_alone_would() -> None:
    served: list[str] = []

    def answer(text: str) -> dict[str, float]:
        served.append(text)
        return sort_post(text)

    app = gradio.Interface(answer, gradio.Textbox(), gradio.Label())
    first, broken, last = lesson.call_app_each(app, ["Which lamp?", " ", "My lamp!"])
    assert (first["label"], last["label"]) == ("asks for advice", "vents")
    assert isinstance(broken, lesson.LessonError) and "an empty post" in str(broken)
    assert served == ["Which lamp?", " ", "My lamp!"] and not app.is_running
    with pytest.raises(lesson.LessonError, match="no Gradio app"):
        lesson.call_app_each("an app", ["x"])
