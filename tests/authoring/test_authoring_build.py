"""`autograde build` from end to end: same bytes everywhere, only what is stale, and nothing written that leaks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from sample_lesson import COURSE, KEY, LESSON, edited, make_course

from autograde.authoring import build, freshness, products
from autograde.cli import main
from autograde.course import CourseError, load_course
from autograde.lesson import seal

pytestmark = pytest.mark.slow

RUN = """
import json, sys
from autograde.cli import main
status = main(sys.argv[2:])
json.dump(sorted(sys.modules), open(sys.argv[1], "w"))
sys.exit(status)
"""


def autograde(folder, *arguments, seed="0"):
    """Run the command in a process of its own; the output and the modules it imported."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder / "modules.json"), *arguments, "--course", str(folder / "course")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((folder / "modules.json").read_text())


def products_of(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for step in ("source", "release")
        for path in sorted((root / step).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sample course built by the command, in a folder with a space in its name; what it printed and imported."""
    folder = tmp_path_factory.mktemp("a first")
    make_course(folder / "course")
    output, modules = autograde(folder, "build", seed="1")
    return folder, output, modules


@pytest.fixture
def course(built, tmp_path):
    """A copy of the built course to change."""
    shutil.copytree(built[0] / "course", tmp_path / "course")
    return load_course(tmp_path / "course")


@pytest.fixture
def quick_seals(monkeypatch):
    monkeypatch.setattr(seal, "ROUNDS", 1)
    seal._key.cache_clear()
    yield
    seal._key.cache_clear()


def stale(course):
    return freshness.fresh_stamp(course, KEY, freshness.code_hash()) is None


def test_the_build_says_what_it_did_in_one_line_a_lesson(built):
    lines = built[1].splitlines()
    assert len(lines) == 2
    released = [data for path, data in products_of(built[0] / "course").items() if f"release/{KEY}" in path]
    size = f"{sum(map(len, released)) / 1000:.0f}"
    assert lines[0].split() == [KEY, "built", "25", "cells", "15.5", "points", size, "KB"]
    assert lines[1].split() == ["total", "1", "lesson", "25", "cells", "15.5", "points", size, "KB"]


def test_two_builds_in_different_places_give_the_same_bytes(built, tmp_path):
    make_course(tmp_path / "course")
    autograde(tmp_path, "build", seed="2")
    first, second = products_of(built[0] / "course"), products_of(tmp_path / "course")
    assert sorted(first) == [
        "release/01_sums/01_sums.ipynb",
        "release/01_sums/lab_1.json",
        "release/01_sums/quiz_1.json",
        "release/README.md",
        "source/01_sums/01_sums.ipynb",
        "source/01_sums/lab_1.json",
        "source/01_sums/quiz_1.json",
    ]
    assert first == second
    for data in first.values():
        assert data.endswith(b"\n") and b"\r" not in data and str(tmp_path).encode() not in data


def test_a_second_build_rebuilds_nothing_and_loads_nothing_heavy(built):
    output, modules = autograde(built[0], "build")
    assert output.splitlines()[0].split()[:2] == [KEY, "unchanged"]
    assert not {"nbgrader", "nbformat", "jupytext", "torch", "traitlets"} & set(modules)


def test_the_code_that_makes_products_is_all_part_of_a_lessons_hash(built):
    room = {name.split(".")[2] for name in built[2] if name.startswith("autograde.authoring.")}
    listed = {Path(name).stem for name in freshness.BUILD_CODE if name.startswith("authoring/")}
    assert room - listed == {"build", "course_rules", "map"} and listed <= room
    assert all((freshness.ROOM.parent / name).is_file() for name in freshness.BUILD_CODE)


def test_the_release_is_what_a_student_should_get(built):
    notebook = nbformat.read(built[0] / f"course/release/{KEY}/{KEY}.ipynb", as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["double"].source.endswith('    # YOUR CODE HERE\n    raise check.NotAttempted("double")')
    assert cells["check_double"].source == ('check.begin("double", points=2)\ncheck.equal(double(3), 6)\ncheck.end()')
    assert cells["why_sums"].source == "Say why.\n\nYOUR ANSWER HERE"
    assert cells["settings"].metadata.editable and not cells["setup"].metadata.editable
    assert not cells["check_half"].metadata.editable and not cells["check_half"].metadata.deletable
    assert all(cell.get("outputs", []) == [] and cell.get("execution_count") is None for cell in notebook.cells)


def test_the_gradebook_knows_the_assignment_and_its_points(built):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{built[0]}/course/grading/gradebook.db") as gradebook:
        assignment = gradebook.find_assignment(KEY)
        assert assignment.max_score == 15.5
        assert {cell.name for cell in assignment.notebooks[0].grade_cells} == {
            "check_double",
            "check_double__large",
            "check_half",
            "check_quiz_1",
            "check_lab_1",
            "why_sums",
            "lab_1_recommendation",
        }


def test_nbgraders_own_button_gives_the_same_release(course):
    from nbgrader.apps import NbGraderAPI

    from autograde.grading.nbgrader_settings import course_config, tools_on_path

    ours = products_of(course.root)
    with tools_on_path():
        result = NbGraderAPI(config=course_config(course.root)).generate_assignment(KEY, force=True, create=True)
    assert result["success"], result
    theirs = {path: data.rstrip(b"\n") for path, data in products_of(course.root).items()}
    assert theirs == {path: data.rstrip(b"\n") for path, data in ours.items()}


def test_a_touched_file_is_not_stale_and_a_changed_one_is(course):
    assert not stale(course)
    text = course.text(KEY)
    os.utime(text, (1, 1))
    assert not stale(course)
    text.write_text(edited("# ### Exercise 1", "# ### Exercise one"))
    assert stale(course)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"notebooks/{KEY}.quiz_1.toml", "On Mondays", "On Tuesdays"),
        (f"notebooks/{KEY}.lab_1.toml", "Thank you.", "Thanks."),
        ("data/facts.toml", "3 cents", "4 cents"),
        ("course.toml", 'ref = "v1"', 'ref = "v2"'),
        ("course.toml", "minutes = 20", "minutes = 21"),
        ("docs/glossary.md", "### sum", "### product"),
        (f"release/{KEY}/{KEY}.ipynb", "YOUR CODE HERE", "my code here"),
        (f"source/{KEY}/quiz_1.json", "Mondays", "Fridays"),
    ],
)
def test_whatever_goes_in_or_came_out_makes_a_lesson_stale(course, path, old, new):
    file = course.root / path
    file.write_text(edited(old, new, file.read_text(encoding="utf-8")), encoding="utf-8")
    assert stale(load_course(course.root))


def test_what_does_not_go_in_leaves_a_lesson_fresh(course):
    (course.root / "data/facts.toml").write_text(
        (course.root / "data/facts.toml").read_text() + '\n[other]\nvalue = "1"\ndate = "2026"\nsource = "us"\n'
    )
    (course.root / "docs/other.md").write_text("# Other\n")
    assert not stale(course)


@pytest.mark.parametrize("gone", ["grading/gradebook.db", f"release/{KEY}/quiz_1.json", f"build/lessons/{KEY}.json"])
def test_a_missing_product_makes_a_lesson_stale(course, gone):
    (course.root / gone).unlink()
    assert stale(course)


def test_a_stray_file_among_the_products_is_taken_away(course, quick_seals):
    stray = course.release(KEY).parent / "old_quiz.json"
    stray.write_text("{}")
    assert stale(course)
    build.build(course, course.lessons)
    assert not stray.exists() and not stale(course)


def test_check_passes_on_what_the_build_made(course, capsys):
    assert main(["build", "--check", "--course", str(course.root)]) == 0
    assert capsys.readouterr().out.split() == [KEY, "up", "to", "date"]


def test_check_names_what_is_stale_and_what_to_run_and_writes_nothing(course, capsys):
    course.text(KEY).write_text(edited("# ### Exercise 1", "# ### Exercise one"))
    (course.root / "release" / KEY / "extra.txt").write_text("left over")
    before = products_of(course.root)
    assert main(["build", "--check", "--course", str(course.root)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"stale: release/{KEY}/01_sums.ipynb is not what notebooks/ and course.toml give",
        f"stale: release/{KEY}/extra.txt is not what notebooks/ and course.toml give",
        "run: make release (autograde build), then commit what it changed",
    ]
    assert products_of(course.root) == before


def test_check_fails_for_a_release_without_a_lesson_and_for_a_broken_page(course, quick_seals, capsys):
    (course.root / "release" / "09_gone").mkdir()
    (course.root / "README.md").write_text("[x](docs/none.md)\n")
    assert main(["build", "--check", "--course", str(course.root)]) == 2
    assert capsys.readouterr().err == (
        "error: 2 problems in the text:\n"
        "README.md:1: link 'docs/none.md': there is no docs/none.md\n"
        "    mend: mend the path or the #anchor (small letters, hyphens for spaces), or write the page\n"
        "release/09_gone:1: no lesson of course.toml has this key\n"
        "    mend: remove the folder, or give the lesson an entry in course.toml\n"
    )


def test_problems_of_one_lesson_do_not_stop_another(tmp_path, quick_seals, capsys):
    other = COURSE[COURSE.index("[[lesson]]") :].replace("01_sums", "02_broken")
    course = make_course(tmp_path, course=f"{COURSE}\n{other}")
    course.text("02_broken").write_text("x = 1\n")
    (tmp_path / "notebooks" / "03_unknown.py").write_text("")
    assert main(["build", "--course", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out.splitlines()[0].split()[:2] == [KEY, "built"]
    assert told.out.splitlines()[1].split() == ["02_broken", "failed", "4", "problems,", "see", "below"]
    assert "notebooks/02_broken.py:1: this code cell does not say what it is" in told.err
    assert "notebooks/03_unknown.py:1: course.toml has no lesson with this key" in told.err


def test_nothing_is_written_when_the_release_would_leak(course, quick_seals, monkeypatch):
    from autograde.authoring import release

    before = products_of(course.root)
    course.text(KEY).write_text(edited("# ### Exercise 1", "# ### Exercise one"))
    monkeypatch.setattr(release, "student_code", lambda source, name: source)
    with pytest.raises(CourseError) as caught:
        build.build(course, course.lessons)
    told = str(caught.value).splitlines()
    assert told[0].startswith(f"the release of {KEY} would give ") and told[0].endswith("nothing was written:")
    assert f"    {KEY}.ipynb, cell double: solution of double: 'return secret_total'" in told
    assert products_of(course.root) == before


def test_a_gradebook_with_submissions_refuses_other_cells_in_words(course, quick_seals):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root}/grading/gradebook.db") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(KEY, "ada")
    course.text(KEY).write_text(LESSON.replace("why_sums", "why_add"))
    with pytest.raises(CourseError) as caught:
        build.build(course, course.lessons)
    assert str(caught.value) == (
        f"the gradebook holds submissions of {KEY}, and this build adds or removes graded or locked cells.\n"
        "    mend: grade that class with the version it was given, or move grading/ away and build again"
    )


def test_the_address_in_setup_colab_follows_course_toml(tmp_path):
    setup = 'import os\n\nREPOSITORY = "old/old"\nREF: str = "x"  # kept\nprint(REF)\n'
    course = make_course(tmp_path)
    assert products.with_address(setup, course) == (
        'import os\n\nREPOSITORY = "ada/sums"\nREF: str = "v1"  # kept\nprint(REF)\n'
    )
    with pytest.raises(CourseError, match='setup_colab.py: 0 lines REF = "…" at the start of a line, exactly 1'):
        products.with_address('REPOSITORY = "a"\n', course)


def test_the_notice_in_release_lists_every_lesson_with_its_badges(built):
    text = (built[0] / "course/release/README.md").read_text()
    assert text.startswith("# release/: what students get. Generated, do not edit\n")
    assert "| [01 Sums: adding up](01_sums/01_sums.ipynb) | 20 min | [![Open in Colab](" in text


def test_the_readmes_list_of_lessons_follows_the_course_and_a_readme_without_marks_is_left_alone(tmp_path):
    course = make_course(tmp_path)
    marked = f"before\n{products.LESSONS_BEGIN}\nstale\n{products.LESSONS_END}\nafter\n"
    written = products.with_lessons(marked, course)
    assert "stale" not in written and written.startswith("before\n") and written.endswith("\nafter\n")
    assert "https://colab.research.google.com/github/ada/sums/blob/v1/release/01_sums/01_sums.ipynb" in written
    assert products.with_lessons(written, course) == written
    assert products.with_lessons("of the fork's own\n", course) == "of the fork's own\n"
