"""Rules about names across cells: what grading would see differently from the author's own run."""

import pytest
from sample_lesson import LESSON, edited, make_course, problems_of

from autograde.authoring.source import source_notebook

CHECK = "check.equal(one_half, 0.5)\n"
DEMO = "number = 21\n"
FIXTURE = "settings = lesson.start(DEVICE, SCALE, SEED)\n"
SOLUTION = "    secret_total = x + x\n"


def whats(tmp_path, lesson):
    return [problem.what for problem in problems_of(make_course(tmp_path, lesson))]


def mends(tmp_path, lesson):
    return [problem.mend for problem in problems_of(make_course(tmp_path, lesson))]


UNKNOWN = [
        (
            CHECK,
            CHECK + "check.equal(sqrt(4), 2)\n",
            "check 'half' reads 'sqrt', which no exercise or fixture binds",
            "bind or import it in a fixture.",
        ),
        (
            CHECK,
            CHECK + "check.equal(setings.full, False)\n",
            "check 'half' reads 'setings', which no exercise or fixture binds",
            "bind or import it in a fixture. Did you mean 'settings'?",
        ),
        (
            "requires=\"half\"\n",
            "requires=\"half\"\ncheck.that(Path, expected='a', got='b')\n",
            "check 'double' reads 'Path', which no exercise or fixture binds",
            "bind or import it in a fixture. Did you mean 'math'?",
        ),
        (
            SOLUTION,
            "    secret_total = x + x + torch.zeros(1)\n",
            "exercise 'double' reads 'torch', which no exercise or fixture binds",
            "bind or import it in a fixture.",
        ),
        (
            FIXTURE,
            FIXTURE + "twice = double(2)\n",
            "fixture at line 6 reads 'double', which the exercise 'double' binds: a fixture runs without any answer",
            "let a check do this, or a function that a check calls",
        ),
        (
            "number = 21\nprint(double(number))\n",
            'number = 21\n\n# %% tags=["fixture"]\nanswers = [double(n) for n in (1, 2)]\n',
            "fixture at line 45 reads 'double', which the exercise 'double' binds: a fixture runs without any answer",
            "let a check do this, or a function that a check calls",
        ),
        (
            FIXTURE,
            FIXTURE + "def twice():\n    return double(2)\n",
            "fixture at line 6 reads 'double', which the exercise 'double' (line 16) binds only later",
            "move the fixture below the exercise, or let the check do this",
        ),
        (
            'number = 21\nprint(double(number))\n',
            'number = 21\nprint(double(number))\n\n'
            '# %% check="half" part="b" points=1\ncheck.equal(one_half, number / 42)\n',
            "check 'half' reads 'number', which only the demo at line 42 binds: demo cells are skipped when grading",
            "bind 'number' in a fixture, or in this cell",
        ),
        (
            'number = 21\nprint(double(number))\n',
            'number = 21\n\n# %% tags=["fixture"]\nanswer = 2 * number\n',
            "fixture at line 45 reads 'number', which only the demo at line 42 binds: "
            "demo cells are skipped when grading",
            "bind 'number' in a fixture, or in this cell",
        ),
        (
            CHECK,
            "mine = one_half\n" + CHECK + '\n# %% check="half" part="b" points=1\ncheck.equal(one_half, mine)\n',
            "check 'half' reads 'mine', which only the check 'half' binds: each check is on its own",
            "bind 'mine' in a fixture, or in this cell",
        ),
        (
            CHECK,
            "check.equal(number, one_half)\n### BEGIN HIDDEN TESTS\nnumber = 1\n### END HIDDEN TESTS\n",
            "check 'half' reads 'number', which only the demo at line 45 binds: demo cells are skipped when grading",
            "bind 'number' in a fixture, or in this cell",
        ),
        (
            CHECK,
            "### BEGIN HIDDEN TESTS\nseen = 1\n### END HIDDEN TESTS\ncheck.equal(one_half, seen)\n",
            "check 'half' reads 'seen', which only its own hidden lines bind",
            "bind it in the visible lines",
        ),
        (
            CHECK,
            "check.equal(later, one_half)\nlater = 1\n",
            "check 'half' reads 'later' above the line that binds it",
            "bind or import it first",
        ),
        (
            "one_half, one_third = 0.5, round(1 / 3, 4)\n### END SOLUTION\n",
            "one_half = 0.5\nfor _helper in (1, 2):\n    pass\n### END SOLUTION\n\n"
            '# %% check="half" part="b" points=1\ncheck.equal(one_half, _helper)\n',
            "check 'half' reads '_helper', which only the solution of exercise 'half' binds",
            "bind it outside the solution block too, so that the release has it",
        ),
        (
            CHECK,
            "check.equal(0.5, 0.5)\n",
            "check 'half' reads nothing that its exercise binds ('one_half', 'one_third')",
            "test the student's answer, or name the right exercise in the header",
        ),
        (
            FIXTURE,
            FIXTURE + "one_half = 3\n",
            "exercise 'half' binds 'one_half', and so does the fixture at line 6",
            "a name is either the student's (exercise) or the course's (fixture): rename one, or drop one",
        ),
        (
            DEMO,
            "math = 21\nnumber = math\n\n"
            '# %% check="half" part="b" points=1\ncheck.equal(one_half, math.sqrt(0.25))\n'
            '\n# %% tags=["demo"]\nnumber = 21\n',
            "demo at line 42 binds 'math' anew, which the fixture at line 6 binds and the check 'half' reads",
            "give it another name here: grading does not run this cell before that one",
        ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "what", "mend"), UNKNOWN, ids=[case[2] for case in UNKNOWN])
def test_a_name_that_grading_would_not_find(tmp_path, old, new, what, mend):
    lesson = edited(old, new)
    assert (whats(tmp_path, lesson), mends(tmp_path, lesson)) == ([what], [mend])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CHECK, "mine = [half for half in (one_half,)]\n" + CHECK + "check.equal(mine, [w for w in mine])\n"),
        (CHECK, "def same(a, b=one_half):\n    return a == b and math.isclose(a, b)\n" + CHECK),
        (CHECK, CHECK + "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    check.equal(str(error)[:1], 'd')\n"),
        (CHECK, CHECK + "if (found := one_half) and settings.seed == SEED:\n    check.equal(found, 0.5)\n"),
        (FIXTURE, FIXTURE + "def outer():\n    return inner()\ndef inner():\n    return math.pi\n"),
        (SOLUTION, SOLUTION + "    other = one_half if x else 0.5\n"),  # another exercise's, in a function, below
        (DEMO, "math = 21\nnumber = math\n"),  # a fixture's name bound anew, and nobody graded reads it afterwards
        ("number = 21\n", "%timeit 1 + 1\n!ls\nnumber = 21\n"),  # magics may stand in a demo
    ],
)
def test_names_that_are_in_order(tmp_path, old, new):
    assert whats(tmp_path, edited(old, new)) == []


def test_a_check_requires_the_other_exercises_that_it_reads(tmp_path):
    lesson = edited(CHECK, "check.equal(one_half, double(0.25))\n")
    notebook = source_notebook(make_course(tmp_path, lesson), "01")
    requires = {
        cell.id: cell.metadata.measure_first.requires for cell in notebook.cells if cell.id.startswith("check_")
    }
    assert requires == {
        "check_double": [],
        "check_half": ["double"],
        "check_double__large": ["half"],
        "check_quiz_1": [],
        "check_lab_1": [],
    }


def test_the_sample_is_unchanged_by_these_tests():
    assert LESSON.count("# %%") == 13
