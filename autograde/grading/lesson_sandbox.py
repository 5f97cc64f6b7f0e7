"""The sandbox that one lesson's submissions need. Imports no torch: it can start while the judge still imports its."""

from __future__ import annotations

from importlib.util import find_spec

from autograde.grading.limits import Limits
from autograde.grading.made_from import Lesson
from autograde.wall.room import Preload, Room
from autograde.wall.sandbox import Sandbox

# Imported before a student's process is forked, besides what the lesson's own cells import.
MODULES = ("torch", "numpy", "IPython")
OPTIONAL = ("matplotlib.pyplot", "matplotlib_inline.backend_inline")


def sandbox_of(lesson: Lesson) -> Sandbox:
    """A sandbox as the lesson and its limits ask for it, not started."""
    return Sandbox(lesson.limits.isolation, _room(lesson.limits), _preload(lesson))


def _room(limits: Limits) -> Room:
    return Room(
        memory_bytes=limits.memory_bytes,
        disk_bytes=limits.disk_bytes,
        processes=limits.processes,
        device=limits.device,
    )


def _preload(lesson: Lesson) -> Preload:
    modules = [*MODULES, *(name for name in OPTIONAL if find_spec(name.split(".")[0]) is not None)]
    cells = [("fixture", source) for _, source in lesson.cells.own[: lesson.cells.leading]]
    files, scale, hidden = list(lesson.files), lesson.limits.scale, list(lesson.hidden)
    uses, data = lesson.cells.gradients, list(lesson.cells.data)
    return Preload(modules=modules, first_uses=uses, cells=cells, files=files, data=data, scale=scale, hidden=hidden)
