# mistake: pushes a model that was not handed in
# caught: check_ship__stranger
# says: the model that was handed in
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model = fresh_model(seed=9)
    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
