"""A Gradio app asked as its visitors ask it: over HTTP, from a server that is started for it and stopped again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from autograde.lesson.trouble import LessonError

SECONDS = 30.0
THREADS = 4  # gradio reserves 40; a submission's sandbox has 64 processes and threads in all
# Of launch(): on the loopback, with nothing shown, shared or served by other programs. Gradio 5 and 6 have them all.
QUIET: dict[str, Any] = {
    "prevent_thread_lock": True,
    "quiet": True,
    "inline": False,
    "inbrowser": False,
    "share": False,  # on Colab the default is True: a tunnel to the internet
    "show_error": True,
    "server_name": "127.0.0.1",
    "ssr_mode": False,
    "max_threads": THREADS,
}


def call_app(app: Any, *inputs: Any, api_name: str | None = None, seconds: float = SECONDS) -> Any:
    """Start the app's server, send it `inputs` as a client does, stop it; returns what the client gets.

    app: a gr.Interface or gr.Blocks, not launched. api_name: "/predict" and the like; None takes the only one there
    is. Raises LessonError for what is no app, for an app without such an entry, and with the app's own message where
    it answers with an error or not in time.
    """
    with _visited(app) as client:
        return _ask(client, inputs, api_name, seconds)


def call_app_each(app: Any, texts: Sequence[Any], seconds: float = SECONDS) -> list[Any]:
    """As `call_app`, for several visitors of one server: what each text gets, a LessonError where that is an error."""
    got: list[Any] = []
    with _visited(app) as client:
        for text in texts:
            try:
                got.append(_ask(client, (text,), None, seconds))
            except LessonError as error:
                got.append(error)
    return got


@contextlib.contextmanager
def _visited(app: Any) -> Iterator[Any]:
    """A client of the app while its server runs. Raises LessonError for what is no app, or does not start."""
    if not callable(getattr(app, "launch", None)) or not hasattr(app, "close"):
        raise LessonError(
            f"this is {type(app).__name__}, no Gradio app. Return the gr.Interface or gr.Blocks itself, and leave "
            "launch() to who calls."
        )
    if getattr(app, "is_running", False):
        raise LessonError("this app is running already. Return it without calling launch().")
    with _local_settings(), _running(app) as address:
        client = _client(address)
        try:
            yield client
        finally:
            client.close()


@contextlib.contextmanager
def _local_settings() -> Iterator[None]:
    """No proxy between this machine and itself, and no telemetry."""
    words = {"GRADIO_ANALYTICS_ENABLED": "False", "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    before = {name: os.environ.get(name) for name in words}
    os.environ.update(words)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _running(app: Any) -> Iterator[str]:
    """The app's address while it runs."""
    app.analytics_enabled = False
    try:
        app.launch(**QUIET)
    except Exception as error:
        app.close(verbose=False)
        raise LessonError(f"the app does not start: {type(error).__name__}: {_line(error)}") from error
    try:
        yield str(app.local_url)
    finally:
        app.close(verbose=False)


def _client(address: str) -> Any:
    from gradio_client import Client

    return Client(address, verbose=False, analytics_enabled=False, download_files=False, max_workers=8)


def _ask(client: Any, inputs: tuple[Any, ...], api_name: str | None, seconds: float) -> Any:
    """One call, and its answer."""
    names = list(client.view_api(return_format="dict", print_info=False)["named_endpoints"])
    if api_name is None:
        if len(names) != 1:
            raise LessonError(f"the app has {len(names)} entries ({', '.join(names) or 'none'}): say api_name.")
        api_name = names[0]
    elif api_name not in names:
        raise LessonError(f"the app has no entry {api_name}: it has {', '.join(names) or 'none'}.")
    job = client.submit(*inputs, api_name=api_name)
    try:
        return job.result(timeout=seconds)
    except TimeoutError:
        job.cancel()
        raise LessonError(f"the app has not answered within {seconds:g} seconds.") from None
    except Exception as error:
        raise LessonError(f"the app answers with an error: {_line(error)}") from error


def _line(error: BaseException) -> str:
    """An error's message in one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__
