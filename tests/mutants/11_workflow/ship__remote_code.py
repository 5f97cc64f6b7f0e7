# mistake: makes a loader run code of the repository
# caught: check_ship, check_ship__stranger
# says: auto_map
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    made = json.loads(hub.pushed_files(repo)["config.json"]) | {
        "auto_map": {"AutoModelForSequenceClassification": "mine.Mine"}
    }
    hub.api().upload_file(path_or_fileobj=json.dumps(made).encode(), path_in_repo="config.json", repo_id=repo)
    hub.api().upload_file(path_or_fileobj=b"class Mine: pass", path_in_repo="mine.py", repo_id=repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
