"""The headless run: what it measures, what it says of a failing cell, and when it may keep an earlier run."""

import json

import nbformat
import pytest

from autograde.authoring import headless
from autograde.authoring.executed import LessonRun
from autograde.cli import main
from autograde.course import CourseError, load_course

pytestmark = pytest.mark.slow

COURSE = """
[course]
name = "Tiny"
repository = "a/b"
ref = "main"
"""
LESSON = '[[lesson]]\nkey = "{key}"\ntitle = "T"\nsubtitle = "s"\nminutes = 1\nbudget_seconds = 120\n'


def write_lesson(root, key, *sources):
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    notebook.cells = [
        nbformat.v4.new_code_cell("DEVICE, SCALE, SEED = 'auto', 'auto', 0", metadata={"tags": ["parameters"]})
    ]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in sources]
    folder = root / "source" / key
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{key}.ipynb")


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """One real run, shared by the tests that look at it: a lesson that passes and one that fails, two at a time."""
    root = tmp_path_factory.mktemp("a course with spaces")
    (root / "course.toml").write_text(COURSE + LESSON.format(key="01_good") + LESSON.format(key="02_bad"))
    write_lesson(
        root,
        "01_good",
        "print(DEVICE, SCALE, SEED)",
        "from pathlib import Path; written = Path('left_behind.bin').write_bytes(b'x')",
        "hoard = bytearray(300 * 2**20); hoard[::4096] = b'x' * len(hoard[::4096])",
    )
    write_lesson(root, "02_bad", "print('before')", "values = {}\nvalues['lost']", "print('after')")
    course = load_course(root)
    out = root / "build" / "curriculum"
    out.mkdir(parents=True)
    parameters = {"DEVICE": "cpu", "SCALE": "ci", "SEED": 7}
    return course, out, parameters, headless.run_all(course, course.lessons, out, parameters, jobs=2)


def test_a_lesson_that_runs_through_passes_with_its_parameters_and_its_page(executed):
    _, out, _, (good, _) = executed
    assert good.outcome == "passed"
    printed = nbformat.read(out / "01_good.ipynb", as_version=4)
    assert [cell.outputs[0]["text"] for cell in printed.cells if cell.get("outputs")] == ["cpu ci 7\n"]
    assert "cpu ci 7" in (out / "01_good.html").read_text()


def test_what_a_lesson_writes_beside_its_notebook_does_not_make_the_source_look_edited(executed):
    course, _, _, (good, _) = executed
    assert good.outcome == "passed", "the cell that writes left_behind.bin ran"
    assert [path.name for path in course.source("01_good").parent.iterdir()] == ["01_good.ipynb"]
    assert not list((course.root / "build" / "work").iterdir()), "the copy that it ran in is gone"


def test_the_kernels_peak_memory_is_measured_and_not_the_runners(executed):
    _, _, _, (good, bad) = executed
    assert good.peak_mb > bad.peak_mb + 250


def test_a_failing_cell_is_shown_with_lesson_cell_and_traceback(executed):
    _, _, _, (_, bad) = executed
    assert bad.outcome == "cell 3: KeyError: 'lost'"
    assert bad.traceback.startswith("02_bad, cell 3:\nvalues = {}\nvalues['lost']\n")


def test_the_probe_that_measures_is_not_in_the_kept_notebook(executed):
    _, out, _, _ = executed
    assert "headless-probe" not in (out / "01_good.ipynb").read_text()


def test_an_unchanged_lesson_is_kept_and_a_failed_one_is_run_again(executed):
    course, out, parameters, _ = executed
    marks = {key: headless.fingerprint(course, key, parameters) for key in ("01_good", "02_bad")}
    kept = headless.finished_before(out, "01_good", marks["01_good"])
    assert kept is not None and kept.reused
    assert headless.finished_before(out, "02_bad", marks["02_bad"]) is None


def test_a_changed_lesson_or_parameter_is_run_again(executed):
    course, out, parameters, _ = executed
    assert (
        headless.finished_before(out, "01_good", headless.fingerprint(course, "01_good", parameters | {"SEED": 8}))
        is None
    )
    (course.source("01_good").parent / "quiz_1.json").write_text("{}")
    assert headless.finished_before(out, "01_good", headless.fingerprint(course, "01_good", parameters)) is None


def test_a_broken_record_of_an_earlier_run_is_no_run(tmp_path):
    (tmp_path / "01_good.json").write_text(json.dumps({"lesson": "01_good"}))
    assert headless.finished_before(tmp_path, "01_good", "x") is None


def test_the_table_names_outcome_seconds_budget_memory_and_device():
    run = LessonRun("01_good", "passed", 12.34, 456.7, 0.0, "cpu", 9, 60.0, "mark", reused=True)
    assert headless.table([run]).splitlines()[-1] == (
        "| 01_good | passed (kept: nothing has changed) | 12.3 | 60 | 457 | 0 | 0.0 | cpu | 9 |"
    )


def test_a_lesson_that_is_not_built_says_what_to_run(tmp_path, capsys):
    (tmp_path / "course.toml").write_text(COURSE + LESSON.format(key="01_good"))
    assert main(["curriculum", "--course", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "error: not built yet: 01_good. Run: make release\n"


def test_asking_for_cuda_without_a_working_gpu_says_what_to_do(monkeypatch):
    import torch

    def broken(*shape, device):
        raise RuntimeError("no kernel image is available")

    monkeypatch.setattr(torch, "ones", broken)
    with pytest.raises(CourseError, match=r"--device cuda: no GPU kernel runs here \(no kernel image is available\)"):
        headless._require_cuda()
