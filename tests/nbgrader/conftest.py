"""What tests of nbgrader's own parts share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of tests share few cores."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
