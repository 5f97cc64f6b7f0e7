"""Files with a test marked `slow` begin first, so that no worker is left with a long one at the end.

For `pytest -n 2 --dist loadfile --no-loadscope-reorder`: a file's tests stay together, in this order.
"""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the files with a slow test to the front."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
