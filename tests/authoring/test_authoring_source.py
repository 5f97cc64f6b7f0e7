"""The instructor notebook: what nbgrader, the judge and the mutants read from it."""

import nbformat
import pytest
from sample_lesson import COURSE, KEY, LESSON, edited, make_course

from autograde.authoring.expand import model_turns
from autograde.authoring.source import read_source, source_notebook


@pytest.fixture
def notebook(tmp_path):
    return source_notebook(make_course(tmp_path), KEY)


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


def test_it_is_a_valid_notebook_of_format_4_5_for_colab_and_kaggle(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == {
        "accelerator": "GPU",
        "colab": {"gpuType": "T4", "provenance": []},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_cells_come_in_order_with_the_build_s_own_first(notebook):
    kinds = [(cell.metadata.measure_first.kind, cell.metadata.measure_first.get("name")) for cell in notebook.cells]
    assert kinds == [
        ("prose", None),
        ("setup", None),
        ("settings", None),
        ("prose", None),
        ("fixture", None),
        ("prose", None),
        ("exercise", "double"),
        ("check", "check_double"),
        ("exercise", "half"),
        ("check", "check_half"),
        ("check", "check_double__large"),
        ("demo", None),
        ("written", "why_sums"),
        ("prose", None),
        ("fixture", None),
        ("demo", None),
        ("exercise", "quiz_1"),
        ("check", "check_quiz_1"),
        ("prose", None),
        ("fixture", None),
        ("exercise", "lab_1"),
        ("demo", None),
        ("check", "check_lab_1"),
        ("written", "lab_1_recommendation"),
        ("demo", None),
    ]


def test_every_cell_has_one_id_in_both_places(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and ids == [cell.metadata.id for cell in notebook.cells]
    assert {"setup", "settings", "fixture_1", "double", "check_double__large", "why_sums", "quiz_1"} <= set(ids)


def test_a_change_of_one_prose_cell_changes_no_other_id(tmp_path):
    before = [cell.id for cell in source_notebook(make_course(tmp_path / "a"), KEY).cells]
    after = source_notebook(make_course(tmp_path / "b", edited("# ### Exercise 1", "# ### Exercise one")), KEY)
    changed = [(old, cell.id) for old, cell in zip(before, after.cells, strict=True) if old != cell.id]
    assert len(changed) == 1 and changed[0][0].startswith("prose-3-")


def test_nbgraders_metadata_by_kind(notebook):
    def graded(name):
        found = by_id(notebook)[name].metadata.nbgrader
        return found.grade, found.solution, found.locked, found.get("points"), found.schema_version, found.task

    assert graded("double") == (False, True, False, None, 3, False)
    assert graded("check_double__large") == (True, False, True, 1.5, 3, False)
    assert graded("why_sums") == (True, True, False, 2.0, 3, False)
    assert graded("fixture_1") == graded("setup") == graded("settings") == (False, False, True, None, 3, False)
    assert all("nbgrader" not in cell.metadata for cell in notebook.cells if cell.id.startswith(("prose", "demo")))
    assert by_id(notebook)["why_sums"].cell_type == "markdown"
    assert by_id(notebook)["settings"].metadata.tags == ["parameters"]
    assert by_id(notebook)["setup"].metadata.tags == ["setup"]


def test_our_own_metadata_says_what_the_judge_needs(notebook):
    cells = by_id(notebook)
    assert cells["half"].metadata.measure_first == {
        "kind": "exercise",
        "name": "half",
        "binds": ["one_half", "one_third"],
    }
    assert cells["check_double__large"].metadata.measure_first == {
        "kind": "check",
        "name": "check_double__large",
        "exercise": "double",
        "part": "large",
        "requires": ["half"],
    }


def test_a_check_stands_between_begin_and_end(notebook):
    lines = by_id(notebook)["check_double__large"].source.split("\n")
    assert lines == ['check.begin("double", part="large", points=1.5)', "check.equal(double(1e6), 2e6)", "check.end()"]
    hidden = by_id(notebook)["check_double"].source.split("\n")
    assert hidden[0] == 'check.begin("double", points=2)' and hidden[-2:] == ["### END HIDDEN TESTS", "check.end()"]


def test_facts_and_links_are_put_in_place(notebook):
    assert notebook.cells[3].source == (
        "## A story\n\nWhat is a [sum](https://github.com/ada/sums/blob/v1/docs/glossary.md#sum)? "
        "It took 3 cents (2026-11)."
    )


def test_the_quiz_is_expanded_with_its_key_in_hidden_lines_only(notebook):
    cells = by_id(notebook)
    assert cells["fixture_2"].source == 'quiz_1 = lesson.quiz("quiz_1.json")'
    assert cells["check_quiz_1"].source == (
        'check.begin("quiz_1", points=2)\ncheck.answers(quiz_1, quiz_1_answers)\n### BEGIN HIDDEN TESTS\n'
        'check.key(quiz_1_answers, {"order": "b", "floats": "a"})\n### END HIDDEN TESTS\ncheck.end()'
    )
    assert cells["quiz_1"].metadata.measure_first.binds == ["quiz_1_answers"]


def test_the_lab_is_expanded_with_a_recommendation_that_a_person_grades(notebook):
    cells = by_id(notebook)
    assert cells["lab_1_recommendation"].metadata.nbgrader.points == 4.0
    names: dict = {}
    exec(cells["lab_1"].source, names)
    assert names["lab_1_turns"] == [
        "Buy the machine now because it adds faster.",
        "It pays for itself in a week.",
        "Keep the pencil too.",
    ]
    prose = next(cell.source for cell in notebook.cells if "A shop adds up by hand." in cell.source)
    assert prose.startswith("## Lab 1: the cashier\n") and "You advise the shop." in prose
    assert "| your recommendation | 4 | a person" in prose


def test_the_model_answer_is_told_in_as_many_turns_as_are_asked_for():
    model = "One two. Three four! Five six? Seven. Eight nine ten."
    for count in (1, 2, 3, 5):
        turns = model_turns(model, count)
        assert len(turns) == count and " ".join(turns) == model


def test_the_first_cell_says_points_time_and_what_is_needed(notebook):
    assert notebook.cells[0].source == (
        "# 01 · Sums: adding up\n\n"
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        "(https://colab.research.google.com/github/ada/sums/blob/v1/release/01_sums/01_sums.ipynb)\n"
        "[![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)]"
        "(https://kaggle.com/kernels/welcome?src=https://github.com/ada/sums/blob/v1/release/01_sums/01_sums.ipynb)\n\n"
        "**Time:** 20 minutes · **Points:** 15.5 · **You need:** Python; patience\n\n"
        "**After this lesson you can**\n\n- add\n- add again"
    )


def test_another_repository_and_ref_change_every_link_and_nothing_else(tmp_path):
    ours = read_source(make_course(tmp_path / "ours"), KEY)
    fork = COURSE.replace('"ada/sums"', '"grace/fork"').replace('"v1"', '"2027"')
    theirs = read_source(make_course(tmp_path / "fork", course=fork), KEY)
    text, forked = (nbformat.writes(source.notebook) + str(sorted(source.side.items())) for source in (ours, theirs))
    for old, new in (("ada/sums/blob/v1", "grace/fork/blob/2027"), ("ada/sums/v1", "grace/fork/2027")):
        assert old in text
        text = text.replace(old, new)
    assert "ada/sums" not in forked
    for notebook in (ours.notebook, theirs.notebook):  # a prose cell's id follows its text
        for cell in notebook.cells:
            text, forked = (whole.replace(f'"{cell.id}"', '"id"') for whole in (text, forked))
    assert text == forked


def test_a_lesson_without_quiz_and_lab_needs_no_files_beside_it(tmp_path):
    lesson = LESSON.replace('# %% quiz="quiz_1" points=2\n\n', "").replace('# %% lab="lab_1" points=3\n\n', "")
    course = make_course(tmp_path, lesson)
    for name in ("quiz_1", "lab_1"):
        (tmp_path / f"notebooks/{KEY}.{name}.toml").unlink()
    assert read_source(course, KEY).files() == {}
