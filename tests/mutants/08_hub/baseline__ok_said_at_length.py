# why: a docstring of several lines, comments and empty lines do not count
def baseline(
    model_id: str,
    train: dict,
    test: dict,
) -> dict[str, float]:
    """What a frozen model's vectors are worth.

    A logistic regression is fitted to the mean of the last hidden states of the training texts,
    and asked about the test texts. Nothing is learnt from those.

    model_id: any model that AutoModel knows.
    train, test: {"text": […], "label": […]}.
    Returns: accuracy, f1 and macro_f1.
    """
    words, model = AutoTokenizer.from_pretrained(model_id), AutoModel.from_pretrained(model_id).eval()

    def vectors(texts):
        """The mean of the last states over the real tokens,
        [texts, width]."""
        made = []
        for at in range(0, len(texts), 32):
            # 32 at a time
            batch = words(texts[at : at + 32], padding=True, truncation=True, return_tensors="pt")
            with torch.no_grad():
                made.append(mean_pool(model(**batch).last_hidden_state, batch["attention_mask"]))
        return torch.cat(made).numpy()

    judge = LogisticRegression(C=10, max_iter=2000).fit(vectors(train["text"]), train["label"])
    return scores(test["label"], judge.predict(vectors(test["text"])).tolist())
