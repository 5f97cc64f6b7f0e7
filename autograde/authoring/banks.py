"""Where a test's bank lies: beside the lesson, or in a folder of the instructor's own that is in no repository.

A bank in a public repository can be read by whoever looks for it. For a test that counts, keep a bank of your own in a
private folder and name that in MEASURE_FIRST_BANKS: a file of the same name there is taken in place of the course's.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "MEASURE_FIRST_BANKS"


def bank(beside: Path) -> Path:
    """The file to read for the bank that lies at `beside` in the course: the instructor's own, where there is one."""
    folder = os.environ.get(FOLDER)
    own = Path(folder).expanduser() / beside.name if folder else beside
    return own if own.is_file() else beside
