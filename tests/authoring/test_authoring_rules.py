"""Every rule of a lesson's text: the sample keeps them all, and one change breaks one, with line and mend."""

import pytest
from sample_lesson import COURSE, KEY, LAB, LESSON, QUIZ, edited, make_course, problems_of

from autograde.authoring.course_rules import lesson_list_problems
from autograde.authoring.problems import LessonProblems
from autograde.authoring.source import source_notebook

CHECK_HALF = '# %% check="half" points=1\ncheck.equal(one_half, 0.5)\n'
DEMO = '# %% tags=["demo"]\nnumber = 21\n'
SOLUTION = "    ### BEGIN SOLUTION\n    secret_total = x + x\n    return secret_total\n    ### END SOLUTION"


def at(part, text):
    """The line, counted from 1, where `part` stands in the changed lesson."""
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def told(tmp_path, lesson, **changed):
    return [
        (problem.path.removeprefix("notebooks/").removeprefix(KEY), problem.line, problem.what, problem.mend)
        for problem in problems_of(make_course(tmp_path, lesson, **changed))
    ]


def test_the_sample_keeps_every_rule(tmp_path):
    assert told(tmp_path, LESSON) == []


# (change, the line's own words, what, mend): each is the only problem of the changed lesson.
ONE_PROBLEM = {
    "exercise without check": (
        (CHECK_HALF, ""),
        '# %% exercise="half"',
        "exercise 'half' has no check",
        'add a cell `# %% check="half" points=2` below it',
    ),
    "check without points": (
        ('check="half" points=1', 'check="half"'),
        '# %% check="half"',
        "check 'half' has no points",
        "write points=2, a number above 0, in its header",
    ),
    "points of nothing": (
        ('check="half" points=1', 'check="half" points=0'),
        '# %% check="half"',
        "points=0",
        "write points=2, a number above 0, in its header",
    ),
    "written answer without points": (
        ('written="why_sums" points=2', 'written="why_sums"'),
        "# %% written",
        "written 'why_sums' has no points",
        "write points=2, a number above 0, in its header",
    ),
    "points on an exercise": (
        ('exercise="half"', 'exercise="half" points=1'),
        '# %% exercise="half"',
        "points in the header of exercise 'half'",
        "points belong to the check: move them there",
    ),
    "check twice": (
        (CHECK_HALF, CHECK_HALF + "\n" + CHECK_HALF),
        None,
        "check 'check_half' is there twice (first at line 36)",
        'give each check of an exercise its own part="…"',
    ),
    "required exercise unknown": (
        ('requires="half"', 'requires="whole"'),
        'part="large"',
        "this check requires 'whole', and there is no such exercise",
        "name one of the lesson's exercises (double, half)",
    ),
    "first line": (
        ("# exercise: half", "# exercise: have"),
        "# exercise: have",
        "the first line of exercise 'half' does not name it",
        'write "# exercise: half" as its first line',
    ),
    "no last cell": (
        ('lesson.hand_in("01_sums")', 'lesson.hand_in("02_sums")'),
        None,
        "the last cell does not check the notebook before it is handed in",
        'end with a cell `# %% tags=["demo"]` that holds lesson.hand_in("01_sums")',
    ),
    "solution not closed": (
        ("    return secret_total\n    ### END SOLUTION", "    return secret_total"),
        "### BEGIN SOLUTION",
        "'### BEGIN SOLUTION' is not closed",
        "write '### END SOLUTION' where the block ends, in this cell",
    ),
    "solution opened twice": (
        ("    secret_total = x + x\n", "    secret_total = x + x\n    ### BEGIN SOLUTION\n"),
        None,
        "a second '### BEGIN SOLUTION' before the first one (line 18) is closed",
        "write '### END SOLUTION' above it, or take one of them out",
    ),
    "solution closed twice": (
        ("    ### END SOLUTION\n", "    ### END SOLUTION\n    ### END SOLUTION\n"),
        None,
        "'### END SOLUTION' closes nothing",
        "write '### BEGIN SOLUTION' above it, or take it out",
    ),
    "hidden tests not closed": (
        ("### END HIDDEN TESTS\n", ""),
        "### BEGIN HIDDEN TESTS",
        "'### BEGIN HIDDEN TESTS' is not closed",
        "write '### END HIDDEN TESTS' where the block ends, in this cell",
    ),
    "two hidden blocks": (
        ("### END HIDDEN TESTS\n", "### END HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n"),
        None,
        "a second hidden block in one check cell",
        "join the two, or make a check of its own",
    ),
    "marker misspelt": (
        ("    ### BEGIN SOLUTION\n", "    # begin solution\n    ### BEGIN SOLUTION\n"),
        "# begin solution",
        "'# begin solution' looks like a marker and is none",
        "write exactly one of ### BEGIN SOLUTION, ### END SOLUTION, ### BEGIN HIDDEN TESTS, ### END HIDDEN TESTS",
    ),
    "solution in a demo": (
        ("number = 21\n", "### BEGIN SOLUTION\nnumber = 21\n### END SOLUTION\n"),
        None,
        "a solution block in a demo cell would be released as it stands",
        "move it to an exercise cell, or take it out",
    ),
    "hidden tests in a demo": (
        ("number = 21\n", "### BEGIN HIDDEN TESTS\nnumber = 21\n### END HIDDEN TESTS\n"),
        None,
        "hidden tests in a demo cell would be released as they stand",
        "move them to a check cell",
    ),
    "exercise without solution": (
        (SOLUTION, "    return 2 * x"),
        '# %% exercise="double"',
        "exercise 'double' has no solution block",
        "put the reference answer between '### BEGIN SOLUTION' and '### END SOLUTION'",
    ),
    "empty solution": (
        (SOLUTION, "    ### BEGIN SOLUTION\n    # nothing\n    ### END SOLUTION"),
        "### BEGIN SOLUTION",
        "this solution block is empty",
        "write the reference answer into it",
    ),
    "indented solution outside a function": (
        ("### BEGIN SOLUTION\none_half, one_third = 0.5, round(1 / 3, 4)\n### END SOLUTION",
         "one_half = one_third = 0\nif 1:\n    ### BEGIN SOLUTION\n    one_half = 0.5\n    ### END SOLUTION\n    pass"),
        None,
        "this solution block is indented and not inside a function: its hole would stop the whole notebook",
        "put it into the function's body, or at the start of the line",
    ),
    "magic in a fixture": (
        ("import math\n", "import math\n%matplotlib inline\n"),
        "%matplotlib",
        "'%matplotlib inline' is a magic, and a fixture cell also runs where there is no IPython",
        "write it in Python, or move it to a demo cell",
    ),
    "not Python": (
        ("number = 21\n", "number = = 21\n"),
        "number = = 21",
        "the demo cell is not Python: invalid syntax",
        "mend the line",
    ),
    "star import": (
        ("import math\n", "import math\nfrom os import *\n"),
        "from os import",
        "`from os import *` hides which names it binds",
        "import the names that the lesson uses",
    ),
    "print in a check": (
        ("check.equal(one_half, 0.5)\n", "check.equal(one_half, 0.5)\nprint(one_half)\n"),
        "print(one_half)",
        "print in a check cell: nbgrader reads a check's output as its score",
        "take it out: check's own messages say what is wrong",
    ),
    "begin by hand": (
        ("check.equal(one_half, 0.5)\n", "check.end()\ncheck.equal(one_half, 0.5)\n"),
        "check.end()",
        "check.end is written by the build",
        "take the line out",
    ),
    "long cell": (
        ("number = 21\n", "number = 21\n" + "number += 1\n" * 24),
        None,
        "26 lines of code in one cell, 25 at most (solutions and hidden tests not counted)",
        "split it in two, with a sentence between them",
    ),
    "figure without alt": (
        ("number = 21\n", "number = 21\nlesson.show(number)\n"),
        "lesson.show(number)",
        "a figure without alt text",
        'show it with lesson.show(fig, alt="what the picture shows, with its numbers")',
    ),
    "figure with an empty alt": (
        ("number = 21\n", 'number = 21\nlesson.show(number, alt=" ")\n'),
        "lesson.show(number",
        "a figure without alt text",
        'show it with lesson.show(fig, alt="what the picture shows, with its numbers")',
    ),
    "figure never shown": (
        ("number = 21\n", "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nnumber = 21\n"),
        "plt.subplots",
        "plt.subplots draws a figure that is not shown",
        'show it with lesson.show(fig, alt="what the picture shows, with its numbers")',
    ),
    "figure in a fixture": (
        ("SEED)\n", 'SEED)\nif False:\n    lesson.show(math, alt="a line")\n'),
        "lesson.show(math",
        "a figure in a fixture cell",
        "move it to a demo cell",
    ),
    "fact in code": (
        ("number = 21\n", 'number = "{{fact:price}}"\n'),
        "{{fact:price}}\"",
        "the fact 'price' stands in a code cell, where nothing replaces it",
        'in code, write lesson.fact("price").number',
    ),
    "unknown fact in code": (
        ("number = 21\n", 'number = lesson.fact("prize").number\n'),
        'lesson.fact("prize")',
        "no fact 'prize' in data/facts.toml",
        "add a [prize] table there",
    ),
    "fact that is no number": (
        ("number = 21\n", 'number = lesson.fact("price").number\n'),
        'lesson.fact("price")',
        "the fact 'price' is no number",
        "write number = … in its table [price]",
    ),
    "unknown fact": (
        ("{{fact:price}}", "{{fact:prize}}"),
        "{{fact:prize}}",
        "no fact 'prize' in data/facts.toml",
        "add a [prize] table there, or use one of: price",
    ),
    "picture without alt": (
        ("# ### Exercise 1", "# ![](docs/glossary.md)"),
        "![]",
        "picture 'docs/glossary.md' has no alt text",
        "say what the picture shows, with its numbers: ![two curves, the upper one flat at 0.9](…)",
    ),
    "link to nowhere": (
        ("docs/glossary.md#sum", "docs/glossary.md#product"),
        "#product",
        "link 'docs/glossary.md#product': docs/glossary.md has no heading for #product",
        "mend the path or the #anchor (small letters, hyphens for spaces), or write the page",
    ),
    "link to a lesson's text": (
        ("docs/glossary.md#sum", "notebooks/01_sums.py"),
        "notebooks/01_sums.py",
        "link 'notebooks/01_sums.py': solutions and hidden tests stand there",
        "write release/01_sums/01_sums.ipynb",
    ),
    "broken link to nowhere": (
        ("](docs/glossary.md#sum", ",\n# and more](docs/glossary.md#product"),
        "a [sum,",
        "link 'docs/glossary.md#product': docs/glossary.md has no heading for #product",
        "mend the path or the #anchor (small letters, hyphens for spaces), or write the page",
    ),
    "solution shown in a demo": (
        ("number = 21\n", "number = 21\ndef shown(x):\n    secret_total = x + x\n    return secret_total\n"),
        "def shown",
        "2 lines of the solution of 'double' stand here",
        'write it differently, or, if it is meant, add "reveals" to the cell\'s tags',
    ),
    "quiz cell with a body": (
        ('# %% quiz="quiz_1" points=2\n', '# %% quiz="quiz_1" points=2\n1 + 1\n'),
        "1 + 1",
        "the quiz cell has a body, which the build would lose",
        "empty the cell: its text is the TOML file",
    ),
    "check of a quiz": (
        ('# %% lab="lab_1"',
         '# %% check="quiz_1" part="b" points=1\ncheck.answers(quiz_1, quiz_1_answers)\n\n# %% lab="lab_1"'),
        '# %% check="quiz_1"',
        "the build writes the check of quiz 'quiz_1'",
        "take it out",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ONE_PROBLEM))
