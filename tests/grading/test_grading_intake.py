"""A submission is read however a platform saved it; what cannot be read is said with a reason and a mend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograde.grading.intake import (
    AGAIN,
    BrokenSubmission,
    is_plain,
    names_of,
    parse_submission,
    plain_copy,
    read_submission,
    remarks_of,
)


def saved(*cells: dict[str, Any], **rest: Any) -> bytes:
    """A notebook file with these cells."""
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **rest}).encode()


def code(source: object, **rest: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **rest}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b'{"cells": [', "the file is not JSON, so not a whole notebook"),
        (b"print(1)", "the file is not JSON, so not a whole notebook"),
        (b"\xff\xfe\x00", "the file is not JSON, so not a whole notebook"),
        (b"<!DOCTYPE html><html>log in", "the file is a web page, not a notebook"),
        (b"%PDF-1.4", "the file is a PDF, not a notebook"),
        (b"PK\x03\x04", "the file is a ZIP archive, not a notebook"),
        (b"[" * 200_000, "the file is nested too deeply to be a notebook"),
        (b"[1, 2]", "the file is JSON, but not a notebook (it has no cells)"),
        (b'{"cells": 3}', "the file is JSON, but not a notebook (its cells are not a list)"),
        (b'{"worksheets": 3, "nbformat": 3}', "the file is JSON, but not a notebook (it has no cells)"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenSubmission) as caught:
        parse_submission(data)
    assert caught.value.reason.startswith(reason)
    assert caught.value.mend


def test_the_mend_of_a_cut_file_says_what_the_student_should_do() -> None:
    with pytest.raises(BrokenSubmission) as caught:
        parse_submission(b'{"cells": [{')
    assert caught.value.mend == AGAIN
    assert AGAIN == "ask the student to download the notebook again (File → Download .ipynb) and hand that in"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenSubmission, match="the file cannot be read"):
        read_submission(tmp_path / "none.ipynb")


def test_a_source_may_be_lines_or_one_text_and_a_byte_order_mark_may_come_first() -> None:
    data = b"\xef\xbb\xbf" + saved(code(["a = 1\n", "b = 2"]), code("c = 3"))
    assert [cell.source for cell in parse_submission(data).cells] == ["a = 1\nb = 2", "c = 3"]


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, [1, "x", None]])
def test_a_source_of_the_wrong_kind_becomes_text(source: object) -> None:
    assert isinstance(parse_submission(saved(code(source))).cells[0].source, str)


def test_cells_that_are_no_cells_are_left_out_and_half_cells_are_read() -> None:
    cells = parse_submission(saved(code("a"), 3, None, {"cell_type": "code"}, {"source": "b", "metadata": 7})).cells
    assert [cell.source for cell in cells] == ["a", "", "b"]


def test_a_text_that_no_file_can_hold_is_made_writable() -> None:
    assert parse_submission(saved(code("x = '\ud800'"))).cells[0].source == "x = '?'"


def test_outputs_and_a_platforms_own_metadata_stay_behind() -> None:
    info = {
        "executionInfo": {"user": {"displayName": "A Person", "userId": "123"}},
        "colab": {"height": 3},
        "id": "double",
    }
    widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": {"1": {"model_name": "HBoxModel"}}}}
    nb = parse_submission(saved(code("a", metadata=info, outputs=[{"output_type": "stream"}]), metadata=widgets))
    assert "A Person" not in json.dumps(nb)
    assert nb.metadata == {}
    assert nb.cells[0].outputs == []


def test_a_notebook_of_format_3_is_converted() -> None:
    cell = {"cell_type": "code", "input": "a = 1", "outputs": [], "language": "python", "metadata": {}}
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [cell], "metadata": {}}],
    }
    assert parse_submission(json.dumps(old).encode()).cells[0].source == "a = 1"


def test_pictures_in_a_written_answer_are_kept_and_other_attachments_are_not() -> None:
    attached = {"p.png": {"image/png": "aGk="}, "x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}, "y": 3}
    cell = {"cell_type": "markdown", "source": "![](attachment:p.png)", "metadata": {}, "attachments": attached}
    assert parse_submission(saved(cell)).cells[0].attachments == {"p.png": {"image/png": "aGk="}}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (code("x", metadata={"nbgrader": {"grade_id": "double"}, "id": "a"}, id="b"), ["double", "a", "b"]),
        (code("# exercise: double\ndef double(x): ..."), ["double"]),
        (code('check.begin("double", points=2)\ncheck.end()'), ["check_double"]),
        (code("check.begin('double', part='gradients', points=1)"), ["check_double__gradients"]),
        (code("x = 1\n# exercise: double"), []),
        (code("x", metadata={"nbgrader": "tampered", "id": 3}), []),
    ],
)  # fmt: skip
def test_a_cell_is_known_by_its_metadata_or_else_by_its_first_line(cell: dict[str, Any], names: list[str]) -> None:
    assert names_of(parse_submission(saved(cell)).cells[0]) == names


@pytest.mark.parametrize(
    ("encoding", "remark"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", ["The file was saved as UTF-16, not as UTF-8; it was read as that."]),
        (
            "cp1252",
            ["The file was not saved as UTF-8; it was read as Windows-1252: letters such as é or × may look wrong."],
        ),
    ],
)
def test_whatever_a_windows_editor_saves_is_read_and_said(encoding: str, remark: list[str]) -> None:
    text = '{"cells": [{"cell_type": "code", "source": "café = 1", "metadata": {}}]}'
    nb = parse_submission(text.encode(encoding))
    assert nb.cells[0].source == "café = 1"
    assert remarks_of(nb) == remark
    again = parse_submission(plain_copy(text.encode(encoding), ["It had another name."]).encode())
    assert again.cells[0].source == "café = 1"
    assert remarks_of(again) == ["It had another name.", *remark]
    assert is_plain(text.encode(encoding)) is (encoding == "utf-8")
