"""What a lesson's cells call: `from autograde import lesson`.

`start` sets up, `show` shows a figure, `fact` gives a dated figure, `Ledger` keeps books of costs, `quiz`, `exam` and
`lab` read their files, `hand_in` looks back over the session. Importing it pulls in PyTorch and the standard library;
ipywidgets, matplotlib and transformers come when first needed.
"""

from autograde.lesson.exam import Exam, exam
from autograde.lesson.facts import fact
from autograde.lesson.figure import show
from autograde.lesson.handin import hand_in
from autograde.lesson.lab import Lab, lab
from autograde.lesson.ledger import Ledger
from autograde.lesson.quiz import Quiz, quiz
from autograde.lesson.settings import Settings, start
from autograde.lesson.trouble import LessonError

__all__ = ["Exam", "Lab", "Ledger", "LessonError", "Quiz", "Settings", "exam", "fact", "hand_in", "lab", "quiz", "show", "start"]
