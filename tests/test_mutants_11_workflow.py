"""The wrong and other right answers of 11_workflow (see lesson_mutants.py)."""

from lesson_mutants import *  # noqa: F403
from lesson_mutants import pytest_generate_tests, pytestmark  # noqa: F401

KEY = "11_workflow"
