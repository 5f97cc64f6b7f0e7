# mistake: writes healthy everywhere
# caught: check_diagnoses
# says: 1 of 6 entries are right
diagnoses = {
    "A": "healthy",
    "B": "healthy",
    "C": "healthy",
    "D": "healthy",
    "E": "healthy",
    "F": "healthy",
}
