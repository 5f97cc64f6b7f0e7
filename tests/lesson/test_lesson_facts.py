"""A fact that code asks for lies beside the notebook, as a number with its text, date and source."""

import json

import pytest

from autograde.lesson import LessonError, fact


def test_a_fact_is_a_number_with_its_text_and_date(tmp_path, monkeypatch):
    entry = {"value": "320 GB/s", "number": 320e9, "date": "2019-03", "source": "its data sheet"}
    (tmp_path / "facts.json").write_text(json.dumps({"t4_bandwidth": entry}))
    monkeypatch.chdir(tmp_path)
    assert fact("t4_bandwidth").number == 320e9
    assert str(fact("t4_bandwidth")) == "320 GB/s (2019-03)"


def test_an_unknown_fact_names_those_that_are_there(tmp_path, monkeypatch):
    (tmp_path / "facts.json").write_text('{"a": {}, "b": {}}')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LessonError, match="there is no fact 'c' in this lesson: there is a, b"):
        fact("c")


def test_without_the_file_the_setup_cell_is_to_be_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEASURE_FIRST_DATA", raising=False)
    with pytest.raises(LessonError, match="Run the setup cell at the top of this notebook"):
        fact("t4_bandwidth")


def test_a_broken_file_is_a_clear_error(tmp_path, monkeypatch):
    (tmp_path / "facts.json").write_text("{")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LessonError, match="facts.json cannot be read"):
        fact("t4_bandwidth")
