"""Reading the fields of a message that may be anything: each is what it must be, or the message is a WireError."""

from __future__ import annotations

from typing import Any

from autograde.wall.limits import WireError

MOST_ID = 1 << 53  # what every JSON reader agrees on


def an_int(message: dict[str, Any], name: str, most: int = MOST_ID) -> int:
    """A whole number from 0 to most."""
    value = message.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise WireError(f"the field {name} is no number from 0 to {most:,}")
    return value


def text(message: dict[str, Any], name: str, most: int) -> str:
    """A text of at most so many characters."""
    value = message.get(name)
    if type(value) is not str or len(value) > most:
        raise WireError(f"the field {name} is no text of at most {most:,} characters")
    return value


def a_list(message: dict[str, Any], name: str, most: int) -> list[Any]:
    """A list of at most so many entries; a field that is missing is an empty one."""
    value = message.get(name, [])
    if type(value) is not list or len(value) > most:
        raise WireError(f"the field {name} is no list of at most {most:,} entries")
    return value


def ints(message: dict[str, Any], name: str, most: int) -> list[int]:
    """A list of at most so many whole numbers from 0 up."""
    value = a_list(message, name, most)
    if not all(type(item) is int and 0 <= item <= MOST_ID for item in value):
        raise WireError(f"the field {name} holds something that is no number")
    return value


def flag(message: dict[str, Any], name: str) -> bool:
    """True or False; a field that is missing is False."""
    value = message.get(name, False)
    if type(value) is not bool:
        raise WireError(f"the field {name} is neither true nor false")
    return value


def identifier(value: Any, most: int = 200) -> str:
    """A name that Python would take for one."""
    if type(value) is not str or len(value) > most or not value.isidentifier():
        raise WireError("a name that is none")
    return value


def pairs(message: dict[str, Any], name: str, most: int) -> list[tuple[int, Any]]:
    """A list of [whole number, anything]."""
    entries = a_list(message, name, most)
    for entry in entries:
        if type(entry) is not list or len(entry) != 2 or type(entry[0]) is not int or entry[0] < 0:
            raise WireError(f"the field {name} holds something that is no pair")
    return [(entry[0], entry[1]) for entry in entries]
