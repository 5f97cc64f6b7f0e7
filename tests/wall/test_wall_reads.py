"""A check that asks for plain data and no more is answered without a fork; whatever could run code gets one."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from forked_student import forked_student, text_of

from autograde.wall.limits import Overdue
from autograde.wall.peer import Wall
from autograde.wall.student import Student, Visit


def read(there: Student, name: str) -> tuple[Any, Visit]:
    """What a name is bound to, asked in a check of its own, and how that went."""
    with there.check(1, 20, 50) as visit:
        value = Wall(visit.channel, lambda: visit.deadline).get(name)
    return value, visit


FORKS = "import os, torch\nfork, forks = os.fork, []\nos.fork = lambda: forks.append(1) or fork()\n"


def forks_for(there: Student, name: str) -> int:
    """How many forks it takes to read a name."""
    read(there, name)
    return int(text_of(there.run_cell("print(len(forks))", 60, 20).outputs))


@pytest.mark.parametrize("value", ["5", "None", "...", "{'a': [1, (2.5, 'x')], 'b': {1j, b'y'}}"])
def test_plain_data_is_told_without_a_fork(value: str) -> None:
    with forked_student() as there:
        there.run_cell(f"{FORKS}plain = {value}", 1, 20)
        assert read(there, "plain")[0] == eval(value)
        assert forks_for(there, "plain") == 0


@pytest.mark.parametrize("value", ["torch.ones(2)", "print", "[torch.ones(1)]", "list(range(1001))", "{1: [print]}"])
def test_what_could_run_code_and_what_is_large_gets_a_fork(value: str) -> None:
    with forked_student() as there:
        there.run_cell(f"{FORKS}thing = {value}", 1, 20)
        assert forks_for(there, "thing") == 1


def test_a_namespace_with_keys_of_its_own_kind_gets_a_fork() -> None:
    key = "class Key(str):\n    __hash__ = str.__hash__\nx = 5\nglobals()[Key('z')] = 6"
    with forked_student() as there:
        there.run_cell(f"{FORKS}{key}", 1, 20)
        assert forks_for(there, "x") == 1


def test_a_list_that_holds_itself_is_no_endless_look() -> None:
    with forked_student() as there:
        there.run_cell(f"{FORKS}ring = []\nring += [ring, ring]\nfine = 7", 1, 20)
        with contextlib.suppress(Exception):
            read(there, "ring")
        assert read(there, "fine")[0] == 7


def test_a_check_that_is_abandoned_before_its_first_question_ends_nothing_else() -> None:
    with forked_student() as there:
        with pytest.raises(Overdue), there.check(5, 0.2, 2):
            raise Overdue("late")
        assert there.run_cell("print('still here')", 3, 20).status == "ok"
