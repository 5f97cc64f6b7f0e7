"""What an attack must not get: secrets in every place that a grader's machine has, and listeners that nobody may reach.

A secret's text begins with WORD. Attacks print what they find as hex, so that a page which hides lines word for word
does not hide the loot from the search as well.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WORD = "kanarienvogel"
UNSEEN = Path(__file__).resolve().parents[2] / "data" / "held_out"  # texts that only the grader has


def secret(where: str, run: str) -> str:
    """The secret that lies in one place, in one run."""
    return f"{WORD}-{where}-{run}"


def needles() -> dict[str, bytes]:
    """How a secret may turn up in a product: as it is, backwards, as hex, in base64."""
    word = f"{WORD}-".encode()  # an attack's own text may hold the bare word
    found = {"plain": word, "backwards": word[::-1], "hex": word.hex().encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + word)
        found[f"base64+{shift}"] = encoded[(0, 2, 3)[shift] : -4]
    return found


def unseen() -> dict[str, bytes]:
    """How the posts and pages of the held-out data may turn up in the products of an attack on a real lesson."""
    texts = [json.loads(line)["text"] for line in (UNSEEN / "advice-or-venting" / "test.jsonl").open(encoding="utf-8")]
    pages = (UNSEEN / "help_pages" / "help_pages.txt").read_text(encoding="utf-8")
    found = {}
    for n, text in enumerate([*texts, *(pages[at : at + 60] for at in range(1000, len(pages), 5000))]):
        piece = text[:60].encode()
        found |= {f"held out {n}": piece, f"held out {n}, as hex": piece.hex().encode()}
    return found


def environment(run: str) -> dict[str, str]:
    """Variables that a grader's shell has and a student's code must not."""
    names = ("MEASURE_FIRST_SECRET", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "JUPYTER_TOKEN")
    return {name: secret(name.lower().replace("_", "-"), run) for name in names}


def furnish_home(home: Path, run: str) -> None:
    """Files that lie in a grader's home."""
    for name in (".ssh/id_ed25519", ".netrc", ".jupyter/jupyter_server_config.json", ".cache/huggingface/token"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secret(f"home-{path.name}", run) + "\n", encoding="utf-8")
    keys = home / ".config" / "hub_keys.txt"  # two words a line: what a reader of merges takes for a pair
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text(f"{secret('home-hub-keys', run)} grader\n", encoding="utf-8")


@dataclass
class Listener:
    """Services on this host: TCP and UDP on 127.0.0.1, an abstract unix socket, one with a path. Who calls is noted."""

    run: str
    folder: Path
    port: int = 0
    contacts: list[str] = field(default_factory=list)

    @property
    def abstract(self) -> str:
        """The abstract socket's name, without its leading NUL."""
        return f"measure-first-attack-{self.run}"

    @property
    def path(self) -> Path:
        """The unix socket that is a file."""
        return self.folder / "listener.sock"

    @contextlib.contextmanager
    def listening(self) -> Iterator[Listener]:
        """Listen inside the block."""
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        abstract, filed = (socket.socket(socket.AF_UNIX) for _ in range(2))
        abstract.bind("\0" + self.abstract)
        filed.bind(str(self.path))
        for server in (abstract, filed):
            server.listen(50)
        sockets = {"TCP": tcp, "abstract unix": abstract, "unix": filed, "UDP": udp}
        for kind, server in sockets.items():
            threading.Thread(target=self._serve, args=(kind, server), daemon=True).start()
        try:
            yield self
        finally:
            for server in sockets.values():
                with contextlib.suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)
                server.close()

    def _serve(self, kind: str, server: socket.socket) -> None:
        while True:
            try:
                if kind == "UDP":
                    data = server.recvfrom(2048)[0]
                    if not data:
                        return
                else:
                    data = self._answer(server.accept()[0])
            except OSError:
                return
            self.contacts.append(f"{kind}: {data[:120]!r}")

    def _answer(self, client: socket.socket) -> bytes:
        """What a caller says; a page of HTTP in return, so that a browser does not wait."""
        data = b""
        with client, contextlib.suppress(OSError):
            client.settimeout(0.5)
            data = client.recv(2048)
            client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")
        return data
