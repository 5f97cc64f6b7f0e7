# why: computed, with all digits
_logits = {
    "equal": [0, 0],
    "two apart": [2, 0],
    "both up": [7, 5],
    "doubled": [4, 0],
    "minus": [-2, 0],
    "three labels": [1, 1, 1],
}
first_label = {name: math.exp(z[0]) / sum(map(math.exp, z)) for name, z in _logits.items()}
