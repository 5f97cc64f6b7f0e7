# mistake: pushes the model and forgets the tokenizer
# caught: check_ship
# says: a call of its own
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
