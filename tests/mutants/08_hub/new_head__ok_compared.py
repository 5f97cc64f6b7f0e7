# why: compares the model's names with the file's
from safetensors import safe_open

_model = AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=3)
with safe_open(api.hf_hub_download(hub.encoder, "model.safetensors"), "pt") as _file:
    _there = set(_file.keys())
new_names = [name for name, _ in _model.named_parameters() if name not in _there]
new_numbers = sum(p.numel() for name, p in _model.named_parameters() if name in new_names)
