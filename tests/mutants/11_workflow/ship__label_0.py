# mistake: leaves LABEL_0 and LABEL_1
# caught: check_ship
# says: id2label
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
