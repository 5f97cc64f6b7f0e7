"""What `import autograde.lesson` brings into a student's kernel: PyTorch and the standard library, nothing else."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
import torch
before = set(sys.modules)
import autograde.lesson
after = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(after - set(sys.stdlib_module_names) - {"autograde", "torch"}))
print(sorted(after & {"IPython", "ipywidgets", "matplotlib", "nbformat", "numpy", "transformers"}))
from autograde.lesson.quiz import seal_quiz, key_of
from autograde.lesson.lab import seal_lab
print(callable(autograde.lesson.quiz), callable(autograde.lesson.lab))
"""


def test_importing_the_lesson_room_brings_in_pytorch_and_the_standard_library_only() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]", "True True"]
