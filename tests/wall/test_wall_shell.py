"""A cell puts out the same in the student's process as in a Jupyter kernel, but for the differences that are listed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from forked_student import forked_student, text_of
from nbclient import NotebookClient
from nbformat import NotebookNode, validate
from nbformat.v4 import new_code_cell, new_notebook

from autograde.wall.student import Student

PANDAS_LIKE = """
class Table:
    def __repr__(self): return 'a table'
    def _repr_html_(self): return '<table><tr><td>1</td></tr></table>'
    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'
Table()
"""
NESTED = """
def outer(x):
    return [inner(value) for value in x]

def inner(value):
    return 1 / value

outer([1, 0])
"""
CHAINED = """
try:
    {}['missing']
except KeyError as error:
    raise RuntimeError('not there') from error
"""
FROM_A_LIBRARY = """
import json
json.loads('{')
"""
PLOT = """
import matplotlib.pyplot as plt
fig, axes = plt.subplots(figsize=(1, 1))
axes.plot([0, 1])
print(plt.get_fignums())
"""
SHOWN_AS_SVG = """
%matplotlib inline
%config InlineBackend.figure_format = 'svg'
plt.figure(figsize=(1, 1)); plt.show(); print('after')
"""
PARTLY_SHOWN = """
from IPython.display import clear_output
print('gone')
clear_output()
print('stays until the next comes')
clear_output(wait=True)
print('stays')
"""
UPDATED = """
handle = display('first', display_id='it')
display('second')
handle.update('third')
"""
RICH = """
from IPython.display import HTML, JSON, Image, Latex, Markdown, SVG
display(HTML('<b>b</b>'), Markdown('*m*'), Latex('$x$'), JSON({'a': [1, None]}), SVG('<svg></svg>'))
"""
PICKLED = """
import pickle
class Point:
    def __init__(self, x): self.x = x
pickle.loads(pickle.dumps(Point(3))).x
"""
SOURCES = """
import inspect, linecache
def double(x):
    return 2 * x
print(inspect.getsource(double), linecache.getline(double.__code__.co_filename, 3))
"""
SURROUNDINGS = """
print(__name__, type(get_ipython()).__mro__[1].__name__, len(In), In[1], Out[2], _2, callable(exit))
import sys; print(sys.stdin.read() == '', sys.stdout.isatty(), sys.stdout.encoding, sys.modules['__main__'].x)
"""
LOGGED = """
import logging, warnings
logging.warning('logged')
warnings.warn('warned')
"""
SUBPROCESS = """
import subprocess, sys, time
print('before')
done = subprocess.run(['sh', '-c', 'echo from below; echo to stderr >&2'])
time.sleep(0.5)  # a kernel reads what its children write in a thread, and may be late
sys.stderr.write('after\\n')
done.returncode
"""
AWAITED = """
import asyncio
async def three(): return 3
asyncio.get_running_loop().is_running(), await three()
"""
LATER = """
from contextvars import ContextVar
kept = ContextVar('kept', default=0)
task = asyncio.get_running_loop().create_task(three())
"""
CAPTURED = """%%capture caught
print('unseen')
display('unseen too')
"""
HELD = """
import ipywidgets
out = ipywidgets.Output()
slider = ipywidgets.IntSlider()
slider
"""
DRAWN_LATER = """
from IPython.display import display as show
show({'text/plain': 'raw'}, raw=True, metadata={'needs_background': 'light'})
show(3, display_id='third', exclude=['text/html'])
"""
GROUPED = "raise ExceptionGroup('several', [ValueError('one'), TypeError('two')])"
RENDERED = """
class Own(Exception):
    def _render_traceback_(self): return ['shown in its own way']
raise Own('quiet')
"""
BAD_REPR = """
class Bad:
    def __repr__(self): raise ValueError('no repr')
