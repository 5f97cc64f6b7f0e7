"""The last cell of a lesson: what this session's checks said, and how to hand the notebook in."""

from __future__ import annotations

from autograde.lesson import place

WORDS = {"passed": "✓ passed", "partly": "● partly right", "failed": "✗ failed", "not_attempted": "○ not attempted"}
DOWNLOAD = {
    "colab": "File → Download → Download .ipynb",
    "kaggle": "File → Download notebook",
    "local": "the notebook file beside you is what you hand in: save it first (Ctrl+S)",
}


def hand_in(lesson: str) -> None:
    """Print each exercise's outcome in this kernel session, what to do next, and how to download the notebook."""
    from autograde import check

    record = dict(check.record())
    print(f"{lesson}: what the checks said in this session")
    for name, outcome in record.items():
        print(f"  {WORDS.get(outcome, outcome):<16} {name}")
    if not record:
        print("  no check has run yet: run the notebook from the top (Run all), then this cell again.")
    print(f"To hand in: {DOWNLOAD[place.platform()]}.")
