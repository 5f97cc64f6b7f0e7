# mistake: counts labels 0 and 1 only
# caught: check_scores
# says: for each label that occurs
def scores(labels, guesses):
    pairs = list(zip(labels, guesses, strict=True))

    def f1(label):
        right = sum(a == b == label for a, b in pairs)
        wrong = sum((a == label) != (b == label) for a, b in pairs)
        return 2 * right / (2 * right + wrong) if right else 0.0

    kinds = {0, 1}
    return {
        "accuracy": sum(a == b for a, b in pairs) / len(pairs),
        "f1": f1(1),
        "macro_f1": sum(map(f1, kinds)) / len(kinds),
    }
