"""Runs the examples of docs/checks.md. `python tests/check/checks_page.py` writes what they say into the page.

An example is a ```python block, its message the ```text block behind it. Each statement runs on its own, in the test
cell of an exercise called `demo`; a failing one gives its message, a passing one what it prints.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import re
from pathlib import Path

from autograde import check

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
EXAMPLE = re.compile(r"```python\n(?P<code>(?:(?!```).)*?)```\n\n```text\n(?P<told>.*?)```\n", re.DOTALL)
PREAMBLE = "import torch\nfrom torch import nn\nfrom autograde import check\n"


def told_by(code: str) -> str:
    """What a student reads when the statements of an example run one after the other."""
    filename = f"<example {hash(code)}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(PREAMBLE, namespace)
    told = ""
    with check.using(check.Session(secret="docs", student="a reader")):
        check.begin("demo", points=2)
        for statement in ast.parse(code).body:
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    exec(compile(ast.Module([statement], []), filename, "exec"), namespace)
            except check.CheckFailed as error:
                told += "".join(f"{line}\n" for line in error._render_traceback_())
            told += printed.getvalue()
    return told


def examples(page: str) -> list[re.Match[str]]:
    """The page's examples."""
    return list(EXAMPLE.finditer(page))


def rewritten(page: str) -> str:
    """The page with what its examples say now."""
    return EXAMPLE.sub(lambda m: f"```python\n{m['code']}```\n\n```text\n{told_by(m['code'])}```\n", page)


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
