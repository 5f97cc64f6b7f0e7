"""Errors that cross: what a student's code raised is raised again at the judge, as one known type.

An error crosses as words: the names of its classes, the first built-in one among them, its message, its arguments where
they are plain, and where the student's own lines were. The receiver looks the built-in name up in a table of its own;
nothing that the other side names is ever imported, called or made.
"""

from __future__ import annotations

import builtins
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

import torch

from autograde.check.failure import CheckFailed, NotAttempted
from autograde.wall.fields import a_list, an_int, identifier, text
from autograde.wall.limits import WireError

MOST_TEXT = 20_000  # characters of a message
MOST_FRAMES = 50
MOST_TYPES = 20
MOST_NAMED = 1000
FrameOf = Callable[[str], int | None]  # the number of the cell whose code has this file name; None for other code


class StudentError(Exception):
    """The student's code raised this.

    Where it raised a built-in type, this is an instance of that type too, and has its name, so that `except ValueError`
    and `check.raises(ValueError, …)` behave as in a kernel. __student_types__: the names of its
    classes, most derived first; frames: (cell number, line, function) of the student's lines, outermost first.
    """

    __student_types__: tuple[str, ...] = ()
    message: str = ""
    frames: list[tuple[int, int, str]]
    token: int | None = None  # of an error of this side's own that came back
    crossed = False  # whether the other side raised it, and not a proxy of this side's

    def __init__(self, *args: Any) -> None:
        self.args = args
        self.frames = []

    @property
    def student_type(self) -> str:
        """The name of the class that was raised."""
        return self.__student_types__[0] if self.__student_types__ else "Exception"

    def __str__(self) -> str:
        return self.message


def _table() -> dict[str, type[StudentError]]:
    """Built-in error's name → a StudentError that is one of these, too, and has its name."""
    kinds: dict[str, tuple[type, ...]] = {}
    for name, thing in vars(builtins).items():
        if isinstance(thing, type) and issubclass(thing, Exception) and thing.__name__ == name:
            kinds[name] = (thing,)
    del kinds["Exception"], kinds["ExceptionGroup"]  # a group's constructor wants the errors themselves
    kinds |= {"OutOfMemoryError": (torch.OutOfMemoryError, MemoryError), "LinAlgError": (torch.linalg.LinAlgError,)}
    made = {name: type(name, (StudentError, *bases), {"__module__": __name__}) for name, bases in kinds.items()}
    return {"Exception": StudentError, **made}


TABLE = _table()
_NAMED: dict[tuple[str, str], type[StudentError]] = {}  # classes with the names of the student's own


def class_for(name: str, known: str) -> type[StudentError]:
    """The class for an error that the other side calls `name`, of a kind in the table."""
    if known not in TABLE:
        raise WireError("an error of a kind that is not in the table")
    cls = TABLE[known]
    if name == known or len(_NAMED) >= MOST_NAMED:
        return cls
    return _NAMED.setdefault((name, known), type(name, (cls,), {"__module__": "__main__"}))


def known_name(error: BaseException) -> str:
    """The table's name for the first class of the error's that it has; Exception where there is none."""
    torchs = {torch.OutOfMemoryError: "OutOfMemoryError", torch.linalg.LinAlgError: "LinAlgError"}
    for cls in type(error).__mro__:
        if cls in torchs:
            return torchs[cls]
        if cls.__name__ in TABLE and getattr(builtins, cls.__name__, None) is cls:
            return cls.__name__
    return "Exception"


def make(name: str, message: str, types: tuple[str, ...] = (), args: tuple[Any, ...] | None = None) -> StudentError:
    """An error of the table, made without running any constructor but our own."""
    cls = class_for(types[0] if types else name, name)
    arguments = (message,) if args is None else args
    try:
        error = cls(*arguments)
    except Exception:  # OSError and the Unicode errors look at their arguments before __init__ does
        error = StudentError(*arguments)
    if isinstance(error, OSError) and len(arguments) > 1:
        error.errno, error.strerror = arguments[:2]
    error.message = message
    error.__student_types__ = types or (name,)
    return error


def words_of(error: BaseException, frame_of: FrameOf | None) -> dict[str, Any]:
    """What crosses of an error, as JSON. Nothing here may raise: a student's __str__ can do anything."""
    names = [cls.__name__ for cls in type(error).__mro__ if cls is not object][:MOST_TYPES]
    words: dict[str, Any] = {
        "type": known_name(error),
        "types": [name if name.isidentifier() and len(name) < 200 else "Exception" for name in names],
        "text": said(error),
        "frames": [] if frame_of is None else frames_of(error.__traceback__, frame_of),
    }
    if isinstance(error, NotAttempted):
        words["check"] = "not_attempted"
    elif isinstance(error, CheckFailed):
        words["check"] = "failed"
    if isinstance(error, StudentError) and error.token is not None:
        words["token"] = error.token
    return words


def said(error: BaseException) -> str:
    """str(error), within bounds, whatever that does."""
    try:
        message = str.__str__(str(error))
    except BaseException:  # a __str__ can raise anything, even SystemExit
        return ""
    if len(message) > MOST_TEXT:
        message = message[: MOST_TEXT - 1] + "…"
    return message


def frames_of(trace: TracebackType | None, frame_of: FrameOf) -> list[list[Any]]:
    """[cell number, line, function] of the student's own lines, outermost first; of many the first and last ones."""
    found: list[list[Any]] = []
    for frame, line in traceback.walk_tb(trace):
        cell = frame_of(frame.f_code.co_filename)
        if cell is not None:
            found.append([int(cell), int(line), frame.f_code.co_name[:200]])
    half = MOST_FRAMES // 2
    return found if len(found) <= MOST_FRAMES else found[:half] + found[-half:]


def error_of(words: Any, args: tuple[Any, ...] | None = None) -> Exception:
    """The error that the words describe. Raises WireError for words that no error of ours has."""
    if type(words) is not dict:
        raise WireError("an error that is not described")
    types = tuple(identifier(name) for name in a_list(words, "types", MOST_TYPES))
    message = text(words, "text", MOST_TEXT)
    check = words.get("check")
    if check == "not_attempted":
        name = message.partition(":")[0]
        return NotAttempted(name if name.isidentifier() else "")
    if check == "failed":
        return CheckFailed(message)
    error = make(text(words, "type", 200), message, types, args)
    error.frames, error.crossed = [frame(entry) for entry in a_list(words, "frames", MOST_FRAMES)], True
    if "token" in words:
        error.token = an_int(words, "token")
    return error


def frame(entry: Any) -> tuple[int, int, str]:
    """(cell number, line, function) of a list of these."""
    if type(entry) is not list or [type(part) for part in entry] != [int, int, str] or len(entry[2]) > 200:
        raise WireError("a line of a traceback that is none")
    return entry[0], entry[1], entry[2]
