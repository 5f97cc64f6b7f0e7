"""Every notebook that nbgrader ships with its tests, as source and as submission: what to compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from two_graders import FIXTURES, MORE_FIXTURES

# A notebook that prints until it is stopped; nbgrader's own test of it is skipped ("consumes a LOT of memory").
LEFT_OUT = {"infinite-loop-with-output.ipynb"}
# nbgrader refuses to make an assignment of these: no grade ids, two of the same name, another type, another schema.
NO_SOURCE = {
    "bad-markdown-cell-1.ipynb", "bad-markdown-cell-2.ipynb", "blank-grade-id.ipynb", "blank-points.ipynb",
    "cell-type-changed.ipynb", "duplicate-grade-ids.ipynb", "submitted-answer-cell-type-changed.ipynb",
    "submitted-grade-cell-type-changed.ipynb", "test-no-metadata-autotest.ipynb", "test-no-metadata.ipynb",
    "test-v0-invalid.ipynb", "test-v0.ipynb", "test-v1.ipynb", "test-v2.ipynb", "too-new.ipynb",
}  # fmt: skip

# Which source a family of submissions belongs to.
FAMILIES = {
    "submitted-unchanged.ipynb": ("submitted-*.ipynb",),
    "test.ipynb": ("test.ipynb", "test-*.ipynb", "too-new.ipynb", "blank-*.ipynb", "duplicate-*.ipynb", "bad-*.ipynb"),
    "autotest-simple.ipynb": ("autotest-simple-*.ipynb",),
    "autotest-hashed.ipynb": ("autotest-hashed-*.ipynb",),
    "autotest-multi.ipynb": ("autotest-multi-*.ipynb",),
    "autotest-hidden.ipynb": ("autotest-hidden-*.ipynb",),
}


@dataclass(frozen=True)
class Case:
    """A source and what is handed in for it; None: what was handed out, untouched. folder: of the submission."""

    source: Path
    submission: Path | None

    def __str__(self) -> str:
        handed_in = "untouched" if self.submission is None else name_of(self.submission)
        return f"{name_of(self.source)} <- {handed_in}"


def name_of(path: Path) -> str:
    """A name for a shipped notebook that no other has: the folder's, then its own."""
    return f"{path.parent.parent.name}.{path.stem}"


def sources() -> list[Path]:
    """The notebooks that nbgrader makes an assignment of."""
    found = [*sorted(FIXTURES.glob("*.ipynb")), *sorted(MORE_FIXTURES.glob("*.ipynb"))]
    return [path for path in found if path.name not in LEFT_OUT | NO_SOURCE]


def cases() -> Iterator[Case]:
    """Every source with itself handed in and with nothing done, and every family's submissions."""
    for source in sources():
        yield Case(source, source)
        yield Case(source, None)
    for name, patterns in FAMILIES.items():
        for folder in (FIXTURES, MORE_FIXTURES):
            for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
                if path != FIXTURES / name:
                    yield Case(FIXTURES / name, path)
