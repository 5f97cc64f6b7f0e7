"""A lesson's text as cells."""

import pytest
from sample_lesson import KEY, LESSON, edited, make_course

from autograde.authoring.text import read_lesson
from autograde.course import CourseError


def read(tmp_path, text):
    path = tmp_path / "notebooks" / f"{KEY}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_lesson(path)


def told(lesson):
    return [f"{problem.line}: {problem.what}" for problem in lesson.problems]


def test_every_cell_has_its_kind_name_points_and_line(tmp_path):
    lesson = read(tmp_path, LESSON)
    assert lesson.key == KEY and lesson.problems == []
    lines = LESSON.splitlines()
    assert [cell.kind for cell in lesson.cells] == (
        "markdown fixture markdown exercise check exercise check check demo written quiz lab demo".split()
    )
    for cell in lesson.cells:
        assert lines[cell.line - 1].startswith("# %%")
        if cell.source:
            assert cell.source.split("\n")[0] in lines[cell.source_line - 1]
    large = lesson.cells[7]
    assert (large.name, large.part, large.points, large.requires) == ("double", "large", 1.5, ["half"])
    assert large.grade_id == "check_double__large" and lesson.cells[4].grade_id == "check_double"


def test_markdown_is_uncommented_and_so_is_a_written_cell_without_the_word_markdown(tmp_path):
    lesson = read(tmp_path, LESSON)
    assert lesson.cells[0].source.startswith("## A story\n\nWhat is")
    assert lesson.cells[9].source == (
        "Say why.\n\n### BEGIN SOLUTION\nBecause addition is a habit worth keeping for a lifetime.\n### END SOLUTION"
    )
    marked = read(tmp_path, edited('# %% written="why_sums"', '# %% [markdown] written="why_sums"'))
    assert marked.cells[9].kind == "written" and "### BEGIN SOLUTION" in marked.cells[9].source


def test_a_comment_that_begins_like_a_shell_command_stays_a_comment(tmp_path):
    lesson = read(tmp_path, '# %% tags=["demo"]\n# copy the weights\n# !ls\n# %timeit f()\nx = 1\n')
    assert lesson.cells[0].source == "# copy the weights\n# !ls\n# %timeit f()\nx = 1"


def test_a_header_inside_a_string_does_not_begin_a_cell_nor_shift_lines(tmp_path):
    text = '# %% tags=["demo"]\ntext = """\n# %% not a cell\n"""\n\n# %% tags=["fixture"]\n\nx = 1\n'
    lesson = read(tmp_path, text)
    assert [(cell.kind, cell.line, cell.source_line) for cell in lesson.cells] == [("demo", 1, 2), ("fixture", 6, 8)]


def test_an_editors_own_header_is_passed_over(tmp_path):
    lesson = read(tmp_path, "# ---\n# jupyter:\n#   x: 1\n# ---\n\n" + LESSON)
    assert lesson.cells[0].kind == "markdown" and lesson.cells[0].line == 6 and not lesson.problems


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("# %%", "1: this code cell does not say what it is"),
        ("# %% a title", "1: 'a title' in the header is not understood"),
        ('# %% tags=["demo"] colour="red"', "1: 'colour' in the header is not understood"),
        ('# %% exercise="a" tags=["fixture"]', "1: this cell says that it is exercise and fixture"),
    ],
)
def test_a_header_that_makes_no_sense_is_a_problem_with_its_line(tmp_path, header, problem):
    assert problem in told(read(tmp_path, f"{header}\nx = 1\n"))


@pytest.mark.parametrize("end", ["\x0c", "\x85", "\u2028"])
def test_a_character_that_would_end_a_line_unseen_is_a_problem_with_its_line(tmp_path, end):
    lesson = read(tmp_path, f'# %% tags=["fixture"]\nx = 1\nsaid = "one{end}line"\n\n# %% tags=["demo"]\nx\n')
    assert told(lesson)[0].startswith("3: ") and told(lesson)[0].endswith(f"U+{ord(end):04X} would end the line here")
    assert [cell.line for cell in lesson.cells] == [1, 5]


def test_windows_line_ends_make_no_difference(tmp_path):
    (tmp_path / "with").mkdir()
    plain, windows = read(tmp_path, LESSON), tmp_path / "with" / "01_sums.py"
    windows.write_bytes(LESSON.replace("\n", "\r\n").encode())
    assert read_lesson(windows).cells == plain.cells


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(CourseError, match="notebooks/01_sums.py: cannot be read: .*No such file"):
        read_lesson(tmp_path / "notebooks" / "01_sums.py")


def test_the_sample_course_loads(tmp_path):
    assert make_course(tmp_path).lesson("1").key == KEY
