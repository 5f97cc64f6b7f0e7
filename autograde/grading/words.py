"""What people read for each outcome: a label, a sign, a colour, and how points are written."""

from __future__ import annotations

LABELS = {
    "passed": "right",
    "partly": "partly right",
    "failed": "not right yet",
    "not_attempted": "not attempted",
    "timeout": "ran out of time",
    "out_of_memory": "ran out of memory",
    "crashed": "the process ended",
    "skipped": "skipped",
    "tampered": "tampered with",
    "grader_error": "a person will look",
    "written": "written answer",
}
SYMBOLS = {
    "passed": "✓",
    "partly": "◐",
    "failed": "✗",
    "not_attempted": "·",
    "timeout": "…",
    "out_of_memory": "■",
    "crashed": "†",
    "skipped": "–",
    "tampered": "!",
    "grader_error": "?",
    "written": "✎",
}
# One character each that every terminal has.
PLAIN_SYMBOLS = {
    "passed": "+",
    "partly": "~",
    "failed": "x",
    "not_attempted": ".",
    "timeout": "T",
    "out_of_memory": "M",
    "crashed": "C",
    "skipped": "-",
    "tampered": "!",
    "grader_error": "?",
    "written": "w",
}


def duration(seconds: float) -> str:
    """ "2 days 3 hours", "1 hour" or "5 minutes": the two largest units that count."""
    minutes = max(1, round(seconds / 60))
    units = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in units if count]
    return " ".join(said[:2])


def points_text(score: float, points: float) -> str:
    """ "2 / 3" or "1.33 / 2": at most two decimals."""
    return f"{number(score)} / {number(points)}"


def number(value: float) -> str:
    """A number of points with at most two decimals and no trailing zeros."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".") if value else "0"
