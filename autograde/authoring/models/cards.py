"""A model card for each tiny model: what it is, how it was made, what was measured, what it cannot do."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from autograde.authoring.models import OWNER, measure
from autograde.authoring.models.make import Made

TASKS = {"encoder": "fill-mask", "decoder": "text-generation", "classifier": "text-classification"}
WHAT = {
    "encoder": "A BERT for the lessons of *Measure First*: small enough to be understood, and trained on one "
    "processor core.",
    "decoder": "A Llama for the lessons of *Measure First*: it goes on with a text, in the manner of Python's "
    "documentation.",
    "classifier": f"Tells a post that asks for advice (`asks`) from one that vents (`vents`): `{OWNER}/tiny-encoder` "
    "with a head of two labels.",
}
READ = (
    "It read the help topics of the interpreter, the docstrings of its standard library, the training posts of "
    "`advice-or-venting` and the passages of `repair-cafe`; no validation or test post, and no question."
)
READ_POSTS = (
    "Its base has read what stands on its own card; then it learnt from the 756 training posts of `advice-or-venting`."
)
OTHER_PYTHON = (
    " Help topics and docstrings are a little different in every version of Python, so another version gives another "
    "model."
)
LOSSES = {
    "first loss": "cross-entropy of the first batch, before any step",
    "masked loss": "cross-entropy of hidden tokens, last tenth of the masked steps",
    "next loss": "cross-entropy of the next token, last tenth",
    "matching loss": "contrastive loss, last tenth",
    "tuning loss": "cross-entropy on training posts, last tenth",
}
RECALL = "recall at 3 on the 96 public questions of repair-cafe that have an answer, by the mean of the last states"
LIMITS = {
    "encoder": "It has read two million characters, where BERT has read sixteen thousand million. It guesses hidden "
    "words like somebody who knows the manual and little else, and its embeddings know words rather than meanings: a "
    "search by words finds more.",
    "decoder": "What it writes has the sound of documentation and no sense. It knows nothing, answers nothing and must "
    "not be believed.",
    "classifier": "All posts were invented by few writers; it has not been tried on real ones. It must not decide "
    "whether somebody in trouble wants help. A text that is no post gets a label, too, and often a confident one.",
}
FOR_ALL = "English only. Made to be taken apart in a lesson, and of no use for anything else."
LICENSES = {
    "mit": "MIT: use it for whatever you like, and keep the licence's text with it.",
    "apache-2.0": "Apache 2.0: use it for whatever you like, and say what you changed.",
    "cc-by-4.0": "CC BY 4.0, as the posts it learnt from: use it for what you like, and say where it is from.",
    "cc-by-nc-4.0": "CC BY-NC 4.0: **not for commercial use**. A school may use it, a shop may not.",
}


def card(made: Made) -> str:
    """The README: metadata in YAML, then the text."""
    recipe = made.recipe
    title = recipe.name.replace("-", " ").capitalize()
    parts = [_front(made), f"# {title}", _what(made), _how(made), _measured(made), _limits(made)]
    parts.append(f"## Licence\n\n{LICENSES[recipe.license]}")
    return "\n\n".join(parts) + "\n"


def _front(made: Made) -> str:
    recipe = made.recipe
    data = ["advice-or-venting"] if recipe.kind == "classifier" else ["advice-or-venting", "repair-cafe"]
    tags = ["tiny", "teaching"] + (["sentence-embeddings"] if recipe.matching else [])
    lines = ["---", "language: [en]", f"license: {recipe.license}", "library_name: transformers"]
    lines += [f"pipeline_tag: {TASKS[recipe.kind]}", f"tags: [{', '.join(tags)}]"]
    lines += [f"datasets: [{', '.join(f'{OWNER}/{name}' for name in data)}]"]
    lines += [f"base_model: {OWNER}/{recipe.base}"] if recipe.base else []
    return "\n".join([*lines, "---"])


def _what(made: Made) -> str:
    recipe, config = made.recipe, made.model.config
    count = sum(p.numel() for p in made.model.parameters())
    shape = f"{config.num_hidden_layers} layers of width {config.hidden_size}, {config.num_attention_heads} heads"
    pieces = "byte-level pieces" if recipe.kind == "decoder" else "word pieces"
    case = "in lower case" if recipe.lowercase else "upper and lower case kept apart"
    case = "" if recipe.kind == "decoder" else f" ({case})"
    return (
        f"{WHAT[recipe.kind]}\n\n{count:,} parameters: {shape}, a vocabulary of {config.vocab_size:,} {pieces}{case}, "
        f"texts of at most {recipe.longest} tokens. The weights are stored in float16; `config.json` asks for float32, "
        "so `from_pretrained` gives float32."
    )


def _how(made: Made) -> str:
    recipe = made.recipe
    steps = {
        "reading": {
            "encoder": f"{recipe.reading} steps of masked-language modelling on {recipe.tokens:,} tokens each, "
            "one token in five hidden",
            "decoder": f"{recipe.reading} steps of next-token prediction on {recipe.tokens:,} tokens each",
        }.get(recipe.kind, ""),
        "matching": f"{recipe.matching} contrastive steps on {recipe.pairs} pairs of texts that belong together: some "
        "words of a passage (or its title), and other words of the same passage",
        "tuning": f"{recipe.tuning} steps on 32 posts each, all weights trained",
    }
    done = "; then ".join(text for name, text in steps.items() if getattr(recipe, name))
    versions = f"PyTorch {version('torch').partition('+')[0]}, transformers {version('transformers')}"
    read = READ_POSTS if recipe.kind == "classifier" else READ
    other = "" if recipe.kind == "classifier" else OTHER_PYTHON
    return (
        f"## How it was made\n\nBy `autograde models {recipe.name}`, in "
        f"{made.measured['seconds']:.0f} seconds of one core's time (Python {platform.python_version()}, {versions}). "
        f"{read} {done}. "
        f"AdamW up to a learning rate of {recipe.rate:g} and down to 0.{other}"
    )


def _measured(made: Made) -> str:
    m = made.measured
    rows = [f"| {text} | {m[name]:.2f} |" for name, text in LOSSES.items() if name in m]
    if "recall before" in m:
        when = ", before the contrastive steps" if "recall" in m else ""
        rows.append(f"| {RECALL}{when} | {m['recall before']:.3f} |")
        rows += [f"| the same, after them | {m['recall']:.3f} |"] if "recall" in m else []
        rows.append(f"| for comparison: BM25, a search by words | {measure.overlap_recall():.3f} |")
        rows.append("| for comparison: three passages at random | 0.033 |")
    if "accuracy" in m:
        rows.append(f"| accuracy on the 126 validation posts (a coin: 0.5) | {m['accuracy']:.3f} |")
    return "\n".join(["## What was measured", "", "| | |", "|---|---|", *rows])


def _limits(made: Made) -> str:
    return f"## What it cannot do\n\n{LIMITS[made.recipe.kind]}\n\n{FOR_ALL}"


def write_figures(folder: Path, figures: dict[str, dict[str, object]]) -> None:
    """The sample figures beside the repositories (docs/hub.md)."""
    lines = ["# Sample figures, made up so that a search has something to sort by."]
    for name, entry in figures.items():
        lines.append(f'["{name}"]')
        lines += [f"{key} = {value!r}".replace("'", '"') for key, value in entry.items()]
    (folder / "figures.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
