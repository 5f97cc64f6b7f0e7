# mistake: takes the first token's state
# caught: check_baseline
# says: the mean over the real tokens
def baseline(model_id, train, test):
    tokenizer = AutoTokenizer.from_pretrained(model_id)
    model = AutoModel.from_pretrained(model_id).eval()

    def vectors(texts):
        made = []
        for at in range(0, len(texts), 32):
            batch = tokenizer(texts[at : at + 32], padding=True, truncation=True, return_tensors="pt")
            with torch.no_grad():
                made.append(model(**batch).last_hidden_state[:, 0])
        return torch.cat(made).numpy()

    judge = LogisticRegression(C=10, max_iter=2000).fit(vectors(train["text"]), train["label"])
    return scores(test["label"], judge.predict(vectors(test["text"])).tolist())
