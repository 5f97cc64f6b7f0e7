"""An IPython shell that lives in the student's process and behaves as a Jupyter kernel's does, without the kernel.

`make_shell()` is called once, in the fork server, before any fork: it opens no file, no database, no thread and no
event loop. `Shell.run(source, number)` runs one cell; everything that the cell puts out goes to `shell.screen`.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextlib
import contextvars
import getpass
import inspect
import os
import sys
import tempfile
import zlib
from typing import Any, NoReturn

from IPython.core import page
from IPython.core.autocall import ExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type, default
from traitlets.config import Config

from autograde.wall.commands import idle, run_command
from autograde.wall.display import Hook, Publisher
from autograde.wall.idle import INSTALLERS
from autograde.wall.screen import OutStream, Screen

INLINE = "module://matplotlib_inline.backend_inline"


class Compiler(CachingCompiler):
    """Names each cell's code like a kernel does (a number and .py), and differently for every run of it."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        digest = zlib.crc32(f"{number}:{raw_code}".encode("utf-8", "replace"))
        name = os.path.join(tempfile.gettempdir(), "ipykernel_1", f"{digest}.py")
        # Or else each line of each traceback would be looked for in every module there is (0.02 s with torch).
        inspect.modulesbyfile[os.path.normcase(os.path.abspath(name))] = "__main__"  # type: ignore[attr-defined]
        return name


class Exit(ExitAutocall):
    """exit and quit: the process that runs the notebook stays."""

    def __call__(self, keep_kernel: bool = False) -> None:
        print("exit() ends nothing while a notebook is graded: the next cell runs in the same process.")


class Shell(InteractiveShell):
    """A kernel's shell without a kernel.

    context: the cells' context variables; screen: where their output goes; dice: the state of `random` after the
    lesson's leading cells.
    """

    compiler_class = Type(Compiler)
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    exiter = Instance(Exit)
    autoindent = False

    def __init__(self, **traits: Any) -> None:
        self.screen = Screen()
        self.context = contextvars.copy_context()
        self.dice: Any = None
        self._loops: list[tuple[int, asyncio.AbstractEventLoop]] = []
        super().__init__(**traits)
        atexit.unregister(self.atexit_operations)
        for name in INSTALLERS:
            self.register_magic_function(idle(name), "line", name)  # type: ignore[arg-type]

    @default("exiter")
    def _default_exiter(self) -> Exit:
        return Exit(self)

    # No folder in anybody's home, no database, no virtual environment of somebody else's.
    def init_ipython_dir(self, ipython_dir: Any) -> None:
        pass

    def init_profile_dir(self, profile_dir: Any) -> None:
        pass

    def init_virtualenv(self) -> None:
        pass

    def init_hooks(self) -> None:
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(_no_pager), 99)

    def init_io(self) -> None:
        sys.stdout, sys.stderr = OutStream("stdout", self.screen), OutStream("stderr", self.screen)
        builtins.input, getpass.getpass = _no_input, _no_password  # type: ignore[assignment]

    def enable_gui(self, gui: Any = None) -> None:
        if gui is not None:
            raise UsageError(f"there is no screen for {gui!r} while a notebook is graded: use %matplotlib inline")

    def run(self, source: str, number: int) -> bool:
        """Run a cell as number `number` (In[number]); whether it ended without an error. May raise KeyboardInterrupt.

        It runs inside a running event loop, as in a kernel: asyncio.get_running_loop() works, asyncio.run() does not.
        """
        self._count_to(number)
        loop = self.own_loop()
        task = loop.create_task(self._execute(source), context=self.context)
        try:
            return loop.run_until_complete(task)
        except KeyboardInterrupt:
            if task.done():
                raise
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                return loop.run_until_complete(task)
            return False

    async def _execute(self, source: str) -> bool:
        """Mirrors ipykernel's do_execute: only a cell with a top-level await is a coroutine of the loop."""
        transformed, trouble = source, None
        try:
            transformed = self.transform_cell(source)
        except Exception:
            trouble = sys.exc_info()
        about: dict[str, Any] = {"transformed_cell": transformed, "preprocessing_exc_tuple": trouble}
        if not self.should_run_async(source, **about):
            return bool(self.run_cell(source, store_history=True).success)
        result = None
        try:
            result = await self.run_cell_async(source, store_history=True, **about)
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return bool(result.success)

    def _count_to(self, number: int) -> None:
        """Let the next cell be In[number]: the cells that the judge runs itself have numbers, too."""
        history: Any = self.history_manager
        for lines in (history.input_hist_parsed, history.input_hist_raw):
            lines.extend([""] * (number - len(lines)))
        self.execution_count = number

    def own_loop(self) -> asyncio.AbstractEventLoop:
        """This process's own event loop. One that a fork inherited is kept, unused: its descriptors are not ours."""
        if not self._loops or self._loops[-1][0] != os.getpid() or self._loops[-1][1].is_closed():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            self._loops.append((os.getpid(), loop))
        return self._loops[-1][1]

    def rest(self) -> None:
        """Close what running cells has opened, before this process is forked."""
        for pid, loop in self._loops:
            if pid == os.getpid() and not loop.is_closed():
                loop.close()
        asyncio.set_event_loop(None)

    def cell_of(self, filename: str) -> int | None:
        """The number of the cell whose code was compiled under this name; None for any other file."""
        number = self.compile._filename_map.get(filename)
        return number if isinstance(number, int) else None

    def _showtraceback(self, etype: type, evalue: Any, stb: list[str]) -> None:
        try:
            said = str(evalue)
        except Exception:
            said = "<exception str() failed>"
        self.screen.error(str(etype.__name__), said, [str(entry) for entry in stb])

    def system_piped(self, cmd: str) -> None:
        """Run a command line (`!ls`); what it prints, on both streams, is the cell's output."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        self.user_ns["_exit_code"] = run_command(self.var_expand(cmd, depth=1))

    system = system_piped  # type: ignore[assignment]


def make_shell() -> Shell:
    """The shell of this process: InteractiveShell's one instance. Takes over sys.stdout, sys.stderr and `__main__`."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    os.environ.setdefault("MPLBACKEND", INLINE)
    shell: Shell = Shell.instance(config=config)
    if "matplotlib" in sys.modules:  # it was imported before it could read MPLBACKEND
        sys.modules["matplotlib"].use(INLINE)
    if "matplotlib_inline.backend_inline" in sys.modules:  # and this one before there was a shell
        sys.modules["matplotlib_inline.backend_inline"]._enable_matplotlib_integration()
    _warm_up(shell)
    if "torch" in sys.modules:  # what a check needs is here before the fork that serves it
        import autograde.wall.serve  # noqa: F401
    if "numpy" in sys.modules:
        import numpy.random  # noqa: F401
    return shell


def _warm_up(shell: Shell) -> None:
    """Show an error to nobody: what is imported and looked up for the first one takes longer than the error itself."""
    try:
        raise ValueError
    except ValueError:
        shell.showtraceback()


def _no_pager(shell: Any, *_: Any, **__: Any) -> None:
    """`len?` opens a pager beside a notebook: there is none here, and nothing of it in the notebook."""


def _no_input(prompt: object = "") -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _no_password(prompt: str = "", stream: Any = None, **_: Any) -> NoReturn:
    raise StdinNotImplementedError("getpass was called, but this frontend does not support input requests.")
