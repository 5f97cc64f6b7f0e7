"""The wrong and other right answers of 10_free_gpus (see lesson_mutants.py)."""

from lesson_mutants import *  # noqa: F403
from lesson_mutants import pytest_generate_tests, pytestmark  # noqa: F401

KEY = "10_free_gpus"
