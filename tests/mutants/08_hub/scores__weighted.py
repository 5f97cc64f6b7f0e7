# mistake: weighs the labels by how often they occur
# caught: check_scores
# says: every label counts the same
def scores(labels, guesses):
    pairs = list(zip(labels, guesses, strict=True))

    def f1(label):
        right = sum(a == b == label for a, b in pairs)
        wrong = sum((a == label) != (b == label) for a, b in pairs)
        return 2 * right / (2 * right + wrong) if right else 0.0

    kinds = {*labels, *guesses}
    return {
        "accuracy": sum(a == b for a, b in pairs) / len(pairs),
        "f1": f1(1),
        "macro_f1": sum(f1(k) * list(labels).count(k) for k in kinds) / len(labels),
    }
