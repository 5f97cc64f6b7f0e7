# why: filled in one letter at a time
diagnoses = {"A": "", "B": "", "C": "", "D": "", "E": "", "F": ""}
words = ["shuffled labels", "rate too small", "overfitting", "healthy", "rate too large", "same batch"]
for letter, word in zip("FEDCBA", words):
    diagnoses[letter] = word
