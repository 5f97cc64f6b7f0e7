"""The wrong and other right answers of 08_hub (see lesson_mutants.py)."""

from lesson_mutants import *  # noqa: F403
from lesson_mutants import pytest_generate_tests, pytestmark  # noqa: F401

KEY = "08_hub"
