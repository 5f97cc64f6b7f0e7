"""The client libraries pointed at a Hub of ours: their settings, and a transport that stays inside this process.

`huggingface_hub` 1.x speaks HTTP with httpx and 2.x with httpx2; transformers and datasets go through it. Its settings
are read from the environment at import, and kept in module variables of all three; they are set in both places, so
that it does not matter what was imported before.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from autograde.lesson.hub.answers import Environ, Start

ADDRESS = "https://hub.measure-first.test"  # .test leads nowhere, should a request ever leave this process
# Where huggingface_hub 1.x sends a card to be checked, whatever the endpoint is
CARD_CHECK = "https://huggingface.co/api/validate-yaml"
Application = Callable[[Environ, Start], Iterable[bytes]]
_LIBRARIES = ("huggingface_hub", "transformers", "datasets")


def connect(app: Application | None, address: str, home: Path | None, token: str) -> Callable[[], None]:
    """Point the client libraries at `address`; returns what undoes it.

    app: the application that answers inside this process; None leaves the network to them. home: the folder of their
    caches (None: as they are). token: what they show when they push; "" leaves theirs.
    """
    with contextlib.ExitStack() as undo:
        _environment(undo, address, home, token)
        for name, value in _settings(address, home).items():
            _set_everywhere(undo, name, value)
        _set_hosts(undo, address)
        if (api := sys.modules.get("huggingface_hub.hf_api")) is not None:  # its functions are methods of one object
            _set(undo, api.api, "endpoint", address)
        _forget_file_systems()
        undo.callback(_forget_file_systems)
        _factories(undo, app, address)
        return undo.pop_all().close


def _factories(undo: contextlib.ExitStack, app: Application | None, address: str) -> None:
    """How the library makes its clients from now on."""
    import huggingface_hub
    from huggingface_hub.utils import _http

    undo.callback(huggingface_hub.set_client_factory, _http._GLOBAL_CLIENT_FACTORY)
    undo.callback(huggingface_hub.set_async_client_factory, _http._GLOBAL_ASYNC_CLIENT_FACTORY)
    if app is None:
        huggingface_hub.set_client_factory(_http.default_client_factory)
        huggingface_hub.set_async_client_factory(_http.default_async_client_factory)
    else:
        huggingface_hub.set_client_factory(lambda: _client(app, address, "Client"))
        huggingface_hub.set_async_client_factory(lambda: _client(app, address, "AsyncClient"))


def _environment(undo: contextlib.ExitStack, address: str, home: Path | None, token: str) -> None:
    """What the libraries read at import, and what processes that are started later inherit."""
    words = {
        "HF_ENDPOINT": address,
        "HF_HUB_OFFLINE": "0",
        "HF_DATASETS_OFFLINE": "0",
        "TRANSFORMERS_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",  # or huggingface_hub 2.x sends large files in a way that this Hub does not speak
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_UPDATE_DOWNLOAD_COUNTS": "false",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        # transformers loads weights in threads; in a fresh fork they race for torch's pool ("Invalid thread pool")
        "HF_DEACTIVATE_ASYNC_LOAD": "1",
    }
    words |= {"HF_TOKEN": token} if token else {}
    words |= {"HF_HOME": str(home)} if home else {}
    gone = (
        ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_DATASETS_CACHE", "HF_ASSETS_CACHE", "HF_XET_CACHE"]
        if home
        else []
    )
    for name in (*words, *gone):
        before = os.environ.get(name)
        undo.callback(_restore, name, before)
        if name in words:
            os.environ[name] = words[name]
        else:
            os.environ.pop(name, None)


def _restore(name: str, value: str | None) -> None:
    os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value


def _settings(address: str, home: Path | None) -> dict[str, Any]:
    """The libraries' module variables, by name."""
    words: dict[str, Any] = {
        "ENDPOINT": address,
        "HF_ENDPOINT": address,
        "HUGGINGFACE_CO_URL_TEMPLATE": address + "/{repo_id}/resolve/{revision}/{filename}",
        "HUB_DATASETS_URL": address + "/datasets/{repo_id}/resolve/{revision}/{path}",
        "HF_HUB_OFFLINE": False,
        "HF_DATASETS_OFFLINE": False,
        "HF_HUB_DISABLE_XET": True,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "HF_UPDATE_DOWNLOAD_COUNTS": False,
        "HF_HUB_DISABLE_PROGRESS_BARS": True,
    }
    if home is None:
        return words
    hub, sets = home / "hub", home / "datasets"
    return words | {
        "HF_HOME": str(home),
        "HF_CACHE_HOME": str(home),
        "HF_HUB_CACHE": str(hub),
        "HUGGINGFACE_HUB_CACHE": str(hub),
        "HF_ASSETS_CACHE": str(home / "assets"),
        "HF_XET_CACHE": str(home / "xet"),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
        "HF_DATASETS_CACHE": sets,
        "HF_MODULES_CACHE": str(home / "modules"),
        "DOWNLOADED_DATASETS_PATH": sets / "downloads",
        "EXTRACTED_DATASETS_PATH": sets / "downloads" / "extracted",
    }


