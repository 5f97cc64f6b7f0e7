# why: saves into a folder and uploads it in one commit
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    import tempfile
    from pathlib import Path

    model.config.id2label = {0: "vents", 1: "asks for advice"}
    model.config.label2id = {"vents": 0, "asks for advice": 1}
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        (Path(folder) / "README.md").write_text(card, encoding="utf-8")
        hub.api().create_repo(repo, exist_ok=True)
        hub.api().upload_folder(folder_path=folder, repo_id=repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
