"""A small Hub for tests: two random models, a data set and a card without weights, and requests to its application."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from autograde.lesson.hub.app import App
from autograde.lesson.hub.store import Store

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] how do i mend a lamp my day was long and why".split()
FIGURES = """
["models/measure-first/tiny-encoder"]
downloads = 40
likes = 3
created = "2026-10-01"
changed = "2026-10-20"

["models/measure-first/tiny-decoder"]
downloads = 70
likes = 1
created = "2026-10-05"
changed = "2026-10-10"
"""
CARDS = {
    "measure-first/tiny-encoder": "license: mit\nlanguage: en\ntags: [tiny]\npipeline_tag: text-classification",
    "measure-first/tiny-decoder": "license: apache-2.0\nlanguage: en\ntags: [tiny]\npipeline_tag: text-generation",
    "someone/card-only": "license: mit\nlanguage: [de, fr]\npipeline_tag: translation\nlibrary_name: other",
}


def lay_out(root: Path) -> Path:
    """The Hub's folder, with a model of each kind that transformers can load."""
    import torch
    from safetensors.torch import save_file

    for name, card in CARDS.items():
        folder = root / "models" / name
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(f"---\n{card}\n---\n# {name}\n", encoding="utf-8")
    torch.manual_seed(0)
    encoder = root / "models/measure-first/tiny-encoder"
    _tokenizer(encoder)
    shape = {"vocab_size": len(WORDS), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    bert = shape | {"intermediate_size": 32, "max_position_embeddings": 32, "type_vocab_size": 2, "pad_token_id": 0}
    _config(encoder, bert | {"model_type": "bert", "architectures": ["BertForSequenceClassification"]})
    save_file(_bert(), encoder / "model.safetensors", metadata={"format": "pt"})
    (encoder / "model.safetensors").chmod(0o644)  # safetensors writes it for its owner alone; a checkout has it so
    (root / "figures.toml").write_text(FIGURES, encoding="utf-8")
    posts = root / "datasets/measure-first/advice-or-venting"
    posts.mkdir(parents=True)
    (posts / "README.md").write_text(
        "---\nlicense: cc0-1.0\nlanguage: [en]\ntask_categories: [text-classification]\n---\n"
    )
    for split, count in (("train", 20), ("validation", 6)):
        rows = [{"id": number, "text": f"how do i mend lamp {number}", "label": number % 2} for number in range(count)]
        (posts / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return root


def _config(folder: Path, config: dict[str, Any]) -> None:
    (folder / "config.json").write_text(json.dumps(config))


def _tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    _text = {"tokenizer_class": "PreTrainedTokenizerFast", **names}
    (folder / "tokenizer_config.json").write_text(json.dumps(_text))


def _bert() -> dict[str, Any]:
    """Random weights under the names of BertForSequenceClassification with one layer of 16."""
    import torch

    width, inner = 16, 32
    made = {
        "bert.embeddings.word_embeddings.weight": torch.randn(len(WORDS), width),
        "bert.embeddings.position_embeddings.weight": torch.randn(32, width),
        "bert.embeddings.token_type_embeddings.weight": torch.randn(2, width),
    }
    layer = "bert.encoder.layer.0"
    linear = {f"{layer}.attention.self.{name}": (width, width) for name in ("query", "key", "value")}
    linear |= {f"{layer}.attention.output.dense": (width, width), f"{layer}.intermediate.dense": (inner, width)}
    linear |= {f"{layer}.output.dense": (width, inner), "bert.pooler.dense": (width, width), "classifier": (2, width)}
    for name, (out, into) in linear.items():
        made |= {f"{name}.weight": torch.randn(out, into), f"{name}.bias": torch.randn(out)}
    for name in ("bert.embeddings", f"{layer}.attention.output", f"{layer}.output"):
        made |= {f"{name}.LayerNorm.weight": torch.ones(width), f"{name}.LayerNorm.bias": torch.zeros(width)}
    return made


class Caller:
    """Puts requests to an application as a web server would, and keeps the last answer's status and headers."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.status = 0
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, address: str, body: bytes = b"", token: str = "", **headers: str) -> bytes:
        """The answer's body."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "RAW_PATH": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "hub.test",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            **({"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}),
            **{(n if n.startswith("CONTENT") else f"HTTP_{n}"): value for n, value in headers.items()},
        }

        def start(status: str, told: list[tuple[str, str]]) -> None:
            self.status, self.headers = int(status.split()[0]), dict(told)

        return b"".join(self.app(environ, start))

    def json(self, method: str, address: str, body: Any = None, token: str = "") -> Any:
        """The answer's JSON."""
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return json.loads(self(method, address, sent, token))


def caller(base: Path | None, place: Path, most: int = 1 << 20) -> Caller:
    """A caller of a Hub over these folders."""
    return Caller(App(Store(base, place, most)))
