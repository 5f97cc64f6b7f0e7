"""The victim's settings: short limits, so that the whole suite takes minutes."""

import sys
from pathlib import Path

root = Path(__file__).resolve().parent

from autograde.grading.nbgrader_settings import course_config  # noqa: E402

c = get_config()  # noqa: F821 (nbgrader defines it)
c.merge(course_config(root))
c.RunChecks.cell_seconds = 5.0
c.RunChecks.submission_seconds = 40.0
c.RunChecks.output_bytes = 20_000
c.RunChecks.memory_bytes = 1 << 30
c.RunChecks.disk_bytes = 64 << 20
c.RunChecks.processes = 48
