# mistake: the backward pass goes through every layer, whatever is trained
# caught: check_passes
# says: how many layers does the backward pass go through
passes = {
    "full": 3.0,
    "full, recomputed": 4.0,
    "lora": 2.0,
    "lora, recomputed": 3.0,
    "lora, top half": 2.0,
    "head": 2.0,
}
