# mistake: pushes a pickle under the name of the weights
# caught: check_ship, check_ship__stranger
# says: a stranger can load
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    import pickle

    hub.api().upload_file(path_or_fileobj=pickle.dumps({"w": 1}), path_in_repo="model.safetensors", repo_id=repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
