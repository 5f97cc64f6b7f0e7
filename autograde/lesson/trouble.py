"""The one error a lesson raises itself: shown to students as its message, without a wall of traceback."""

from __future__ import annotations


class LessonError(RuntimeError):
    """Something the reader of the notebook can mend; the message says what to do."""

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]
