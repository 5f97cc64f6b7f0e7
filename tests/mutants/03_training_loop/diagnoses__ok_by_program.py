# why: found from the programs' side
found = {"healthy": "C", "overfitting": "D", "same batch": "A"}
found |= {"shuffled labels": "F", "rate too small": "E", "rate too large": "B"}
diagnoses = {letter: name for name, letter in found.items()}
