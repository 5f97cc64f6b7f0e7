"""Outputs are put together as nbclient does it, and nothing that a hostile process sends breaks a notebook."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from autograde.wall.limits import WireError
from autograde.wall.outputs import CUT, ERROR_ROOM, Assembly, error_event

PNG = "iVBORw0KGgo="


def made(*events: Any, room: int = 10_000) -> list[dict[str, Any]]:
    assembly = Assembly(room, 7)
    for event in events:
        assembly.add(list(event))
    return assembly.outputs


def test_what_is_printed_to_one_stream_in_a_row_is_one_output() -> None:
    events = [
        ("stream", "stdout", "a"),
        ("stream", "stdout", "b\r"),
        ("stream", "stderr", "c"),
        ("stream", "stdout", "d"),
    ]
    assert [(o["name"], o["text"]) for o in made(*events)] == [("stdout", "ab\r"), ("stderr", "c"), ("stdout", "d")]


def test_a_result_has_the_cells_number() -> None:
    (output,) = made(("result", {"text/plain": "3"}, {}))
    assert output == {
        "output_type": "execute_result", "execution_count": 7, "data": {"text/plain": "3"}, "metadata": {}}  # fmt: skip


def test_an_update_changes_all_that_was_shown_under_its_name_and_shows_nothing_itself() -> None:
    shown = [("display", {"text/plain": text}, {}, name) for text, name in (("a", "x"), ("b", None), ("c", "x"))]
    outputs = made(*shown, ("update", {"text/plain": "new"}, {}, "x"), ("update", {"text/plain": "?"}, {}, "y"))
    assert [o["data"]["text/plain"] for o in outputs] == ["new", "b", "new"]


def test_an_update_reaches_the_outputs_of_earlier_cells() -> None:
    displays: dict[str, list[dict[str, Any]]] = {}
    first, second = Assembly(1000, 1, displays), Assembly(1000, 2, displays)
    first.add(["display", {"text/plain": "0 %"}, {}, "bar"])
    second.add(["update", {"text/plain": "100 %"}, {}, "bar"])
    assert (first.outputs[0]["data"], second.outputs) == ({"text/plain": "100 %"}, [])


@pytest.mark.parametrize(("wait", "kept"), [(False, ["after"]), (True, ["after"])])
def test_what_was_cleared_is_gone(wait: bool, kept: list[str]) -> None:
    events = [("stream", "stdout", "before"), ("clear", wait), ("stream", "stdout", "after")]
    assert [output["text"] for output in made(*events)] == kept


def test_clearing_that_waits_for_the_next_output_clears_nothing_without_one() -> None:
    assert [output["text"] for output in made(("stream", "stdout", "stays"), ("clear", True))] == ["stays"]


def test_what_is_printed_beyond_the_limit_is_cut_with_a_word_on_it() -> None:
    outputs = made(*[("stream", "stdout", "x" * 60)] * 100, room=200)
    assert [output["text"] for output in outputs] == ["x" * (200 - 64) + f"\n{CUT}"]


def test_what_just_fits_is_not_cut() -> None:
    assert made(("stream", "stdout", "x" * 136), room=200)[0]["text"] == "x" * 136


def test_a_picture_beyond_the_limit_is_left_out_with_a_word_on_it_and_nothing_comes_after_it() -> None:
    events = [("display", {"image/png": PNG * 100}, {}, None), ("stream", "stdout", "late")]
    assert [output["text"] for output in made(*events, room=500)] == [f"\n{CUT}"]


def test_errors_are_kept_when_there_is_no_room_for_anything_else() -> None:
    outputs = made(("more",), ("error", "ValueError", "bad", ["bad"]), room=0)
    assert [output["output_type"] for output in outputs] == ["stream", "error"]


def test_errors_have_a_limit_of_their_own() -> None:
    outputs = made(*[("error", "E" * 10**5, "x" * 10**6, ["y" * 10**6] * 1000)] * 20)
    assert len(json.dumps(outputs)) < 1.2 * ERROR_ROOM


def test_of_a_recursions_traceback_the_first_and_the_last_lines_are_kept() -> None:
    entries = error_event("RecursionError", "", [str(n) for n in range(1000)])[3]
    assert (entries[0], entries[20], entries[-1]) == ("0", "    [... 800 more lines ...]\n", "999")
    assert len(entries) == 201


HOSTILE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"image/png": PNG, "application/javascript": "alert(1)"}, {"image/png": PNG}),
    ({"text/plain": "a\x00b\ud800c\x1b[0m"}, {"text/plain": "a\ufffdb\ufffdc\x1b[0m"}),
    ({"text/plain": ["a", "b"], "text/html": "<b>"}, {"text/html": "<b>"}),
    ({"application/vnd.jupyter.widget-view+json": {"model_id": "</script>"}, "text/plain": "w"}, {"text/plain": "w"}),
    ({"application/json": {"a": float("inf"), "b": "\udfff"}}, {"application/json": {"a": None, "b": "\ufffd"}}),
    ({"application/vnd.measure-first.outcome+json": {"status": "passed"}, "text/plain": "x"}, {"text/plain": "x"}),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kept"), HOSTILE)
def test_of_a_hostile_display_only_what_a_page_can_hold_is_kept(data: dict[str, Any], kept: dict[str, Any]) -> None:
    (output,) = made(("display", data, {}, None))
    assert output["data"] == kept


@pytest.mark.parametrize("picture", [PNG, '" onerror="alert(1)', "<script>", "iVBO\nRw0K\n", ""])
def test_a_picture_is_base64_whatever_was_sent(picture: str) -> None:
    for output in made(("display", {"image/png": picture}, {}, None)):
        assert re.fullmatch(r"[A-Za-z0-9+/]*=*", output["data"]["image/png"])


def test_a_display_of_unknown_types_only_is_no_output() -> None:
    assert made(("display", {"application/javascript": "alert(1)"}, {}, None)) == []


def test_metadata_is_kept_where_a_page_reads_it_and_it_is_what_it_should_be() -> None:
    given = {"image/png": {"width": 10, "height": "1 onload=alert(1)"}, "needs_background": "light", "isolated": True}
    (output,) = made(("display", {"image/png": PNG}, given, None))
    assert output["metadata"] == {"image/png": {"width": 10}, "needs_background": "light"}


@pytest.mark.parametrize(
    "event",
    [None, [], ["stream"], ["stream", "stdin", "x"], ["stream", "stdout", 3], ["display", [], {}, None], ["keep", {}],
     ["error", "E", "v", [3]], ["clear", 1], ["__class__"], ["more", 1], [["stream"], "a", "b"], "stream"],
)  # fmt: skip
def test_what_is_no_event_is_refused(event: Any) -> None:
    with pytest.raises(WireError):
        Assembly(1000, 1).add(event)


WORDS = st.sampled_from(["stream", "display", "update", "result", "error", "clear", "more", "stdout", "text/plain"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | WORDS, inner, max_size=3),
    max_leaves=8,
)
TEXT = st.text(max_size=50)
DATA = st.dictionaries(
    st.sampled_from(["text/plain", "image/png", "application/json", "text/html"]) | TEXT, JSON | TEXT
)
EVENTS = st.one_of(
    JSON,
    st.tuples(st.just("stream"), st.sampled_from(["stdout", "stderr"]), TEXT),
    st.tuples(st.sampled_from(["display", "update"]), DATA, DATA, st.none() | st.sampled_from(["a", "b"])),
    st.tuples(st.just("result"), DATA, DATA),
    st.tuples(st.just("error"), TEXT, TEXT, st.lists(TEXT, max_size=3)),
    st.tuples(st.just("clear"), st.booleans()),
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(EVENTS, max_size=12), st.integers(0, 400))
def test_whatever_is_sent_is_refused_or_makes_a_valid_notebook_of_bounded_size(events: list[Any], room: int) -> None:
    assembly = Assembly(room, 3)
    for event in events:
        try:
            assembly.add(list(event) if isinstance(event, tuple) else event)
        except WireError:
            pass
    outputs = nbformat.from_dict(assembly.outputs)
    nb = new_notebook(cells=[new_code_cell("", outputs=outputs)])
    nbformat.validate(nb)
    nbformat.writes(nb).encode("utf-8")
    shown = [output for output in outputs if output["output_type"] != "error"]
    assert sum(len(str(output.get("text", output.get("data")))) for output in shown) < 4 * room + 200


@pytest.mark.parametrize(
    "events",
    [
        [["stream", "stdout", "x"]],
        [["stream", "stdout", ""]],
        [["stream", "stdout", "x"], ["stream", "stderr", "x"]],
        [["display", {"text/plain": ""}, {}, "same"], ["update", {"text/plain": ""}, {}, "same"]],
        [["display", {"text/plain": ""}, {}, "same"], ["clear", False]],
        [["clear", True], ["error", "", "", []]],
    ],
)
def test_a_flood_of_small_events_costs_little_more_than_reading_it(events: list[Any]) -> None:
    assembly, started = Assembly(1_000_000, 1), time.process_time()
    for _ in range(100_000 // len(events)):
        for event in events:
            assembly.add(event)
    assert len(assembly.outputs) < 20_000
    assert time.process_time() - started < 4
