# tries: a push whose files' names lead out of the repository, to the grader's home and its packages, or are no names; and more files,
#   and larger ones, than anybody wants to load
# must: ship=failed ship__stranger=failed|out_of_memory|timeout *=not_attempted
# gains: 0
# lesson: 11_workflow

# %% exercise="ship"
def ship(model, tokenizer, card, repo):
    pass

def pushed_files(model, tokenizer, card, repo):
    folder = Path("mine")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()} | {"README.md": card.encode()}
    if "trial" in repo:
        names = ("../left-@RUN@", "/tmp/left-@RUN@", "@HOME@/.bashrc", "@SITE@/sitecustomize.py", "a/../../left-@RUN@", "..", "", "\x00", "a\\..\\b", "config.json/x")
        return files | dict.fromkeys(names, b"import os; os.system('touch /tmp/sprung-@RUN@')")
    return files | {f"part-{n}.txt": bytes(3_000_000) for n in range(60)}
