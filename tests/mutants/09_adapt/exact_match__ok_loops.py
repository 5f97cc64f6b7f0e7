# why: with loops and a set
def tidy(text):
    kept = []
    for letter in text.lower():
        if letter.isalnum() or letter.isspace():
            kept.append(letter)
    words = "".join(kept).split()
    return " ".join([word for word in words if word not in {"a", "an", "the"}])


def exact_match(answers, accepted):
    if len(answers) == 0:
        raise ValueError("nothing to score")
    right = 0
    for answer, texts in zip(answers, accepted):
        right += tidy(answer) in set(map(tidy, texts))
    return right / len(answers)
