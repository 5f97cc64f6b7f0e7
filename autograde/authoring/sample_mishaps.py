"""What happens to notebooks on their way: platforms that rewrite them, and students' small accidents."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.grading.cells import kind_of


def colab(nb: NotebookNode) -> str:
    """As Colab saves it: a badge cell first, who ran what and when, widgets without state."""
    saved: dict[str, Any] = json.loads(json.dumps(nb))
    for cell in saved["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["executionInfo"] = {
                "status": "ok",
                "user": {"displayName": "Bea Sample", "userId": "0000"},
            }
    badge = {"cell_type": "markdown", "metadata": {"colab_type": "text", "id": "view-in-github"}, "source": ["badge"]}
    saved["cells"].insert(0, {**badge, "id": "view-in-github"})
    saved["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"0123": {"model_name": "HBoxModel"}}}
    return json.dumps(saved, indent=2)


def kaggle(nb: NotebookNode) -> str:
    """As Kaggle's editor saves it: one line, each source one string, its own metadata in every cell."""
    saved: dict[str, Any] = json.loads(json.dumps(nb))
    for n, cell in enumerate(saved["cells"]):
        cell["source"] = "".join(cell["source"])
        cell["metadata"] |= {"trusted": True, "_uuid": f"{n:032x}", "_kg_hide-input": False}
    kaggles = {"accelerator": "none", "isInternetEnabled": True}
    ordered = {"metadata": {**saved["metadata"], "kaggle": kaggles}, "nbformat_minor": 4, "nbformat": 4}
    return json.dumps({**ordered, "cells": [{k: v for k, v in c.items() if k != "id"} for c in saved["cells"]]})


def missing_check(nb: NotebookNode) -> None:
    """The second check's cell is deleted."""
    checks = [n for n, cell in enumerate(nb.cells) if kind_of(cell) == "check"]
    if checks:
        del nb.cells[checks[min(1, len(checks) - 1)]]


def duplicated(nb: NotebookNode) -> None:
    """The first exercise and its check are copied, with all their metadata, and the copies left where they are."""
    for kind in ("exercise", "check"):
        place = next((n for n, cell in enumerate(nb.cells) if kind_of(cell) == kind), None)
        if place is not None:
            twin = copy.deepcopy(nb.cells[place])
            twin.id = f"copy-{kind}"
            nb.cells.insert(place + 1, twin)


def truncated(nb: NotebookNode) -> str:
    """A download that stopped after two thirds."""
    text = nbformat.writes(nb)
    return text[: 2 * len(text) // 3]


def looping(nb: NotebookNode, release: NotebookNode) -> None:
    """In one exercise that is a function: a loop that waits for something that never happens."""
    for cell, handed_out in zip(nb.cells, release.cells, strict=True):
        hole = next((line for line in handed_out.source.splitlines() if "raise check.NotAttempted(" in line), None)
        if kind_of(cell) == "exercise" and hole is not None:
            indent = hole[: len(hole) - len(hole.lstrip())]
            loop = f"{indent}while True:\n{indent}    pass  # waiting for the answer"
            cell.source = handed_out.source.replace(hole, loop, 1)
            return
