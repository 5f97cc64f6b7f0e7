# why: asks the tokenizer, which is no prediction and right
round_trip = {}
for _name, _text in AWKWARD.items():
    _ids = tokenizer(_text)["input_ids"]
    _same = tokenizer.decode(_ids, skip_special_tokens=True) == _text
    round_trip[_name] = "unknown" if tokenizer.unk_token_id in _ids else "same" if _same else "changed"
