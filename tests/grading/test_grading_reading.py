"""A file is read in whatever state it is, its outputs cost no memory, and what is wrong with it is said."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from autograde.grading import json_skim, reading
from autograde.grading.intake import BrokenSubmission, how_read, parse_submission, read_submission, remarks_of
from autograde.grading.json_skim import CUT, Skimmed, TooDeep, skim
from autograde.grading.reading import (
    SAID_FAULTS,
    SAID_FOREIGN,
    SAID_LEFT_OUT,
    SAID_WIDE,
    WANTED,
    NotJson,
    read_bytes,
    read_path,
)

ALL: dict[tuple[str, ...], frozenset[str] | None] = {}
CELL = {"cell_type": "code", "metadata": {"id": "double"}, "source": "x = 1"}


def skimmed(text: str) -> Any:
    return skim(text.encode(), ALL).value


@pytest.mark.parametrize(
    ("text", "value", "faults"),
    [
        ('{"a": [1, 2.5, true, null, "b"]}', {"a": [1, 2.5, True, None, "b"]}, 0),
        ('{"a": [1, 2,], "b": {},}', {"a": [1, 2], "b": {}}, 0),
        ('{"a": [1 2]\n"b": 3}', {"a": [1, 2], "b": 3}, 0),
        ('{"a": "one\ntwo\tthree"}', {"a": "one\ntwo\tthree"}, 1),
        (r'{"a": "C:\data\é", "b": "\u00e9\q"}', {"a": "C:\\data\\é", "b": "é\\q"}, 2),
        ('{"a": [1, what, 2]}', {"a": [1, 2]}, 1),
        ('{"a": [1}, "b": 2}', {"a": [1]}, 2),
        ('{"a": 1} and more', {"a": 1}, 1),
        ('{"a" "b": 2, "c": 3}', {"b": 2, "c": 3}, 1),
    ],
)
def test_faults_are_forgiven_and_counted(text: str, value: object, faults: int) -> None:
    found = skim(text.encode(), ALL)
    assert (found.value, found.faults, found.cut) == (value, faults, False)


def test_sound_json_is_read_as_pythons_own_reader_reads_it() -> None:
    made = {"a": [{"b": ["\\", '"', "é", "\u2028", ""]}, [], {}, [[1]], -1.5e3], "": None}
    for text in (json.dumps(made), json.dumps(made, indent=2, ensure_ascii=False)):
        assert skim(text.encode(), ALL) == Skimmed(made, kept=skim(text.encode(), ALL).kept)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": {"b": "c', {"a": {CUT: "b", "b": None}, CUT: "a"}),
        ('{"a": [1, 2', {"a": [1, 2], CUT: "a"}),
        ('{"a": 1, "b"', {"a": 1, CUT: ""}),
        ('{"a": 1', {"a": 1, CUT: "a"}),
        ("{", {CUT: ""}),
    ],
)
def test_where_the_file_ends_too_early_is_told(text: str, value: object) -> None:
    found = skim(text.encode(), ALL)
    assert (found.value, found.cut) == (value, True)


def test_what_is_not_wanted_is_passed_over_whatever_stands_in_it() -> None:
    odd = '{"x": "]}\\"", "y": [[1, [2]], {"z": "{["}]}'
    data = f'{{"keep": 1, "pass": {odd}, "also": [{odd}, {odd}], "number": -1e5, "last": 2}}'.encode()
    assert skim(data, {(): frozenset({"keep", "last"})}).value == {"keep": 1, "last": 2}


def test_what_is_kept_may_not_be_nested_without_end_and_what_is_passed_over_may() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(TooDeep):
        skim(deep, ALL)
    assert skim(b'{"a": ' + deep + b', "b": 1}', {(): frozenset({"b"})}).value == {"b": 1}


def test_bytes_that_are_no_utf_8_are_read_one_by_one_and_the_others_as_they_are() -> None:
    found = read_bytes('{"cells": [{"source": "é caf'.encode() + b'\xe9 \x81"}]}')
    assert found.raw["cells"][0]["source"] == "é café \ufffd"
    assert found.remarks == [SAID_FOREIGN]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_with_and_without_a_mark(encoding: str) -> None:
    found = read_bytes(json.dumps({"cells": [CELL]}).encode(encoding))
    assert (found.raw, found.remarks) == ({"cells": [CELL]}, [SAID_WIDE])


def test_the_cell_in_which_a_file_ends_counts_only_if_its_text_is_whole() -> None:
    whole = b'{"cells": [{"source": "a"}, {"source": "b", "metadata": {"id"'
    assert [cell["source"] for cell in read_bytes(whole).raw["cells"]] == ["a", "b"]
    half = b'{"cells": [{"source": "a"}, {"metadata": {"id": "double"}, "source": ["b", "c'
    found = read_bytes(half)
    assert ([cell["source"] for cell in found.raw["cells"]], found.cut) == (["a"], True)
    assert how_read(parse_submission(half)).lost == ("double",)


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"cells": [', b'{"cells": [{"sour', b"print(1)", b'{"cells": "x', b"\0" * 9]
)
def test_a_file_without_a_whole_cell_is_no_notebook(data: bytes) -> None:
    with pytest.raises(NotJson):
        read_bytes(data)
    with pytest.raises(BrokenSubmission):
        parse_submission(data)


@pytest.mark.parametrize(
    ("old", "source"),
    [
        ({"worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"]}]}], "nbformat": 3}, "a\nb"),
        ({"worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": "A"}]}], "nbformat": 2}, "## A"),
        ({"cells": [{"cell_type": "code", "code": "a"}], "nbformat": 1}, "a"),
        ({"cells": [{"cell_type": "text", "text": "a"}], "nbformat": 1}, "a"),
        ({"cells": [{"cell_type": "code", "source": "a"}], "nbformat": 4, "nbformat_minor": 99}, "a"),
        ({"cells": [{"cell_type": "code", "source": "a"}]}, "a"),
    ],
)
def test_formats_of_all_ages_are_read(old: dict[str, Any], source: str) -> None:
    assert [cell.source for cell in parse_submission(json.dumps(old).encode()).cells] == [source]


def big(path: Path, megabytes: int) -> Path:
    """A notebook with so many MB of outputs in front of its last cell, in a few large texts and many small ones."""
    picture = json.dumps({"output_type": "display_data", "data": {"image/png": "A" * (1 << 20)}}).encode()
    lines = json.dumps({"output_type": "stream", "text": ["loss 0.25, [a] {b}\n"] * 40_000}).encode()
    with path.open("wb") as file:
        file.write(b'{"cells": [{"cell_type": "code", "outputs": [')
        while file.tell() < megabytes << 20:
            file.write(picture + b", " + lines + b", ")
        file.write(b'null], "source": "first"}, ' + json.dumps(CELL).encode() + b'], "metadata": {}, "nbformat": 4}')
    return path


def test_a_large_file_is_read_in_memory_that_its_outputs_do_not_count_for(tmp_path: Path) -> None:
    path = big(tmp_path / "large.ipynb", 40)
    tracemalloc.start()
    nb = read_submission(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [cell.source for cell in nb.cells] == ["first", "x = 1"]
    assert remarks_of(nb) == []
    assert peak < 4 << 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_large_file_is_read_as_a_small_one_is(tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nb.ipynb"
    path.write_bytes(
        json.dumps({"cells": [CELL | {"source": "é = 1"}], "other": [1]}, ensure_ascii=False).encode(encoding)
    )
    small = read_path(path)
    monkeypatch.setattr(reading, "STRICT_UP_TO", 10)
    large = read_path(path)
    assert large.raw["cells"] == small.raw["cells"]
    assert large.remarks == small.remarks


def test_a_text_that_is_too_long_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_skim, "LONGEST", 50)
    monkeypatch.setattr(reading, "STRICT_UP_TO", 10)
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps({"cells": [CELL, {"source": "y" * 60}]}))
    found = read_path(path)
    assert [cell["source"] for cell in found.raw["cells"]] == ["x = 1", ""]
    assert found.remarks == [SAID_LEFT_OUT]


def test_a_damaged_file_is_said_to_be_damaged_and_a_sound_one_is_not() -> None:
    assert read_bytes(json.dumps({"cells": [CELL]}).encode()).remarks == []
    assert read_bytes(b'{"cells": [{"source": "a\nb"}]}').remarks == [SAID_FAULTS]


def test_what_a_students_file_says_of_how_it_was_read_is_nobodys_word() -> None:
    planted = {"measure_first_reading": "full marks", "measure_first_remarks": ["full marks"]}
    nb = parse_submission(json.dumps({"cells": [CELL], "metadata": planted}).encode())
    assert remarks_of(nb) == []
    assert "full marks" not in json.dumps(nb)


def test_only_what_a_notebook_needs_is_wanted() -> None:
    assert "outputs" not in (WANTED["cells", "*"] or ())
    assert "executionInfo" not in (WANTED["cells", "*", "metadata"] or ())
    assert "widgets" not in (WANTED[("metadata",)] or ())
