"""Notebooks damaged in every way that damages.py knows: no right answer lost, nothing merged wrongly, all is said."""

from __future__ import annotations

import copy
import itertools
import json
import random

import pytest
from damage_registry import Damaged, name_of, of_kind, raw_of, saved, source
from damage_report import Count, look
from damages import DAMAGES
from damages_of_files import cut_away
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons_answered import Answered, answered, keys

from autograde.grading.cells import grade_id, kind_of
from autograde.grading.code_text import same_code
from autograde.grading.intake import BrokenSubmission
from autograde.grading.repairs import CERTAIN, LIKELY, UNCLEAR, doubt_of, notes_of, repairs_of

LESSONS = keys()
QUICK = settings(max_examples=15, deadline=None, derandomize=True)


@pytest.mark.parametrize(("name", "key"), zip(DAMAGES, itertools.cycle(LESSONS), strict=False))
def test_no_kind_of_damage_costs_an_answer_or_goes_unsaid(name: str, key: str) -> None:
    lesson, count = answered(key), Count()
    made = DAMAGES[name](lesson, random.Random(f"test {name} {key}"))
    look(lesson, made, lesson.mend(made.data), count, name)
    assert count.faults == []


def test_the_look_at_a_mended_notebook_sees_a_lost_a_wrong_and_an_unsaid_answer() -> None:
    lesson, count = answered(LESSONS[0]), Count()
    nb = copy.deepcopy(lesson.mended)
    first, second = [cell for cell in nb.cells if kind_of(cell) == "exercise"][:2]
    first.source, second.source = "nothing", first.source
    next(cell for cell in nb.cells if kind_of(cell) == "check").source = "pass"
    look(lesson, Damaged(b"", ["never said"]), nb, count, "here")
    assert count.lost == [f"here: {grade_id(first)}"]
    assert [fault for fault in count.wrong if grade_id(second) in fault]
    assert [fault for fault in count.wrong if "is not the course's own" in fault]
    assert count.unsaid == ["here: never said"]


@pytest.mark.parametrize("key", LESSONS)
def test_an_undamaged_notebook_with_a_students_own_cells_raises_no_alarm(key: str) -> None:
    lesson, raw = answered(key), raw_of(answered(key))
    for place in (40, 20, 3):
        raw["cells"].insert(place, {"cell_type": "code", "metadata": {}, "outputs": [], "source": f"mine_{place} = 1"})
        raw["cells"].insert(place, {"cell_type": "markdown", "metadata": {}, "source": f"My note {place}"})
    demo = raw["cells"][of_kind(raw, "demo")[0]]
    demo["source"] = source(demo) + "\nprint('tried something')"
    raw["cells"][of_kind(raw, "settings")[0]]["source"] = 'DEVICE = "cuda"'
    assert notes_of(lesson.mend(saved(raw))) == []


Change = tuple[str, int, int]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "move", "swap metadata", "lose metadata", "retype", "own", "touch"]),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    max_size=8,
)


def changed(lesson: Answered, changes: list[Change]) -> bytes:
    """A lesson's file after changes to its cells."""
    raw = raw_of(lesson)
    cells = raw["cells"]
    for what, a, b in changes:
        one, other = cells[a % len(cells)], cells[b % len(cells)]
        if what == "delete":
            cells.remove(one)
        elif what == "copy":
            cells.insert(b % len(cells), copy.deepcopy(one))
        elif what == "move":
            cells.remove(one)
            cells.insert(b % (len(cells) + 1), one)
        elif what == "swap metadata":
            one["metadata"], other["metadata"] = other["metadata"], one["metadata"]
        elif what == "lose metadata":
            one["metadata"], one["id"] = {}, ""
        elif what == "retype":
            one["cell_type"] = ("markdown", "raw", "code")[b % 3]
        elif what == "own":
            cells.insert(b % len(cells), {"cell_type": "code", "metadata": {}, "source": f"mine_{a} = {b}"})
        elif what == "touch":
            one["source"] = source(one) + "\n# touched"
    return saved(raw)


@QUICK
@given(st.sampled_from(LESSONS), CHANGES)
def test_whatever_is_done_to_cells_an_answer_that_is_there_counts_or_is_named(key: str, changes: list[Change]) -> None:
    lesson = answered(key)
    data = changed(lesson, changes)
    nb = lesson.mend(data)
    notes = " ".join(notes_of(nb))
    found = {grade_id(cell): cell for cell in nb.cells if grade_id(cell)}
    assert [grade_id(c) for c in nb.cells if grade_id(c)] == [grade_id(c) for c in lesson.mended.cells if grade_id(c)]
    handed_in = {source(cell).removesuffix("\n# touched") for cell in json.loads(data)["cells"]}
    for cell in lesson.mended.cells:
        name = grade_id(cell)
        if kind_of(cell) in ("check", "fixture"):
            assert found[name].source == cell.source
        elif kind_of(cell) in ("exercise", "written"):
            same = same_code(found[name].source, cell.source) or cell.source in found[name].source
            assert same or name in notes or cell.source not in handed_in, (name, notes_of(nb))
            others = [other for other, text in lesson.answers.items() if other != name and text == found[name].source]
            assert others == []
    if not changes:
        assert notes == ""


@QUICK
@given(st.sampled_from(LESSONS), st.integers(0, 10**6), st.integers(0, 400), st.binary(max_size=6))
def test_whatever_happens_to_bytes_a_notebook_is_read_or_refused_with_a_reason(
    key: str, at: int, many: int, put: bytes
) -> None:
    lesson = answered(key)
    data = saved(lesson.raw, indent=1)
    at %= len(data)
    try:
        nb = lesson.mend(data[:at] + put + data[at + many :])
    except BrokenSubmission as error:
        assert error.reason and error.mend
        return
    checks = [cell for cell in nb.cells if kind_of(cell) == "check"]
    assert [cell.source for cell in checks] == [c.source for c in lesson.mended.cells if kind_of(c) == "check"]


@QUICK
@given(st.sampled_from(LESSONS), st.integers(0, 10**6))
def test_of_a_file_that_is_cut_off_the_whole_cells_count_and_the_rest_is_named(key: str, at: int) -> None:
    lesson = answered(key)
    data = saved(lesson.raw, indent=1)
    at %= len(data)
    gone = cut_away(lesson.raw, at)
    try:
        nb = lesson.mend(data[:at])
    except BrokenSubmission:
        assert len(gone) == len(lesson.answers)
        return
    found = {grade_id(cell): cell.source for cell in nb.cells if grade_id(cell)}
    for name, answer in lesson.answers.items():
        assert (found[name].strip() == answer.strip()) == (name not in gone), name
    if gone:
        (repair,) = [repair for repair in repairs_of(nb) if repair.kind == "cut off"]
        assert (set(repair.cells), repair.confidence) == (gone, UNCLEAR)
        doubted = {cell.metadata.measure_first.exercise for cell in nb.cells if doubt_of(cell)}
        coded = {name_of(cell) for cell in lesson.raw["cells"] if cell["cell_type"] == "code"}
        assert gone & coded <= doubted


def test_every_repair_says_how_sure_it_is() -> None:
    lesson, seen = answered(LESSONS[0]), set()
    for name, damage in DAMAGES.items():
        for repair in repairs_of(lesson.mend(damage(lesson, random.Random(name)).data)):
            assert repair.said.endswith(".") and repair.confidence in (CERTAIN, LIKELY, UNCLEAR)
            seen.add(repair.confidence)
    assert seen == {CERTAIN, LIKELY, UNCLEAR}