Bad()
"""

# Every cell of a little notebook that does what students' notebooks do.
SAME = [
    "x = 1",
    "x + 1",
    "print('hello', end='')\nprint('', 'ünïcödé ✓ 漢字')",
    "import sys\nprint('to stderr', file=sys.stderr)\nprint('to stdout')",
    "'value', 2;",
    "None",
    NESTED,
    CHAINED,
    FROM_A_LIBRARY,
    "undefined_name",
    "def broken(:\n    pass",
    "if True:\nprint('not indented')",
    "class Empty: pass\nEmpty().nothing",
    "assert x == 2, 'x should be 2'",
    GROUPED,
    RENDERED,
    BAD_REPR,
    PANDAS_LIKE,
    PLOT,
    "plt.plot([1, 2]);",
    SHOWN_AS_SVG,
    PARTLY_SHOWN,
    UPDATED,
    RICH,
    DRAWN_LATER,
    PICKLED,
    SOURCES,
    SURROUNDINGS,
    LOGGED,
    SUBPROCESS,
    "!echo one; echo two >&2\nfiles = !echo a b\nprint(files, _exit_code)",
    "%%bash\necho in bash",
    "%%writefile note.txt\nwritten",
    "!cat note.txt; false\nprint(_exit_code)",
    AWAITED,
    LATER,
    "kept.set(5)\nawait task",
    "coroutine = three()\ntry: asyncio.run(coroutine)\nfinally: coroutine.close()",
    CAPTURED,
    "caught.show()",
    "%%timeit -n1 -r1\npass",
    "%time sum(range(3))",
    "%unknown_magic",
    "len?",
    "raise KeyboardInterrupt",
    "import sys\nsys.exit(3)",
    "raise SystemExit",
    "from tqdm import tqdm\nfor _ in tqdm(range(2), bar_format='{n}'): pass",
    "print('over', end='\\rwritten\\n')",
    "print('x' * 5000, *range(3000), sep='\\n')",
    HELD,
    # a thread of the kernel's reads the descriptor: it needs a moment
    "import os, time\nprint('C level'); os.write(1, b'straight to the descriptor\\n'); time.sleep(0.5)",
    "del x\nx",
]
# The same cells may differ in these, and in nothing else; in ours stands what the third column says.
DIFFERENT: dict[str, tuple[str, Any]] = {
    "input('name? ')": ("its traceback shows a line of ours for one of ipykernel's", "StdinNotImplementedError"),
    "exit()": ("a kernel dies of it a moment later; here it ends nothing and says so", "exit() ends nothing"),
    "%pip install torch==0.1": ("package managers do nothing, and no restart is asked for", "pip does nothing"),
    "!pip3 install torch": ("the same without the folder of idle programs in PATH", "pip3 does nothing"),
    "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)": ("a thousand lines of traceback are cut", "RecursionError"),
    "from tqdm.auto import tqdm\nfor _ in tqdm(range(2)): pass": (
        "a widget that nobody can show is text here", "100%|"),
    "print('\\ud800')": ("a kernel's stream fails over a lone surrogate", "\ufffd"),
    "print('\\x00\\x07')": ("control characters break pages and are replaced", "\ufffd\ufffd"),
}  # fmt: skip

UNIQUE = ("image/png", "image/svg+xml", "model_id")
DROPPED = ("expanded", "root", "isolated")  # metadata of JSON and HTML, which no page of ours reads
MADE_UP = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\r\n"), "\n"),  # a kernel gives command lines a terminal, which ends lines so
    (re.compile(r"/\S*/ipykernel_\d+/\d+\.py"), "CELL.py"),
    (re.compile(r"\(\d+\.py, line"), "(CELL.py, line"),
    (re.compile(r"0x[0-9a-f]+"), "0x…"),
    (re.compile(r"\d+(\.\d+)? ([nµμm]?s)\b"), "0 s"),
    (re.compile(r"(?<=line )\d+(?=, in )|\S*site-packages|~?/\S*/lib/python3\.\d+"), "…"),
    (re.compile(r"\S*/(?:ipykernel|autograde)/\S*"), "THE SHELL"),
]


def plain(value: Any) -> Any:
    """An output without what is made up anew in every run."""
    if isinstance(value, dict):
        kept = {key: "…" if key in UNIQUE else plain(item) for key, item in value.items() if key not in DROPPED}
        return kept if "metadata" not in kept else kept | {"metadata": {k: v for k, v in kept["metadata"].items() if v}}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        for pattern, instead in MADE_UP:
            value = pattern.sub(instead, value)
    return value


def told(outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """What a cell put out: each stream in one piece (a kernel interleaves them by chance), then everything else."""
    streams = {name: plain(text_of(outputs, name)) for name in ("stdout", "stderr")}
    return streams | {"rest": [plain(dict(output)) for output in outputs if output["output_type"] != "stream"]}


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The notebook as a real kernel runs it."""
    nb = new_notebook(cells=[new_code_cell(source) for source in SAME])
    place = tmp_path_factory.mktemp("kernel")
    client = NotebookClient(nb, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(place)}})
    environment = {**os.environ, "IPYTHONDIR": str(place / "ipython"), "OMP_NUM_THREADS": "1"}
    environment.pop("PYTEST_CURRENT_TEST")  # with it, ipykernel leaves the file descriptors alone
    return client.execute(env=environment)


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Student]:
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("student"))
    try:
        with forked_student() as student:
            yield student
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def ours(student: Student) -> NotebookNode:
    """The notebook as the student's process runs it."""
    cells = []
    for number, source in enumerate(SAME, start=1):
        result = student.run_cell(source, number, 20)
        cells.append(new_code_cell(source, execution_count=number, outputs=[NotebookNode(o) for o in result.outputs]))
    return new_notebook(cells=cells)


@pytest.mark.parametrize("number", range(len(SAME)), ids=lambda n: SAME[n].strip().split("\n")[0][:30])
def test_a_cell_puts_out_what_it_does_in_a_kernel(number: int, ours: NotebookNode, kernels: NotebookNode) -> None:
    assert told(ours.cells[number].outputs) == told(kernels.cells[number].outputs)


def test_what_comes_back_is_a_valid_notebook(ours: NotebookNode) -> None:
    validate(ours)


@pytest.mark.parametrize("source", DIFFERENT)
def test_a_deliberate_difference_is_as_it_is_listed(source: str, student: Student) -> None:
    reason, expected = DIFFERENT[source]
    outputs = student.run_cell(source, 100, 20).outputs
    said = text_of(outputs) + text_of(outputs, "stderr") + "".join(o.get("ename", "") for o in outputs)
    assert expected in said, reason
