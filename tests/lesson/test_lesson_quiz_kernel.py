"""A quiz in a real kernel, clicked as a browser clicks it: with ipywidgets 8 and with Colab's and Kaggle's 7.7.1."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from autograde.lesson import seal
from autograde.lesson.quiz import seal_quiz

ROOT = Path(__file__).parents[2]
QUIZ = (Path(__file__).parent / "quizzes" / "two_questions.toml").read_text(encoding="utf-8")
# What Colab and Kaggle ship (2026-08), with what these need on top of packages that we have anyway.
HOST = [
    "ipywidgets==7.7.1",
    "ipython==7.34.0",
    "ipykernel==6.17.1",
    "ipython_genutils",
    "pickleshare",
    "backcall",
    "decorator",
]
START = """
import sys
sys.path[:0] = {first!r}
sys.path.append({last!r})
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""


def host_packages() -> Path:
    """A folder with the hosts' ipywidgets, IPython and ipykernel, installed once and kept under build/."""
    folder = ROOT / "build" / f"ipywidgets7-{hashlib.sha256(repr(HOST).encode()).hexdigest()[:8]}"
    if not folder.is_dir():
        fresh = ROOT / "build" / f"{folder.name}.{os.getpid()}"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "--target", str(fresh), *HOST], capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            pytest.skip(f"ipywidgets 7.7.1 could not be installed: {done.stderr.strip().splitlines()[-1]}")
        try:
            fresh.rename(folder)
        except OSError:  # another test process was faster
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


class Browser:
    """Plays the notebook's page for one kernel: runs code, keeps the widgets' state, clicks."""

    def __init__(self, first: list[str]) -> None:
        start = START.format(first=[*first, str(ROOT)], last=sysconfig.get_path("purelib"))
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=[sys.executable, "-S", "-c", start, "-f", "{connection_file}"])
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.widgets: dict[str, dict[str, Any]] = {}
        self.shown: list[dict[str, Any]] = []
        self.printed = ""

    def run(self, code: str) -> None:
        """Run a cell and take in everything that it sends."""
        self._listen(self.client.execute(code))

    def click(self, widget: str, index: int) -> None:
        """Choose an option of a RadioButtons widget as its page does."""
        data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
        message = self.client.session.msg("comm_msg", {"comm_id": widget, "data": data})
        self.client.shell_channel.send(message)
        self._listen(message["header"]["msg_id"])

    def _listen(self, request: str) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "comm_open":
                self.widgets[content["comm_id"]] = dict(content["data"]["state"])
            elif kind == "comm_msg" and content["data"].get("method") == "update":
                self.widgets[content["comm_id"]].update(content["data"]["state"])
            elif kind == "display_data":
                self.shown.append(content["data"])
            elif kind == "stream":
                self.printed += content["text"]
            elif kind == "error":
                raise AssertionError("\n".join(content["traceback"]))
            elif kind == "status" and content["execution_state"] == "idle":
                return
        raise AssertionError("the kernel did not answer within a minute")

    def of_kind(self, name: str) -> list[str]:
        """The ids of the widgets of one model, in the order in which they were made."""
        return [widget for widget, state in self.widgets.items() if state.get("_model_name") == name]

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module", params=["8", pytest.param("7.7.1", marks=pytest.mark.slow)])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Browser]]:
    """A kernel beside the quiz, sealed in earnest: a module's fixture is made before seals are made fast."""
    folder = tmp_path_factory.mktemp("kernel")
    seal._key.cache_clear()
    (folder / "quiz_9.json").write_text(json.dumps(seal_quiz(tomllib.loads(QUIZ))), encoding="utf-8")
    opened = Browser([str(host_packages())] if request.param == "7.7.1" else [])
    try:
        opened.run(f"import os; os.chdir({str(folder)!r})")
        yield request.param, opened
    finally:
        opened.close()


def test_a_click_in_the_page_brings_the_feedback_and_the_line_to_paste(browser) -> None:
    version, page = browser
    page.run("import ipywidgets, IPython; print(ipywidgets.__version__, IPython.__version__)")
    assert page.printed.startswith("7.7.1 7.34.0" if version == "7.7.1" else "8.")
    page.run("from autograde import lesson\nquiz_9 = lesson.quiz('quiz_9.json')\nquiz_9.show()")
    [shown] = page.shown
    [box] = page.of_kind("VBoxModel")
    assert shown["application/vnd.jupyter.widget-view+json"]["model_id"] == box
    assert shown["text/plain"].startswith("A quiz of two questions\n\n1. [eager]")
    first, second = page.of_kind("RadioButtonsModel")
    assert list(page.widgets[first]["_options_labels"]) == ["a", "b", "c"]
    page.click(first, 0)
    texts = [page.widgets[widget]["value"] for widget in page.of_kind("HTMLModel")]
    assert sum("✗ Not this one." in text for text in texts) == 1
    assert any(
        "quiz_9_answers = {&quot;eager&quot;: &quot;a&quot;, &quot;zeroing&quot;: &quot;&quot;}" in text
        for text in texts
    )
    page.click(first, 1)
    page.click(second, 0)
    texts = [page.widgets[widget]["value"] for widget in page.of_kind("HTMLModel")]
    assert sum("✓ Right." in text for text in texts) == 2
    assert not any("✗ Not this one." in text for text in texts)
    assert any("{&quot;eager&quot;: &quot;b&quot;, &quot;zeroing&quot;: &quot;a&quot;}" in text for text in texts)


def test_an_error_of_ours_is_one_line_in_the_notebook_and_no_wall(browser) -> None:
    version, page = browser
    with pytest.raises(AssertionError) as raised:
        page.run("from autograde import lesson\nlesson.quiz('nowhere.json')")
    lines = str(raised.value).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("LessonError: nowhere.json is not in ")
