"""Where a lesson runs: which platform, whether a notebook is there to show things, and where its files lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from autograde.lesson.trouble import LessonError


def shell() -> Any:
    """The running IPython shell, or None under plain Python. Never imports IPython."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def in_notebook() -> bool:
    """True where an IPython kernel is running, so that HTML, pictures and widgets can be shown."""
    return getattr(shell(), "kernel", None) is not None


def platform() -> str:
    """ "kaggle", "colab" or "local". Kaggle first: its images are built from Colab's and look like it."""
    if os.environ.get("KAGGLE_KERNEL_RUN_TYPE"):
        return "kaggle"
    return "colab" if "google.colab" in str(shell()) else "local"


def publish(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> bool:
    """Send one display with several MIME types to the notebook; False (and nothing sent) where there is none.

    A terminal IPython prints the text/plain entry; plain Python shows nothing.
    """
    if shell() is None:
        return False
    from IPython.display import display

    display(data, raw=True, metadata=metadata or {})
    return True


def find_file(name: str | os.PathLike[str]) -> Path:
    """The lesson's file `name`: in the working directory, else in the folder that MEASURE_FIRST_DATA names.

    Raises LessonError that lists the places looked at.
    """
    folders = [Path.cwd()]
    if data := os.environ.get("MEASURE_FIRST_DATA"):
        folders.append(Path(data))
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    looked = " or ".join(str(folder) for folder in folders)
    raise LessonError(
        f"{name} is not in {looked}. Run the setup cell at the top of this notebook, then this cell again."
    )


def publish_widget(widget: Any, text: str) -> None:
    """Show an ipywidgets widget, with `text` for hosts and downloads that cannot show widgets.

    ipywidgets 7 and 8 publish their widgets in different ways and both with their Python repr as the text; this
    sends the one MIME bundle that both agree on.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    publish({"application/vnd.jupyter.widget-view+json": view, "text/plain": text})
