"""Points nbgrader's own commands and its formgrader at this course's folders, gradebook and grader.

Run them from this folder: `nbgrader autograde 01_tensors`, `nbgrader generate_feedback 01_tensors`, `jupyter lab`.
"""

import sys
from pathlib import Path

root = Path(__file__).resolve().parent
sys.path.insert(0, str(root))  # for a checkout that is not installed

from autograde.grading.nbgrader_settings import course_config  # noqa: E402

c = get_config()  # noqa: F821 (nbgrader defines it)
c.merge(course_config(root))

# Settings that an instructor may want to change (docs/grading.md, docs/nbgrader.md):
# c.RunChecks.isolation = "auto"         # the sandbox where this machine can build one, else none (default "sandbox")
# c.RunChecks.cell_seconds = 20          # time for one cell of a student's
# c.RunChecks.submission_seconds = 180   # time for a whole submission
# c.RunChecks.device = "cuda"            # grade on the GPU (default "cpu")
# c.PrepareFeedback.show_hidden_tests = True
