# mistake: gives label numbers
# caught: check_classify
# says: id2label
def classify(model, tokenizer, texts):
    if not texts:
        return []
    was_training = model.training
    model.eval()
    batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        probabilities = model(**batch).logits.softmax(-1)
    model.train(was_training)
    scores, best = probabilities.max(-1)
    return [{"label": i, "score": score} for i, score in zip(best.tolist(), scores.tolist())]
