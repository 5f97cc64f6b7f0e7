"""Writes a large class for measurements: N submissions of a lesson, each a random mixture of right and wrong answers.

    python tests/grading/many_submissions.py 01_tensors 1000 --course DIR [--seed 0] [--first 1]

The same seed gives the same class, and student 7 the same notebook however many there are. About one answer in two is
the lesson's own, one in eight another right one, one in four wrong in a way that tests/mutants knows, the rest is left
as handed out; one notebook in twenty was saved by Colab, one in twenty by Kaggle.
"""

from __future__ import annotations

import argparse
import copy
import random
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.authoring.sample_answers import Answers, read_answers, read_notebook
from autograde.authoring.sample_mishaps import colab, kaggle
from autograde.course import Course, load_course

NEVER_ENDING = "while True"  # an answer that takes its whole time tells nothing of the grader's speed


def mixture(answers: Answers, dice: random.Random) -> dict[str, str]:
    """One student's answers."""
    made = {}
    for name, reference in answers.reference.items():
        wrong = [text for text in answers.wrong.get(name, []) if NEVER_ENDING not in text]
        right = answers.right.get(name, [])
        kind = dice.random()
        if kind < 0.5:
            made[name] = reference
        elif kind < 0.625:
            made[name] = dice.choice(right) if right else reference
        elif kind < 0.875 and wrong:
            made[name] = dice.choice(wrong)
    return made


def submission(answers: Answers, release: NotebookNode, seed: int, number: int) -> str:
    """The notebook of student `number`, as text."""
    dice = random.Random(f"{seed}:{number}")
    nb = copy.deepcopy(release)
    answers.fill(nb, mixture(answers, dice))
    platform = dice.random()
    return colab(nb) if platform < 0.05 else kaggle(nb) if platform < 0.1 else nbformat.writes(nb)


def write_many(course: Course, key: str, count: int, seed: int = 0, first: int = 1) -> list[str]:
    """Write submissions of students s0001, s0002, …; returns their names."""
    answers, release = read_answers(course, key), read_notebook(course.release(key))
    students = [f"s{number:04}" for number in range(first, first + count)]
    for number, student in enumerate(students, start=first):
        path = course.root / "grading" / "submitted" / student / key / f"{key}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(submission(answers, release, seed, number), encoding="utf-8", newline="\n")
    return students


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Write a large class for measurements.")
    parser.add_argument("lesson")
    parser.add_argument("count", type=int)
    parser.add_argument("--course", type=Path, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=1, help="the first student's number")
    args = parser.parse_args()
    course = load_course(args.course)
    students = write_many(course, course.lesson(args.lesson).key, args.count, args.seed, args.first)
    print(f"{len(students)} submissions of {args.lesson} in {course.root / 'grading' / 'submitted'}")


if __name__ == "__main__":
    main()
