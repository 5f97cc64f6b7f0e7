"""The `autograde` command: each subcommand lives in the room that does the work and is imported only when asked for."""

from __future__ import annotations

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence

from autograde.course import CourseError

# command: (module with add_arguments(parser) and run(args) -> exit status, what it does)
COMMANDS = {
    "build": ("autograde.authoring.build", "turn notebooks/*.py into source/ and release/"),
    "mutants": ("autograde.authoring.mutants", "run every wrong and alternative answer; print the matrix"),
    "curriculum": ("autograde.authoring.headless", "run the lessons headless with papermill; print the table"),
    "gpu": (
        "autograde.authoring.gpu",
        "run lessons and mutants on this machine's GPU; add what was measured to docs/gpu.md",
    ),
    "deck": ("autograde.authoring.deck", "write the glossary as an Anki deck for spaced repetition"),
    "models": ("autograde.authoring.models", "train the tiny models of the course's own Hub, on one core"),
    "class": ("autograde.authoring.sample_class", "write a sample class of submissions to grade"),
    "collect": ("autograde.grading.collect", "bring what a learning platform gives to grading/submitted"),
    "grade": ("autograde.grading.grade", "grade what lies in grading/submitted; write scores and feedback"),
    "sandbox": ("autograde.wall.ability", "say whether submissions can be shut in here, and what to do where not"),
    "items": ("autograde.grading.items", "say what the answers of a class tell about the questions of a test or quiz"),
    "hub": ("autograde.lesson.hub.serve", "serve the course's own Hub, for a classroom without internet"),
    "rubric": ("autograde.grading.rubric", "propose rubric scores for the labs, for a person to decide"),
}

# What a person mends and no traceback explains: a folder that may not be written, a disk that is full, a file where a
# folder is wanted or the reverse.
OF_THE_MACHINE = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST,
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status (2 for an error that the user can mend)."""
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="autograde", description="Build, run and grade the Measure First course.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    named = argv[0] if argv and argv[0] in COMMANDS else None
    try:
        for name, (module, about) in COMMANDS.items():
            sub = commands.add_parser(name, help=about, description=about)
            if name == named:  # import only the room that is asked for: torch and nbgrader take seconds to load
                room = importlib.import_module(module)
                room.add_arguments(sub)
                sub.set_defaults(run=room.run)
        args = parser.parse_args(argv)
        return int(args.run(args))
    except CourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "autograde":
            raise
        print(f"error: {error.name} is not installed here. Run: make install", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            raise
        print(f"error: {error.filename or 'the disk'}: {error.strerror}. Mend it and run again", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: what was finished is kept; run the same command again to go on", file=sys.stderr)
        return 130
