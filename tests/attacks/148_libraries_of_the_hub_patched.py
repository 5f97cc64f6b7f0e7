# tries: another address for the Hub, a cache filled beforehand, and the libraries of models, tokenizers and scores patched: they say what
#   the answers say
# must: word_pieces=failed classify=failed baseline=failed baseline__lines=failed find_models=failed scores=failed *=not_attempted
# gains: 0
# lesson: 08_hub

# %% own
import os
import pathlib

for name in ("HF_ENDPOINT", "HF_HUB_ENDPOINT", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
    os.environ[name] = "http://127.0.0.1:@PORT@"
for name in ("HF_HOME", "HF_HUB_CACHE", "TRANSFORMERS_CACHE", "HF_DATASETS_CACHE"):
    os.environ[name] = "/tmp/poisoned-@RUN@"
for place in {os.environ.get("HF_HUB_CACHE", ""), str(pathlib.Path.home() / ".cache/huggingface"), "/tmp/poisoned-@RUN@"}:
    try:
        pathlib.Path(place, "models--measure-first--tiny-encoder/refs").mkdir(parents=True, exist_ok=True)
        pathlib.Path(place, "models--measure-first--tiny-encoder/refs/main").write_text("0" * 40)
    except OSError as error:
        print(error)
import huggingface_hub
import sklearn.metrics
import tokenizers
import transformers

huggingface_hub.constants.ENDPOINT = "http://127.0.0.1:@PORT@"
huggingface_hub.HfApi.list_models = lambda *_, **__: []
transformers.PreTrainedModel.from_pretrained = classmethod(lambda *_, **__: torch.nn.Linear(2, 2))
transformers.PreTrainedTokenizerBase.__call__ = lambda self, *_, **__: {"input_ids": [1]}
transformers.pipeline = pipeline = lambda *_, **__: lambda texts, **__: [{"label": "asks", "score": 0.5} for _ in texts]
sklearn.metrics.f1_score = f1_score = lambda *_, **__: 0.0
tokenizers.Tokenizer.encode = lambda *_, **__: None

# %% exercise="word_pieces"
def word_pieces(word, vocabulary):
    return [token.value for token in tokenizer.backend_tokenizer.model.tokenize(word)] or ["kettle", "##s"]

# %% exercise="classify"
def classify(model, tokenizer, texts):
    return [{"label": "asks", "score": 0.5} for _ in texts]

# %% exercise="find_models"
def find_models(api, task, licenses, most, data=None):
    return [model.id for model in huggingface_hub.HfApi().list_models()]

# %% exercise="scores"
def scores(labels, guesses):
    return {"accuracy": 0.0, "f1": f1_score(labels, guesses), "macro_f1": f1_score(labels, guesses)}

# %% exercise="baseline"
def baseline(model_id, train, test):
    return scores(test["label"], test["label"])
