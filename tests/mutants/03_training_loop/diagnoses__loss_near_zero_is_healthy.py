# mistake: takes a training loss of 0 for health
# caught: check_diagnoses
# says: A: does the training curve jitter
diagnoses = {
    "A": "healthy",
    "B": "rate too large",
    "C": "overfitting",
    "D": "overfitting",
    "E": "rate too small",
    "F": "shuffled labels",
}
