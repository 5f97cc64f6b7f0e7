"""A small course for tests: one lesson with every kind of cell, a quiz and a lab."""

from __future__ import annotations

from pathlib import Path

from autograde.authoring.expand import expand
from autograde.authoring.facts import read_facts
from autograde.authoring.problems import Problem
from autograde.authoring.rules import lesson_problems
from autograde.authoring.side_files import read_side_files
from autograde.authoring.text import read_lesson
from autograde.course import Course, load_course

KEY = "01_sums"

COURSE = """\
[course]
name = "Sample"
repository = "ada/sums"
ref = "v1"

[[lesson]]
key = "01_sums"
title = "Sums"
subtitle = "adding up"
minutes = 20
needs = ["Python", "patience"]
can = ["add", "add again"]
"""

LESSON = '''\
# %% [markdown]
# ## A story
#
# What is a [sum](docs/glossary.md#sum)? It took {{fact:price}}.

# %% tags=["fixture"]
import math
from autograde import check, lesson
settings = lesson.start(DEVICE, SCALE, SEED)

# %% [markdown]
# ### Exercise 1

# %% exercise="double"
# exercise: double
def double(x: float) -> float:
    """Twice x."""
    ### BEGIN SOLUTION
    secret_total = x + x
    return secret_total
    ### END SOLUTION

# %% check="double" points=2
check.equal(double(3), 6)
### BEGIN HIDDEN TESTS
for hidden_number in (0, -1, 12345):
    check.equal(double(hidden_number), 2 * hidden_number)
### END HIDDEN TESTS

# %% exercise="half"
# exercise: half
### BEGIN SOLUTION
one_half, one_third = 0.5, round(1 / 3, 4)
### END SOLUTION

# %% check="half" points=1
check.equal(one_half, 0.5)

# %% check="double" part="large" points=1.5 requires="half"
check.equal(double(1e6), 2e6)

# %% tags=["demo"]
number = 21
print(double(number))

# %% written="why_sums" points=2
# Say why.
#
### BEGIN SOLUTION
# Because addition is a habit worth keeping for a lifetime.
### END SOLUTION

# %% quiz="quiz_1" points=2

# %% lab="lab_1" points=3

# %% tags=["demo"]
lesson.hand_in("01_sums")
'''

QUIZ = """\
id = "quiz_1"
title = "Quiz 1: sums"

[[question]]
id = "order"
text = "Does the order matter? See [sum](docs/glossary.md#sum)."

[[question.option]]
letter = "a"
text = "Yes."
feedback = "Not for whole numbers: addition commutes, whatever the order."

[[question.option]]
letter = "b"
text = "No."
right = true
feedback = "Right, a + b equals b + a for all whole numbers."

[[question.option]]
letter = "c"
text = "On Mondays."
feedback = "The day of the week enters no axiom of arithmetic."

[[question]]
id = "floats"
text = "And for floats?"

[[question.option]]
letter = "a"
text = "Three of them: yes."
right = true
feedback = "Rounding makes the grouping visible in the last bits."

[[question.option]]
letter = "b"
text = "Never."
feedback = "Two floats commute, three do not associate."

[[question.option]]
letter = "c"
text = "Always."
feedback = "Two floats may be exchanged without any change."
"""

LAB = """\
id = "lab_1"
title = "Lab 1: the cashier"
situation = "A shop adds up by hand."
role = "You advise the shop."
opening = "So, should I buy a machine?"
points = 3
recommendation_points = 4
recommendation_model = "Buy the machine now because it adds faster. It pays for itself in a week. Keep the pencil too."
off_topic = "Back to the till, please."
too_short = "Say a little more."
closing = "Thank you."

[partner]
name = "Bo"
persona = "A careful shopkeeper."

[[rubric]]
id = "cost"
points = 4
asks = "what the machine costs and when it pays for itself"
signals = ["[0-9](k)? ?(euro|week)s"]
press = ["What does it cost me?", "In figures: what does it cost?"]
acknowledge = ["So that is the price."]
"""

FACTS = """\
[price]
value = "3 cents"
date = "2026-11"
source = "the shop's own list"
"""

GLOSSARY = "# Glossary\n\n### sum\n\nWhat adding gives.\n"


def make_course(root: Path, lesson: str = LESSON, **changed: str) -> Course:
    """Write the sample course into `root`; `quiz=`, `lab=`, `course=`, `facts=`, `glossary=` change its other files."""
    files = {
        f"notebooks/{KEY}.py": lesson,
        f"notebooks/{KEY}.quiz_1.toml": changed.get("quiz", QUIZ),
        f"notebooks/{KEY}.lab_1.toml": changed.get("lab", LAB),
        "course.toml": changed.get("course", COURSE),
        "data/facts.toml": changed.get("facts", FACTS),
        "docs/glossary.md": changed.get("glossary", GLOSSARY),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(root)


def edited(old: str, new: str, text: str = LESSON) -> str:
    """The sample lesson with one place changed; the place must be there."""
    assert old in text, f"the sample has no {old!r}"
    return text.replace(old, new, 1)


def problems_of(course: Course) -> list[Problem]:
    """All problems of the sample lesson's text, as the build collects them."""
    facts, wrong_facts = read_facts(course.root)
    text = read_lesson(course.text(KEY))
    side, wrong_files = read_side_files(course, text, facts)
    cells, unexpanded = expand(text, side)
    return sorted({*wrong_facts, *wrong_files, *unexpanded, *lesson_problems(course, text, cells, facts)})
