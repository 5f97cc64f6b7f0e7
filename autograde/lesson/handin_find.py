"""Finds the notebook that is running: its cells as they stand, from the page itself or from the file it was saved in.

Colab's page is asked and answers with what it shows, unsaved changes included. Jupyter and VS Code tell where the file
lies, or nearly; what was changed since the last save is not in it. Kaggle's editor keeps the notebook outside its
session: there is nothing to find, but a version that is being saved may lie in the working folder.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson import place
from autograde.lesson.handin_cells import belongs_to, cells_of

COLAB_SECONDS = 10.0  # a page with many pictures needs a while to send itself
SERVER_SECONDS = 2.0
KAGGLE_NAMES = ("__notebook__.ipynb", "__notebook_source__.ipynb")  # where a version is run and saved
LARGEST = 200 * 2**20  # bytes; reading more than that may take the kernel's memory


@dataclass(frozen=True)
class Found:
    """The running notebook. path: the file that it was read from, None where the page itself answered.

    saved_at: when that file was written, in seconds since 1970. others: how many other notebooks of this lesson lie
    beside it, where it was chosen as the one saved last.
    """

    notebook: dict[str, Any]
    path: Path | None = None
    saved_at: float = 0.0
    others: int = 0


def find_notebook(lesson: str) -> Found | None:
    """The running notebook, None where this platform does not show it. Never raises."""
    if place.platform() == "colab" and (page := _colab_page()):
        return Found(page)
    for told in (_vscode_file, _server_file, _session_file):
        path = told()
        notebook = read_notebook(path) if path is not None else None
        if path is not None and notebook is not None:
            return Found(notebook, path, _saved_at(path))
    return _saved_last(lesson)


def read_notebook(path: Path) -> dict[str, Any] | None:
    """The notebook in a file; None where there is none that can be read."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return notebook if cells_of(notebook) else None


def _colab_page() -> dict[str, Any] | None:
    """The notebook as Colab's page shows it; None where it does not answer in time."""
    try:
        message = importlib.import_module("google.colab._message")
        answer = message.blocking_request("get_ipynb", request="", timeout_sec=COLAB_SECONDS)
    except Exception:  # Colab's own, which may change: the file's menu is always there
        return None
    notebook = answer.get("ipynb") if isinstance(answer, dict) else None
    return notebook if isinstance(notebook, dict) and cells_of(notebook) else None


def _vscode_file() -> Path | None:
    """What VS Code tells the notebooks that it runs."""
    names = getattr(place.shell(), "user_ns", None)
    told = names.get("__vsc_ipynb_file__") if isinstance(names, dict) else None
    return Path(told) if isinstance(told, str) and told.endswith(".ipynb") else None


def _session_file() -> Path | None:
    """What Jupyter's server told the kernel when it started it; a later renaming is not in it."""
    told = os.environ.get("JPY_SESSION_NAME", "")
    return Path(told) if told.endswith(".ipynb") and os.path.isabs(told) else None


def _server_file() -> Path | None:
    """Where the Jupyter server of this kernel says that the notebook lies now."""
    try:
        connection = Path(place.shell().kernel.config["IPKernelApp"]["connection_file"])
        kernel = re.fullmatch(r"kernel-(.+)\.json", connection.name)
        infos = [path for name in ("jpserver", "nbserver") for path in connection.parent.glob(f"{name}-*.json")]
    except Exception:  # no IPython kernel, or one that tells nothing
        return None
    for path in sorted(infos, key=_saved_at, reverse=True) if kernel else ():
        try:
            info = json.loads(path.read_text(encoding="utf-8"))
            folder = Path(info.get("root_dir") or info["notebook_dir"])
            for session in _sessions(info):
                if session["kernel"]["id"] == kernel[1]:  # type: ignore[index]
                    told = (session.get("notebook") or session)["path"]
                    return folder / told if str(told).endswith(".ipynb") else None
        except Exception:  # a server that is gone, asks for a password or speaks otherwise: the next one
            continue
    return None


def _sessions(info: dict[str, Any]) -> list[dict[str, Any]]:
    """The sessions of a Jupyter server on this machine, asked with the token that it left for its own user."""
    request = urllib.request.Request(f"{info['url']}api/sessions")
    if info.get("token"):
        request.add_header("Authorization", f"token {info['token']}")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=SERVER_SECONDS) as answer:
        told: list[dict[str, Any]] = json.loads(answer.read())
    return told


def _saved_last(lesson: str) -> Found | None:
    """The notebook of this lesson in the working folder; the one saved last where there are several.

    Not on Colab, nor in Kaggle's editor: a notebook that lies there is an upload, and never the one that is running.
    """
    paths = sorted(_named(lesson), key=_saved_at, reverse=True)
    read = ((path, read_notebook(path)) for path in paths)
    fitting = [(path, notebook) for path, notebook in read if notebook is not None and belongs_to(notebook, lesson)]
    if not fitting:
        return None
    path, notebook = fitting[0]
    return Found(notebook, path, _saved_at(path), len(fitting) - 1)


def _named(lesson: str) -> Iterator[Path]:
    """Files in the working folder that may be it: "01_tensors (1).ipynb", "01_tensors-Copy1.ipynb", …"""
    where = place.platform()
    try:
        if where == "local":
            yield from (path for path in Path.cwd().glob("*.ipynb") if lesson in path.stem and path.is_file())
        elif os.environ.get("KAGGLE_KERNEL_RUN_TYPE") == "Batch":
            yield from (path for name in KAGGLE_NAMES if (path := Path.cwd() / name).is_file())
    except OSError:  # the working folder is gone
        return


def _saved_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
