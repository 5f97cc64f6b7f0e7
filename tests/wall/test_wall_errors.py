"""Errors of the student's code, raised again at the judge."""

from __future__ import annotations

import builtins

import pytest
import torch
from other_side import CELL, student

from autograde import check
from autograde.check.session import Session, using
from autograde.wall import errors
from autograde.wall.errors import StudentError
from autograde.wall.limits import Closed, Overdue, WireError

RAISES = """
import sys, torch
from autograde import check

def inner(x):
    if x > 0:
        raise ValueError(f"no such size: {x}")
def outer(x):
    inner(x)
class Odd(ValueError): pass
class Bad(Exception):
    def __str__(self): raise RuntimeError("no text")
def raise_(name, *args): raise getattr(__import__("builtins"), name)(*args)
def odd(): raise Odd("very odd")
def bad(): raise Bad
def exits(): sys.exit(3)
def interrupts(): raise KeyboardInterrupt
def hole(): raise check.NotAttempted("outer")
def failed(): raise check.CheckFailed("not this way")
def missing(): return {}["key"]
def file(): open("/nonexistent/file")
def decode(): b"\\xff".decode()
def memory(): raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
def singular(): torch.linalg.inv(torch.zeros(2, 2))
def shapes(): torch.ones(2, 3) @ torch.ones(2, 3)
def deep(): return deep()
def long(): raise ValueError("x" * 1_000_000)
def group(): raise ExceptionGroup("several", [ValueError("a")])
def warn(): raise UserWarning("careful")
def name(): return undefined_name
def chained():
    try: inner(1)
    except ValueError as error: raise RuntimeError("outer one") from error
def ends(): import os; os._exit(1)
def sleeps(): import time; time.sleep(60)
def ok(): return 1
def cycle():
    x = []
    x.append(x)
    return x
def generator():
    yield 1
    raise ValueError("in the middle")
class Quiet:
    def __len__(self): raise ValueError("no length")
"""


@pytest.fixture(scope="module")
def wall():
    with student(RAISES) as wall:
        yield wall


def test_an_error_is_of_its_type_and_says_where(wall):
    with pytest.raises(ValueError, match="^no such size: 3$") as caught:
        wall.get("outer")(3)
    error = caught.value
    assert isinstance(error, StudentError) and type(error).__name__ == "ValueError" == error.student_type
    assert str(error) == error.message == "no such size: 3" and error.args == ("no such size: 3",)
    assert error.frames == [(7, 9, "outer"), (7, 7, "inner")]
    assert error.__student_types__[:2] == ("ValueError", "Exception")
    assert CELL not in str(error)


def test_check_raises_takes_it_by_type_or_by_name(wall):
    check.raises(ValueError, wall.get("outer"), 3)
    check.raises((KeyError, RuntimeError), wall.get("chained"))
    with pytest.raises(
        check.CheckFailed, match=r"expected a TypeError, your function raises a ValueError: no such size"
    ):
        check.raises(TypeError, wall.get("outer"), 3)
    with pytest.raises(check.CheckFailed, match="expected a ValueError, your function returns None"):
        check.raises(ValueError, wall.get("outer"), 0)
    with pytest.raises(check.CheckFailed, match="raises an Odd: very odd"):
        check.raises(TypeError, wall.get("odd"))
    check.raises(ValueError, wall.get("odd"))
    Odd = type("Odd", (Exception,), {})
    check.raises(Odd, wall.get("odd"))


BUILT_IN = sorted(
    name for name, cls in vars(builtins).items()
    if isinstance(cls, type) and issubclass(cls, Exception) and "Group" not in name and "Unicode" not in name
)  # fmt: skip


def test_every_built_in_error_is_itself(wall):
    for name in BUILT_IN:
        with pytest.raises(getattr(builtins, name)) as caught:
            wall.get("raise_")(name, "why")
        assert "why" in str(caught.value) and isinstance(caught.value, StudentError), name


def test_errors_with_constructors_of_their_own(wall):
    with pytest.raises(KeyError) as caught:
        wall.get("missing")()
    assert str(caught.value) == "'key'" and caught.value.args == ("key",)
    with pytest.raises(FileNotFoundError, match="No such file or directory: '/nonexistent/file'") as file:
        wall.get("file")()
    assert file.value.errno == 2
    with pytest.raises(UnicodeDecodeError, match="invalid start byte"):
        wall.get("decode")()
    with pytest.raises(Exception, match="several"):
        wall.get("group")()


