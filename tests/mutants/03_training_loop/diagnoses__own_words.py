# mistake: answers in words of its own
# caught: check_diagnoses
# says: the names healthy
diagnoses = {
    "A": "same batch",
    "B": "exploding",
    "C": "healthy",
    "D": "overfitting",
    "E": "rate too small",
    "F": "shuffled labels",
}
