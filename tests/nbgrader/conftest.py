"""`--whole`: also the comparisons with nbgrader that take minutes. `make nbgrader-suite` asks for them."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option; known where tests/nbgrader is what pytest is called with."""
    parser.addoption("--whole", action="store_true", help="run the tests marked `whole`: minutes, with stock nbgrader")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests marked `whole` out where nobody asked for them."""
    if config.getoption("--whole", default=False):
        return
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: make nbgrader-suite"))


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of tests share few cores."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
