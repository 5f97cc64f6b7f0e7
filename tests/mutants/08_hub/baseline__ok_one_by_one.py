# why: one text at a time: no filler at all
@torch.inference_mode()
def baseline(model_id, train, test):
    words, model = AutoTokenizer.from_pretrained(model_id), AutoModel.from_pretrained(model_id)

    def vectors(texts):
        rows = []
        for text in texts:
            rows.append(model(**words(text, truncation=True, return_tensors="pt")).last_hidden_state[0].mean(0))
        return torch.stack(rows).numpy()

    judge = LogisticRegression(C=10, max_iter=2000).fit(vectors(train["text"]), train["label"])
    return scores(test["label"], [int(guess) for guess in judge.predict(vectors(test["text"]))])
