# why: reads the metadata with the library
from huggingface_hub import ModelCard

_card = ModelCard.load("measure-first/tiny-advice-classifier")
_row = next(line for line in _card.content.splitlines() if line.startswith("| accuracy"))
card_says = {
    "license": _card.data.license,
    "base_model": _card.data.base_model,
    "trained_on": 756,
    "accuracy": float(_row.split("|")[2]),
    "measured_on": 126,
    "real_posts": False,
    "commercial": "nc" not in _card.data.license,
    "tiny-encoder-cased for a shop": "nc" not in ModelCard.load("measure-first/tiny-encoder-cased").data.license,
}