def test_torchs_errors(wall):
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multiplied"):
        wall.get("shapes")()
    with pytest.raises(MemoryError, match="CUDA out of memory") as caught:
        wall.get("memory")()
    assert isinstance(caught.value, torch.OutOfMemoryError)
    with pytest.raises(torch.linalg.LinAlgError, match="singular"):
        wall.get("singular")()


def test_nothing_ends_the_judge(wall):
    for name, kind in (("exits", "SystemExit"), ("interrupts", "KeyboardInterrupt")):
        with pytest.raises(StudentError) as caught:
            wall.get(name)()
        assert caught.value.student_type == kind
    with pytest.raises(RecursionError):
        wall.get("deep")()
    assert wall.get("ok")() == 1


def test_texts_are_bounded_and_need_not_be_there(wall):
    with pytest.raises(ValueError) as caught:
        wall.get("long")()
    assert len(str(caught.value)) == errors.MOST_TEXT and str(caught.value).endswith("x…")
    with pytest.raises(StudentError) as silent:
        wall.get("bad")()
    assert silent.value.student_type == "Bad" and str(silent.value) == ""


def test_a_hole_and_a_failed_check_are_what_they_are(wall):
    session = Session("secret", "student")
    with using(session):
        session.begin("outer")
        with pytest.raises(check.NotAttempted, match="^outer: not attempted yet"):
            wall.get("hole")()
        session.begin("other")
        with pytest.raises(check.NotAttempted, match="^other: it uses outer, which is not attempted yet"):
            wall.get("hole")()
        with pytest.raises(check.CheckFailed, match="^not this way$"):
            wall.get("failed")()


def test_a_result_that_cannot_cross_is_an_error_of_the_students(wall):
    with pytest.raises(TypeError, match="contains itself") as caught:
        wall.get("cycle")()
    assert isinstance(caught.value, StudentError) and wall.get("ok")() == 1


def test_an_error_in_a_generator_or_an_operator(wall):
    items = wall.get("generator")()
    assert next(items) == 1
    with pytest.raises(ValueError, match="in the middle"):
        next(items)
    with pytest.raises(ValueError, match="no length"):
        len(wall.get("Quiet")())


def test_a_process_that_ends_and_one_that_never_does():
    with student(RAISES) as wall:
        with pytest.raises(Closed):
            wall.get("ends")()
        assert isinstance(wall.trouble, Closed)
        with pytest.raises(Closed):
            wall.get("ok")
    with student(RAISES, seconds=0.5) as wall:
        with pytest.raises(Overdue):
            wall.get("sleeps")()
        assert isinstance(wall.trouble, Overdue) and 0.3 < wall.waited < 3


@pytest.mark.parametrize(
    "words",
    [
        None,
        "ValueError",
        {},
        {"type": "ValueError"},
        {"type": "ValueError", "text": 5},
        {"type": "Nonsense", "text": "", "types": []},
        {"type": "object", "text": ""},
        {"type": "SystemExit", "text": ""},
        {"type": "ValueError", "text": "", "types": ["not a name"]},
        {"type": "ValueError", "text": "", "types": [["x"]]},
        {"type": "ValueError", "text": "", "types": ["A"] * 99},
        {"type": "ValueError", "text": "", "frames": [[1, 2]]},
        {"type": "ValueError", "text": "", "frames": [[1, 2, 3]]},
        {"type": "ValueError", "text": "", "frames": [[1, 2, "f" * 999]]},
        {"type": "ValueError", "text": "", "token": "x"},
        {"type": "ValueError", "text": "", "token": -1},
        {"type": "ValueError", "text": "x" * 99_999},
    ],
)
def test_words_that_describe_no_error_are_refused(words):
    with pytest.raises(WireError):
        errors.error_of(words)


def test_the_table_holds_nothing_that_ends_a_process():
    assert all(issubclass(cls, StudentError) and issubclass(cls, Exception) for cls in errors.TABLE.values())
    assert not any(issubclass(cls, (SystemExit, KeyboardInterrupt, GeneratorExit)) for cls in errors.TABLE.values())
