# mistake: writes everything anew
# caught: check_baseline__lines
# says: at most fifteen lines
def baseline(model_id, train, test):
    tokenizer = AutoTokenizer.from_pretrained(model_id)
    model = AutoModel.from_pretrained(model_id)
    model.eval()
    sides = []
    for part in (train, test):
        made = []
        for at in range(0, len(part["text"]), 32):
            some = part["text"][at : at + 32]
            batch = tokenizer(
                some,
                padding=True,
                truncation=True,
                return_tensors="pt",
            )
            with torch.no_grad():
                states = model(**batch).last_hidden_state
            made.append(mean_pool(states, batch["attention_mask"]))
        sides.append(torch.cat(made).numpy())
    judge = LogisticRegression(C=10, max_iter=2000)
    judge.fit(sides[0], train["label"])
    guesses = judge.predict(sides[1]).tolist()
    return scores(test["label"], guesses)
