"""What was put right in a submission: each repair with what speaks for it and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nbformat import NotebookNode

from autograde.grading.cells import NAMESPACE, ours

CERTAIN, LIKELY, UNCLEAR = "certain", "likely", "unclear"
SAID_OF = {
    CERTAIN: "certain",
    LIKELY: "likely",
    UNCLEAR: "a person decides",
}
NAMES_SHOWN = 12  # of cells, in a sentence


@dataclass(frozen=True)
class Repair:
    """One thing that was put right. said: a sentence for the student. evidence: what speaks for it, half a sentence.

    kind: a word for what had happened. cells: the lesson's names of the cells that it is about. confidence: certain,
    likely, or unclear: then a person decides, and the score stands for the time being.
    """

    kind: str
    said: str
    cells: tuple[str, ...] = ()
    evidence: str = ""
    confidence: str = CERTAIN

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return {**asdict(self), "cells": list(self.cells)}

    @classmethod
    def from_plain(cls, made: dict[str, Any]) -> Repair:
        return cls(**{**made, "cells": tuple(made["cells"])})

    @property
    def grounds(self) -> str:
        """What stands behind the sentence on a page: "by its text; likely", or "" where nothing needs to be said."""
        parts = [self.evidence, SAID_OF.get(self.confidence, self.confidence) if self.evidence else ""]
        return "; ".join(part for part in parts if part)


def listed(names: Sequence[str]) -> str:
    """Names of cells in a sentence, the first of many."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def repairs_of(nb: NotebookNode) -> list[Repair]:
    """What `mend` put right in a notebook; another course's notebook has sentences alone."""
    about = ours(nb)
    if "repairs" in about:
        return [Repair.from_plain(dict(made)) for made in about["repairs"]]
    return [Repair("note", str(sentence)) for sentence in about.get("notes", [])]


def notes_of(nb: NotebookNode) -> list[str]:
    """The same as sentences."""
    return [repair.said for repair in repairs_of(nb)]


def doubt_of(cell: NotebookNode) -> str:
    """Why a person has to decide on a graded cell whatever its check says; "" where nobody has to."""
    return str(ours(cell).get("doubt") or "")


def put_in_doubt(cell: NotebookNode, why: str) -> None:
    """Leave a graded cell's score to a person; what its check earns stands for the time being."""
    cell.metadata[NAMESPACE] = {**ours(cell), "doubt": why}
