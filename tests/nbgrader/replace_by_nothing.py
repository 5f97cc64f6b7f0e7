"""A pytest plugin (`-p replace_by_nothing`): nbgrader's autograde command grades nothing. Its tests must notice."""

from __future__ import annotations

import nbgrader.apps.autogradeapp
from nbgrader import converters


class Autograde(converters.Autograde):
    """nbgrader's converter, idle."""

    def start(self) -> None:
        """Do nothing."""


nbgrader.apps.autogradeapp.Autograde = Autograde
