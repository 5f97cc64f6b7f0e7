"""What a cell displays, as events for its screen: values of last lines, `display(…)`, updates, `clear_output()`."""

from __future__ import annotations

import binascii
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher


class Publisher(DisplayPublisher):
    """`display(…)`, its updates and `clear_output()`, as events."""

    shell: Any

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        *_: Any,
        transient: Any = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        self._validate_data(data, metadata)
        name = (transient or {}).get("display_id")
        name = None if name is None else str(name)
        bundle = [json_ready(data), json_ready(metadata or {})]
        if not update:
            self.shell.screen.show(["display", *bundle, name])
        elif name is not None:
            self.shell.screen.show(["update", *bundle, name])

    def clear_output(self, wait: bool = False) -> None:
        self.shell.screen.show(["clear", bool(wait)])


class Hook(DisplayHook):
    """The value of a cell's last line, as an event."""

    shell: Any

    bundle: tuple[Any, Any] | None = None

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.bundle = (format_dict, md_dict)

    def finish_displayhook(self) -> None:
        bundle, self.bundle = self.bundle, None
        if bundle is not None and bundle[0]:
            self.shell.screen.show(["result", json_ready(bundle[0]), json_ready(bundle[1] or {})])
        self._is_active = False


def json_ready(value: Any, levels: int = 40) -> Any:
    """The value as JSON can hold it: bytes in base64 as jupyter does, anything unknown as its text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return binascii.b2a_base64(value).decode("ascii")
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 63 else str(value)
    if isinstance(value, float):
        return float(value) if abs(value) < float("inf") else str(value)
    if levels and isinstance(value, dict):
        return {str(key): json_ready(item, levels - 1) for key, item in value.items()}
    if levels and isinstance(value, list | tuple | set | frozenset):
        return [json_ready(item, levels - 1) for item in value]
    return str(value)
