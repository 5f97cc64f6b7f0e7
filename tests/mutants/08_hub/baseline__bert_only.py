# mistake: loads a BERT, whatever the ID says
# caught: check_baseline
# says: this ID's own
def baseline(model_id, train, test):
    from transformers import BertModel

    tokenizer = AutoTokenizer.from_pretrained(model_id)
    model = BertModel.from_pretrained(model_id).eval()

    def vectors(texts):
        made = []
        for at in range(0, len(texts), 32):
            batch = tokenizer(texts[at : at + 32], padding=True, truncation=True, return_tensors="pt")
            with torch.no_grad():
                made.append(mean_pool(model(**batch).last_hidden_state, batch["attention_mask"]))
        return torch.cat(made).numpy()

    judge = LogisticRegression(C=10, max_iter=2000).fit(vectors(train["text"]), train["label"])
    return scores(test["label"], judge.predict(vectors(test["text"])).tolist())
