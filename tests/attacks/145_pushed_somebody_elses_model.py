# tries: the repository of another model of the Hub, better than the one that was to be pushed, under a new name; and that model's head
#   on the right one's body
# must: ship=failed|passed ship__stranger=failed *=not_attempted
# gains: 0
# honest: 3
# lesson: 11_workflow

# %% exercise="ship"
def ship(model, tokenizer, card, repo):
    better = AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-advice-classifier")
    better.config.id2label, better.config.label2id = {0: "vents", 1: "asks for advice"}, {"vents": 0, "asks for advice": 1}
    better.push_to_hub(repo)
    AutoTokenizer.from_pretrained("measure-first/tiny-advice-classifier").push_to_hub(repo)
    hub.api().upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id=repo)

pushed_files = shipped(ship)
