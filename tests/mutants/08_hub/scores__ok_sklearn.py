# why: by scikit-learn
def scores(labels, guesses):
    from sklearn.metrics import accuracy_score

    return {
        "accuracy": float(accuracy_score(labels, guesses)),
        "f1": float(f1_score(labels, guesses, labels=[1], average="macro", zero_division=0)),
        "macro_f1": float(f1_score(labels, guesses, average="macro", zero_division=0)),
    }
