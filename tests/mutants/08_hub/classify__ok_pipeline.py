# why: by the pipeline itself
def classify(model, tokenizer, texts):
    if not texts:
        return []
    made = pipeline("text-classification", model=model.eval(), tokenizer=tokenizer, device=model.device)(
        texts, truncation=True, padding=True, batch_size=8
    )
    return [{"label": one["label"], "score": float(one["score"])} for one in made]
