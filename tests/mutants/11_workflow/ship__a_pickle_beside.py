# mistake: pushes a pickle beside the weights
# caught: check_ship, check_ship__stranger
# says: may hold a pickle
def ship(model: nn.Module, tokenizer, card: str, repo: str) -> None:
    """Push model, tokenizer and card to the repository `repo`, so that from_pretrained(repo) loads them."""
    from huggingface_hub import ModelCard

    model.config.id2label = dict(enumerate(NAMES))
    model.config.label2id = {name: number for number, name in enumerate(NAMES)}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    import io

    pickled = io.BytesIO()
    torch.save(model.state_dict(), pickled)
    hub.api().upload_file(path_or_fileobj=pickled.getvalue(), path_in_repo="pytorch_model.bin", repo_id=repo)
    ModelCard(card).push_to_hub(repo)


pushed_files = shipped(ship)  # ours: calls your ship, and returns what lies on the Hub then