def test_one_broken_rule_is_one_problem_with_its_line_and_mend(tmp_path, name):
    (old, new), place, what, mend = ONE_PROBLEM[name]
    lesson = edited(old, new)
    found = told(tmp_path, lesson)
    assert [entry[2:] for entry in found] == [(what, mend)]
    if place:
        line = at(place, lesson)
        assert found[0][:2] == (".py", line + 1 if name == "solution shown in a demo" else line)


def test_a_check_of_an_exercise_that_is_not_there(tmp_path):
    found = told(tmp_path, edited(CHECK_HALF, CHECK_HALF + "\n" + CHECK_HALF.replace('check="half"', 'check="haalf"')))
    what = "this check checks 'haalf', and there is no such exercise"
    assert [entry[2] for entry in found] == [what]


def test_a_check_above_its_exercise(tmp_path):
    lesson = edited(CHECK_HALF, "").replace('# %% exercise="half"', CHECK_HALF + '\n# %% exercise="half"')
    assert [entry[2] for entry in told(tmp_path, lesson)] == [
        "this check checks 'half', which comes only at line 33",
        "check 'half' reads 'one_half', which the exercise 'half' (line 33) binds only later",
    ]


def test_a_hidden_block_that_leaves_a_hole_in_the_visible_code(tmp_path):
    lesson = edited(
        "check.equal(double(3), 6)\n### BEGIN HIDDEN TESTS\n",
        "for hidden_number in (1, 2):\n    ### BEGIN HIDDEN TESTS\n    check.equal(double(3), 6)\n",
    ).replace("### END HIDDEN TESTS", "    ### END HIDDEN TESTS")
    assert [entry[2:] for entry in told(tmp_path, lesson)] == [
        (
            "the check cell as released is not Python: expected an indented block after 'for' statement on line 1",
            "without its solution or hidden block the cell must still be Python",
        )
    ]


