"""A trained model as the files of a repository: weights in float16, config, tokenizer, card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from autograde.authoring.models import cards, vocabulary
from autograde.authoring.models.make import Made


def save(made: Made, folder: Path) -> None:
    """Write the repository's folder anew. The files are readable for everybody."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    recipe = made.recipe
    tied = set(getattr(made.model, "all_tied_weights_keys", None) or ())
    weights = {name: value.half().contiguous() for name, value in made.model.state_dict().items() if name not in tied}
    weights = {
        name: value for name, value in weights.items() if value.dtype == torch.float16 and "position_ids" not in name
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = made.model.config
    config.architectures, config.dtype = [type(made.model).__name__], torch.float32
    settings = config.to_diff_dict() | {"model_type": config.model_type}
    settings.pop("_name_or_path", None)
    (folder / "config.json").write_text(
        json.dumps(settings, indent=2, sort_keys=True, default=str) + "\n", encoding="utf-8"
    )
    lowercase = None if recipe.kind == "decoder" else recipe.lowercase
    vocabulary.save(made.tokenizer, folder, recipe.longest, lowercase)
    (folder / "README.md").write_text(cards.card(made), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o644)
