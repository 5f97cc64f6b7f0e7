# mistake: softmax over the wrong axis
# caught: check_classify
# says: softmax over the labels
def classify(model, tokenizer, texts):
    if not texts:
        return []
    was_training = model.training
    model.eval()
    batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        probabilities = model(**batch).logits.softmax(0)
    model.train(was_training)
    best = probabilities.argmax(-1)
    scores = probabilities.max(-1).values
    return [{"label": model.config.id2label[i], "score": score} for i, score in zip(best.tolist(), scores.tolist())]