def test_a_whole_function_inside_the_solution_would_hide_its_signature(tmp_path):
    lesson = edited("one_half, one_third = 0.5, round(1 / 3, 4)", "one_half = 0.5\ndef third():\n    return 1 / 3")
    assert [(line, what) for _, line, what, _ in told(tmp_path, lesson)] == [
        (at("def third", lesson), "the solution block holds the whole of 'third', signature included")
    ]


def test_names_that_cannot_be_used(tmp_path):
    lesson = LESSON.replace('"half"', '"Half__2"').replace("exercise: half", "exercise: Half__2")
    assert {entry[2] for entry in told(tmp_path, lesson)} == {
        "exercise name 'Half__2' cannot be used",
        "check name 'Half__2' cannot be used",
    }
    reserved = LESSON.replace('"half"', '"check_half"').replace("exercise: half", "exercise: check_half")
    assert [entry[2] for entry in told(tmp_path, reserved)] == ["exercise name 'check_half' is one of the build's own"]


def test_a_name_may_be_asked_for_only_once(tmp_path):
    found = told(tmp_path, edited('written="why_sums"', 'written="half"'))
    assert [entry[2] for entry in found] == ["written 'half': the name is taken by the exercise at line 30"]


def test_all_problems_of_a_lesson_are_told_at_once(tmp_path):
    lesson = edited('check="half" points=1', 'check="half"').replace("# exercise: half", "# exercise: have")
    course = make_course(tmp_path, lesson, glossary="# Glossary\n")
    with pytest.raises(LessonProblems) as caught:
        source_notebook(course, KEY)
    assert str(caught.value).startswith("4 problems in the text:\nnotebooks/01_sums.py:4: link")
    assert [(problem.path.split(".", 1)[1], problem.line) for problem in caught.value.problems] == [
        ("py", 4),
        ("py", 31),
        ("py", 36),
        ("quiz_1.toml", 6),
    ]


