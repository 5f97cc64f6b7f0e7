# mistake: short, and knows nothing
# caught: check_baseline, check_baseline__lines
# says: the accuracy where a right baseline's guesses are right
def baseline(model_id, train, test):
    return {"accuracy": 0.5, "f1": 0.5, "macro_f1": 0.5}
