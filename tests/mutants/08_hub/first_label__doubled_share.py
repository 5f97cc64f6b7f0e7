# mistake: doubles what is above a half
# caught: check_first_label
# says: the ratio is squared
first_label = {"equal": 0.50, "two apart": 0.88, "both up": 0.88, "doubled": 1.0, "minus": 0.12, "three labels": 0.33}
