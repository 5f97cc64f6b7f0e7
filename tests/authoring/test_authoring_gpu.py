"""`autograde gpu`: the rows that it writes from recorded (made-up) runs, and what it says where there is no GPU."""

import pytest

from autograde.authoring import gpu
from autograde.authoring.executed import LessonRun
from autograde.cli import main
from autograde.course import CourseError

# Made-up records of a made-up card: nothing of this was measured.
MACHINE = gpu.Machine("2030-01-02", "Imaginary GPU 9000", "000.11", "9.9.9+cu000")
RECORDS = [
    {"what": "MFU", "measured": 0.314, "predicted": None, "unit": ""},
    {"what": "a step at batch 64", "measured": 0.03, "predicted": 0.06, "unit": "s"},
    {"what": "weights", "measured": 100.0, "predicted": 100.0, "unit": "B"},
]
PAGE = f"# Page\n\n{gpu.NONE_YET}\n\n{gpu.BEGIN}\n{gpu.COLUMNS}\n\n{gpu.END}\n\nafter\n"


def made_up(records=RECORDS, outcome="passed"):
    return LessonRun("04_compute", outcome, 12.34, 900.0, 456.7, "cuda", 9, 60.0, "mark", records=records)


def test_a_row_holds_machine_lesson_and_what_was_measured():
    assert gpu.row(MACHINE, made_up(), "ok") == (
        "| 2030-01-02 | 04_compute | Imaginary GPU 9000 | 000.11 | 9.9.9+cu000 | passed | 12.3 | 457 | 0.31 | ok "
        "| a step at batch 64: 0.06 → 0.03 s (0.5×) |"
    )


def test_a_lesson_that_records_nothing_claims_nothing():
    assert gpu.row(MACHINE, made_up(records=[]), "–").endswith("| 457 | – | – | – |")


def test_predictions_that_came_true_are_said_to_be_nothing_new():
    assert gpu.differences(made_up(records=RECORDS[2:])) == "nothing"


def test_an_outcome_cannot_break_the_table():
    assert gpu.row(MACHINE, made_up(outcome="cell 3: a | b"), "ok").count("|") == 12


def test_rows_are_added_below_those_that_are_there_and_the_rest_of_the_page_stays():
    once = gpu.with_rows(PAGE, ["| first |"])
    twice = gpu.with_rows(once, ["| second |"])
    assert twice == PAGE.replace("\n\n" + gpu.END, "\n| first |\n| second |\n" + gpu.END)


def test_a_page_without_its_marks_is_refused():
    with pytest.raises(CourseError, match="docs/gpu.md has no lines"):
        gpu.with_rows("# Page\n", ["| row |"])


def test_the_courses_own_page_takes_rows_and_says_that_no_run_was_made():
    from pathlib import Path

    page = Path(__file__).resolve().parents[2].joinpath("docs/gpu.md").read_text(encoding="utf-8")
    rows = [line for line in page.partition(gpu.BEGIN)[2].partition(gpu.END)[0].splitlines() if line.startswith("|")]
    assert (gpu.NONE_YET in page) == (len(rows) == 2), "either rows of runs, or the sentence"
    assert "| row |" in gpu.with_rows(page, ["| row |"])


def test_without_a_gpu_it_is_one_line_and_status_2(monkeypatch, capsys):
    import torch

    def broken(*shape, device):
        raise RuntimeError("Torch not compiled with CUDA enabled")

    monkeypatch.setattr(torch, "ones", broken)
    assert main(["gpu"]) == 2
    said = capsys.readouterr()
    assert said.err == (
        "error: no GPU that CUDA can use here (Torch not compiled with CUDA enabled): nothing was run or written\n"
    )


def test_an_answer_that_never_ends_is_stopped_in_place_and_the_next_one_runs():
    from autograde.authoring.run_cells import CellOutcome, in_place

    def endless():
        while True:
            pass

    (stopped,) = in_place(endless, 0.2)
    assert (stopped.outcome, stopped.message) == ("timeout", "stopped after 0.2 s")
    fine = [CellOutcome("check", "passed", "", 0.0)]
    assert in_place(lambda: fine, 5.0) == fine
