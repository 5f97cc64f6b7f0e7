# why: filled in one letter at a time
diagnoses = {"A": "", "B": "", "C": "", "D": "", "E": "", "F": ""}
for letter, word in zip("FEDCBA", ["shuffled labels", "rate too small", "overfitting", "healthy", "rate too large", "same batch"]):
    diagnoses[letter] = word
