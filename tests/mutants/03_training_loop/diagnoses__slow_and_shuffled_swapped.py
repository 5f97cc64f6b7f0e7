# mistake: takes the slow run for the shuffled one
# caught: check_diagnoses
# says: do they move in one direction, however slowly?
diagnoses = {
    "A": "same batch",
    "B": "rate too large",
    "C": "healthy",
    "D": "overfitting",
    "E": "shuffled labels",
    "F": "rate too small",
}