def _set_everywhere(undo: contextlib.ExitStack, name: str, value: Any) -> None:
    """Set a module variable in each module of the libraries that has it; one that is imported later reads the first."""
    import huggingface_hub.constants  # noqa: F401

    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] in _LIBRARIES and name in getattr(module, "__dict__", ()):
            kind = type(module.__dict__[name])
            _set(undo, module, name, kind(value) if kind in (str, bool) or issubclass(kind, Path) else value)


def _set(undo: contextlib.ExitStack, owner: Any, name: str, value: Any) -> None:
    undo.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)


def _set_hosts(undo: contextlib.ExitStack, address: str) -> None:
    """The hosts that the client takes for a Hub, and shows its token to (since huggingface_hub 2)."""
    from urllib.parse import urlsplit

    constants = sys.modules["huggingface_hub.constants"]
    if hosts := getattr(constants, "HF_URL_HOSTS", None):
        _set(undo, constants, "HF_URL_HOSTS", hosts | {urlsplit(address).hostname})


def _forget_file_systems() -> None:
    """File systems that were opened before know the other Hub, and what it has."""
    if (module := sys.modules.get("huggingface_hub.hf_file_system")) is not None:
        module.HfFileSystem.clear_instance_cache()


def _client(app: Application, address: str, kind: str) -> Any:
    """A client of the library's own kind, with its own hooks, whose transport is the application."""
    from huggingface_hub.utils import _http

    http: Any = getattr(_http, "httpx2", None) or _http.httpx  # type: ignore[attr-defined]
    default = _http.default_client_factory() if kind == "Client" else _http.default_async_client_factory()
    transport = transports(http, app, address)[kind == "AsyncClient"]
    return getattr(http, kind)(
        transport=transport, event_hooks=default.event_hooks, follow_redirects=True, timeout=None, trust_env=False
    )


def transports(http: Any, app: Application, address: str) -> tuple[Any, Any]:
    """The application as a transport of httpx or httpx2, for their two kinds of client."""

    class Stream(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, pieces: Iterable[bytes]) -> None:
            self.pieces = pieces

        def __iter__(self) -> Iterator[bytes]:
            yield from self.pieces

        async def __aiter__(self) -> Any:
            for piece in self.pieces:
                yield piece

    def handle(request: Any, body: Iterable[bytes]) -> Any:
        elsewhere = f"{request.url.scheme}://{request.url.netloc.decode()}" != address
        if elsewhere and not (request.method == "POST" and str(request.url) == CARD_CHECK):
            # not an error of the connection: those are tried again and again
            return http.Response(404, json={"error": f"{request.url.host}: from this Hub no other is reached"})
        status, headers, pieces = call(app, request, body)
        return http.Response(status, headers=headers, stream=Stream(pieces))

    class Transport(http.BaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            return handle(request, request.stream)

    class AsyncTransport(http.AsyncBaseTransport):  # type: ignore[misc]
        async def handle_async_request(self, request: Any) -> Any:
            return handle(request, [piece async for piece in request.stream])

    return Transport(), AsyncTransport()


class _Body:
    """A request's body as WSGI reads it, taken from the client's pieces only as far as it is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.rest = iter(pieces), b""

    def read(self, most: int = -1) -> bytes:
        """The next bytes, b"" at the end."""
        found = [self.rest]
        length = len(self.rest)
        while (most < 0 or length < most) and (piece := next(self.pieces, None)) is not None:
            found.append(piece)
            length += len(piece)
        data = b"".join(found)
        self.rest = data[most:] if most >= 0 else b""
        return data[:most] if most >= 0 else data


def call(app: Application, request: Any, body: Iterable[bytes]) -> tuple[int, list[tuple[str, str]], Iterable[bytes]]:
    """One request of httpx's, put to a WSGI application: status, headers and body."""
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "RAW_PATH": path,
        "PATH_INFO": request.url.path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": request.url.scheme,
        "wsgi.input": _Body(body),
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    told: list[Any] = []
    pieces = app(environ, lambda status, headers: told.extend((int(status.split()[0]), headers)))
    return told[0], told[1], pieces
