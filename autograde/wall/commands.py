"""Command lines in a cell (`!ls`): they run, and package managers do nothing but say so.

An everyday `%pip install` in a student's notebook must not change the packages that a whole class is graded with.
"""

from __future__ import annotations

import codecs
import os
import re
import subprocess
import sys
from collections.abc import Callable

from autograde.wall.idle import IDLE, INSTALLERS

INSTALLS = re.compile(
    r"\s*(?:sudo\s+)?(?:\S*python\S*\s+-m\s+(?P<module>pip|uv|conda)|(?P<program>[\w-]+))(?=\s|$)", re.ASCII
)


def run_command(command: str) -> int:
    """Run a command line to its end and print what it says on either stream; its exit code. An interrupt ends it."""
    found = INSTALLS.match(command)
    name = (found["module"] or found["program"]) if found else ""
    if name in INSTALLERS:
        print(f"{name} {IDLE}")
        return 0
    process = subprocess.Popen(
        command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    assert process.stdout is not None
    try:
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            sys.stdout.write(decoder.decode(chunk))
        return process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdout.close()


def idle(name: str) -> Callable[[str], None]:
    """A line magic that stands in for a package manager."""

    def magic(line: str) -> None:
        print(f"{name} {IDLE}")

    magic.__doc__ = f"{name} {IDLE}"
    return magic
