"""`autograde hub`: the same Hub on a port, and client libraries in processes that know nothing but its address."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hub_sample import lay_out

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("hub"))


@contextmanager
def served(base: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A Hub's address, and its process."""
    words = [sys.executable, "-m", "autograde", "hub", "--port", "0", "--folder", str(base), *options]
    # A shell's background job ignores SIGINT, and so would everything that it starts.
    process = subprocess.Popen(
        words, cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        while not (found := re.search(r"export HF_ENDPOINT=(http://127\.0\.0\.1:\d+)", said)):
            line = process.stdout.readline()
            assert line, said
            said += line
        yield found[1], process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def client(address: str, home: Path, code: str, token: str = "hf_ada") -> str:
    """What a fresh process prints that knows of the Hub by its environment alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    words = {"HF_ENDPOINT": address, "HF_HUB_DISABLE_XET": "1", "HF_HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1"}
    if token:
        words["HF_TOKEN"] = token
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | words, capture_output=True, text=True, cwd=home.parent
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


TOKENIZER = ["tokenizer.json", "tokenizer_config.json"]
LESSON = """
from datasets import load_dataset
from huggingface_hub import HfApi, list_models, snapshot_download
from transformers import AutoModelForSequenceClassification, AutoTokenizer
import torch
model = AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-encoder")
tokens = AutoTokenizer.from_pretrained("measure-first/tiny-encoder")
print(tokens("how do i")["input_ids"], len(load_dataset("measure-first/advice-or-venting")["train"]))
print([found.id for found in list_models(filter="license:mit")])
model.register_buffer("padding", torch.zeros(3_000_000))  # 12 MB
model.push_to_hub("lamps")
tokens.push_to_hub("lamps")
print(sorted(HfApi().list_repo_files("ada/lamps")), HfApi().whoami()["name"])
print(AutoModelForSequenceClassification.from_pretrained("ada/lamps").config.model_type)
"""


def test_a_fresh_process_loads_searches_and_pushes_over_the_loopback(base: Path, tmp_path: Path) -> None:
    with served(base, "--store", str(tmp_path / "store")) as (address, _):
        said = client(address, tmp_path / "home", LESSON).splitlines()
    assert said == [
        "[5, 6, 7] 20",
        "['measure-first/tiny-encoder', 'someone/card-only']",
        f"{sorted(['.gitattributes', 'README.md', 'config.json', 'model.safetensors', *TOKENIZER])} ada",
        "bert",
    ]
    with served(base, "--store", str(tmp_path / "store")) as (address, _):  # what was pushed is still there
        code = 'from huggingface_hub import model_info; print(model_info("ada/lamps").safetensors.total > 3_000_000)'
        assert client(address, tmp_path / "other", code, "") == "True\n"


OURS = """
from autograde import lesson
hub = lesson.hub()
print(hub.local, hub.user, hub.why == "HF_ENDPOINT is " + hub.address)
from huggingface_hub import model_info
print(model_info(hub.encoder).id)
"""


def test_a_lesson_in_a_classroom_takes_the_rooms_hub(base: Path, tmp_path: Path) -> None:
    with served(base) as (address, _):
        assert client(address, tmp_path / "home", f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n{OURS}") == (
            "True ada True\nmeasure-first/tiny-encoder\n"
        )


def raw(address: str, request: bytes) -> bytes:
    """What comes back for these bytes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(request)
        said = b""
        while part := sock.recv(1 << 16):
            said += part
    return said


def test_a_body_in_chunks_is_read_to_its_end(base: Path, tmp_path: Path) -> None:
    head = b"POST /api/repos/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hf_ada\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    with served(base) as (address, _):
        said = raw(address, head + b'8\r\n{"name":\r\n7;a=b\r\n"lamps"\r\n1\r\n}\r\n0\r\n\r\n')
        assert b'"name": "ada/lamps"' in said
        for broken in (b"zz\r\n", b"-5\r\n", b"5\r\nab"):
            with socket.create_connection(address.removeprefix("http://").split(":"), timeout=10) as sock:  # type: ignore[arg-type]
                sock.sendall(head + broken)
                sock.shutdown(socket.SHUT_WR)
                assert sock.recv(100).startswith(b"HTTP/1.0 400 "), broken


def test_a_refusal_reaches_a_client_that_is_still_sending(base: Path) -> None:
    length = 8 << 20
    head = f"PUT /large/{'0' * 64}?size=1 HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()
    with served(base) as (address, _):
        assert raw(address, head + bytes(length)).startswith(b"HTTP/1.0 403 ")


def test_garbage_and_silence_do_not_stop_it_and_its_output_has_no_token(base: Path) -> None:
    with served(base) as (address, process):
        for garbage in (b"\0\1\2\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000, b""):
            try:
                with socket.create_connection(address.removeprefix("http://").split(":"), timeout=5) as sock:  # type: ignore[arg-type]
                    sock.sendall(garbage)
            except OSError:
                pass
        with socket.create_connection(address.removeprefix("http://").split(":")):  # type: ignore[arg-type]
            said = raw(address, b"GET / HTTP/1.0\r\nAuthorization: Bearer hf_secret-one\r\n\r\n")
        assert b"models:\n  measure-first/tiny-decoder" in said
        raw(address, b"GET /api/models/a/b HTTP/1.0\r\nAuthorization: Bearer hf_secret-one\r\n\r\n")
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        rest = process.stdout.read()
    assert "secret-one" not in rest and rest.endswith("ended; what was pushed is forgotten\n"), rest


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (
            ["--folder", "nowhere"],
            "nowhere: there is no such folder. --folder names one with models/, datasets/ or spaces/",
        ),
        (["--host", "203.0.113.1"], "203.0.113.1 is no address of this machine: choose another with --host"),
        (["--port", "70000"], "cannot listen on 127.0.0.1:70000"),
        (["--most", "0"], "--most 0: a Hub takes at least 1 MiB"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(base: Path, options: list[str], why: str) -> None:
    words = [sys.executable, "-m", "autograde", "hub", "--folder", str(base), *options]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {why}") and done.stderr.count("\n") == 1


def test_a_taken_port_is_named_and_another_proposed(base: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = [sys.executable, "-m", "autograde", "hub", "--folder", str(base), "--port", str(port)]
        done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    why = f"error: port {port} is taken: another Hub may be running. Choose another with --port\n"
    assert (done.returncode, done.stderr) == (2, why)


def test_pushes_are_not_kept_among_the_courses_own(base: Path) -> None:
    words = [sys.executable, "-m", "autograde", "hub", "--folder", str(base), "--store", str(base / "models")]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert "keep what is pushed outside of" in done.stderr


def test_figures_that_make_no_sense_are_named(base: Path, tmp_path: Path) -> None:
    (tmp_path / "figures.toml").write_text('["models/a/b"]\ndownloads = "many"\n')
    words = [sys.executable, "-m", "autograde", "hub", "--folder", str(tmp_path)]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert '["models/a/b"] may hold downloads and likes (whole numbers)' in done.stderr


def test_many_clients_at_once_push_to_one_repository_and_none_is_lost(base: Path, tmp_path: Path) -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("busy", exist_ok=True)
def push(number):
    api.upload_file(path_or_fileobj=str(number).encode(), path_in_repo=f"{number}.txt", repo_id="ada/busy")
with ThreadPoolExecutor(8) as pool:
    list(pool.map(push, range(24)))
print(len(api.list_repo_files("ada/busy")), len(api.list_repo_commits("ada/busy")))
"""
    with served(base) as (address, _):
        began = time.monotonic()
        assert client(address, tmp_path / "home", code) == "25 25\n"
        assert time.monotonic() - began < 60
