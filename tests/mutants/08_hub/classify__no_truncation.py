# mistake: does not truncate
# caught: check_classify
# says: must match the size of tensor b (256)
def classify(model, tokenizer, texts):
    if not texts:
        return []
    was_training = model.training
    model.eval()
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        probabilities = model(**batch).logits.softmax(-1)
    model.train(was_training)
    scores, best = probabilities.max(-1)
    return [{"label": model.config.id2label[i], "score": score} for i, score in zip(best.tolist(), scores.tolist())]
