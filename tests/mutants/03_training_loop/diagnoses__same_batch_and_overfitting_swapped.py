# mistake: takes the same batch for overfitting
# caught: check_diagnoses
# says: does the training curve jitter
diagnoses = {
    "A": "overfitting",
    "B": "rate too large",
    "C": "healthy",
    "D": "same batch",
    "E": "rate too small",
    "F": "shuffled labels",
}
