"""The words of a test cell: what a check says, and what a student reads when an answer is wrong.

Every function takes `of` (which case) and `hint` (a likely cause, as a question). See docs/checks.md.
"""

from autograde.check.behaviour import raises, reaches, repeatable
from autograde.check.conversation import answers, exchanges, key
from autograde.check.curves import curve
from autograde.check.failure import CheckFailed, NotAttempted
from autograde.check.gradients import gradient, gradients
from autograde.check.modules import parameter_count
from autograde.check.samples import partition, samples
from autograde.check.session import Outcome, Session, active, begin, end, record, using
from autograde.check.shapes import device, dtype, shape
from autograde.check.sheet import graded, sheet
from autograde.check.storage import changes_in_place, own_storage, shares_storage, unchanged
from autograde.check.syntax import calls
from autograde.check.tables import each
from autograde.check.values import close, equal, that, within

__all__ = [
    "CheckFailed",
    "NotAttempted",
    "Outcome",
    "Session",
    "active",
    "answers",
    "begin",
    "calls",
    "changes_in_place",
    "close",
    "curve",
    "device",
    "dtype",
    "each",
    "end",
    "equal",
    "exchanges",
    "graded",
    "gradient",
    "gradients",
    "key",
    "own_storage",
    "parameter_count",
    "partition",
    "raises",
    "reaches",
    "record",
    "repeatable",
    "samples",
    "shape",
    "shares_storage",
    "sheet",
    "that",
    "unchanged",
    "using",
    "within",
]
