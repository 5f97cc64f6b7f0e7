"""What is missing from a notebook: exercises not attempted, checks that fail, test cells changed or gone.

Two witnesses are heard: the session (what each check said since the kernel started, and which text it saw), and the
notebook (what stands in its cells), which is compared with the notebook as it was handed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograde.lesson.handin_cells import (
    CHECK_LINE,
    EXERCISE_LINE,
    LessonCell,
    cells_of,
    graded_cells,
    name_of,
    text_of,
    untouched,
)

NOT_RUN, WRITTEN, NOT_WRITTEN = "not_run", "written", "not_written"


@dataclass(frozen=True)
class Look:
    """What there is to say of a notebook before it is handed in.

    outcomes: exercise or written answer → how it stands; in the lesson's order. points: what each is worth. edited:
    test cells with another text than was handed out. missing: cells of the lesson that are not there. older: exercises
    of which the last check saw another text than the notebook holds. complete: whether all of the lesson is known.
    """

    outcomes: dict[str, str]
    points: dict[str, float]
    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    complete: bool = False

    @property
    def begun(self) -> bool:
        """Whether there is anything of the student's in it."""
        return any(outcome not in ("not_attempted", NOT_WRITTEN) for outcome in self.outcomes.values())


def look(
    record: Mapping[str, str],
    notebook: dict[str, Any] | None = None,
    handed_out: dict[str, Any] | None = None,
    inputs: Sequence[str] = (),
) -> Look:
    """Compare what the checks said (record: grade id → outcome) with the notebook and the one that was handed out.

    inputs: the texts of the cells that this session ran, in order.
    """
    wanted = list(graded_cells(handed_out if handed_out is not None else notebook))
    expected = {cell.name: cell.points for cell in wanted if cell.kind == "check"}
    outcomes = by_exercise(record, expected)
    points = dict.fromkeys(outcomes, 0.0)
    for name, worth in expected.items():
        points[exercise_of(name)] += worth
    written = {cell.name: cell.points for cell in wanted if cell.kind == "written"} if notebook is not None else {}
    if notebook is None:
        return Look(outcomes, points, complete=bool(wanted))
    mine = _mine(notebook, wanted, compare := handed_out is not None)
    same = {cell.name: _as_handed_out(mine[cell.name], cell, compare) for cell in wanted if cell.name in mine}
    fresh = {cell.name for cell in wanted if same.get(cell.name, True)}
    for name, outcome in outcomes.items():
        if outcome == NOT_RUN and name in fresh:
            outcomes[name] = "not_attempted"
    outcomes |= {name: NOT_WRITTEN if name in fresh else WRITTEN for name in written}
    edited = [cell.name for cell in wanted if cell.kind == "check" and same.get(cell.name) is False]
    older = [name for name in outcomes if name in mine and _saw_another(name, text_of(mine[name]), inputs)]
    return Look(
        _in_order(outcomes, wanted), points | written, tuple(edited), _missing(wanted, mine), tuple(older), bool(wanted)
    )


def exercise_of(check: str) -> str:
    """The exercise that a check's grade id belongs to: check_split_heads__gradients → split_heads."""
    return check.removeprefix("check_").split("__", 1)[0]


def by_exercise(record: Mapping[str, str], expected: Mapping[str, float]) -> dict[str, str]:
    """Exercise → outcome. record: grade id → outcome of the checks that ran. expected: grade id → points of all checks.

    An exercise with several checks has passed when all of them have, and is partly right when one of them is.
    """
    parts: dict[str, list[str]] = {}
    for check in [*expected, *(name for name in record if name not in expected)]:
        parts.setdefault(exercise_of(check), []).append(record.get(check, NOT_RUN))
    return {name: outcomes[0] if len(set(outcomes)) == 1 else _together(outcomes) for name, outcomes in parts.items()}


def _together(outcomes: list[str]) -> str:
    if "passed" in outcomes or "partly" in outcomes:
        return "partly"
    return "failed" if "failed" in outcomes else "not_attempted"


def _mine(notebook: dict[str, Any], wanted: Sequence[LessonCell], compare: bool) -> dict[str, dict[str, Any]]:
    """The notebook's cells by the lesson's names; of several with one name the last that is not as handed out."""
    named = {cell.name: cell for cell in wanted}
    mine: dict[str, dict[str, Any]] = {}
    for cell in cells_of(notebook):
        name = name_of(cell)
        if name in named and (name not in mine or not _as_handed_out(cell, named[name], compare)):
            mine[name] = cell
    return mine


def _as_handed_out(cell: dict[str, Any], original: LessonCell, compare: bool) -> bool | None:
    """Whether a cell's text is as it was handed out; None where nothing tells.

    compare: the original is another notebook's. That may be newer than the one that the student began with: then the
    checksum in the cell's own metadata speaks.
    """
    if compare and text_of(cell).strip() == original.source.strip():
        return True
    told = untouched(cell)
    return False if told is None and compare else told


def _missing(wanted: Sequence[LessonCell], mine: Mapping[str, object]) -> tuple[str, ...]:
    """The lesson's cells that are not in the notebook, and partners of exercises and checks that have lost theirs."""
    checks = {exercise_of(cell.name) for cell in wanted if cell.kind == "check"}
    exercises = {cell.name for cell in wanted if cell.kind == "exercise"}
    gone = [cell.name for cell in wanted if cell.name not in mine]
    alone = [f"check_{cell.name}" for cell in wanted if cell.kind == "exercise" and cell.name not in checks]
    alone += sorted(checks - exercises) if exercises else []
    return tuple(dict.fromkeys([*gone, *alone]))


def _in_order(outcomes: dict[str, str], wanted: Sequence[LessonCell]) -> dict[str, str]:
    """The outcomes in the lesson's order."""
    order = [exercise_of(cell.name) if cell.kind == "check" else cell.name for cell in wanted]
    return {name: outcomes[name] for name in dict.fromkeys([*order, *outcomes]) if name in outcomes}


def _saw_another(exercise: str, text: str, inputs: Sequence[str]) -> bool:
    """Whether the exercise's check last ran on another text of the answer than `text`."""
    firsts = [source.lstrip().split("\n", 1)[0].strip() for source in inputs]
    checks = [n for n, line in enumerate(firsts) if (match := CHECK_LINE.match(line)) and match[1] == exercise]
    if not checks:
        return False
    answers = [
        n
        for n, line in enumerate(firsts[: checks[-1]])
        if (match := EXERCISE_LINE.match(line)) and match[1] == exercise
    ]
    return bool(answers) and inputs[answers[-1]].strip() != text.strip()
