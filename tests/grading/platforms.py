"""What platforms make of a notebook when they save it, imitated from files that they wrote (docs/platforms.md).

Each takes and gives a notebook as JSON data and says how the file is written; `through` passes one through several.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]
Saved = Callable[[Notebook], str]

USER = {"displayName": "Bea Sample", "userId": "03386744220426758265"}
COLAB_BADGE = (
    '<a href="https://colab.research.google.com/github/bea/course/blob/main/01.ipynb" target="_parent">'
    '<img src="https://colab.research.google.com/assets/colab-badge.svg" alt="Open In Colab"/></a>'
)
KAGGLE_BADGE = (
    '<a href="https://www.kaggle.com/code/bea/lesson" target="_blank"><img align="left" alt="Kaggle" '
    'title="Open in Kaggle" src="https://kaggle.com/static/images/open-in-kaggle.svg"></a>'
)
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def text_of(cell: Notebook) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def lines_of(cell: Notebook) -> list[str]:
    return text_of(cell).splitlines(keepends=True)


def ran(nb: Notebook) -> Notebook:
    """Every code cell with a count and outputs, as after Run all."""
    made = copy.deepcopy(nb)
    for number, cell in enumerate((c for c in made["cells"] if c["cell_type"] == "code"), start=1):
        cell["execution_count"] = number
        picture = {"image/png": PICTURE, "text/plain": ["<Figure size 640x480 with 1 Axes>"]}
        cell["outputs"] = [
            {"name": "stdout", "output_type": "stream", "text": ["right\n"]},
            {"data": picture, "metadata": {}, "output_type": "display_data"},
        ]
    return made


def _random(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def colab_40_drive(nb: Notebook) -> str:
    """Colab, File → Download: format 4.0, keys in Colab's order, who ran what and when; one line from Drive's API."""
    return json.dumps(_colab(nb, 0), ensure_ascii=False)


def colab_40_github(nb: Notebook) -> str:
    """Colab, Save a copy in GitHub: a badge cell first, two spaces."""
    made = _colab(nb, 0)
    made["metadata"]["colab"]["include_colab_link"] = True
    badge = {
        "cell_type": "markdown",
        "metadata": {"id": "view-in-github", "colab_type": "text"},
        "source": [COLAB_BADGE],
    }
    made["cells"].insert(0, badge)
    return json.dumps(made, indent=2, ensure_ascii=False)


def colab_45_drive(nb: Notebook) -> str:
    """Colab with format 4.5: each cell's id is its metadata's."""
    return json.dumps(_colab(nb, 5), indent=2, ensure_ascii=False)


def colab_45_github(nb: Notebook) -> str:
    made = _colab(nb, 5)
    badge = {"cell_type": "markdown", "id": "view-in-github", "source": [COLAB_BADGE]}
    made["cells"].insert(0, badge | {"metadata": {"id": "view-in-github", "colab_type": "text"}})
    return json.dumps(made, indent=2, ensure_ascii=False)


def _colab(nb: Notebook, minor: int) -> Notebook:
    cells = []
    for number, cell in enumerate(nb["cells"]):
        about = copy.deepcopy(cell["metadata"])
        about.setdefault("id", _random("colab", number)[:12])
        made: Notebook = {"cell_type": cell["cell_type"], "source": lines_of(cell), "metadata": about}
        if minor >= 5:
            made["id"] = about["id"]
        if cell.get("attachments"):
            made["attachments"] = cell["attachments"]
        if cell["cell_type"] == "code":
            about["executionInfo"] = {
                "status": "ok",
                "timestamp": 1714181665122,
                "user_tz": 360,
                "elapsed": 188,
                "user": USER,
            }
            about["colab"] = {"base_uri": "https://localhost:8080/", "height": 300}
            about["outputId"] = _random("output", number)[:36]
            made |= {"execution_count": cell.get("execution_count"), "outputs": cell.get("outputs", [])}
        cells.append(made)
    metadata = {
        "colab": {"provenance": [], "gpuType": "T4", "authorship_tag": "ABX9TyMlUilj7i1ZSEqlFAWh/HWX"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {"application/vnd.jupyter.widget-state+json": {"0123": {"model_name": "HBoxModel"}}},
    }
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": cells}


def kaggle_editor(nb: Notebook) -> str:
    """Kaggle's editor, File → Download: one line, each source one text, Kaggle's metadata in cells and notebook."""
    cells = []
    for number, cell in enumerate(nb["cells"]):
        about = copy.deepcopy(cell["metadata"]) | {"trusted": True, "_uuid": _random("k", number)[:40]}
        about["_cell_guid"] = _random("guid", number)[:36]
        made = {"cell_type": cell["cell_type"], "source": text_of(cell), "metadata": about}
        if cell.get("attachments"):
            made["attachments"] = cell["attachments"]
        if cell["cell_type"] == "code":
            about["execution"] = {
                "iopub.status.busy": "2026-11-20T10:00:00.000Z",
                "shell.execute_reply": "2026-11-20T10:00:01Z",
            }
            about["_kg_hide-input"] = False
            made |= {"outputs": cell.get("outputs", []), "execution_count": cell.get("execution_count")}
        cells.append(made)
    kaggles = {
        "accelerator": "none",
        "dataSources": [],
        "isInternetEnabled": True,
        "language": "python",
        "sourceType": "notebook",
    }
    metadata = {"kernelspec": {"language": "python", "display_name": "Python 3", "name": "python3"}, "kaggle": kaggles}
    return json.dumps({"metadata": metadata, "nbformat_minor": 4, "nbformat": 4, "cells": cells}, separators=(",", ":"))


def kaggle_saved(nb: Notebook) -> str:
    """Kaggle, Save & Run All: papermill ran it; indent 1, format 4.5, `papermill` and `tags` in every cell."""
    return json.dumps(_papermilled(nb), indent=1, sort_keys=True)


def _papermilled(nb: Notebook) -> Notebook:
    took = {
        "duration": 0.01,
        "end_time": "2026-11-20T10:00:01",
        "exception": False,
        "start_time": "2026-11-20T10:00:00",
    }
    cells = []
    for number, cell in enumerate(ran(nb)["cells"]):
        about = cell["metadata"]
        about.pop("trusted", None)
        about |= {"papermill": took | {"status": "completed"}, "tags": about.get("tags", [])}
        if cell["cell_type"] == "code":
            about["execution"] = {"iopub.execute_input": "2026-11-20T10:00:00.000Z"}
        cells.append({"id": _random("pm", number)[:8], **cell, "source": lines_of(cell), "metadata": about})
    about = {**nb["metadata"], "papermill": {"default_parameters": {}, "version": "2.6.0"}}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def kaggle_to_github(nb: Notebook) -> str:
    """Kaggle, File → Link to GitHub: the saved version with a badge cell in front that has no id."""
    made = _papermilled(nb)
    made["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": [KAGGLE_BADGE]})
    return json.dumps(made, indent=1, sort_keys=True)


def vscode(nb: Notebook) -> str:
    """VS Code: indent 1, keys in order; `vscode.languageId` in cells; ids of 8 hex digits where there are none."""
    cells = []
    for number, cell in enumerate(nb["cells"]):
        made = {"id": _random("vs", number)[:8], **copy.deepcopy(cell), "source": lines_of(cell)}
        if cell["cell_type"] == "code":
            made["metadata"]["vscode"] = {"languageId": "python"}
        cells.append(made)
    about = {**nb["metadata"], "language_info": {"name": "python", "version": "3.12.3"}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}, indent=1, sort_keys=True)


def jupyterlab(nb: Notebook) -> str:
    """JupyterLab 4: nbformat's own writing; `editable` and `slideshow` beside what was there, no `trusted`."""
    made = copy.deepcopy(nb)
    for number, cell in enumerate(made["cells"]):
        cell.setdefault("id", f"{_random('jl', number)[:8]}-0000-4000-8000-{_random(number)[:12]}")
        cell["source"] = lines_of(cell)
        cell["metadata"] |= {"editable": cell["metadata"].get("editable", True), "slideshow": {"slide_type": ""}}
        cell["metadata"].pop("trusted", None)
    made |= {"nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def classic(nb: Notebook) -> str:
    """The classic Notebook 6 of many nbgrader installations: format 4.4, no ids, `collapsed`, `scrolled`."""
    made = copy.deepcopy(nb)
    for cell in made["cells"]:
        cell.pop("id", None)
        cell["source"] = lines_of(cell)
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"collapsed": False, "scrolled": True}
    made |= {"nbformat": 4, "nbformat_minor": 4}
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


PLATFORMS: dict[str, Saved] = {
    "Colab 4.0, Drive": colab_40_drive,
    "Colab 4.0, GitHub": colab_40_github,
    "Colab 4.5, Drive": colab_45_drive,
    "Colab 4.5, GitHub": colab_45_github,
    "Kaggle's editor": kaggle_editor,
    "Kaggle, Save & Run All": kaggle_saved,
    "Kaggle to GitHub": kaggle_to_github,
    "VS Code": vscode,
    "JupyterLab 4": jupyterlab,
    "classic nbgrader": classic,
}


def through(nb: Notebook, *names: str) -> str:
    """A notebook's file after these platforms saved it, one after the other; each runs all of it first."""
    made = nb
    text = ""
    for name in names:
        text = PLATFORMS[name](ran(made))
        made = json.loads(text)
    return text
