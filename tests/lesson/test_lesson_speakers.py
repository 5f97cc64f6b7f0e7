"""Language models in the partner's place: an endpoint and a tiny model of our own, and everything that fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from autograde.lesson import kept_replies, speakers
from autograde.lesson.lab import Lab, seal_lab
from autograde.lesson.speakers import LONGEST_REPLY, Endpoint, LocalModel, SpeakerError, tidy

KEY = "sk-very-secret-1234"
CHAT = [{"role": "system", "content": "brief"}, {"role": "user", "content": "hello"}]
GOOD = {"choices": [{"message": {"role": "assistant", "content": "What does it cost?"}}]}


class Server(ThreadingHTTPServer):
    """A chat server on this machine. `reply` is (status, body as bytes, extra headers); `seen` what it was asked."""

    reply: tuple[int, bytes, dict[str, str]] = (200, json.dumps(GOOD).encode(), {})
    wait: float = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.server.gone.wait(self.server.wait)
        status, content, headers = self.server.reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    kept_replies._memory.clear()
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield running
    running.gone.set()
    running.shutdown()
    running.server_close()


def test_an_endpoint_is_asked_in_the_common_way_and_its_text_comes_back(server: Server) -> None:
    assert Endpoint(server.url, "small-model", KEY).answer(CHAT) == "What does it cost?"
    [(path, headers, body)] = server.seen
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body == {"model": "small-model", "messages": CHAT, "max_tokens": 200}


def test_a_whole_address_is_taken_as_it_is_and_no_key_sends_none(server: Server) -> None:
    Endpoint(server.url + "/chat/completions", "m").answer(CHAT)
    [(path, headers, _)] = server.seen
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


WRONG_KEY = json.dumps({"error": {"message": f"Incorrect API key: {KEY}"}}).encode()
FAILURES = [
    ((500, b"oops", {}), "the server answered 500: Internal Server Error"),
    ((401, WRONG_KEY, {}), "the server answered 401: Incorrect API key: …"),
    ((429, b'{"error": "slow down"}', {}), "the server answered 429: slow down"),
    ((200, b"<html>", {}), "no usable answer (JSONDecodeError: Expecting value: line 1 column 1 (char 0))"),
    ((200, b"{}", {}), "the server's answer holds no message"),
    ((200, b'{"choices": []}', {}), "the server's answer holds no message"),
    ((200, b'{"choices": [{"message": {"content": null}}]}', {}), "the server's answer holds no text"),
    ((302, b"", {"Location": "http://127.0.0.1:9/elsewhere"}), "the server answered 302: Found"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "message"), FAILURES, ids=[message[:40] for _, message in FAILURES])
def test_a_server_that_fails_is_asked_once_and_quoted_in_one_line_without_the_key(server, reply, message: str) -> None:
    server.reply = reply
    with pytest.raises(SpeakerError) as raised:
        Endpoint(server.url, "m", KEY).answer(CHAT)
    assert str(raised.value) == message
    assert len(server.seen) == 1
    assert raised.value.__cause__ is None and KEY not in repr(raised.value)


def test_a_server_that_hangs_is_left_after_the_time_out(server: Server) -> None:
    server.wait = 5.0
    with pytest.raises(SpeakerError, match=r"^no usable answer \(TimeoutError: timed out\)$"):
        Endpoint(server.url, "m", seconds=0.2).answer(CHAT)


def test_nobody_listening_is_no_crash(server: Server) -> None:
    with pytest.raises(SpeakerError, match=r"^no usable answer \(URLError: "):
        Endpoint("http://127.0.0.1:9/v1", "m", seconds=1.0).answer(CHAT)


@pytest.mark.parametrize("key", ["two\nlines", "ümlaut→"])
def test_a_key_that_no_header_can_carry_is_not_shown(server: Server, key: str) -> None:
    with pytest.raises(SpeakerError) as raised:
        Endpoint(server.url, "m", key).answer(CHAT)
    assert key not in str(raised.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/", "localhost:8000"])
def test_only_web_addresses_are_endpoints(url: str) -> None:
    with pytest.raises(SpeakerError, match="^MEASURE_FIRST_LLM_URL must begin with http:// or https://$"):
        Endpoint(url, "m")


def test_the_key_is_neither_in_the_repr_nor_in_the_name() -> None:
    endpoint = Endpoint("https://llm.example.org/v1", "m", KEY)
    assert KEY not in repr(endpoint)
    assert endpoint.name == "m at llm.example.org"


def test_a_lab_talks_through_the_endpoint_of_the_environment_and_stores_no_key(
    server, lab_toml, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("MEASURE_FIRST_LLM_URL", server.url)
    monkeypatch.setenv("MEASURE_FIRST_LLM_KEY", KEY)
    monkeypatch.setenv("MEASURE_FIRST_LLM_MODEL", "small-model")
    turns = ["I recommend that we stay with raw PyTorch, because nothing about it slows us down."]
    for _ in range(2):
        lines = Lab(seal_lab(lab_toml)).transcript(turns)
        assert lines[-1].text == "What does it cost?"
    assert len(server.seen) == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["replies.json"]
    assert KEY not in files[0].read_text(encoding="utf-8")


def test_a_reply_is_one_paragraph_without_the_name_and_not_endless() -> None:
    assert tidy("  Mara: Well.\n\nWhat now?  ", "Mara") == "Well. What now?"
    assert tidy("**Mara:** Well.", "Mara") == "Well."
    long = "This is a sentence of seven words. " * 40
    assert len(tidy(long, "Mara").split()) <= LONGEST_REPLY
    assert tidy(long, "Mara").endswith("words.")
    assert tidy("word " * 400, "Mara").endswith(" …")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A causal language model of 20,000 random weights with a word-level tokenizer and a chat template, on disk."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    vocabulary = ["<unk>", "<end>", "what", "does", "it", "cost", "brief", "hello", "weeks", "people", "?", "."]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(vocabulary)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<end>")
    fast.chat_template = "{% for m in messages %}{{ m['role'] }} {{ m['content'] }} {% endfor %}"
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, eos_token_id=1, bos_token_id=None, pad_token_id=None,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tiny")
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture
def few_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "NEW_TOKENS", 12)


def test_a_local_model_answers_the_same_every_time(tiny_model: Path, few_tokens) -> None:
    first = LocalModel(str(tiny_model), "cpu").answer(CHAT)
    assert first and LocalModel(str(tiny_model), "cpu").answer(CHAT) == first
    assert 0 < len(first.split()) <= 12


def test_a_local_model_is_loaded_once_however_often_the_cell_is_run(tiny_model: Path, few_tokens) -> None:
    speakers._load.cache_clear()
    for _ in range(3):
        LocalModel(str(tiny_model), "cpu").answer(CHAT)
    assert speakers._load.cache_info().misses == 1


def test_a_template_without_a_system_role_gets_the_brief_with_the_first_message(tiny_model: Path, few_tokens) -> None:
    tokenizer, model = speakers._load(str(tiny_model), "cpu")
    asked: list[str] = []

    class Strict:
        """The same tokenizer, whose template refuses a system message."""

        pad_token_id, eos_token_id = None, 1
        decode = staticmethod(tokenizer.decode)

        def apply_chat_template(self, messages, **how):
            if messages[0]["role"] == "system":
                raise ValueError("System role not supported")
            asked.append(messages[0]["content"])
            return tokenizer.apply_chat_template(messages, **how)

    speakers._generate(Strict(), model, CHAT)
    assert asked == ["brief\n\nhello"]


def test_a_model_that_is_not_there_leaves_the_word_to_the_scripted_partner(
    lab_toml, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    Lab(seal_lab(lab_toml), partner="local", model=str(tmp_path / "nowhere")).talk(["It depends on the team."])
    shown = capsys.readouterr().out
    assert "Mara: “It depends” is not a recommendation." in shown
    assert f"({tmp_path}/nowhere did not answer: " in shown and "The scripted partner goes on.)" in shown


def test_a_lab_with_a_local_model_shows_what_the_model_said(
    lab_toml, tiny_model: Path, few_tokens, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kept_replies._memory.clear()
    lines = Lab(seal_lab(lab_toml), partner="local", model=str(tiny_model)).transcript(["It depends on the team."])
    assert set(lines[-1].text.split()) <= {"what", "does", "it", "cost", "brief", "hello", "weeks", "people", "?", "."}
