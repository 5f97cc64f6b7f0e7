"""What keeps a class's code apart on this machine: the choice, and what to say where the wanted one cannot be had."""

from __future__ import annotations

import sys

from autograde.course import CourseError

WITHOUT = "what students wrote runs as you, and can read and change what you can"


def chosen(wanted: str) -> str:
    """The isolation to grade with: "sandbox", "process" or "kernel". wanted may also be "auto".

    "auto" takes the sandbox where this machine can build one, and otherwise says on stderr that it does without.
    Raises CourseError where "sandbox" is wanted and cannot be had: nobody's code runs without walls by surprise.
    """
    if wanted not in ("sandbox", "auto"):
        return wanted
    from autograde.wall.ability import ability

    here = ability()
    if here.mode != "none":
        return "sandbox"
    if wanted == "auto":
        why = here.why.removesuffix(".")
        print(f"notice: no sandbox here ({why}), so {WITHOUT}. See: autograde sandbox", file=sys.stderr)
        return "process"
    raise CourseError(f"no sandbox can be built here, so nobody's code is run: {here.why}\n    {here.mend}")
