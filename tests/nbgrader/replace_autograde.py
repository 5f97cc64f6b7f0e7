"""A pytest plugin (`-p replace_autograde`): nbgrader's autograde command runs this project's converter."""

from __future__ import annotations

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import pytest

from autograde.grading.converter import Autograde

nbgrader.apps.autogradeapp.Autograde = Autograde
nbgrader.apps.api.Autograde = Autograde


def pytest_report_header(config: pytest.Config) -> str:
    """So that a log says what was run."""
    return f"nbgrader's converters.Autograde is replaced by {Autograde.__module__}.{Autograde.__qualname__}"
