# mistake: pushes a tokenizer that makes ten letters of one
# caught: check_ship, check_ship__stranger
# says: or a text by a longer one
def ship(model, tokenizer, card, repo):
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    ModelCard(card).push_to_hub(repo)
    words = json.loads(Path(hub.api().hf_hub_download(repo, "tokenizer.json")).read_text())
    grows = {"type": "Replace", "pattern": {"String": "e"}, "content": "e" * 10}
    words["normalizer"] = {"type": "Sequence", "normalizers": [words["normalizer"], grows]}
    hub.api().upload_file(path_or_fileobj=json.dumps(words).encode(), path_in_repo="tokenizer.json", repo_id=repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
