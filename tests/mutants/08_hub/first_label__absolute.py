# mistake: thinks that larger logits are surer
# caught: check_first_label
# says: only the difference counts
first_label = {
    "equal": 0.50,
    "two apart": 0.88,
    "both up": 0.99,
    "doubled": 0.98,
    "minus": 0.12,
    "three labels": 0.33,
}
