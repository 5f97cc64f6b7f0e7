"""What a lesson's cells call: `from autograde import lesson`.

`start` sets up, `synchronize` waits until a device is done, `show` shows a figure, `fact` gives a dated figure,
`data` finds the course's data, `hub` points the client libraries at the Hub or at the course's own in its place,
`load_pushed` loads what was pushed and `call_app` asks a Gradio app, `gpu_hours`, `vram` and their neighbours
estimate costs, `Ledger` keeps books of them (`CostLedger` with all that lessons 05 to 07 add), `record` keeps a
figure for docs/gpu.md, `machine` runs a function where it can be killed, `quiz`, `exam` and `lab` read their files,
`hand_in` looks back over the session. Importing it pulls in PyTorch and the standard library; ipywidgets, matplotlib
and transformers come when first needed.
"""

from autograde.lesson.apps import call_app, call_app_each
from autograde.lesson.costledger import CostLedger
from autograde.lesson.course_data import data
from autograde.lesson.estimate import forward_seconds, gpu_hours, lora_parameters, sessions, steps, vram
from autograde.lesson.exam import Exam, exam
from autograde.lesson.facts import fact
from autograde.lesson.figure import show
from autograde.lesson.handin import hand_in
from autograde.lesson.hub.choose import Hub, hub
from autograde.lesson.lab import Lab, lab
from autograde.lesson.ledger import Ledger
from autograde.lesson.machines import machine
from autograde.lesson.pushed import Pushed, load_pushed
from autograde.lesson.quiz import Quiz, quiz
from autograde.lesson.records import record
from autograde.lesson.settings import Settings, start, synchronize
from autograde.lesson.trouble import LessonError

__all__ = [
    "CostLedger",
    "Exam",
    "Hub",
    "Lab",
    "Ledger",
    "LessonError",
    "Pushed",
    "Quiz",
    "Settings",
    "call_app",
    "call_app_each",
    "data",
    "exam",
    "fact",
    "forward_seconds",
    "gpu_hours",
    "hand_in",
    "hub",
    "lab",
    "load_pushed",
    "lora_parameters",
    "machine",
    "quiz",
    "record",
    "sessions",
    "show",
    "start",
    "steps",
    "synchronize",
    "vram",
]
