# why: one text at a time, as the library does it
def classify(model, tokenizer, texts):
    model.eval()
    answers = []
    for text in texts:
        with torch.inference_mode():
            z = model(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0]
        best = int(z.argmax())
        answers.append({"score": (z[best] - z.logsumexp(0)).exp().item(), "label": model.config.id2label[best]})
    return answers
