"""What a lesson's warm process is made from, for those who ask for one: knowing it loads no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograde.grading.limits import Limits
from autograde.grading.marks import data_mark, digest, files_mark
from autograde.grading.prepared import LessonCells


@dataclass(frozen=True)
class Lesson:
    """All that a warm process is made from.

    files: the lesson's own data, which both sides of the wall read. hidden: folders that no submission may see,
    wherever they lie: the course's, with what was handed in.
    """

    cells: LessonCells
    files: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    hidden: tuple[Path, ...] = ()

    @property
    def mark(self) -> str:
        """One hash of all of it: two lessons with the same one can share a process."""
        return digest(json.dumps([asdict(self.cells), asdict(self.limits)]), files_mark(self.files), data_mark(self.cells.data))

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        files = [str(path.resolve()) for path in self.files]
        hidden = [str(path.resolve()) for path in self.hidden]
        return {"cells": asdict(self.cells), "files": files, "limits": asdict(self.limits), "hidden": hidden}

    @classmethod
    def from_plain(cls, made: Mapping[str, Any]) -> Lesson:
        own = tuple((name, source) for name, source in made["cells"]["own"])
        about = made["cells"]
        cells = LessonCells(own, about["leading"], tuple(about["binds"]), about["gradients"], tuple(about["data"]))
        files, hidden = (tuple(map(Path, made[name])) for name in ("files", "hidden"))
        return cls(cells, files, Limits(**made["limits"]), hidden)

    @property
    def forks(self) -> bool:
        """Whether prepared processes can be forked: CUDA, once begun, does not survive that."""
        return self.limits.device == "cpu"