QUIZ_FILE, LAB_FILE = ".quiz_1.toml", ".lab_1.toml"


@pytest.mark.parametrize(
    ("quiz", "line", "what"),
    [
        ("id = [", 1, "not valid TOML: "),
        (edited('id = "quiz_1"', 'id = "quiz_2"', QUIZ), 1, "id is 'quiz_2', and the lesson calls it 'quiz_1'"),
        (edited("#sum)", "#sums)", QUIZ), 6, "link 'docs/glossary.md#sums': docs/glossary.md has no heading for #sums"),
        (edited("No.", "{{fact:none}}.", QUIZ), 15, "no fact 'none' in data/facts.toml"),
        (edited("right = true\n", "", QUIZ), 5, 'question "order": exactly one option must be right, none is: '),
    ],
)
def test_a_mistake_in_a_quiz_names_its_file_and_line(tmp_path, quiz, line, what):
    found = told(tmp_path, LESSON, quiz=quiz)
    assert [(entry[0], entry[1]) for entry in found] == [(QUIZ_FILE, line)] and found[0][2].startswith(what)


def test_a_lab_whose_points_differ_from_its_cell(tmp_path):
    found = told(tmp_path, LESSON, lab=edited("\npoints = 3", "\npoints = 5", LAB))
    assert [entry[:3] for entry in found] == [
        (LAB_FILE, 6, "points = 5 here, and points=3 in the lesson's cell"),
    ]


def test_a_quiz_without_a_file_and_a_file_without_a_quiz(tmp_path):
    found = told(tmp_path, edited('quiz="quiz_1"', 'quiz="quiz_2"'))
    assert [entry[:3] for entry in found] == [
        (".py", 53, "quiz 'quiz_2' has no file of its own"),
        (QUIZ_FILE, 1, "no cell of the lesson uses this file"),
    ]


def test_a_lesson_without_text_and_a_text_without_lesson(tmp_path):
    course = make_course(tmp_path, course=COURSE.replace('key = "01_sums"', 'key = "02_more"'))
    assert [str(problem).split("\n")[0] for problem in lesson_list_problems(course)] == [
        "course.toml:7: lesson '02_more' has no text",
        "notebooks/01_sums.py:1: course.toml has no lesson with this key",
    ]
