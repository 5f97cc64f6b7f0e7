# mistake: pushes no card
# caught: check_ship
# says: the card
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    hub.api().upload_file(path_or_fileobj=b"# My model", path_in_repo="README.md", repo_id=repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
