"""`autograde hub`: this Hub on a port, for a classroom without internet and for tests."""

from __future__ import annotations

import argparse
import contextlib
import errno
import ipaddress
import os
import socket
import socketserver
import sys
from pathlib import Path
from typing import Any, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from autograde.course import CourseError, find_root
from autograde.lesson.hub import describe
from autograde.lesson.hub.app import App
from autograde.lesson.hub.names import KINDS, Refused
from autograde.lesson.hub.store import Store

PORT = 8090
IDLE_SECONDS = 60  # a client that says nothing for so long is let go


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `autograde hub`."""
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"the port to listen on (default {PORT}; 0: any free one)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    parser.add_argument("--folder", type=Path, help="the repositories, read-only (default: the course's data/hub)")
    parser.add_argument("--store", type=Path, help="a folder that keeps what is pushed (default: forgotten at the end)")
    parser.add_argument(
        "--most", type=int, default=2048, metavar="MIB", help="how much may be pushed (default 2048 MiB)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Raises CourseError for folders and ports that cannot be used."""
    store = open_store(args.folder, args.store, args.most)
    with open_server(App(store), args.host, args.port) as server:
        host, port = str(args.host), server.server_port
        shown = f"[{host}]" if ":" in host else host
        counts = ", ".join(f"{len(store.all(kind))} {kind}" for kind in KINDS)
        print(f"The Hub of Measure First: {counts}. Ctrl-C ends it. Tell the client libraries, before Python starts:\n")
        print(f"  export HF_ENDPOINT=http://{'<this machine>' if open_to_all(host) else shown}:{port}")
        print("  export HF_HUB_DISABLE_XET=1     # large files go the plain way")
        print("  export HF_TOKEN=hf_ada          # to push, as ada: there are no passwords here\n")
        if not _loopback(host):
            print("Everybody who can reach this machine can read, and push under any name. Use no real token.\n")
        sys.stdout.flush()
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            print("\nended" + ("" if args.store else "; what was pushed is forgotten"))
        finally:
            store.remove()
    return 0


def open_store(folder: Path | None, kept: Path | None, most: int) -> Store:
    """The store of these folders. Raises CourseError where one cannot be used."""
    base = folder if folder is not None else find_root() / "data" / "hub"
    if not base.is_dir():
        raise CourseError(
            f"{base}: there is no such folder. --folder names one with models/, datasets/ or spaces/ in it"
        )
    try:
        describe.figures(base)
    except ValueError as error:
        raise CourseError(str(error)) from error
    if most < 1:
        raise CourseError(f"--most {most}: a Hub takes at least 1 MiB")
    if kept is not None:
        if kept.resolve() == base.resolve() or base.resolve() in kept.resolve().parents:
            raise CourseError(f"--store {kept}: keep what is pushed outside of {base}")
        kept.mkdir(parents=True, exist_ok=True)
        if not os.access(kept, os.W_OK):
            raise CourseError(f"--store {kept}: nothing may be written there")
    return Store(base, kept, most << 20)


def open_server(app: App, host: str, port: int) -> WSGIServer:
    """A server that listens. Raises CourseError where it cannot."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        server = type("HubServer", (_Server,), {"address_family": family})((host, port), Handler)
    except (OSError, OverflowError) as error:
        why = {
            errno.EADDRINUSE: f"port {port} is taken: another Hub may be running. Choose another with --port",
            errno.EACCES: f"port {port} may not be used by you: choose one above 1023 with --port",
            errno.EADDRNOTAVAIL: f"{host} is no address of this machine: choose another with --host",
        }.get(getattr(error, "errno", None) or 0, f"cannot listen on {host}:{port}: {error}")
        raise CourseError(why) from error
    server.set_app(app)
    made: WSGIServer = server
    return made


def open_to_all(host: str) -> bool:
    """Whether this address stands for all of the machine's."""
    return host in ("0.0.0.0", "::", "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread for each request; none of them keeps the process alive."""

    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which takes seconds where there is none."""
        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


class Handler(WSGIRequestHandler):
    """A request with its path as it was sent, its body whatever way it travels, and no line of it in any log."""

    timeout = IDLE_SECONDS

    def handle(self) -> None:
        """One request. A client that is gone is no error."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            self.raw_requestline = self.rfile.readline(65537)
            if len(self.raw_requestline) > 65536:
                self.requestline = self.request_version = self.command = ""
                self.send_error(414)
            elif self.parse_request():
                chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
                body: Any = Chunks(self.rfile) if chunked else self.rfile
                handler = ServerHandler(
                    body, cast(Any, self.wfile), self.get_stderr(), self.get_environ(), multithread=True
                )
                handler.request_handler = self  # type: ignore[attr-defined]
                handler.run(self.server.get_app())  # type: ignore[attr-defined]
                self.drain()

    def get_environ(self) -> dict[str, Any]:
        """WSGI's environment, with the path as it was sent; a body in chunks is read to its end."""
        environ: dict[str, Any] = super().get_environ()
        environ["RAW_PATH"] = self.path.partition("?")[0]
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            environ.pop("CONTENT_LENGTH", None)
            environ["wsgi.input_terminated"] = True
        return environ

    def drain(self) -> None:
        """Read some of what the client still sends, or it would see a broken line in place of an early answer."""
        if self.command in ("GET", "HEAD"):
            return
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(2)
        for _ in range(256):
            if not self.connection.recv(1 << 20):
                break

    def log_message(self, *args: Any) -> None:
        """Nothing: a request may carry a token or a signed address."""


class Chunks:
    """The body of a request that travels in chunks, as one stream of bytes."""

    def __init__(self, source: Any) -> None:
        self.source, self.left, self.ended = source, 0, False

    def read(self, most: int) -> bytes:
        """The next bytes, b"" at the end. Raises Refused for what is no chunk."""
        found = []
        while most > 0 and not self.ended:
            if self.left == 0:
                self.left = self.next_length()
                self.ended = self.left == 0
                continue
            data = self.source.read(min(most, self.left))
            if not data:
                raise Refused(400, "the request broke off")
            found.append(data)
            self.left -= len(data)
            most -= len(data)
            if self.left == 0:
                self.source.readline(3)  # each chunk ends in a line end
        return b"".join(found)

    def next_length(self) -> int:
        """The length of the next chunk; after the last one, the lines that may follow it are read."""
        line = self.source.readline(256).partition(b";")[0].strip()
        try:
            length = int(line, 16)
        except ValueError as error:
            raise Refused(400, "the request's chunks make no sense") from error
        if length < 0:
            raise Refused(400, "the request's chunks make no sense")
        while length == 0 and self.source.readline(8192).strip():
            pass
        return length
