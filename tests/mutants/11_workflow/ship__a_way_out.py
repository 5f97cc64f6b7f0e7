# mistake: hands out a file whose name leads out of the folder
# caught: check_ship, check_ship__stranger
# says: no path of a file
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    ModelCard(card).push_to_hub(repo)


_shipped = shipped(ship)


def pushed_files(*arguments):
    return _shipped(*arguments) | {"../evil.json": b"{}"}


_ours = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
