"""Judges one notebook now, for whoever asks: the warm process of its lesson is kept for the next one like it."""

from __future__ import annotations

import atexit
import contextlib
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import autograde
from autograde.course import CourseError, find_root
from autograde.grading.forked import Fallen
from autograde.grading.judge_server import HOOK, JudgeServer, ServerEnded
from autograde.grading.limits import Limits
from autograde.grading.prepared import LessonCells
from autograde.grading.warm import Lesson

KEPT = 2  # warm processes, each a few hundred megabytes

_servers: dict[str, JudgeServer] = {}  # a lesson's mark → its process, the last used one last


class Unjudged(Exception):
    """The notebook could not be judged: the grader's trouble, not the student's. Says why."""


def judge_nearby(
    nb: NotebookNode, files: Sequence[Path], limits: Limits, student: str, lesson_files: Sequence[Path]
) -> None:
    """Judge a mended notebook in place. files: what lies beside it; lesson_files: the lesson's own of them.

    Raises Unjudged.
    """
    lesson = Lesson(LessonCells.of(nb), tuple(lesson_files), limits, _courses())
    job = {"nb": nbformat.writes(nb), "files": [str(path.resolve()) for path in files], "student": student}
    for last_try in (False, True):
        try:
            server = _server_of(lesson)
            server.submit(HOOK, job)
            _, answer = server.answer()
            break
        except ServerEnded as error:
            if ended := _servers.pop(lesson.mark, None):
                ended.close()
            if last_try:
                raise Unjudged(str(error)) from error
    if isinstance(answer, Fallen):
        last = answer.said.strip().splitlines()[-1:]
        raise Unjudged(f"the grader itself stopped ({': '.join([answer.why, *last])})")
    executed = nbformat.reads(answer["nb"], as_version=4)
    nb.cells, nb.metadata = executed.cells, executed.metadata


def _courses() -> tuple[Path, ...]:
    """The course around the working directory, and the one that this package stands in: no submission may see them."""
    found = []
    for start in (Path.cwd(), Path(autograde.__file__).resolve().parent):
        with contextlib.suppress(CourseError):
            found.append(find_root(start))
    return tuple(dict.fromkeys(found))


def _server_of(lesson: Lesson) -> JudgeServer:
    mark = lesson.mark
    server = _servers.pop(mark, None)
    if server is None:
        while len(_servers) >= KEPT:
            _servers.pop(next(iter(_servers))).close()
        server = JudgeServer(lesson)
    _servers[mark] = server
    return server


@atexit.register
def close_all() -> None:
    """End the processes that are kept."""
    while _servers:
        _servers.popitem()[1].close()
