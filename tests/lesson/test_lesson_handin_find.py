"""Where the running notebook is found: Colab's page, VS Code, a Jupyter server, the folder; and when it is not."""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.lesson import handin_find, place
from autograde.lesson.handin_find import find_notebook

HANDS_IN = [{"cell_type": "code", "metadata": {}, "source": ['lesson.hand_in("01_tensors")']}]


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no platform."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for name in ("KAGGLE_KERNEL_RUN_TYPE", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)


def saved(path: Path, cells: object = None, at: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": HANDS_IN if cells is None else cells}), encoding="utf-8")
    os.utime(path, (1_700_000_000 + at, 1_700_000_000 + at))
    return path


def running_on(monkeypatch: pytest.MonkeyPatch, **about: Any) -> None:
    """A shell of an IPython kernel with these attributes."""
    monkeypatch.setattr(place, "shell", lambda: types.SimpleNamespace(**about))


def colab(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[tuple[str, float]]:
    """A Colab whose page answers so; the list fills with what was asked."""
    asked: list[tuple[str, float]] = []

    def blocking_request(request_type: str, request: str = "", timeout_sec: float = 5) -> object:
        asked.append((request_type, timeout_sec))
        if isinstance(answer, Exception):
            raise answer
        return answer

    message = types.ModuleType("google.colab._message")
    message.blocking_request = blocking_request  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google.colab._message", message)
    monkeypatch.setattr(place, "platform", lambda: "colab")
    return asked


def test_colabs_page_is_asked_and_what_it_shows_is_taken(monkeypatch) -> None:
    asked = colab(monkeypatch, {"ipynb": {"cells": HANDS_IN}})
    found = find_notebook("01_tensors")
    assert found is not None and found.path is None and found.notebook == {"cells": HANDS_IN}
    assert asked == [("get_ipynb", 10.0)]


@pytest.mark.parametrize(
    "answer", [None, {}, {"ipynb": None}, {"ipynb": {"cells": []}}, "no", RuntimeError("the page is gone")]
)
def test_a_page_that_does_not_answer_is_not_replaced_by_a_file_that_was_uploaded(monkeypatch, answer) -> None:
    saved(Path("01_tensors.ipynb"))
    colab(monkeypatch, answer)
    assert find_notebook("01_tensors") is None


def test_a_colab_without_that_way_is_no_error(monkeypatch) -> None:
    monkeypatch.setattr(place, "platform", lambda: "colab")
    assert find_notebook("01_tensors") is None


def test_vscode_tells_where_the_file_is(tmp_path, monkeypatch) -> None:
    path = saved(tmp_path / "elsewhere" / "mine.ipynb")
    saved(Path("01_tensors.ipynb"))
    running_on(monkeypatch, user_ns={"__vsc_ipynb_file__": str(path)})
    found = find_notebook("01_tensors")
    assert found is not None and found.path == path
    running_on(monkeypatch, user_ns={"__vsc_ipynb_file__": str(tmp_path / "gone.ipynb")})
    found = find_notebook("01_tensors")
    assert found is not None and found.path == Path.cwd() / "01_tensors.ipynb"


def test_what_the_server_told_the_kernel_at_its_start_is_used_while_the_file_is_there(tmp_path, monkeypatch) -> None:
    path = saved(tmp_path / "deep" / "Untitled.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    found = find_notebook("01_tensors")
    assert found is not None and found.path == path
    path.unlink()
    assert find_notebook("01_tensors") is None


class Server(http.server.BaseHTTPRequestHandler):
    """A Jupyter server with one session; it wants its token."""

    sessions: list[dict[str, Any]] = []

    def do_GET(self) -> None:
        right = self.headers["Authorization"] == "token t0ken" and self.path == "/base/api/sessions"
        self.send_response(200 if right else 403)
        self.end_headers()
        self.wfile.write(json.dumps(self.sessions).encode() if right else b"no")

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output clean."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A server that runs this kernel; its file in the runtime folder says what the dict says."""
    running = http.server.HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    info = {"url": f"http://127.0.0.1:{running.server_port}/base/", "token": "t0ken", "root_dir": str(tmp_path)}
    monkeypatch.setattr(Server, "sessions", [{"kernel": {"id": "other"}, "path": "wrong.ipynb"}])
    Server.sessions.append(
        {"kernel": {"id": "abc-1"}, "path": "now here.ipynb", "notebook": {"path": "now here.ipynb"}}
    )
    config = {"IPKernelApp": {"connection_file": str(runtime / "kernel-abc-1.json")}}
    running_on(monkeypatch, kernel=types.SimpleNamespace(config=config))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    (runtime / "jpserver-1.json").write_text(json.dumps({**info, "url": "http://127.0.0.1:9/"}))  # one that is gone
    info["file"] = runtime / "jpserver-2.json"
    info["file"].write_text(json.dumps({**info, "file": ""}))
    yield info
    running.shutdown()
    running.server_close()
    thread.join()


def test_the_server_knows_the_name_after_a_renaming(tmp_path, monkeypatch, server) -> None:
    path = saved(tmp_path / "now here.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(saved(tmp_path / "an old one.ipynb")))
    found = find_notebook("01_tensors")
    assert found is not None and found.path == path


@pytest.mark.parametrize("change", [{"token": "wrong"}, {"url": "file:///etc/"}, {"root_dir": None}])
def test_a_server_that_does_not_answer_is_passed_over(tmp_path, server, change) -> None:
    saved(tmp_path / "now here.ipynb")
    server["file"].write_text(json.dumps({**server, "file": "", **change}))
    assert find_notebook("01_tensors") is None


def test_of_several_in_the_folder_the_one_saved_last_is_taken_and_the_others_counted() -> None:
    saved(Path("01_tensors.ipynb"), at=1)
    newest = saved(Path("01_tensors (1).ipynb"), at=2)
    saved(Path("02_autograd.ipynb"), at=3)
    saved(Path("notes on 01_tensors.ipynb"), [{"cell_type": "markdown", "metadata": {}, "source": "notes"}], at=4)
    Path("01_tensors broken.ipynb").write_text("{")
    found = find_notebook("01_tensors")
    assert found is not None and found.path == newest.absolute() and found.others == 1


def test_in_kaggles_editor_no_file_is_taken_for_the_notebook(monkeypatch) -> None:
    for name in ("01_tensors.ipynb", "__notebook__.ipynb"):
        saved(Path(name))
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    assert find_notebook("01_tensors") is None


def test_where_kaggle_saves_a_version_its_notebook_is_found_if_it_is_one(monkeypatch) -> None:
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Batch")
    Path("__notebook_source__.ipynb").write_text("import torch\n")  # a script, in some images
    assert find_notebook("01_tensors") is None
    path = saved(Path("__notebook__.ipynb"))
    found = find_notebook("01_tensors")
    assert found is not None and found.path == path.absolute()


def test_a_file_that_is_too_large_to_read_is_passed_over(monkeypatch) -> None:
    saved(Path("01_tensors.ipynb"))
    monkeypatch.setattr(handin_find, "LARGEST", 10)
    assert find_notebook("01_tensors") is None
