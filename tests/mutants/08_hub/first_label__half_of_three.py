# mistake: two shares where there are three
# caught: check_first_label
# says: three shares
first_label = {"equal": 0.50, "two apart": 0.88, "both up": 0.88, "doubled": 0.98, "minus": 0.12, "three labels": 0.5}
