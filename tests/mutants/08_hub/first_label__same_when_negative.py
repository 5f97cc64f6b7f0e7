# mistake: a minus changes nothing
# caught: check_first_label
# says: left over for it
first_label = {
    "equal": 0.50,
    "two apart": 0.88,
    "both up": 0.88,
    "doubled": 0.98,
    "minus": 0.88,
    "three labels": 0.33,
}
