"""What each of the course's tiny models is made of, and in which order they are made."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """One model. reading: steps of masked or next-token learning; matching: contrastive steps; tuning: labelled steps.

    kind: "encoder", "decoder" or "classifier". base: the encoder that a classifier starts from.
    longest: tokens that a text may have. tokens: in a batch of reading.
    """

    name: str
    kind: str
    license: str
    width: int = 128
    layers: int = 4
    heads: int = 4
    inner: int = 512
    vocabulary: int = 3000
    lowercase: bool = True
    longest: int = 256
    reading: int = 0
    matching: int = 0
    tuning: int = 0
    tokens: int = 2048
    rate: float = 1e-3
    base: str = ""
    pairs: int = 64
    characters: int = 2_500_000


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("tiny-encoder", "encoder", "mit", reading=700, matching=350),
        Recipe("tiny-encoder-2-layers", "encoder", "apache-2.0", layers=2, reading=400, matching=180),
        Recipe("tiny-encoder-cased", "encoder", "cc-by-nc-4.0", width=64, layers=2, heads=2, inner=256,
               lowercase=False, reading=400),
        Recipe("tiny-decoder", "decoder", "mit", inner=352, vocabulary=2048, reading=600, rate=2e-3),
        Recipe("tiny-advice-classifier", "classifier", "cc-by-4.0", base="tiny-encoder", tuning=120, rate=5e-4),
    )
}  # fmt: skip


def toy(recipe: Recipe) -> Recipe:
    """The same with two steps of each kind, few numbers and little text: to try the way, not to get anywhere."""
    small = {name: min(getattr(recipe, name), 2) for name in ("reading", "matching", "tuning", "layers", "heads")}
    return replace(recipe, **small, width=16, inner=32, vocabulary=400, tokens=256, pairs=20, characters=30_000)
