"""What a student gets in place of a solution."""

import pytest
from sample_lesson import KEY, make_course

from autograde.authoring.source import source_notebook
from autograde.authoring.stub import assigned_names, student_code, student_prose

SOLVED, OPEN, CLOSE = "    return 2 * x", "### BEGIN SOLUTION", "### END SOLUTION"


def test_inside_a_function_the_hole_raises_at_the_right_indent():
    source = f"# exercise: double\ndef double(x):\n    '''Twice.'''\n    {OPEN}\n{SOLVED}\n    {CLOSE}\n\nafter = 1"
    assert student_code(source, "double") == (
        "# exercise: double\ndef double(x):\n    '''Twice.'''\n    # YOUR CODE HERE\n"
        '    raise check.NotAttempted("double")\n\nafter = 1'
    )


def test_each_method_of_a_class_has_its_own_hole():
    body = f"        {OPEN}\n        self.x = 1\n        {CLOSE}"
    source = f"class Net:\n    def __init__(self):\n        self.a = 1\n{body}\n\n    def forward(self):\n{body}"
    hole = '        # YOUR CODE HERE\n        raise check.NotAttempted("net")'
    assert student_code(source, "net") == (
        f"class Net:\n    def __init__(self):\n        self.a = 1\n{hole}\n\n    def forward(self):\n{hole}"
    )


@pytest.mark.parametrize(
    ("solution", "hole"),
    [
        ("x = 12.0", "x = ...  # YOUR CODE HERE"),
        ("x, (y, *z) = f()", "x = ...  # YOUR CODE HERE\ny = ...  # YOUR CODE HERE\nz = ...  # YOUR CODE HERE"),
        ("x = 1\nx = 2", "x = ...  # YOUR CODE HERE"),
        ("x: int = 1\ny = z = 2", "x = ...  # YOUR CODE HERE\ny = ...  # YOUR CODE HERE\nz = ...  # YOUR CODE HERE"),
        ("_scratch = 1\nx = _scratch", "x = ...  # YOUR CODE HERE"),
        ("x = []\nfor i in range(3):\n    x.append(i)", "x = ...  # YOUR CODE HERE"),
        ("with a() as b:\n    c = b", "c = ...  # YOUR CODE HERE"),
        ("given['a'] = 1", "# YOUR CODE HERE"),
        ("given = 2", ""),
    ],
)
def test_at_the_top_level_each_new_name_is_an_ellipsis(solution, hole):
    source = f"# exercise: a\ngiven = {{}}\n{OPEN}\n{solution}\n{CLOSE}"
    assert student_code(source, "a") == f"# exercise: a\ngiven = {{}}\n{hole}".rstrip("\n")


def test_names_are_stubbed_in_the_order_of_the_solution():
    assert assigned_names("b = 1\na = b\n") == ["b", "a"]


def test_a_written_answer_keeps_the_words_around_it():
    assert student_prose(f"Why?\n\n{OPEN}\nBecause.\n{CLOSE}") == "Why?\n\nYOUR ANSWER HERE"
    assert student_prose("Because.") == "YOUR ANSWER HERE"


def test_the_released_cells_of_the_sample_run_without_an_answer(tmp_path):
    notebook = source_notebook(make_course(tmp_path), KEY)
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert student_code(cells["half"], "half") == (
        "# exercise: half\none_half = ...  # YOUR CODE HERE\none_third = ...  # YOUR CODE HERE"
    )
    assert student_code(cells["quiz_1"], "quiz_1") == (
        "# exercise: quiz_1\n# One letter for each question. The quiz above shows this line ready to paste.\n"
        'quiz_1_answers = {\n    "order": "",\n    "floats": "",\n}'
    )
    names: dict = {}
    for name in ("double", "half", "quiz_1", "lab_1"):
        exec(student_code(cells[name], name), names)
    assert names["one_half"] is ... and names["lab_1_turns"] == []
