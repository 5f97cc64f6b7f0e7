"""Measure First: what lessons import (`check`, `lesson`) and what grades them (`grading`, `authoring`).

On a student's machine only `autograde.check` and `autograde.lesson` are imported: PyTorch and the standard library.
"""

__version__ = "0.1.0"
