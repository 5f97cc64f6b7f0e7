# mistake: precision for F1
# caught: check_scores
# says: those that were missed
def scores(labels, guesses):
    pairs = list(zip(labels, guesses, strict=True))

    def f1(label):
        right = sum(a == b == label for a, b in pairs)
        wrong = sum((a == label) != (b == label) for a, b in pairs)
        return 2 * right / (2 * right + wrong) if right else 0.0

    kinds = {*labels, *guesses}
    return {
        "accuracy": sum(a == b for a, b in pairs) / len(pairs),
        "f1": sum(a == b == 1 for a, b in pairs) / max(1, sum(b == 1 for b in guesses)),
        "macro_f1": sum(map(f1, kinds)) / len(kinds),
    }
