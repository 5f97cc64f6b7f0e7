# mistake: shares of the logits themselves
# caught: check_first_label
# says: 7.39 to 1
first_label = {"equal": 0.5, "two apart": 1.0, "both up": 7 / 12, "doubled": 1.0, "minus": 0.0, "three labels": 1 / 3}
